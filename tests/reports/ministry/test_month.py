"""A month tells areas and product groups, and together with the weeks of its quarter gives nobody away."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from matching.taxonomy.concepts import load_taxonomy
from reports.disclosure import TOTAL, Cell
from reports.language import LANGUAGES
from reports.ministry import Checked, Frames, Month, Stored, audit, month_release, week_release
from reports.ministry.counted import BW, GRAND_EST, REST_OF_GERMANY
from reports.ministry.document import page_name
from reports.ministry.funnel_audit import told_steps
from reports.ministry.linked import month_findings, quantity_findings
from reports.ministry.month_counted import MonthEntry, month_entries
from reports.ministry.month_document import month_files
from reports.ministry.month_release import ATTEMPTS, releases, statements
from reports.ministry.monthly import AREAS, FRAMES, Frame, axes_of, monthly
from reports.ministry.page_audit import page_findings
from reports.ministry.quantities import amounts_of, quantities
from reports.ministry.release import of_pages
from reports.ministry.statistics import RULES, WEEK_AXES, Protected
from reports.privacy import find_contacts
from sources.week import Week
from tests.reports.documents import wide_month
from tests.reports.ministry.package.released import OFFICE

APRIL = Month(2020, 4)
WEEKS = (Week(2020, 15), Week(2020, 16), Week(2020, 17))
LATER = (Week(2020, 19), Week(2020, 20))  # of May
TAXONOMY = load_taxonomy()
CONCEPTS = ("protective_equipment", "hygiene", "diagnostics")
PRODUCTS = {TAXONOMY.group(concept) for concept in TAXONOMY.concepts}
TOWNS = ("Stuttgart", "Karlsruhe", "Freiburg", "Ulm")


def frames(seed: int, week: Week, listings: int = 200) -> Frames:
    """Listings of whom nine of ten were there a week before."""
    chance = np.random.default_rng(seed)
    rows = [
        (
            f"p:{number}", chance.choice(["offer", "request"]), *PLACES[chance.choice(len(PLACES), p=SHARES)],
            chance.choice(TOWNS), f"o{chance.integers(listings // 3)}", chance.choice(CONCEPTS, p=[0.7, 0.25, 0.05]),
            float(chance.integers(1, 2000)),
        )
        for number in range(listings + listings // 10 * len((*WEEKS, *LATER)))
    ]  # fmt: skip
    first = listings // 10 * (*WEEKS, *LATER).index(week)
    columns = ["listing_id", "kind", "country", "region", "city", "organisation_name", "concept_id", "quantity"]
    found = pd.DataFrame(rows[first : first + listings], columns=columns)
    only_two = "t" + found["organisation_name"].str[-1:].map(lambda digit: str(int(digit) % 2))
    found["organisation_name"] = found["organisation_name"].where(found["region"] != "TH", only_two)
    found = found.assign(status="open", postal_code=None, unit="piece", period=None, score=1.0)
    members = pd.DataFrame({"record_id": found["listing_id"], "organisation_id": found["organisation_name"]})
    return Frames(found, members, pd.DataFrame({"listing_id": []}, dtype="str"), found)


PLACES = (("DE", "BW"), ("DE", "BY"), ("DE", "SN"), ("DE", None), ("FR", "GES"), ("IT", None), ("DE", "TH"))
SHARES = (0.5, 0.15, 0.04, 0.06, 0.15, 0.05, 0.05)


@cache
def stored(seed: int = 3) -> Stored:
    """April's weeks, released one after the other as far as they may be."""
    return continued(Stored({}, {}, TAXONOMY, PRODUCTS), seed, WEEKS)


def continued(before: Stored, seed: int, weeks: Sequence[Week]) -> Stored:
    """With more weeks of the quarter."""
    tables, released = dict(before.tables), dict(before.released)
    for week in weeks:
        tables[week] = frames(seed, week)
        files = {one: released.get(str(one), b"") for one in tables}
        made = week_release(week, tables, files, is_sample=True)
        if not made.findings:
            released[str(week)] = made.files["statistics.csv"]
    assert released
    return replace(before, tables=tables, released=released)


@cache
def april() -> Checked:
    return month_release(APRIL, stored(), is_sample=True, office=OFFICE)


def rows_of(made: Checked) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.files["statistics.csv"].decode())))


