"""The figures of page 1 and of its tables, counted again from the tables of the week; each has one definition."""

import re
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from matching.news.figures import key_figures
from reports.lagebild import Issue, render
from reports.lagebild.proofs import proofs
from reports.lagebild.remit import Remit
from reports.lagebild.shortages import by_product, needs
from reports.lagebild.summary import FIGURE_NAMES, headlines
from reports.lagebild.summary import key_figures as key_figures_shown
from reports.lagebild.where import regions
from reports.language import LANGUAGES, Language
from tests.reports.builders import CONSORTIA, LAST_WEEK, OPPORTUNITIES, WEEK, listing_rows, sample_issue


@pytest.fixture(scope="module")
def issue() -> Issue:
    """The sample week, one case of it outside the remit, with the figures that its own tables give."""
    issue = sample_issue(consortia=[CONSORTIA[0], CONSORTIA[1] | {"country": "US", "region": "LA"}])
    repeats = pd.DataFrame({"listing_id": ["place2tex:a4"], "repeats_listing_id": ["drehscheibe:a2"]})
    counted = key_figures(
        WEEK, issue.listings, repeats, issue.members, issue.matches, issue.unmet, issue.consortia, issue.opportunities  # type: ignore[arg-type]  # validated by the builders
    )  # fmt: skip
    earlier = issue.key_figures[issue.key_figures["week"] != str(WEEK)]
    return replace(issue, repeats=repeats, key_figures=pd.concat([earlier, counted], ignore_index=True))


