"""A quarter's course by product group tells perturbed numbers of cells that no other release tells."""

import csv
import io

from reports.disclosure.rules import is_sensitive
from reports.ministry import perturbed_csv
from reports.ministry.month_counted import month_entries
from reports.ministry.perturbed import MOST
from reports.ministry.statistics import RULES
from tests.reports.ministry.test_month import PRODUCTS, TAXONOMY, april, stored

SECRET = b"only for the tests"


def rows(secret: bytes = SECRET) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(perturbed_csv(stored().tables, TAXONOMY, PRODUCTS, secret))))


def truth() -> dict[tuple[str, str, str], dict[str, int]]:
    """Week, product group and kind: listings by group."""
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for week, frames in stored().tables.items():
        for one in month_entries({week: frames}, TAXONOMY):
            groups = found.setdefault((str(week), one.product, one.kind), {})
            groups[one.group] = groups.get(one.group, 0) + 1
    return found


def test_each_number_is_near_the_truth_or_withheld_where_the_rules_say_so() -> None:
    counted, off = truth(), set()
    for row in rows():
        groups = counted.get((row["period"], row["product"], row["kind"]), {})
        assert (row["value"] == "") == (row["sign"] == ".") == is_sensitive(groups, RULES)
        if row["value"]:
            off.add(int(row["value"]) - sum(groups.values()))
            assert groups or row["value"] == "0"
    assert max(map(abs, off)) <= MOST
    assert len(off) > 3


def test_the_same_secret_makes_the_same_numbers_and_another_one_others() -> None:
    assert rows() == rows()
    assert rows() != rows(b"another one for tests")


def test_no_cell_is_told_exactly_elsewhere_in_the_same_release() -> None:
    """Months name other periods and weeks no product groups; the course leaves out what both tell: totals."""
    assert {row["measure"] for row in rows()} == {"listings_perturbed"}
    assert "TOTAL" not in {row["product"] for row in rows()} | {row["kind"] for row in rows()}
    exact = [*stored().released.values(), april().files["statistics.csv"]]
    told = [row for file in exact for row in csv.DictReader(io.StringIO(file.decode())) if row["value"]]
    cells = {(row["period"], row.get("product", "TOTAL"), row["kind"]) for row in told}
    assert cells
    assert cells.isdisjoint((row["period"], row["product"], row["kind"]) for row in rows())