def attacked(protected: Protected, bounds: Mapping[str, Mapping[Cell, audit.Known]] | None = None) -> list[str]:
    """What the audit finds in a month beside its weeks. bounds: what the Lagebild of a week tells."""
    axes = axes_of(PRODUCTS)
    read = audit.Released(
        tuple(dict(axis.sums) for axis in axes),
        {cell: figures.listings for cell, figures in protected.cells.items()},
        tuple(statements(month_entries(stored().tables, TAXONOMY))),
    )
    inside, others = releases(APRIL, stored(), axes)
    return month_findings(
        read,
        {name: replace(one.read, bounds=(bounds or {}).get(name, {})) for name, one in inside.items()},
        {name: one.read for name, one in others.items()},
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_is_released_and_well_made(language: str, findings_in: Callable[[str], list[str]]) -> None:
    assert april().findings == ()
    page = april().files[page_name(language)].decode()
    assert findings_in(page) == []
    assert find_contacts(page.replace(OFFICE.contact, "")) == []


@pytest.mark.parametrize("seed", [4, 5, 8, 9])
def test_every_quarter_ends_with_a_month_in_the_finest_frame(seed: int) -> None:
    """With draw 3 above five; two of them ended without any while the protection knew nothing of the weeks' numbers."""
    made = month_release(APRIL, stored(seed), is_sample=True)
    assert made.findings == ()
    assert {row["frame"] for row in rows_of(made)} == {FRAMES[0].code}


@pytest.mark.parametrize("seed", [3, 8])
def test_a_second_month_of_the_quarter_is_released_beside_the_first(seed: int) -> None:
    first = month_release(APRIL, stored(seed), is_sample=True).files["statistics.csv"]
    april_out = replace(stored(seed), released={**stored(seed).released, str(APRIL): first})
    may, both = Month(2020, 5), continued(april_out, seed, LATER)
    assert {str(week) for week in LATER} < both.released.keys()
    assert str(APRIL) in releases(may, both, axes_of(PRODUCTS))[1]
    made = month_release(may, both, is_sample=True)
    assert made.findings == ()
    assert {row["frame"] for row in rows_of(made)} == {FRAMES[0].code}


def test_a_lagebild_of_a_week_that_counts_otherwise_proves_nothing() -> None:
    found = attacked(protected_by(), {str(WEEKS[0]): {(TOTAL, "DE-BW", "offer"): (0, 1)}})
    assert any("the other document tells 0 to 1" in one for one in found)
    assert attacked(protected_by(), {str(WEEKS[0]): {(TOTAL, "DE-BW", "offer"): (50, None)}}) == []


def test_a_month_beside_a_lagebild_that_cannot_be_read_is_refused() -> None:
    desc = (
        '<figcaption>x</figcaption><svg class="tiles"><desc id="kacheln-fr-desc">GES: Gesuche etwa 3, Angebote keine<'
    )
    made = month_release(APRIL, replace(stored(), lagebilder={WEEKS[0]: desc.encode()}), is_sample=True)
    assert made.files == {}
    assert made.findings[0].startswith("beside the Lagebild: ")


def test_every_cell_has_a_number_or_a_sign() -> None:
    rows = rows_of(april())
    assert {row["frame"] for row in rows} == {FRAMES[0].code}
    for row in rows:
        assert (row["value"] == "") == (row["sign"] == ".")
        assert (row["value"] == "0") == (row["sign"] == "–")
        assert (row["period"], row["status"]) == ("2020-04", "p")


def test_sums_hold_where_all_parts_are_told() -> None:
    told = {
        (row["product"], row["region"], row["kind"]): int(row["value"])
        for row in rows_of(april())
        if row["measure"] == "listings" and row["value"]
    }
    total = told[TOTAL, TOTAL, TOTAL]
    listings = {one for week in stored().tables.values() for one in week.listings["listing_id"]}
    assert total == len(listings) == told[TOTAL, TOTAL, "offer"] + told[TOTAL, TOTAL, "request"]
    assert told.get((TOTAL, "DE-BW", TOTAL), 0) + told.get((TOTAL, "NOT-BW", TOTAL), 0) in (0, total)


def test_sentences_tell_published_numbers() -> None:
    told = {
        (row["product"], row["kind"]): row["value"]
        for row in rows_of(april())
        if row["measure"] == "listings" and row["region"] == TOTAL
    }
    offers, requests = told[TOTAL, "offer"], told[TOTAL, "request"]
    page = april().files["statistics.html"].decode()
    assert f"Offen waren im Lauf des Monats {offers} Angebote und {requests} Gesuche." in page
    assert f"Auf 100 Gesuche kommen {round(100 * int(offers) / int(requests))} Angebote." in page
    most = told["protective_equipment", "request"]
    assert f"Am meisten gesucht: Schutzausrüstung mit {most} von {requests} Gesuchen." in page
    firms = next(
        row["value"]
        for row in rows_of(april())
        if row["measure"] == "organisations" and row["region"] == row["product"] == row["kind"] == TOTAL
    )
    assert f"Dahinter stehen {firms} namentlich bekannte Firmen und Stellen." in page


def protected_by(**off: object) -> Protected:
    axes = axes_of(PRODUCTS)
    inside, others = releases(APRIL, stored(), axes)
    earlier = () if off.get("earlier") else [one.bound for one in (*others.values(), *inside.values())]
    own = month_entries(stored().tables, TAXONOMY)
    if off.get("groups"):
        own = [one._replace(firm=one.listing_id, group=one.listing_id) for one in own]
    return monthly(own, axes, FRAMES[0], earlier, RULES)


def test_the_protected_month_passes() -> None:
    assert attacked(protected_by()) == []


def test_without_secondary_suppression_the_audit_refuses() -> None:
    """Of every withheld cell that is not sensitive itself the number is told."""
    found = protected_by()
    axes = axes_of(PRODUCTS)
    truth = audit.Released(
        tuple(dict(axis.sums) for axis in axes),
        dict.fromkeys(found.cells),
        tuple(statements(month_entries(stored().tables, TAXONOMY))),
    )
    told = {
        cell: replace(figures, listings=len(truth.behind[cell]))
        if figures.listings is None and len({one.group for one in truth.behind[cell]}) >= 3
        else figures
        for cell, figures in found.cells.items()
    }
    assert any("exact" in one or "inside" in one for one in attacked(Protected(found.axes, told)))


def test_without_the_quarters_weeks_the_audit_refuses() -> None:
    assert attacked(protected_by(earlier=True)) != []


def test_without_the_key_of_contributors_the_audit_refuses() -> None:
    assert any("exact" in one or "too few" in one for one in attacked(protected_by(groups=True)))


def test_a_listing_counts_once_in_its_last_word() -> None:
    own = month_entries(stored().tables, TAXONOMY)
    assert len(own) == len({one.listing_id for one in own})
    last = stored().tables[WEEKS[-1]].listings.set_index("listing_id")
    for one in own:
        if one.listing_id in last.index:
            assert one.quantity == last.loc[one.listing_id, "quantity"]


def _month_after(change: Callable[[pd.Series, str], pd.Series]) -> tuple[str, list[MonthEntry]]:
    """The first listing's firm of one week, and the month with the next week's firms changed: of them, and that id."""
    before, after = frames(3, WEEKS[0]), frames(3, WEEKS[1])
    members = after.members.set_index("record_id")["organisation_id"]
    old = str(before.members["organisation_id"].iloc[0])
    changed = after.members.assign(organisation_id=change(members, old).to_numpy())
    return old, month_entries({WEEKS[0]: before, WEEKS[1]: replace(after, members=changed)}, TAXONOMY)


def test_a_firm_under_a_new_id_is_one_firm_and_one_group() -> None:
    old, own = _month_after(lambda members, old: members.replace(old, "new"))
    named = {one.firm for one in own} | {one.group for one in own}
    assert len(named & {"new", old}) == 1


def test_firms_that_exchange_a_listing_stay_two() -> None:
    """A platform numbers its listings anew: what was one firm's id is another's."""
    _, own = _month_after(lambda members, old: pd.Series(["o1", *members.iloc[1:]]))
    _, untouched = _month_after(lambda members, old: members)
    assert len({one.firm for one in own}) == len({one.firm for one in untouched})


def test_a_frame_that_fails_gives_way_to_a_coarser_one() -> None:
    codes = [frame.code for frame, _ in ATTEMPTS]
    sizes = [len(frame.cells(axes_of(PRODUCTS))) for frame, _ in ATTEMPTS]
    assert sizes == sorted(sizes, reverse=True)
    assert codes[0] != codes[-1]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.code)
