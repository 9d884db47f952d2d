"""The ministry's statistics say only what the protected tables hold; a release that gives somebody away is refused."""

import csv
import io
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from reports.language import LANGUAGES
from reports.ministry import Checked, Frames, audit, document, of_quarter, week_release
from reports.ministry.attackers import binding
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, REST_OF_GERMANY, Entry, entries
from reports.ministry.page_audit import page_findings
from reports.ministry.release import WEEK_SUMS
from reports.ministry.statistics import WEEK_AXES, Figures, Protected, members_of_week, weekly
from reports.privacy import find_contacts
from sources.week import Week

WEEK = Week(2020, 17)
Row = tuple[str, str, str | None]  # kind, place, organisation


def frames(rows: Sequence[Row]) -> Frames:
    """A listing for each row."""
    ids = [f"p:{number}" for number in range(len(rows))]
    places = [row[1].partition("-") for row in rows]
    return Frames(
        pd.DataFrame(
            {
                "listing_id": ids, "kind": [row[0] for row in rows], "status": "open",
                "country": [place[0] for place in places], "region": [place[2] or None for place in places],
                "organisation_name": [row[2] for row in rows],
            }
        ),
        pd.DataFrame({"record_id": ids, "organisation_id": [row[2] or f"a{row}" for row in rows]}),
        pd.DataFrame({"listing_id": []}, dtype="str"),
    )  # fmt: skip


def many(seed: int = 7, firms: int = 60, listings: int = 150) -> list[Row]:
    chance = np.random.default_rng(seed)
    return [
        (
            str(chance.choice(["offer", "request"])),
            str(chance.choice(["DE-BW", "DE-BY", "FR-GES", "IT"], p=[0.5, 0.33, 0.15, 0.02])),
            f"o{chance.integers(firms)}",
        )
        for _ in range(listings)
    ]


def release_of(found: Sequence[Entry], protected: Protected) -> audit.Released:
    """As read from the file."""
    file = document.long_csv(document.Statistics(WEEK, protected, is_sample=False)).encode()
    return audit.read_release(
        file, WEEK_SUMS, [audit.Statement((one.region, one.kind), one.listing_id, one.group) for one in found]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_well_made_and_released(language: str, findings_in: Callable[[str], list[str]]) -> None:
    made = week_release(WEEK, {WEEK: frames(many())}, {}, is_sample=True)
    assert made.findings == ()
    page = made.files[document.page_name(language)].decode()
    assert findings_in(page) == []
    assert find_contacts(page) == []
    assert '<span class="sign">.</span><span class="hidden word"> ' in page


def anew(rows: Sequence[Row]) -> Checked:
    """A week that went out before, with other listings."""
    first = week_release(WEEK, {WEEK: frames(many())}, {}, is_sample=True)
    return week_release(WEEK, {WEEK: frames(rows)}, {WEEK: first.files["statistics.csv"]}, is_sample=True)


def rows_of(made: Checked) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.files["statistics.csv"].decode())))


def test_what_is_released_anew_with_another_number_is_revised_and_stays_so() -> None:
    rows = [*many(), *(row for row in many() for _ in range(2))]
    first, made = week_release(WEEK, {WEEK: frames(many())}, {}, is_sample=True), anew(rows)
    assert made.findings == ()
    for before, row in zip(rows_of(first), rows_of(made), strict=True):
        assert row["status"] == ("p" if row["value"] == before["value"] else "r")
    revised = sum(row["status"] == "r" for row in rows_of(made))
    assert revised >= 8
    page = made.files["statistics.html"].decode()
    assert f"Berichtigt (r): {revised} Felder der Datei gegenüber einer früheren Ausgabe für dieselbe Woche." in page
    again = week_release(WEEK, {WEEK: frames(rows)}, {WEEK: made.files["statistics.csv"]}, is_sample=True)
    assert again.files == made.files


def test_the_same_numbers_anew_are_the_same_bytes() -> None:
    assert anew(many()).files == week_release(WEEK, {WEEK: frames(many())}, {}, is_sample=True).files


def test_a_revision_by_one_listing_is_refused() -> None:
    assert any("revised from 150 to 151" in one for one in anew([*many(), many()[0]]).findings)


