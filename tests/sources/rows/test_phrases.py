"""Amounts and days in the style of real boards, written down before the reader was changed for them (`phrases.csv`).

``read_as`` is filled where the reader is known to be wrong, so that a change for better or worse shows.
"""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sources.rows.amounts import names_number, read_amount
from sources.rows.dates import read_day

with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8", newline="") as lines:
    PHRASES = list(csv.DictReader(lines))
WRITTEN_ON = date(2020, 4, 10)  # a Friday


def said(phrase: dict[str, str]) -> tuple[float | str | None, str, str]:
    """What the reader makes of a phrase, in the columns of the table."""
    if phrase["kind"] == "day":
        day = read_day(phrase["text"], WRITTEN_ON)
        return (day and day.isoformat()) or "", "", ""
    amount = read_amount(phrase["text"], phrase["language"])
    return ("", "", "") if amount is None else (amount.quantity, amount.unit or "", amount.period or "")


def expected(phrase: dict[str, str]) -> tuple[float | str | None, str, str]:
    value = phrase["expected"]
    number = float(value) if phrase["kind"] == "amount" and value else value
    return number, phrase["unit"], phrase["period"]


@pytest.mark.parametrize("phrase", PHRASES, ids=[phrase["text"] for phrase in PHRASES])
def test_a_phrase_is_read_as_its_writer_meant_it(phrase: dict[str, str]) -> None:
    if phrase["read_as"]:
        assert said(phrase) != expected(phrase), "mended: clear read_as"
    else:
        assert said(phrase) == expected(phrase)


def test_at_least_98_in_100_are_right() -> None:
    wrong = Counter(bool(phrase["read_as"]) for phrase in PHRASES)
    assert len(PHRASES) >= 150
    assert wrong[True] / len(PHRASES) <= 0.02


@pytest.mark.parametrize(
    "text", ["nach Absprache", "Lieferzeit 3 Wochen", "2,50 €", "24/7", "EN 149", "bis 30.04.", "10 %"]
)
def test_other_numbers_are_no_amounts(text: str) -> None:
    assert not names_number(text)
    assert read_amount(text, "de") is None


@pytest.mark.parametrize("text", ["10 Kartons", "12e5 Stück", "100 Stück pro Stunde"])
def test_an_amount_that_cannot_be_counted_is_still_one(text: str) -> None:
    assert names_number(text)
    assert read_amount(text, "de") is None
