"""The monitor says how the run went and what to do."""

import json
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from matching.organisations.candidates import BLOCK_COLUMNS
from matching.organisations.resolve import resolve
from reports.findings import FINDINGS, seen
from reports.lagebild import Issue
from reports.language import LANGUAGES, Language
from reports.monitor import Run, as_json, render
from reports.monitor.organisations import BLOCKS, FIGURES
from reports.privacy import Finding as Contact
from sources.weekly.continuity import CONTINUITY
from sources.weekly.health import WATCHED, Finding
from sources.weekly.health import as_table as watched
from tests.reports.documents import CASES, ENTRIES, REFUSED, SCORES, VERDICTS

BEFORE = pd.DataFrame(
    [("boerse", "fresh", "2020-W16"), ("drehscheibe", "missing", "2020-W15"), ("drehscheibe", "stale", "2020-W16")],
    columns=["platform", "state", "week"],
)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def run(issue_of: Callable[..., Issue]) -> Run:
    issue = issue_of()
    quarantine = pd.DataFrame(
        [
            ("boerse", "quantity", "largest_plausible"),
            ("boerse", "quantity", "largest_plausible"),
            ("boerse", "title", HOSTILE),
        ],
        columns=["platform", "field", "rule"],
    )
    return Run(
        week=issue.week,
        source_states=issue.source_states,
        quarantine=quarantine,
        repeats=pd.DataFrame({"listing_id": ["boerse:g2"]}),
        held=issue.held,
        listings=issue.listings,
        resolution_figures=pd.DataFrame({"figure": ["records", "pairs_in_doubt"], "value": [1017, 2]}),
        resolution_blocks=pd.DataFrame([("name_in_place", 196, 13, 1, 1237)], columns=BLOCK_COLUMNS),
        watched=watched(
            [
                Finding("boerse", "volume", False, {"rows": 7, "fewest": 10, "most": 400}),
                Finding("drehscheibe", "reachable", False, {"age_days": 7, "reason": "Unreachable: status 500"}),
                Finding("drehscheibe", "files_taken", True, {"files": {}}),
                Finding(HOSTILE, "quarantine", True, {"share": 0.25, "most": 0.3}),
            ]
        ),
        platforms=issue.platforms,
        is_sample=True,
        consortia=issue.consortia,
        taxonomy=issue.taxonomy,
        cases=CASES,
        entries=ENTRIES,
        refused=REFUSED,
        verdicts=VERDICTS,
        scores=SCORES,
        states_before=BEFORE,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_made(run: Run, language: str, findings_in: Callable[[str], list[str]]) -> None:
    page = render(run, language)
    assert findings_in(page) == []
    assert "<script" not in page


def test_the_verdict_counts_errors_and_warnings(run: Run) -> None:
    assert run.verdict == (0, 2)
    assert "<h1>KW 17/2020: 0 Fehler, 2 Warnungen</h1>" in render(run)


def test_nothing_wrong_is_said_plainly(run: Run) -> None:
    fine = replace(run, watched=run.watched[run.watched["passed"]])
    assert "<h1>KW 17/2020: in Ordnung</h1>" in render(fine)
    assert "Nichts zu tun" in render(fine)


def test_a_stale_source_names_its_reason_and_its_effect(run: Run) -> None:
    page = render(run)
    assert "Letzter guter Stand: vor 7 Tagen; nicht erreichbar: status 500." in page
    assert "Der Bericht zeigt den letzten guten Stand dieser Quelle" in page
    assert page.count("nicht erreichbar: status 500") == 2, "to do, and in the table of all that is watched"


def test_contact_data_in_a_document_is_an_error(run: Run) -> None:
    found = replace(run, findings={"lagebild.html": [Contact("e-mail", "anna…")], "statistics.html": []})
    assert found.verdict == (1, 2)
    assert "1 Stelle sieht aus wie Kontaktdaten" in render(found)
    assert json.loads(as_json(found))["contact_data"] == {"lagebild.html": 1, "statistics.html": 0}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_health_of_organisations_is_told_in_words(run: Run, language: str) -> None:
    reader = Language(language)
    resolved = resolve(pd.DataFrame([{"record_id": "a", "name": "Nähwerk Müller GmbH", "city": "Ulm", "country": "DE",
                                      "street": "Talweg 5", "postal_code": "89073", "website": "naehwerk.example",
                                      "phone": "0731 1234", "registration_number": "HRB 1", "organisation_key": "k",
                                      "source": "boerse"}]))  # fmt: skip
    figures = pd.DataFrame(resolved.health.items(), columns=["figure", "value"])
    page = render(replace(run, resolution_figures=figures, resolution_blocks=resolved.blocks), language)
    assert set(figures["figure"]) == set(FIGURES)
    assert set(resolved.blocks["key"]) <= set(BLOCKS)
    for message in (*FIGURES.values(), *(BLOCKS[key] for key in resolved.blocks["key"])):
        assert reader.gettext(message) in page


def test_figures_stand_beside_those_of_the_week_before(run: Run) -> None:
    page = render(replace(run, figures_before={"records": 998}))
    assert [cell in page for cell in (">1.017<", ">998<", ">–<")] == [True, True, True]
    assert json.loads(as_json(run))["organisations"] == {"records": 1017, "pairs_in_doubt": 2}


def test_machines_read_the_same_numbers(run: Run) -> None:
    told = json.loads(as_json(run))
    assert (told["errors"], told["warnings"]) == run.verdict
    assert told["quarantine"][0] == {"platform": "boerse", "field": "quantity", "rule": "largest_plausible", "rows": 2}
    boerse = next(source for source in told["sources"] if source["platform"] == "boerse")
    assert boerse["rows_read"] == boerse["rows_listed"] + boerse["rows_quarantined"] + boerse["rows_later"]
    assert boerse["rows_distinct"] == boerse["rows_listed"] - 1  # one listing says again what was said before
    assert as_json(run) == as_json(replace(run, source_states=run.source_states.iloc[::-1]))


def test_how_consortia_were_composed_is_told_with_the_gap(run: Run) -> None:
    page = render(run)
    for cell in ("nahezu bestmöglich", "0,17", "der Reihe nach, ohne Optimierung", "nicht bestimmt"):
        assert cell in page
    assert json.loads(as_json(run))["composition"] == [
        {"method": "rounded", "consortia": 1, "largest_gap": 0.0017},
        {"method": "greedy", "consortia": 1, "largest_gap": None},
    ]
    assert "Zusammenstellung" not in render(replace(run, consortia=run.consortia[:0]))


def test_cases_disputes_refusals_precision_and_drift_are_told(run: Run) -> None:
    page = render(run)
    assert "Was aus den Vorgängen wurde" in page
    for told in (
        "kein Bedarf mehr",  # why a case closed
        "übernommen am 21. April 2020 (Datenbetreuung, per Befehl)",  # the entry that holds
        "Schlüssel passt nicht zu Vorgang, Antwort und Ausgabe",
        "Die Güte der besten Treffer weicht um 0,10 vom Mittel der Vorwochen ab",
    ):
        assert told in page
    facts = json.loads(as_json(run))
    assert facts["reviews"] == [{"week": "2020-W16", "fits": 2, "judged": 3, "low": 0.2077, "high": 0.9385}]
    assert facts["refused"] == {"forged": 1, "no_code": 1}
    assert (facts["disputes"], facts["median_drift"]) == (1, 0.1)


def test_a_week_without_cases_has_no_section_of_them(run: Run) -> None:
    assert "Was aus den Vorgängen wurde" not in render(replace(run, cases=CASES.iloc[:0]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_held_back_is_listed_with_its_reason(run: Run, language: str) -> None:
    page = render(run, language)
    assert 'id="zurueckgehalten"' in page
    assert page.count("drehscheibe:w2") == 2, "for two reasons"
    told = json.loads(as_json(run))["held_back"]
    assert told[0] == {"listing_id": "boerse:w1", "reason": "quantity_outlier"}
    nothing = render(replace(run, held=run.held.iloc[:0]), language)
    assert 'id="zurueckgehalten"' not in nothing


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_vanished_is_told_by_platform_part_and_day(run: Run, language: str) -> None:
    listings = run.listings.copy()
    platform = listings["platform"].iloc[0]
    gone = listings.index[listings["platform"] == platform][:1]
    listings["missing_since"] = pd.Series(None, index=listings.index, dtype="str")
    listings.loc[gone, "missing_since"] = "2020-04-12"
    told = replace(run, listings=listings)
    assert 'id="verschwunden"' in render(told, language)
    assert 'id="verschwunden"' not in render(run, language)
    [one] = json.loads(as_json(told))["missing"]
    assert (one["platform"], one["part"], one["since"], one["listings"]) == (platform, "", "2020-04-12", 1)


def test_each_source_shows_how_the_weeks_before_went(run: Run) -> None:
    page = render(run)
    assert "3 Wochen bis jetzt" in page
    assert 'aria-label="3 Wochen bis jetzt: aktuell: 1; veraltet: 1; noch nie gelesen: 1"' in page
    assert "1 Woche bis jetzt" in render(replace(run, states_before=pd.DataFrame()))


def test_strips_reach_back_to_the_first_week_that_was_run(run: Run) -> None:
    assert "Verlauf: 3 Wochen, links die älteste;" in render(run)
    assert "Verlauf: 1 Woche, links die älteste;" in render(replace(run, states_before=pd.DataFrame()))
    old = BEFORE.assign(week="2019-W20")
    assert "Verlauf: 1 Woche," in render(replace(run, states_before=old)), "too long ago to be shown"


def test_a_source_that_says_the_same_for_weeks_is_not_simply_well(run: Run) -> None:
    facts = {"listings": 28, "unchanged_since": "2020-04-12"}
    for passed in (True, False):
        page = render(replace(run, watched=watched([Finding("boerse", "lapsed", passed, facts)])))
        assert ('<span class="warn">aktuell, unverändert</span>' in page) is not passed


def test_listings_whose_time_runs_out_are_counted(run: Run) -> None:
    ends = pd.Timestamp(run.week.ends_at) + pd.Timedelta(days=3)
    listings = run.listings.assign(status="open", available_until=ends.as_unit("us"))
    page = render(replace(run, listings=listings))
    assert 'id="fristen"' in page
    assert 'id="fristen"' not in render(replace(run, listings=listings[:0]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("passed", [True, False])
def test_every_check_has_words_that_take_its_facts(language: str, passed: bool) -> None:
    facts = {
        "reachable": {"age_days": 1, "reason": "LayoutChanged: a; NotDelivered: b; ours: c"},
        "volume": {"rows": 1, "fewest": 2, "most": 3},
        "quarantine": {"share": 0.5, "most": 0.2},
        "files_taken": {"files": {f"{name}.csv": "a link" for name in "abcdefg"}},
        "repeated": {"platforms": 20},
        "reused_ids": {"reused": 1, "known_before": 2},
        "rekeyed_in_bulk": {"rekeyed": 1, "shown": 2},
        "rescaled": {"rescaled": 28, "known": 30},
        "swapped_days": {"swapped": 9, "known": 30},
        "lapsed": {"listings": 1, "unchanged_since": "" if passed else "2020-04-12"},
        "parts_in_band": {"parts": {"": [0, 9], "netz-seenland": [1, 12]}},
    }
    assert set(facts) == {look.__name__ for look in (*WATCHED, *CONTINUITY)} == set(FINDINGS)
    told = [seen(check, passed, facts[check], Language(language)) for check in FINDINGS]
    assert not [text for text in told if "%(" in text or "_" in text]
