"""The archive site: every issue in every form and language, feeds, checksums."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest

from reports.lagebild import Issue
from reports.lagebild.archive import issue_files, site_files
from reports.language import LANGUAGES


@pytest.fixture(scope="module")
def files(issue_of: Callable[..., Issue]) -> dict[str, bytes]:
    return issue_files(issue_of())


def test_an_issue_is_the_same_files_twice(files: dict[str, bytes], issue_of: Callable[..., Issue]) -> None:
    assert issue_files(issue_of()) == files
    assert set(files) == {"lagebild.csv", "issue.json"} | {
        f"{name}.{language}.{ending}"
        for language in LANGUAGES
        for name, ending in (("lagebild", "html"), ("lagebild", "eml"), ("deadlines", "ics"), ("matches", "xlsx"))
    }


def test_the_site_leads_to_every_issue(files: dict[str, bytes], findings_in: Callable[[str], list[str]]) -> None:
    site = site_files({"2020-W17": files, "2020-W09": files, "2019-W52": files})
    index = site["index.html"].decode()
    assert index.index("2020-W17/") < index.index("2020-W09/") < index.index("2019-W52/")
    for language in LANGUAGES:
        assert f'href="2020-W09/lagebild.{language}.html"' in index
        assert site[f"latest.{language}.html"] == files[f"lagebild.{language}.html"]
        assert len(json.loads(site[f"feed.{language}.json"])["items"]) == 3
    assert [found for found in findings_in(index) if not found.startswith("href 20")] == []


def test_checksums_cover_every_file(files: dict[str, bytes]) -> None:
    site = site_files({"2020-W17": files})
    lines = site["SHA256SUMS"].decode().splitlines()
    assert len(lines) == len(files) + len(site) - 1
    assert f"{sha256(files['lagebild.csv']).hexdigest()}  2020-W17/lagebild.csv" in lines


def test_an_archive_without_issues_is_an_archive() -> None:
    site = site_files({})
    assert "Es gibt noch keine Ausgabe." in site["index.html"].decode()
    assert "latest.html" not in site