@pytest.mark.parametrize(("platform", "status"), [("p", "p"), ("q", "b")])
def test_a_week_of_other_platforms_is_a_break(platform: str, status: str) -> None:
    later = WEEK.shifted(1)
    found = frames(many(8, 60, 170))
    renamed = [f"{platform}:{number}" for number in range(170)]
    other = Frames(found.listings.assign(listing_id=renamed), found.members.assign(record_id=renamed), found.repeats)
    tables = {WEEK: frames(many()), later: other}
    first = week_release(WEEK, tables, {}, is_sample=True)
    made = week_release(later, tables, {WEEK: first.files["statistics.csv"]}, is_sample=True)
    assert {row["status"] for row in rows_of(first)} == {"p"}
    assert {row["status"] for row in rows_of(made)} == {status}
    assert ("Bruch der Methode (b): Gezählt sind andere" in made.files["statistics.html"].decode()) == (status == "b")
    assert (f"KW {later.number} b<" in made.files["picture_trend.svg"].decode()) == (status == "b")


def test_sentences_tell_published_numbers() -> None:
    made = week_release(WEEK, {WEEK: frames(many())}, {}, is_sample=False)
    rows = list(csv.DictReader(io.StringIO(made.files["statistics.csv"].decode())))
    total = {
        row["kind"]: int(row["value"]) for row in rows if row["region"] == "TOTAL" and row["measure"] == "listings"
    }
    assert total["offer"] + total["request"] == total["TOTAL"] == 150
    page = made.files["statistics.html"].decode()
    assert f"Offen sind {total['offer']} Angebote und {total['request']} Gesuche." in page
    assert f"Auf 100 Gesuche kommen {round(100 * total['offer'] / total['request'])} Angebote." in page


def test_the_file_has_every_cell_with_its_sign() -> None:
    made = week_release(WEEK, {WEEK: frames(many())}, {}, is_sample=False)
    rows = list(csv.DictReader(io.StringIO(made.files["statistics.csv"].decode())))
    assert len(rows) == 2 * 5 * 3
    assert {row["sign"] for row in rows} >= {"", "."}
    for row in rows:
        assert (row["value"] == "") == (row["sign"] == ".")
        assert (row["value"] == "0") == (row["sign"] == "–")
        assert (row["period"], row["status"]) == ("2020-W17", "p")
        assert row["unit"] == {"listings": "listing", "organisations": "organisation"}[row["measure"]]


def test_repeats_and_closed_listings_do_not_count() -> None:
    own = frames([("offer", "DE-BW", f"o{number}") for number in range(12)])
    own.listings.loc[0, "status"] = "withdrawn"
    repeats = pd.DataFrame({"listing_id": ["p:1"]})
    assert len(entries(Frames(own.listings, own.members, repeats))) == 10


def test_listings_without_a_name_are_nobody_and_protect_no_one() -> None:
    rows: list[Row] = [("offer", "DE-BW", f"o{number}") for number in range(12)]
    rows += [("request", "DE-BW", None) for _ in range(12)]
    found = weekly(entries(frames(rows)))
    assert found.total("request") == Figures(None, None)  # twelve requests of nobody known might be one person's
    assert weekly(entries(frames(rows[:12]))).total() == Figures(12, 12)


def test_where_it_is_told_that_there_are_no_listings_there_are_no_firms() -> None:
    """Although beside it in the sum a number is withheld."""
    rows: list[Row] = [("offer", place, f"{place}{n}") for place in ("DE-BW", "DE-BY") for n in range(9)]
    found = weekly(entries(frames([*rows, ("offer", "IT", "alone")])))
    assert found.cells[ELSEWHERE, "offer"] == Figures(None, None)
    assert found.cells[GRAND_EST, "offer"] == Figures(0, 0)


def test_the_firms_of_one_group_do_not_hide_each_other() -> None:
    own = frames([("offer", "DE-BW", f"o{number}") for number in range(12)])
    grouped = Frames(own.listings, own.members.assign(group_id="g"), own.repeats)
    assert weekly(entries(grouped)).total() == Figures(None, None)


def test_regions_are_four_whatever_is_stated() -> None:
    places = ("DE-BW", "DE-BY", "DE", "FR-GES", "FR-IDF", "IT", "")
    found = entries(frames([("offer", place, "o1") for place in places]))
    assert [entry.region for entry in sorted(found)] == [
        BW, REST_OF_GERMANY, REST_OF_GERMANY, GRAND_EST, ELSEWHERE, ELSEWHERE, ELSEWHERE
    ]  # fmt: skip


