"""The registry, its page in the docs, and the walk-through for a new platform, followed word by word."""

import re
import sys
from dataclasses import fields
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from sources.access.inbox import read_export
from sources.platform import Platform
from sources.platforms import PLATFORMS
from sources.week import Week
from sources.weekly.intake import count_refused, read_snapshot

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "platforms.md").read_text("utf-8")
NAMES = {
    "biopro_boerse", "biopro_hotline", "bw_aufruf", "linkhealth_bw", "medicalmountains_drehscheibe", "place2tex",
    "biosaxony", "biom_covid19", "logistik_mitteldeutschland", "lifescience_nord", "cyberlago", "biovalley_france",
    "cebr", "biolago", "go_cluster", "een", "ted", "findthemasks", "getusppe", "sammelordner",
}  # fmt: skip
OPTIONAL = ("ignored_fields", "mailbox", "key_header")


def test_all_twenty_platforms_of_the_field_are_there() -> None:
    assert {platform.name for platform in PLATFORMS} == NAMES
    assert len(PLATFORMS) == 20


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_a_platform_says_who_it_is_and_what_is_assumed(platform: Platform) -> None:
    assert all(getattr(platform, field.name) or field.name in OPTIONAL for field in fields(platform))
    docstring = sys.modules[platform.parse.__module__].__doc__ or ""
    assert platform.name in docstring
    assert "Known" in docstring
    assert ".example" in platform.url
    assert "@" not in platform.contact_route.replace(platform.operator, "")


def test_the_table_of_the_docs_is_the_registry() -> None:
    table = DOCS.partition("| --- ")[2].partition("\n\n")[0].splitlines()[1:]
    assert table == [
        f"| `{p.name}` | {p.title} | {p.kind_of_access} | {p.language} | {p.country} "
        f"| {p.expected_rows[0]:,}–{p.expected_rows[1]:,} | `{p.inbox_pattern}` |"
        for p in PLATFORMS
    ]


def test_the_walk_through_makes_a_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One module, one line, one recorded page, all taken from the text, in a scratch folder."""
    [module] = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    [recorded] = re.findall(r"```csv\n(.*?)```", DOCS, re.DOTALL)
    (tmp_path / "rheinbruecke.py").write_text(module, "utf-8")
    (tmp_path / "rheinbruecke.csv").write_text(recorded, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    platform = import_module("rheinbruecke").PLATFORM
    registry = (*PLATFORMS, platform)
    moment = Week(2020, 16).ends_at.astimezone(UTC)
    assert isinstance(moment, datetime)
    parsed = read_snapshot(registry[-1], read_export(registry[-1], tmp_path, moment))
    assert parsed.listings[["kind", "quantity", "unit", "period", "city"]].astype("object").values.tolist()[0] == [
        "offer", 5000.0, "piece", "week", "Kehl",
    ]  # fmt: skip
    assert (len(parsed.listings), count_refused(parsed.quarantine)) == (2, 1)
    assert parsed.quarantine["value"].tolist() == ["tausche"]
