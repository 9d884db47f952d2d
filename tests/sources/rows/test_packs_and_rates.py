"""Amounts that were read wrong as a kind: packs of packs, rates per quarter or twice a week, list numbers, multitudes.

`packs_and_rates.csv`: the sets "first" (right at first sight: 174 of 235) and "second" (29 of 58) were written before
the rules for them, the second was run once afterwards (57 of 58); "further" are neighbours of what was wrong. No
quantity: the text names none, or several things at once.
"""

import csv
from pathlib import Path

import pytest

from sources.platform import RowError
from sources.rows.fields import quantity

with (Path(__file__).parent / "packs_and_rates.csv").open(encoding="utf-8", newline="") as lines:
    PHRASES = list(csv.DictReader(lines))


@pytest.mark.parametrize("phrase", PHRASES, ids=[phrase["text"] for phrase in PHRASES])
def test_a_phrase_counts_what_it_says(phrase: dict[str, str]) -> None:
    try:
        said = quantity({"Menge": phrase["text"]}, "Menge", phrase["language"])
    except RowError:
        said = {}
    if not phrase["quantity"]:
        assert said == {}
        return
    assert said["quantity"] == pytest.approx(float(phrase["quantity"]))
    assert (said["unit"] or "", said["period"] or "") == (phrase["unit"], phrase["period"])
