"""For whom the Lagebild is written, as data staff state it."""

from pathlib import Path

import pytest

from matching.taxonomy.concepts import load_taxonomy
from matching.yaml_files import FileFault
from reports.lagebild.remit import DEFAULT, Remit, read_remit

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