def cells(page: str, table: str) -> list[list[str]]:
    """The rows of a table as text."""
    body = page.split(f'id="{table}-caption"')[1].split("<tbody")[1].split("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def test_key_figures_are_counted_from_listings_and_matches(issue: Issue) -> None:
    shown = re.findall(r'class="value" href="[^"]*">(\d+)</a>', render(issue))
    current = issue.listings[~issue.listings["listing_id"].isin(issue.repeats["listing_id"])]
    served = set(issue.consortia["request_id"])
    without = [name for name in issue.unmet["request_id"].unique() if name not in served]
    assert shown == [
        str((current["kind"] == "offer").sum()),
        str((current["kind"] == "request").sum()),
        str(len(issue.matches)),
        str(len(without)),
    ]
    assert len(shown) == len(FIGURE_NAMES)


def test_cases_by_state_add_up(issue: Issue) -> None:
    rows = {name: [int(count) for count in counts] for name, *counts in cells(render(issue), "bestand")}
    assert all(here + there == every for here, there, every in rows.values())
    running = [rows[name] for name in ("neue", "geänderte")]
    assert rows["alle laufenden"] == [sum(column) for column in zip(*running, strict=True)] == [1, 1, 2]
    states = Counter(issue.opportunities["state"])
    assert rows["geschlossene"][2] == states["closed"]
    assert rows["alle laufenden"][2] == len(issue.opportunities) - states["closed"]


@pytest.mark.parametrize("state", ["changed", "reopened"])
def test_headlines_and_cases_by_state_tell_the_same_numbers(state: str) -> None:
    cases = [row | ({"state": state} if row["state"] == "changed" else {}) for row in OPPORTUNITIES]
    page = render(sample_issue(opportunities=cases))
    rows = {name: int(here) for name, here, *_ in cells(page, "bestand")}
    headlines = re.sub("<[^>]+>", "", page.split('<ol class="headlines">')[1].split("</ol>")[0])
    news = {"new": "neue", "changed": "geänderte", "reopened": "wieder offene"}
    for name in news.values():
        told = re.findall(rf"(\d+) {name}r?\b", headlines)
        assert [int(count) for count in told] == ([rows[name]] if name in rows else [])
    (closed,) = re.findall(r"Im Gebiet (?:ist|sind) (\d+)", headlines)
    assert int(closed) == rows["geschlossene"]


def test_needs_add_up_and_headline_table_and_list_agree(issue: Issue) -> None:
    page = render(issue)
    *products, every = cells(page, "engpaesse")
    sums = [sum(one.states[state] for one in by_product(issue.desk)) for state in ("unmet", "partly_covered")]
    assert [int(count) for count in every[1:4]] == [len(needs(issue.desk)), *sums] == [2, 1, 1]
    assert [sum(int(row[column]) for row in products) for column in (2, 3)] == sums
    (headline,) = [text for text in re.findall(r"<li>(.*?)</li>", page) if "nachweis-needs-unmet" in text]
    assert f">{sums[0]}</a>" in headline
    (proof,) = [one for one in proofs(issue.desk, {}, Language("de")) if one.proof_id == "nachweis-needs-unmet"]
    assert sum(group.count for group in proof.groups) == sums[0]


def test_the_headline_tells_for_how_many_of_these_needs_an_offer_is_to_be_clarified() -> None:
    issue = sample_issue()
    [unmet] = issue.unmet.to_dict("records")
    for blocked_by, count in ((["concept"], 0), (["to_clarify"], 1), (["to_clarify", "concept", "to_clarify"], 2)):
        rows = [unmet | {"blocked_by": one} for one in blocked_by]
        page = render(replace(issue, unmet=pd.DataFrame(rows)))
        assert (f"Für {count} davon gibt es ein Angebot, das erst zu klären ist." in page) == bool(count)


@pytest.mark.parametrize("regions", [(), ("FR-GES", "DE-BW")])
def test_needs_without_a_partner_by_region_add_up_and_are_the_only_base_of_places(regions: tuple[str, ...]) -> None:
    places = ["BW", "Bayern", "BY", None]
    rows = [
        {
            "request_id": f"boerse:u{number}",
            "concept_id": concept,
            "organisation_id": "o7",
            "region": place,
            "country": "DE",
        }
        for number, (concept, place) in enumerate([*(("valve", place) for place in places), ("gown", "BY")])
    ]
    listings = pd.concat([sample_issue().listings.iloc[:1].assign(listing_id=row["request_id"]) for row in rows])
    issue = replace(sample_issue(), unmet=pd.DataFrame(rows).assign(nearest_offer_id=None, blocked_by=None))
    issue = replace(
        issue, listings=pd.concat([issue.listings, listings]), remit=Remit(regions=regions, countries=("DE", "FR"))
    )
    page = render(issue)
    by_region = {name: (int(count), products) for name, count, products in cells(page, "luecken-regionen")}
    if regions:
        assert by_region == {"Grand Est": (0, "kein Produkt"), "Baden-Württemberg": (1, "Ventile (1)")}
    else:
        assert by_region == {
            "Bayern": (3, "Ventile (2), Schutzkittel (1)"),
            "Baden-Württemberg": (1, "Ventile (1)"),
            "Deutschland, Region unbekannt": (1, "Ventile (1)"),
        }
    *products, every = cells(page, "engpaesse")
    assert sum(count for count, _ in by_region.values()) == int(every[2])
    for name, _, unmet, *_, where in products:
        told = [int(count) for count in re.findall(r"\((\d+)\)", where)]
        assert sum(told) <= int(unmet), name


def test_the_bottleneck_of_the_headline_is_the_first_of_the_roles(issue: Issue) -> None:
    page = render(issue)
    (headline,) = [text for text in re.findall(r"<li>(.*?)</li>", page) if "liste-bottleneck" in text]
    (role, count, _), *_ = cells(page, "rollen")
    assert role in headline
    assert f">{count}</a>" in headline


def test_pictures_of_needs_and_deadlines_show_the_numbers_of_the_tables(issue: Issue) -> None:
    page = render(issue)
    whole = re.findall(r'class="trend".*?</svg>', page, re.DOTALL)[0]
    shown = [int(count) for count in re.findall(r'font-weight="bold"[^>]*>\D*(\d+)<', whole)]
    *_, every = cells(page, "engpaesse")
    covered = sum(one.states["covered"] for one in by_product(issue.desk))
    assert shown == [int(every[1]), covered, int(every[2])]
    assert int(every[1]) == covered + int(every[2]) + int(every[3])
    ahead = page.split('class="ahead"')[1].split("</svg>")[0]
    drawn = sum(int(count) for count in re.findall(r'font-size="13"[^>]*>(\d+)<', ahead))
    leading = {row["opportunity_id"]: row["consortium"]["deadline_on"] for row in issue.desk.leading}
    assert drawn == sum("2020-04-27" <= day < "2020-06-08" for day in leading.values() if day) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_1_counts_needs_in_headline_and_figure_alike(issue: Issue, language: str) -> None:
    """Requests without a partner stood beside needs without one: two numbers, one name."""
    desk, reader = issue.desk, Language(language)
    *_, needs = key_figures_shown(desk, reader)
    assert needs.value == reader.number(len(desk.unmet_needs)) == headlines(desk, reader)[1].count
    assert needs.name == reader.gettext("Bedarfe ohne möglichen Partner im Gebiet")
    before = issue.shortages[~issue.shortages["is_total"]].assign(week="2020-W16", unmet=2)
    again = replace(issue, earlier_shortages=before.head(2)).desk
    *_, needs = key_figures_shown(again, reader)
    assert needs.change == reader.gettext(
        "%(difference)s weniger als %(week)s", difference="3", week=reader.week(LAST_WEEK)
    )


def test_one_cause_of_all_closings_is_said_as_such() -> None:
    closed = [row | {"state": "closed", "closing_reason": "no_supply"} for row in OPPORTUNITIES[1:]]
    issue = sample_issue(opportunities=[OPPORTUNITIES[0], *closed])
    told = [headline.sentence for headline in headlines(issue.desk, Language("de"))]
    assert told[-1] == (
        "Im Gebiet sind 2 Vorgänge diese Woche geschlossen worden, alle aus einem Grund: kein freies Angebot mehr."
    )
    assert "erster neuer Vorgang: " in told[0]


def test_causes_of_closing_that_are_equally_frequent_are_both_said() -> None:
    reasons = ("no_supply", "expired")
    closed = [
        row | {"state": "closed", "closing_reason": reason} for row, reason in zip(OPPORTUNITIES, reasons, strict=False)
    ]
    told = [headline.sentence for headline in headlines(sample_issue(opportunities=closed).desk, Language("de"))]
    assert told[-1].endswith("häufigster Grund: Frist abgelaufen und kein freies Angebot mehr (1).")


def test_a_column_of_gaps_that_is_0_everywhere_is_left_out() -> None:
    whole = [row | {"roles_filled": row["roles"], "quantity_covered": row["quantity"]} for row in CONSORTIA]
    page = render(sample_issue(consortia=whole))
    assert "mit Lücke" not in page.split('id="engpaesse-caption"')[1].split("</thead>")[0]
    *_, every = cells(page, "engpaesse")
    assert every[:3] == ["alle Produkte", "3", "1"]
    assert "mit Lücke" in render(sample_issue()).split('id="engpaesse-caption"')[1].split("</thead>")[0]


def test_what_is_in_the_way_is_said_once_and_in_words() -> None:
    page = render(sample_issue())
    told = [row[5] for row in cells(page, "engpaesse")]
    assert "meist fehlt: Sterilisation" in told
    assert "nächstes Angebot: verlangte Norm nicht erfüllt" in told


def test_regions_of_one_class_follow_the_table_that_tells_its_numbers() -> None:
    """By name California stood before all others, whatever was asked there; all of the largest class are told."""
    wanted = {"BE": 1, "HH": 60, "SN": 55, **dict.fromkeys(("BB", "HB", "HE", "MV", "NI", "NW"), 2)}
    one = listing_rows()[0]
    listings = [
        one
        | {"listing_id": f"boerse:{code}{n}", "source_id": f"{code}{n}", "region": code, "fingerprint": f"{code}{n}"}
        for code, count in wanted.items()
        for n in range(count)
    ]
    unmet = pd.DataFrame(
        {"request_id": row["listing_id"], "concept_id": "gown", "organisation_id": "o7", "region": row["region"]}
        for row in listings
        if row["region"] in ("SN", "NW", "HH")
    ).assign(country="DE", nearest_offer_id=None, blocked_by=None)
    issue = sample_issue()
    desk = replace(issue, listings=pd.concat([issue.listings, pd.DataFrame(listings)]), unmet=unmet).desk
    shown, left_out = regions(desk, Language("de"))
    names = re.findall(r"<tr>\s*<t[hd][^>]*>([^<]+)", str(shown).split("<tbody")[1])
    assert names[:2] == ["Hamburg, Deutschland", "Sachsen, Deutschland"]
    small = [
        name.split(",")[0] for name in names if name.split(",")[0] not in ("Hamburg", "Sachsen", "Baden-Württemberg")
    ]
    assert small[0] == "Nordrhein-Westfalen"
    assert small[1:] == sorted(small[1:])
    assert len(names) + left_out == len({*wanted, "BW", "GES"})