def test_every_frame_is_a_month_that_its_pages_tell(frame: Frame, findings_in: Callable[[str], list[str]]) -> None:
    whole = wide_month()
    cells = {cell: whole.protected.cells[cell] for cell in frame.cells(whole.protected.axes)}
    made = month_files(replace(whole, protected=Protected(whole.protected.axes, cells), frame=frame))
    assert of_pages(made) == []
    assert findings_in(made["statistics.html"].decode()) == []
    assert ('id="regionen"' in made["statistics.html"].decode()) == (len(frame.areas) > 1)
    assert any(name.startswith("picture_map") for name in made) == (len(frame.areas) > 1)


def test_an_area_that_stands_below_another_says_of_which_it_is_part() -> None:
    page = month_files(wide_month())["statistics.html"].decode()
    assert '<span class="part">Regierungsbezirk Stuttgart<span class="hidden"> (Teil von: Baden-Württemberg)<' in page
    assert page.count('class="part"') == sum(
        len(parts) for whole, parts in AREAS.sums if whole in (BW, REST_OF_GERMANY, GRAND_EST)
    )


def test_a_month_with_sundays_that_are_not_counted_says_so() -> None:
    whole, weeks = wide_month(), APRIL.weeks
    assert [str(week) for week in weeks] == ["2020-W14", "2020-W15", "2020-W16", "2020-W17"]
    assert "Unvollständig" not in month_files(whole)["statistics.html"].decode()
    files = month_files(replace(whole, weeks=weeks[:2]))
    page = files["statistics.html"].decode().replace("\u00a0", " ")
    assert "Gezählt sind 2 von 4 Sonntagen des Monats (5. April 2020 und 12. April 2020)." in page
    assert "Datenstand: 12. April 2020" in page
    assert "2 of the month’s 4 Sundays are counted" in files["statistics.en.html"].decode()


