"""For whom the Lagebild is written, as data staff state it."""

from dataclasses import replace
from pathlib import Path

import pytest

from matching.taxonomy.concepts import load_taxonomy
from matching.yaml_files import FileFault
from reports.lagebild import render
from reports.lagebild.remit import DEFAULT, Remit, read_remit
from reports.lagebild.remit_line import remit_line
from reports.language import LANGUAGES, Language
from sources.week import Week
from tests.reports.builders import LAST_WEEK, sample_issue
from tests.reports.lagebild.test_answers import FIRST, with_case

EXAMPLE = Path(__file__).parents[3] / "docs" / "lagebild.yaml"
CONCEPTS = load_taxonomy().concepts


def test_the_example_states_the_defaults_and_every_field() -> None:
    assert read_remit(EXAMPLE, CONCEPTS) == DEFAULT
    assert all(f"{name}:" in EXAMPLE.read_text("utf-8") for name in Remit.model_fields)


def test_countries_regions_and_groups_decide() -> None:
    remit = Remit(countries=("DE", "FR"), regions=("DE-BW",), groups=("diagnostics",))
    assert remit.holds("DE", "BW", "diagnostics")
    assert remit.holds("DE", "Baden-Württemberg", "diagnostics")
    assert remit.holds(None, None, "diagnostics")
    assert not remit.holds("DE", "BY", "diagnostics")
    assert not remit.holds("DE", None, "diagnostics")
    assert not remit.holds("FR", "GES", "diagnostics")
    assert not remit.holds("DE", "BW", "hygiene")
    assert not DEFAULT.holds("US", "LA", "hygiene")


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ("countries: [Germany]", "lagebild.yaml: countries: .*'Germany' is not a country such as DE"),
        ("regions: [BW]", "'BW' is not a region such as DE-BW"),
        ("groups: [Masken]", "'Masken' is no concept of the taxonomy"),
        ("address: http://x.example/", "is not an address that begins with https:// and ends with /"),
        ("land: [DE]", "unknown field land"),
    ],
)
def test_faults_are_named_in_words(tmp_path: Path, stated: str, fault: str) -> None:
    path = tmp_path / "lagebild.yaml"
    path.write_text(stated, encoding="utf-8")
    with pytest.raises(FileFault, match=fault):
        read_remit(path, CONCEPTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_issue_says_for_whom_it_is_and_once_that_it_was_for_others(language: str) -> None:
    reader = Language(language)
    issue = replace(sample_issue(), remits={LAST_WEEK: DEFAULT})
    told = remit_line(issue, reader)
    assert all(reader.country(code) in told for code in DEFAULT.countries)
    assert reader.week(LAST_WEEK) not in told
    other = replace(issue, remit=Remit(countries=("DE",), regions=("DE-BW",)))
    told = remit_line(other, reader)
    assert "Baden-Württemberg" in told
    assert reader.week(LAST_WEEK) in told
    assert render(other, language).count(told) == 1


@pytest.mark.parametrize(("abroad", "weeks"), [((), 2), ((15,), 1), ((16,), 0), ((15, 16), 0), ((14,), 2)])
def test_a_case_waits_only_since_it_lies_within_the_remit(abroad: tuple[int, ...], weeks: int) -> None:
    """Told and left without an answer since week 15: while others were asked to call, nobody was late."""
    remits = {Week(2020, number): Remit(countries=("US",)) for number in abroad}
    desk = replace(with_case(), remits=remits).desk
    (row,) = [row for row in desk.leading if row["opportunity_id"] == FIRST]
    assert desk.weeks_waiting(row) == weeks


def test_what_was_told_outside_the_remit_says_so() -> None:
    issue = replace(sample_issue(), remits={LAST_WEEK: Remit(countries=("US",))})
    assert "außerhalb des Gebiets" in render(issue).split('id="aenderungen-caption"')[1].split("</table>")[0]