def test_a_change_of_one_firm_is_not_told_and_the_audit_refuses_it_without_the_earlier_weeks() -> None:
    rows = [("offer", "DE-BW", f"o{number}") for number in range(12)]
    rows += [("request", "DE-BW", f"o{number}") for number in range(12)]
    before, after = (entries(frames(found)) for found in (rows, [*rows, ("offer", "DE-BW", "new")]))
    first = release_of(before, weekly(before))
    bound = [binding(first.published, members_of_week(before), WEEK_AXES)]
    assert audit.findings(release_of(after, weekly(after, bound)), [first]) == []
    assert weekly(after, bound).cells[BW, "offer"].listings is None
    careless = audit.findings(release_of(after, weekly(after)), [first])
    assert "DE-BW × offer: its change is the doing of too few" in careless


def test_what_was_withheld_stays_so_and_the_audit_refuses_a_release_without_freezing() -> None:
    rows: list[Row] = [("offer", place, f"{place}{n}") for place in ("DE-BW", "FR-GES") for n in range(9)]
    rows += [("request", place, f"{place}{n}") for place in ("DE-BW", "FR-GES") for n in range(9)]
    few: list[Row] = [*rows, ("offer", "IT", "i0"), ("request", "IT", "i1")]
    more: list[Row] = [*few, *(("offer", "IT", f"j{n}") for n in range(9))]
    more += [("request", "IT", f"j{n}") for n in range(9)]
    before, after = entries(frames(few)), entries(frames(more))
    first = release_of(before, weekly(before))
    bound = [binding(first.published, members_of_week(before), WEEK_AXES)]
    assert first.published[ELSEWHERE, "offer"] is None
    assert audit.findings(release_of(after, weekly(after, bound)), [first]) == []
    thawed = audit.findings(release_of(after, weekly(after)), [first])
    assert any("withheld in an earlier release" in one for one in thawed)


def test_without_the_key_of_contributors_the_audit_refuses() -> None:
    """Whoever counts every listing as somebody else's publishes cells of two firms."""
    own = entries(frames([("offer", "DE-BW", f"o{number % 2}") for number in range(12)]))
    keyless = [one._replace(firm=one.listing_id, group=one.listing_id) for one in own]
    assert any("too few stand behind it" in one for one in audit.findings(release_of(own, weekly(keyless))))


@pytest.mark.parametrize("seed", range(3))
def test_six_weeks_one_after_the_other_are_released(seed: int) -> None:
    tables, released = {}, {}
    for number, week in enumerate(WEEK.shifted(shift) for shift in range(-2, 4)):
        tables[week] = frames(many(seed, 40, 120 + 7 * number))
        made = week_release(week, tables, released, is_sample=False)
        assert made.findings == (), week
        released[week] = made.files["statistics.csv"]


def test_a_page_that_tells_what_the_file_withholds_is_found() -> None:
    made = week_release(WEEK, {WEEK: frames(many())}, {}, is_sample=False)
    page, file = made.files["statistics.html"], made.files["statistics.csv"]
    assert page_findings(page, file) == []
    leaking = page.replace(b'<span class="sign">.</span><span class="hidden word"> geheim</span>', b"2", 1)
    assert len(page_findings(leaking, file)) == 1


def test_an_empty_week_is_a_release(findings_in: Callable[[str], list[str]]) -> None:
    made = week_release(WEEK, {WEEK: frames([])}, {}, is_sample=False)
    assert made.findings == ()
    assert findings_in(made.files["statistics.html"].decode()) == []


def test_the_order_of_rows_does_not_matter() -> None:
    own = frames(many())
    turned = Frames(*(table.iloc[::-1] for table in (own.listings, own.members, own.repeats)))
    assert entries(own) == entries(turned)


def test_weeks_bind_those_of_their_quarter_only() -> None:
    weeks = [Week(2020, number) for number in (12, 13, 14, 15, 17)]
    assert of_quarter(weeks, Week(2020, 16)) == [Week(2020, 14), Week(2020, 15)]
    assert WEEK_AXES[0].leaves == WEEK_SUMS[0]["TOTAL"]
