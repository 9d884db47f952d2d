"""Who reads the Lagebild beside the release learns no withheld number; with exact regions they would."""

import csv
import io
from html import unescape

import pytest

from reports.language import LANGUAGES
from reports.ministry import audit, week_release
from reports.ministry.counted import REGIONS, entries
from reports.ministry.document import page_name
from reports.ministry.outside import told_by_lagebild
from reports.ministry.statistics import weekly
from tests.reports.builders import sample_issue
from tests.reports.ministry.test_release import WEEK, Row, frames, many, release_of

ROWS = [*many(), *[("offer", "IT", "i1"), ("request", "CH", "i2")]]


def page(**told: str) -> bytes:
    """As the Lagebild writes it: descriptions of its maps by country, and its totals."""
    maps = "".join(
        f'<figure>\n<figcaption>{country}{without}</figcaption>\n<svg class="tiles"><title id="x">t</title>'
        f'<desc id="kacheln-{country}-desc">{text}</desc></svg></figure>'
        for country, (text, _, without) in ((c, told[c].partition("|")) for c in ("de", "fr", "andere") if c in told)
    )
    totals = "".join(
        f'<a class="value" href="proofs.de.html#nachweis-{kind}">{told[kind]}</a>'
        for kind in ("offers", "requests")
        if kind in told
    )
    return (maps + totals).encode()


def test_classes_numbers_and_nothing_are_bounds() -> None:
    made = page(
        de="BW: Gesuche 50 und mehr, Angebote 10 bis 49; BY: Gesuche unter 10, Angebote keine; "
        "ST: Gesuche 7, Angebote keine| (ohne Region: Gesuche unter 10, Angebote keine)",
        fr="GES: Gesuche 28, Angebote keine",
        andere="IT: Gesuche unter 10, Angebote keine",
        offers="1.322",
    )
    assert told_by_lagebild(made) == {
        ("TOTAL", "offer"): (1322, 1322),
        ("DE-BW", "request"): (50, None), ("DE-BW", "offer"): (10, 49),
        ("DE-REST", "request"): (9, 25), ("DE-REST", "offer"): (0, 0),
        ("FR-GES", "request"): (28, 28), ("FR-GES", "offer"): (0, 0),
        ("OTHER", "request"): (1, None), ("OTHER", "offer"): (0, None),
    }  # fmt: skip


def test_an_unknown_class_is_no_proof() -> None:
    with pytest.raises(ValueError, match="etwa 30"):
        told_by_lagebild(page(fr="GES: Gesuche etwa 30, Angebote keine"))


def test_a_release_beside_a_lagebild_that_cannot_be_read_is_refused() -> None:
    strange = page(fr="GES: Gesuche etwa 30, Angebote keine")
    told = week_release(WEEK, {WEEK: frames(ROWS)}, {}, is_sample=True, lagebild=strange).findings
    assert told
    assert "etwa 30" in told[0]


def test_the_lagebild_tells_regions_in_classes_alone() -> None:
    from reports.lagebild import render

    told = told_by_lagebild(render(sample_issue(), "de").encode())
    regional = [bounds for (region, _), bounds in told.items() if region != "TOTAL"]
    assert regional
    assert all(least == most == 0 or least != most for least, most in regional)
    assert {region for region, _ in told} == {"TOTAL", *REGIONS}


def test_exact_regions_open_withheld_cells_and_classes_do_not() -> None:
    own = entries(frames(ROWS))
    release = release_of(own, weekly(own))
    counts = {
        (region, kind): sum(one.region == region and one.kind == kind for one in own)
        for region in REGIONS
        for kind in ("offer", "request")
    }
    hidden = [cell for cell, value in release.published.items() if value is None and cell in counts]
    assert hidden
    exact = {cell: (count, count) for cell, count in counts.items()}
    assert any("exact" in one for one in audit.findings_beside(release, exact))
    wide = dict.fromkeys(counts, (1, None))
    assert audit.findings_beside(release, wide) == []


@pytest.mark.parametrize(("listings", "ends"), [(10, (10, 11)), (49, (44, 49))])
def test_a_number_at_the_edge_of_a_class_is_as_open_as_the_class_leaves_it(
    listings: int, ends: tuple[int, int]
) -> None:
    """Offers of one firm, told as 10 to 49: ten may be eleven and not nine, forty-nine forty-four and not more."""
    rows: list[Row] = [("offer", place, f"{place}{n}") for place in ("DE-BW", "DE-BY", "FR-GES") for n in range(30)]
    rows += [("request", place, f"{place}{n}") for place in ("DE-BW", "DE-BY", "FR-GES", "IT") for n in range(30)]
    own = entries(frames([*rows, *[("offer", "IT", "alone")] * listings]))
    classes = {(region, "offer"): (10, 49) for region in REGIONS}
    made = release_of(own, weekly(own, bounds=classes))
    assert made.published["OTHER", "offer"] is None
    assert audit.findings_beside(made, classes) == []
    narrower = {**classes, ("OTHER", "offer"): ends}
    assert audit.findings_beside(made, narrower) == []
    closed = audit.findings_beside(made, {**classes, ("OTHER", "offer"): (listings, listings)})
    assert closed[0] == f"OTHER × offer: exact ({listings} to {listings})"


