"""Holds each written page of a release to its file: no number where the file has a sign."""

import csv
import io
from html.parser import HTMLParser
from itertools import zip_longest

_TOTAL, _NOTHING = "TOTAL", "–"


def page_findings(page: bytes, file: bytes) -> list[str]:
    """Fields of the page's table that differ from the file; it is read as `_expected` says it is laid out.

    A month names below its table of regions those of which every field says that nothing is there.
    """
    parser = _Tables()
    parser.feed(page.decode())
    rows = list(csv.DictReader(io.StringIO(file.decode())))
    expected, empty = _expected(rows), _empty_regions(rows)
    found = [f"table {name} is unknown" for name in sorted(parser.tables.keys() - expected.keys())]
    if "regionen" in parser.tables and parser.named_empty != empty:
        found.append(f"regions with nothing: {parser.named_empty} on the page, {empty} in the file")
    for name, fields in parser.tables.items():
        for number, (shown, known) in enumerate(zip_longest(fields, expected.get(name, fields)), start=1):
            if shown != known:
                found.append(f"table {name}, field {number}: {shown} on the page, {known} in the file")
    return found


def _expected(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """Table id -> its fields row by row: regions, and product groups where there are any, by kinds and firms."""
    found = {}
    for table, axis, other in (("regionen", "region", "product"), ("produkte", "product", "region")):
        counts = [row for row in rows if row["measure"] in ("listings", "organisations")]
        own = [row for row in counts if axis in row and row.get(other, _TOTAL) == _TOTAL]
        known = {(row["measure"], row[axis], row["kind"]): row["sign"] or row["value"] for row in own}
        fields: list[str] = []
        kinds = list(dict.fromkeys(row["kind"] for row in own))
        for code in dict.fromkeys(row[axis] for row in own):
            line = [*(known["listings", code, kind] for kind in kinds), known["organisations", code, kinds[-1]]]
            if not (table == "regionen" and code != _TOTAL and _may_leave_out(rows) and set(line) == {_NOTHING}):
                fields.extend(line)
        found[table] = fields
    amounts = {(row["product"], row["unit"], row["kind"]): row for row in rows if row["measure"] == "quantity"}
    found["mengen"] = []
    for product_code, unit in dict.fromkeys((one, unit) for one, unit, _ in amounts):
        pair = [amounts[product_code, unit, kind] for kind in ("offer", "request")]
        if any(row["value"] not in ("", "0") for row in pair):
            found["mengen"].extend(row["sign"] or row["value"] for row in pair)
    return found


def _may_leave_out(rows: list[dict[str, str]]) -> bool:
    """Months alone have so many regions."""
    return any("product" in row for row in rows)


def _empty_regions(rows: list[dict[str, str]]) -> int:
    """How many regions have nothing in any field of all product groups together."""
    signs: dict[str, set[str]] = {}
    for row in rows:
        if row["measure"] in ("listings", "organisations") and row.get("product", _TOTAL) == _TOTAL != row["region"]:
            is_shown = row["measure"] == "listings" or row["kind"] == _TOTAL
            signs.setdefault(row["region"], set()).update([row["sign"]] if is_shown else [])
    return sum(found == {_NOTHING} for found in signs.values()) if _may_leave_out(rows) else 0


class _Tables(HTMLParser):
    """The fields of each table by its id: digits or a sign, as a reader sees them, without the sign's words.

    named_empty: how many regions the page names as having nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.named_empty = 0
        self.tables: dict[str, list[str]] = {}
        self._fields: list[str] = []
        self._id = ""
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._id = dict(attrs).get("id") or self._id  # of the frame around the table
        if tag == "table":
            self._fields = self.tables.setdefault(self._id, [])
        elif tag == "td":
            self._text = []
        elif tag == "span" and dict(attrs).get("class") == "none":
            self.named_empty += 1
        elif tag == "span" and "word" in (dict(attrs).get("class") or ""):
            self._end()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._end()

    def _end(self) -> None:
        if self._text is not None:
            text = "".join(self._text).strip()
            self._fields.append("".join(one for one in text if one.isdigit()) or text)
            self._text = None
