"""Refused rows go back to their operator as a file in which nothing is a formula and nobody is named."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sources
from reports.privacy import find_contacts
from reports.rejects import reject_files
from reports.wording import RULES
from sources.access.inbox import read_export
from sources.listing import Quarantine, empty
from sources.platform import Platform, RowError
from sources.platforms import PLATFORMS
from sources.rows.read import quarantine_frame, refusal
from sources.samples.build import inbox_of
from sources.week import Week
from sources.weekly.intake import read_snapshot

NOW, WEEK = datetime(2020, 4, 20, tzinfo=UTC), Week(2020, 16)
GETUSPPE, BIOVALLEY = (next(p for p in PLATFORMS if p.name == name) for name in ("getusppe", "biovalley_france"))


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_every_refused_row_is_in_the_file(platform: Platform) -> None:
    quarantine = read_snapshot(platform, read_export(platform, inbox_of(platform, WEEK), NOW)).quarantine
    files = reject_files(quarantine, PLATFORMS)
    assert set(files) == ({f"{platform.name}.csv"} if len(quarantine) else set())
    for content in files.values():
        _, *rows = lines(content)
        assert [row[0] for row in rows] == quarantine["row"].tolist()
        assert all(row[2] and row[3] and row[4] for row in rows)  # field, rule, reason
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
        without_ids = ";".join(cell for row in rows for cell in row[:1] + row[2:])  # a calendar's ids look like mail
        assert not find_contacts(without_ids, [])


def test_a_formula_becomes_text() -> None:
    quarantine = read_snapshot(GETUSPPE, read_export(GETUSPPE, inbox_of(GETUSPPE, WEEK), NOW)).quarantine
    assert b"'=HYPERLINK(" in reject_files(quarantine, PLATFORMS)["getusppe.csv"]


def test_operators_read_their_own_language() -> None:
    error = RowError("Pays", "known_value", "not one of France, Suisse")
    quarantine = quarantine_frame([refusal("biovalley_france", "line 3", "7", error, "Utopie")])
    assert lines(reject_files(quarantine, [BIOVALLEY])["biovalley_france.csv"]) == [
        ["Ligne", "Identifiant", "Champ", "Règle", "Motif", "Valeur"],
        ["line 3", "7", "Pays", "valeur inconnue", "not one of France, Suisse", "Utopie"],
    ]


def test_nothing_refused_no_file() -> None:
    assert reject_files(empty(Quarantine), PLATFORMS) == {}


def test_the_quarantine_keeps_no_contacts_and_nothing_from_unknown_fields() -> None:
    mail = refusal("x", "line 1", None, RowError("Ort", "format", "no town"), "Mail an a.beispiel@firma.example")
    stranger = refusal("x", "line 2", None, RowError("Betreuerin", "known_label", "an unknown label"), "Frau Beispiel")
    assert (mail["value"], stranger["value"]) == ("Mail an [e-mail]", None)


def test_every_rule_of_the_readers_has_words() -> None:
    """A code in the middle of a sentence is no reason that an operator understands."""
    named = {
        rule
        for file in Path(sources.__file__).parent.rglob("*.py")
        for rule in re.findall(r"RowError\(\s*[^,()]+,\s*\"([a-z_]+)\"", file.read_text("utf-8"))
    }
    assert len(named) > 15
    assert named <= set(RULES)
