"""Rows are read one by one: a stream may be longer than what is held at a time."""

from collections.abc import Iterator

import pandas as pd
import pytest

from sources.platform import LayoutChanged, RowError
from sources.rows.read import BATCH, Row, read_rows

STRANGE = RowError("Wer", "known_label", "an unknown label")


def stream(count: int) -> Iterator[Row]:
    for number in range(count):
        yield Row(f"line {number}", {"id": f"{number}", "title": f"Titel {number}" if number % 10 else ""})


def read(fields: dict[str, str]) -> dict[str, object]:
    if not fields["title"]:
        raise RowError("title", "required", "the field is empty")
    return {"kind": "offer", "title": fields["title"], "quantity": float(fields["id"]), "is_sterile": None}


def test_a_stream_longer_than_a_batch_gives_every_row_once_in_order() -> None:
    count = 2 * BATCH + 500
    parsed = read_rows("board", stream(count), lambda fields: fields["id"], read)
    expected = [number for number in range(count) if number % 10]
    assert parsed.listings["quantity"].tolist() == expected
    assert parsed.listings.index.tolist() == [f"line {number}" for number in expected]
    assert len(parsed.quarantine) == count - len(expected)
    assert parsed.quarantine["source_id"].tolist()[:2] == ["0", "10"]
    small = read_rows("board", stream(20), lambda fields: fields["id"], read)
    pd.testing.assert_series_equal(parsed.listings.dtypes, small.listings.dtypes)


@pytest.mark.parametrize(
    ("written", "is_read"), [("4,71E+12", False), ("4.7e+8", False), ("4711E12", True), ("E5", True)]
)
def test_an_id_that_a_spreadsheet_cut_digits_off_is_refused(written: str, is_read: bool) -> None:
    rows = [Row("line 1", {"nr": written, "title": "x"}), Row("line 2", {"nr": "4711000000001", "title": "x"})]
    parsed = read_rows("board", rows, lambda fields: fields["nr"], lambda fields: {"kind": "offer", "title": "x"})
    assert parsed.listings["source_id"].tolist() == [*([written] if is_read else []), "4711000000001"]
    told = parsed.quarantine[["field", "rule", "reason"]].to_dict("records")
    assert told == ([] if is_read else [{"field": "nr", "rule": "whole", "reason": "a spreadsheet has cut digits off"}])


@pytest.mark.parametrize(("strange", "is_changed"), [(5, False), (6, True)])
def test_most_entries_with_strange_labels_are_a_changed_layout(strange: int, is_changed: bool) -> None:
    rows = [Row(f"{n}", {"id": f"{n}", "title": "x"}, problem=STRANGE if n < strange else None) for n in range(10)]
    if is_changed:
        with pytest.raises(LayoutChanged, match="6 of 10 entries"):
            read_rows("board", rows, lambda fields: fields["id"], read)
    else:
        assert len(read_rows("board", rows, lambda fields: fields["id"], read).quarantine) == strange