def test_a_month_that_withholds_nothing_says_so() -> None:
    whole = wide_month()
    told = {cell: replace(figures, listings=figures.listings or 0) for cell, figures in whole.protected.cells.items()}
    made = month_files(replace(whole, protected=Protected(whole.protected.axes, told)))
    assert "In dieser Ausgabe ist keine Angabe zur Zahl der Inserate geheim." in made["statistics.html"].decode()
    assert "confidential in this issue" in made["statistics.en.html"].decode()


@pytest.mark.parametrize(("text", "month"), [("2020-04", APRIL), (" 2019-12 ", Month(2019, 12))])
def test_months_are_read(text: str, month: Month) -> None:
    assert Month.parse(text) == month


@pytest.mark.parametrize("text", ["2020", "2020-13", "2020-W16", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month such as 2020-04"):
        Month.parse(text)


def test_quantities_are_told_where_no_firm_stands_out() -> None:
    own = amounts_of(month_entries(stored().tables, TAXONOMY))
    told = {
        (row["product"], row["unit"], row["kind"]): row["value"]
        for row in rows_of(april())
        if row["measure"] == "quantity"
    }
    cell = ("protective_equipment", "piece", "offer")
    assert int(told[cell]) == sum(own[cell].values())
    assert all(value == "0" for cell, value in told.items() if cell not in own)
    assert quantity_findings(april().files["statistics.csv"], own, []) == []


def test_an_amount_that_a_week_held_back_counts_in_no_quantity() -> None:
    entries = month_entries(stored().tables, TAXONOMY)
    first, silent, *_ = [one for one in entries if one.quantity]
    reasons = {first.listing_id: "quantity_outlier", silent.listing_id: "no_sign_of_life"}
    held_back = pd.DataFrame({"listing_id": list(reasons), "reason": list(reasons.values())})
    weeks = stored().tables
    oldest = min(weeks)
    doubted = month_entries(weeks | {oldest: replace(weeks[oldest], held_back=held_back)}, TAXONOMY)
    assert [one for one in entries if one not in doubted] == [first]
    assert [one for one in doubted if one not in entries] == [first._replace(quantity=0, unit="")]


def test_a_quantity_that_one_firm_makes_is_withheld_and_the_audit_refuses_it() -> None:
    entries = month_entries(stored().tables, TAXONOMY)
    cell = ("protective_equipment", "piece", "offer")
    largest = next(one for one in entries if (one.product, one.unit, one.kind) == cell)
    grown = amounts_of([one._replace(quantity=10**8) if one == largest else one for one in entries])
    assert quantities(grown, protected_by(), [], RULES)[cell] is None
    file = april().files["statistics.csv"].decode()
    row = next(one for one in file.splitlines() if "TOTAL,Insgesamt,offer,quantity,piece" in one and cell[0] in one)
    told = row.split(",")
    told[6] = str(sum(grown[cell].values()))
    found = quantity_findings(file.replace(row, ",".join(told)).encode(), grown, [])
    assert f"quantity {' × '.join(cell)}: published, and too few stand behind it" in found


def test_a_month_tells_how_far_its_requests_came_and_the_audit_reads_it() -> None:
    own = [one.listing_id for one in month_entries(stored().tables, TAXONOMY) if one.kind == "request"]
    matches = pd.DataFrame({"request_id": own[:40], "blocked_by": None})
    tables = {week: replace(frames, matches=matches) for week, frames in stored().tables.items()}
    made = month_release(APRIL, replace(stored(), tables=tables), is_sample=True)
    assert made.findings == ()
    assert told_steps(made.files["statistics.csv"])["matched"] == 40
    assert 'id="schritte"' in made.files["statistics.html"].decode()


def test_regions_with_nothing_are_named_below_their_table_and_the_audit_counts_them() -> None:
    page, file = april().files["statistics.html"], april().files["statistics.csv"]
    told: dict[str, set[str]] = {}
    for row in rows_of(april()):
        is_shown = row["measure"] == "listings" or (row["measure"], row["kind"]) == ("organisations", TOTAL)
        if row["product"] == TOTAL and is_shown:
            told.setdefault(row["region_label"], set()).add(row["sign"])
    empty = [name for name, signs in told.items() if signs == {"–"}]
    assert empty
    assert re.findall('<span class="none">([^<]*)</span>', page.decode()) == empty
    for name in empty:
        assert f'class="part">{name}<' not in page.decode()
    assert page_findings(page, file) == []
    hidden = page.replace(b'<span class="none">', b"<span>", 1)
    assert any("regions with nothing" in one for one in page_findings(hidden, file))
    one_row = re.search(rb'<tr>\s*<th[^>]*><span class="part">Bayern<.*?</tr>', page, re.DOTALL)
    assert one_row is not None
    left_out = page.replace(one_row[0], b"").replace(
        b'<p class="note">Nichts', b'<span class="none">Bayern</span><p>', 1
    )
    assert len(page_findings(left_out, file)) > 1, "a region that is withheld or told is no region with nothing"


def test_a_region_with_something_is_not_named_as_empty_in_any_language() -> None:
    for language in LANGUAGES:
        page, file = april().files[page_name(language)], april().files["statistics.csv"].decode()
        changed = file.replace(
            "2020-04,DE-BE,Berlin,offer,listings,listing,0,–", "2020-04,DE-BE,Berlin,offer,listings,listing,,."
        )
        assert changed != file
        assert page_findings(page, changed.encode())


def firms_told(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[bool, bool]]:
    """For each row of the tables that is not empty whether its firms are told, and whether the page's rule says so.

    Written from the sentence alone: a value of the row, or of a sum of rows that it belongs to one number of all
    listings. The number of all firms of a month stands by itself.
    """
    listings = {
        (row["region"], row["kind"], row.get("product", TOTAL)): row["value"]
        for row in rows
        if row["measure"] == "listings"
    }
    sums = [("region", dict(AREAS.sums) if "product" in rows[0] else dict(WEEK_AXES[0].sums))]
    sums += [
        ("product", {TOTAL: [one for one in dict.fromkeys(row.get("product", TOTAL) for row in rows) if one != TOTAL]})
    ]
    for row in rows:
        region, product = row["region"], row.get("product", TOTAL)
        if row["measure"] != "organisations" or row["kind"] != TOTAL or row["sign"] == "–":
            continue
        own = [value for (r, _, p), value in listings.items() if (r, p) == (region, product)]
        for axis, of_axis in sums:
            here = region if axis == "region" else product
            for total, parts in of_axis.items():
                if here == total or here in parts:
                    cells = [
                        (one, TOTAL, product) if axis == "region" else (region, TOTAL, one) for one in (total, *parts)
                    ]
                    if set(cells) <= listings.keys():
                        own += [listings[cell] for cell in cells]
        is_all = "product" in row and region == product == TOTAL
        yield row["value"] != "", "" not in own or (is_all and listings[TOTAL, TOTAL, TOTAL] != "")


@pytest.mark.parametrize("period", ["week", "month"])
def test_firms_are_confidential_where_the_page_says_so(period: str) -> None:
    files = [april().files["statistics.csv"]] if period == "month" else list(stored().released.values())
    told = [one for file in files for one in firms_told(list(csv.DictReader(io.StringIO(file.decode()))))]
    assert {is_told for is_told, _ in told} == {True, False} or period == "week"
    assert [is_told for is_told, _ in told] == [is_said for _, is_said in told]
