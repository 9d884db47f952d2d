"""Rows are split, never lost; the order of rows is no matter; an implausible whole fails its platform."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.access.inbox import read_export
from sources.platform import (
    ImplausibleVolume,
    LayoutChanged,
    Parsed,
    Platform,
    RawDocument,
    UnknownFormat,
    Unreachable,
)
from sources.platforms import PLATFORMS, findthemasks, getusppe
from sources.rows.text import collapse
from sources.week import Week
from sources.weekly.health import files_taken
from sources.weekly.intake import count_refused, known_by, read_snapshot

NOW = datetime(2020, 4, 20, tzinfo=UTC)
BOARDS = Path(__file__).parents[4] / "shared" / "data" / "boards"
needs_boards = pytest.mark.skipif(not BOARDS.is_dir(), reason="the real boards are not here")
HEADER = ("donorKey", "donationkey", "equipmentEnum", "qty", "datecreated", "dataSource", "stateprovince")
GOOD = ("d", "k", "gown", "20", "2020-04-01 10:00:00 UTC", "form", "GA")


def offers(rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> tuple[RawDocument, ...]:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header, *rows])
    return (RawDocument("getusppe_offers.csv", buffer.getvalue().encode(), "getusppe_offers.csv", NOW),)


def good_offers(count: int) -> list[tuple[str, ...]]:
    return [("d", f"k{number}", *GOOD[2:]) for number in range(count)]


def read_offers(rows: list[tuple[str, ...]]) -> Parsed:
    return read_snapshot(getusppe.PLATFORM, offers(good_offers(10) + rows))


@pytest.mark.parametrize(
    ("column", "value", "field", "rule"),
    [
        ("qty", "0", "qty", "positive"),
        ("qty", "-18", "qty", "plausible"),
        ("qty", "199999999999998", "qty", "plausible"),
        ("qty", "98765432", "qty", "plausible"),
        ("qty", "ten", "qty", "number"),
        ("qty", "", "qty", "number"),
        ("equipmentEnum", "spoons", "equipmentEnum", "known_value"),
        ("stateprovince", "test1", "stateprovince", "not_a_test"),
        ("datecreated", "yesterday", "datecreated", "date"),
        ("datecreated", "2002-04-01 10:00:00 UTC", "posted_at", "plausible"),
        ("datecreated", "2030-04-01 10:00:00 UTC", "posted_at", "plausible"),
        ("donationkey", "", "donationkey", "required"),
        ("donationkey", "k0", "source_id", "duplicate"),
        ("donationkey", "x" * 250, "source_id", "format"),
    ],
)
def test_a_bad_row_is_refused_with_field_and_rule(column: str, value: str, field: str, rule: str) -> None:
    bad = tuple(value if name == column else cell for name, cell in zip(HEADER, GOOD, strict=True))
    parsed = read_offers([bad])
    assert len(parsed.listings) == 10
    [refused] = parsed.quarantine.to_dict("records")
    assert (refused["platform"], refused["field"], refused["rule"]) == ("getusppe", field, rule)
    assert refused["row"] in (
        "getusppe_offers.csv: line 12",
        "getusppe_offers.csv: line 2",
    )  # of two equal rows either may stay
    assert refused["reason"]


def test_a_row_with_too_many_cells_is_refused() -> None:
    parsed = read_offers([(*GOOD, "one", "two")])
    assert parsed.quarantine[["rule", "reason"]].values.tolist() == [["cells", "2 cells too many"]]


def test_a_later_row_of_the_same_site_supersedes_the_earlier() -> None:
    later = ("d", "k0", "gown", "35", "2020-04-05 10:00:00 UTC", "form", "GA")
    parsed = read_offers([later])
    assert parsed.listings.set_index("source_id").loc["k0:gown", "quantity"] == 35
    assert parsed.quarantine[["row", "rule"]].values.tolist() == [["getusppe_offers.csv: line 2", "superseded"]]


def test_too_few_rows_fail_the_platform_but_refused_rows_count() -> None:
    with pytest.raises(ImplausibleVolume, match=r"getusppe_offers\.csv: 4 rows, expected 5"):
        read_snapshot(getusppe.PLATFORM, offers(good_offers(4)))
    with pytest.raises(ImplausibleVolume, match="0 rows"):
        read_snapshot(getusppe.PLATFORM, offers([]))
    with pytest.raises(ImplausibleVolume, match="none keeps the rules"):
        read_snapshot(getusppe.PLATFORM, offers([(*GOOD[:3], "0", *GOOD[4:])] * 12))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            ("donorKey", "donationkey", "item", "qty", "datecreated", "dataSource", "stateprovince"),
            "missing 'equipmentEnum'",
        ),
        (
            ("donorKey", "donationkey", "item", "qty", "datecreated", "dataSource", "stateprovince", "colour"),
            "missing 'equipmentEnum'; unknown 'item', 'colour'",
        ),
        ((*HEADER, "qty"), "repeated 'qty'"),
    ],
)
def test_another_set_of_columns_is_a_changed_layout(header: tuple[str, ...], message: str) -> None:
    rows = [row + ("red",) * (len(header) - len(row)) for row in good_offers(12)]
    with pytest.raises(LayoutChanged, match=message):
        read_snapshot(getusppe.PLATFORM, offers(rows, header))


def test_a_new_column_beside_the_known_ones_is_told_and_takes_no_row() -> None:
    parsed = read_snapshot(getusppe.PLATFORM, offers([(*row, "red") for row in good_offers(12)], (*HEADER, "colour")))
    assert len(parsed.listings) == 12
    told = parsed.quarantine[["row", "field", "rule"]].values.tolist()
    assert told == [["getusppe_offers.csv: column 'colour'", "colour", "known_column"]]
    assert not files_taken(getusppe.PLATFORM, parsed.quarantine).passed


@pytest.mark.parametrize(
    "content",
    [b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", b"PK\x03\x04rest of a workbook", b"a\x00b\x00c"],
)
@pytest.mark.parametrize("platform", [findthemasks.PLATFORM, getusppe.PLATFORM], ids=lambda p: p.name)
def test_bytes_of_another_kind_are_refused(platform: Platform, content: bytes) -> None:
    with pytest.raises(UnknownFormat):
        read_snapshot(platform, (RawDocument("export.csv", content, "export.csv", NOW),))


cells = st.one_of(
    st.sampled_from(
        ["", "0", "20", "-3", "98765432", "gown", "n95", "GA", "test1", "k", "k2", "2020-04-01 10:00:00 UTC"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(*[cells] * len(HEADER)), max_size=12), st.randoms(use_true_random=False))
def test_nothing_is_lost_and_order_is_no_matter(rows: list[tuple[str, ...]], random: Random) -> None:
    filled = [row for row in rows if any(collapse(cell) for cell in row)]  # what is invisible says nothing
    everything = good_offers(12) + filled
    shuffled = random.sample(everything, len(everything))
    one, other = (read_snapshot(getusppe.PLATFORM, offers(order)) for order in (everything, shuffled))
    assert len(one.listings) + count_refused(one.quarantine) == len(everything)
    pd.testing.assert_frame_equal(one.listings, other.listings)
    columns = ["source_id", "field", "rule", "value"]
    tables = [parsed.quarantine[columns].fillna("").sort_values(columns, ignore_index=True) for parsed in (one, other)]
    pd.testing.assert_frame_equal(*tables)


@needs_boards
@pytest.mark.parametrize(
    ("platform", "rows"), [(findthemasks.PLATFORM, 1609), (getusppe.PLATFORM, 4966)], ids=lambda p: str(p)[:9]
)
def test_the_real_boards_add_up(platform: Platform, rows: int) -> None:
    parsed = read_snapshot(platform, read_export(platform, BOARDS, NOW))
    known, later = known_by(parsed.listings, Week(2020, 17).ends_at)
    assert len(known) + len(later) + count_refused(parsed.quarantine) == rows
    assert len(known) > 800
    assert (known["posted_at"] < Week(2020, 17).ends_at).all()


@needs_boards
def test_items_agree_with_the_real_flags(capsys: pytest.CaptureFixture[str]) -> None:
    """The flag columns of the real export stand two rows above their requests (see `sources/findthemasks.py`)."""
    table = pd.read_csv(BOARDS / "findthemasks_requests_2020-03-27.csv", dtype="str", keep_default_na=False)
    flags = table.columns[18:]
    gold = (table[flags] == "True").iloc[:-2].to_numpy()
    items = table["accepting"].iloc[2:].map(findthemasks.read_items)
    parsed = pd.DataFrame(
        {flag: items.map(lambda named, flag=flag: flag.strip() in named) for flag in flags}
    ).to_numpy()
    agreement = (parsed == gold).mean()
    with capsys.disabled():
        print(f" item flags agree in {agreement:.2%} of {gold.size:,} cells", end="")
    assert agreement >= 0.97


@needs_boards
def test_the_real_inbox_holds_no_third_platform() -> None:
    for platform in PLATFORMS:
        if platform.name not in ("findthemasks", "getusppe"):
            with pytest.raises(Unreachable, match="holds no file or folder"):
                read_export(platform, BOARDS, NOW)


def test_an_absent_inbox_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="the inbox holds no file or folder 'getusppe_offers"):
        read_export(getusppe.PLATFORM, tmp_path / "nowhere", NOW)


def test_later_rows_were_not_known() -> None:
    listings = read_offers([("d", "late", "gown", "5", "2020-04-20 00:00:00 UTC", "form", "GA")]).listings
    known, later = known_by(listings, datetime(2020, 4, 20, tzinfo=UTC))
    assert (len(known), later["source_id"].tolist()) == (10, ["late:gown"])
