"""Every link of every page of an archive arrives: at a file, and at a place on it; all others are https."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from posixpath import dirname, join, normpath

import pandas as pd
import pytest

from reports.lagebild import Issue
from reports.lagebild.archive import site_files
from reports.lagebild.editions import published
from sources.week import Week
from tests.reports.builders import FIGURES, OPPORTUNITIES, sample_issue

WEEKS = 6
LAST = Week(2020, 17)


def week(number: int) -> Issue:
    """One of six weeks: what an earlier one told is unchanged, changed or closed in the next."""
    of = LAST.shifted(number - WEEKS + 1)
    earlier = [LAST.shifted(back - WEEKS + 1) for back in range(number)]
    states = [("baseline", "baseline"), ("unchanged", "changed"), ("changed", "unchanged")][min(number, 1 + number % 2)]
    rows = [
        row
        | {"state": state, "first_reported_in": str(LAST.shifted(1 - WEEKS)), "opportunity_id": f"K-2020-12-0{place}"}
        for place, (row, state) in enumerate(zip(OPPORTUNITIES, states, strict=False), start=1)
    ]
    rows += [OPPORTUNITIES[2]] if number == 3 else []
    issue = sample_issue(
        opportunities=[{**row, "change": "[]"} for row in rows],
        figures=[(str(one), *FIGURES[0][1:]) for one in (*earlier, of)],
        previous=earlier[-1] if earlier else None,
    )
    told = [week(back).opportunities.assign(week=str(one)) for back, one in enumerate(earlier)]
    reported = pd.concat(told, ignore_index=True) if told else pd.DataFrame()
    return replace(issue, week=of, next_issue_on=of.shifted(2).monday, reported=reported)


@pytest.fixture(scope="module")
def archive() -> dict[str, bytes]:
    """Six weeks, the fifth corrected twice, with all that stands beside them."""
    issues = {str(week(number).week): published(week(number), {}, date(2020, 5, 1)) for number in range(WEEKS)}
    fifth = week(WEEKS - 2)
    for deadline in ("2020-05-20", "2020-05-21"):
        again = replace(fifth, consortia=fifth.consortia.assign(deadline_on=deadline))
        before = issues[str(fifth.week)]
        issues[str(fifth.week)] = {**before, **published(again, before, date(2020, 5, 2))}
    whole = {f"{folder}/{name}": content for folder, files in issues.items() for name, content in files.items()}
    return whole | site_files(issues)


def links(pages: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for path, content in pages.items():
        if path.endswith(".html"):
            for target in re.findall(r'<a [^>]*?href="([^"]*)"', content.decode()):
                yield path, target


def dead(pages: Mapping[str, bytes]) -> list[str]:
    """Links of pages that reach no file, or no place on it."""
    places = {path: set(re.findall(r'id="([^"]+)"', page.decode())) for path, page in pages.items() if ".html" in path}
    found = []
    for path, target in links(pages):
        if target.startswith("https://"):
            continue
        file, _, place = target.partition("#")
        reached = normpath(join(dirname(path), file)) if file else path
        if reached not in pages or (place and place not in places[reached]):
            found.append(f"{path}: {target}")
    return found


def test_every_link_of_six_weeks_arrives(archive: dict[str, bytes]) -> None:
    assert sum(1 for _ in links(archive)) > 1000
    assert "2020-W16/edition-2/cases.de.html" in archive
    assert any(".." in target for path, target in links(archive) if "edition-1" in path)
    assert dead(archive) == []


def test_a_dead_link_would_be_found() -> None:
    pages = {"a/x.html": b'<a href="../b.html#c"></a><a href="#d"></a><a href="e.html"></a>', "b.html": b""}
    assert dead(pages) == ["a/x.html: ../b.html#c", "a/x.html: #d", "a/x.html: e.html"]


def test_links_to_the_outside_are_those_of_listings_and_platforms(archive: dict[str, bytes]) -> None:
    outside = {target for _, target in links(archive) if not target.startswith("#") and ":" in target}
    homes = {platform.url for platform in sample_issue().platforms}
    assert outside
    assert outside <= homes