@pytest.mark.parametrize(
    ("beside", "found"), [((10, 49), []), ((27, 33), ["a: inside the protection interval (46 to 49)"])]
)
def test_a_release_that_closes_the_side_which_a_class_leaves_open_is_refused(
    beside: audit.Known, found: list[str]
) -> None:
    """Forty-nine of one firm, told as 10 to 49, and thirty beside them: their sum tells at least 79 - 33."""
    truth = [audit.Statement(("a",), f"a{number}", "alone") for number in range(49)]
    truth += [audit.Statement(("b",), f"b{number}", f"g{number}") for number in range(30)]
    release = audit.Released(({"TOTAL": ("a", "b")},), {("a",): None, ("b",): None, ("TOTAL",): 79}, tuple(truth))
    assert audit.findings_beside(release, {("a",): (10, 49), ("b",): beside}) == found


def all_offers_of_nobody() -> list[Row]:
    """As on boards that name no offerer."""
    return [*[("request", "IT", f"i{n}") for n in range(30)], *[("offer", "IT", None)] * 1013]


def all_in_one_region() -> bytes:
    return page(andere="IT: Gesuche 10 bis 49, Angebote 50 und mehr", offers="1.013", requests="30")


# What a page says of a week without offers: the sum of requests, and that offers are left out.
SAID = {
    "de": ("Offen sind 30 Gesuche.", "Angebote fehlen in dieser Ausgabe:"),
    "fr": ("30 demandes sont en cours.", "Les offres ne figurent pas dans ce numéro"),
    "en": ("30 requests are open.", "Offers are left out of this issue:"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_lagebild_tells_whatever_is_withheld_is_left_out_and_the_rest_released(language: str) -> None:
    """All offers are of nobody known and from one region, and the Lagebild tells their total."""
    made = week_release(WEEK, {WEEK: frames(all_offers_of_nobody())}, {}, is_sample=True, lagebild=all_in_one_region())
    assert made.findings == ()
    rows = list(csv.DictReader(io.StringIO(made.files["statistics.csv"].decode())))
    assert {row["kind"] for row in rows} == {"request"}
    assert {row["value"] for row in rows if row["region"] == "OTHER"} == {"30"}
    text = unescape(made.files[page_name(language)].decode())
    for sentence in SAID[language]:
        assert sentence in text
    readable = [content for name, content in made.files.items() if name.endswith((".csv", ".html", ".svg"))]
    assert not any(number in content for content in readable for number in (b"1013", b"1.013", b"1,013"))


def test_where_no_kind_can_be_told_nothing_is_released_and_the_number_named() -> None:
    rows = [(kind, place, None) for kind, place, _ in all_offers_of_nobody()]
    made = week_release(WEEK, {WEEK: frames(rows)}, {}, is_sample=True, lagebild=all_in_one_region())
    assert made.findings == ("beside the Lagebild: OTHER × offer: can be calculated whatever is withheld",)


def test_a_week_after_one_without_offers_tells_both_kinds_again() -> None:
    """What was left out was not withheld: nothing of it is frozen, and nothing of it told."""
    first = week_release(WEEK, {WEEK: frames(all_offers_of_nobody())}, {}, is_sample=True, lagebild=all_in_one_region())
    later = WEEK.shifted(1)
    tables = {WEEK: frames(all_offers_of_nobody()), later: frames(ROWS)}
    made = week_release(later, tables, {WEEK: first.files["statistics.csv"]}, is_sample=True)
    assert made.findings == ()
    assert {"offer", "request", "TOTAL"} == {
        row["kind"] for row in csv.DictReader(io.StringIO(made.files["statistics.csv"].decode()))
    }


def test_a_release_beside_an_exact_lagebild_is_refused() -> None:
    requests, offers = (sum(row[:2] == (kind, "DE-BW") for row in ROWS) for kind in ("request", "offer"))
    exact = page(de=f"BW: Gesuche {requests}, Angebote {offers}", andere="IT: Gesuche keine, Angebote 4")
    told = week_release(WEEK, {WEEK: frames(ROWS)}, {}, is_sample=True, lagebild=exact).findings
    assert told
    assert all(one.startswith("beside the Lagebild: ") for one in told)


def test_a_lagebild_that_counts_otherwise_proves_nothing() -> None:
    own = entries(frames(ROWS))
    found = audit.findings_beside(release_of(own, weekly(own)), {("TOTAL", "offer"): (3, 3)})
    assert found == [
        f"TOTAL × offer: the other document tells 3 to 3, counted {sum(one.kind == 'offer' for one in own)}"
    ]
