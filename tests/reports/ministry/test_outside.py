"""Who reads the Lagebild beside the release learns no withheld number; with exact regions they would."""

import pytest

from reports.ministry import audit, week_release
from reports.ministry.counted import REGIONS, entries
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


def test_a_number_at_the_edge_of_a_class_is_as_open_as_the_class_leaves_it() -> None:
    """Ten offers of one firm: who knows that they are ten or more must hold eleven possible, not nine."""
    rows: list[Row] = [("offer", place, f"{place}{n}") for place in ("DE-BW", "DE-BY", "FR-GES") for n in range(30)]
    rows += [("request", place, f"{place}{n}") for place in ("DE-BW", "DE-BY", "FR-GES", "IT") for n in range(30)]
    own = entries(frames([*rows, *[("offer", "IT", "alone")] * 10]))
    classes = {(region, "offer"): (10, 49) for region in REGIONS}
    made = release_of(own, weekly(own, bounds=classes))
    assert made.published["OTHER", "offer"] is None
    assert audit.findings_beside(made, classes) == []
    closed = audit.findings_beside(made, {**classes, ("OTHER", "offer"): (10, 10)})
    assert closed[0] == "OTHER × offer: exact (10 to 10)"


def test_what_the_lagebild_tells_whatever_is_withheld_is_named_and_nothing_released() -> None:
    """All offers are of nobody known and from one region, and the Lagebild tells their total."""
    rows: list[Row] = [("request", "IT", f"i{n}") for n in range(30)] + [("offer", "IT", None)] * 30
    told = page(andere="IT: Gesuche 10 bis 49, Angebote 10 bis 49", offers="30", requests="30")
    made = week_release(WEEK, {WEEK: frames(rows)}, {}, is_sample=True, lagebild=told)
    assert made.findings == ("beside the Lagebild: OTHER × offer: can be calculated whatever is withheld",)
    assert week_release(WEEK, {WEEK: frames(rows)}, {}, is_sample=True).findings == ()


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
