"""The archive site: every issue in every form and language, feeds, checksums."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest

from reports.lagebild import Issue
from reports.lagebild.archive import site_files
from reports.lagebild.editions import issue_files
from reports.lagebild.remit import DEFAULT
from reports.language import LANGUAGES


@pytest.fixture(scope="module")
def files(issue_of: Callable[..., Issue]) -> dict[str, bytes]:
    return issue_files(issue_of())


def test_an_issue_is_the_same_files_twice(files: dict[str, bytes], issue_of: Callable[..., Issue]) -> None:
    assert issue_files(issue_of()) == files
    assert set(files) == {"lagebild.csv", "lagebild.html", "issue.json"} | {
        f"{name}.{language}.{ending}"
        for language in LANGUAGES
        for name, ending in (
            *((page, "html") for page in ("lagebild", "cases", "list", "proofs", *DEFAULT.editions)),
            *(("lagebild", "eml"), ("deadlines", "ics"), ("matches", "xlsx"), ("cases", "xlsx")),
        )
    }


def test_the_site_leads_to_every_issue(files: dict[str, bytes], findings_in: Callable[[str], list[str]]) -> None:
    site = site_files({"2020-W17": files, "2020-W09": files, "2019-W52": files})
    assert site["index.html"] == site["index.de.html"]
    assert site["latest.html"] == site["latest.de.html"]
    for language in LANGUAGES:
        index = site[f"index.{language}.html"].decode()
        assert f'<html lang="{language}">' in index
        assert index.index("2020-W17/") < index.index("2020-W09/") < index.index("2019-W52/")
        for other in LANGUAGES:
            assert f'href="2020-W09/lagebild.{other}.html"' in index
            assert f'href="index.{other}.html" hreflang="{other}" lang="{other}"' in index
        assert len(json.loads(site[f"feed.{language}.json"])["items"]) == 3
        assert [found for found in findings_in(index) if not found.startswith(("href 20", "href index."))] == []


def test_the_newest_issue_leads_to_the_others_from_where_it_stands(files: dict[str, bytes]) -> None:
    latest = site_files({"2020-W17": files})["latest.fr.html"].decode()
    assert 'href="2020-W16/cases.fr.html#K-2020-16-02"' in latest
    assert 'href="2020-W17/cases.fr.html#K-2020-17-01"' in latest
    assert 'href="../' not in latest
    back = latest.replace('href="2020-W17/', 'href="').replace('href="2020-W16', 'href="../2020-W16')
    assert back == files["lagebild.fr.html"].decode()


def test_checksums_cover_every_file(files: dict[str, bytes]) -> None:
    site = site_files({"2020-W17": files})
    lines = site["SHA256SUMS"].decode().splitlines()
    assert len(lines) == len(files) + len(site) - 1
    assert f"{sha256(files['lagebild.csv']).hexdigest()}  2020-W17/lagebild.csv" in lines


def test_an_issue_from_before_a_language_is_left_out_of_its_feed_alone(files: dict[str, bytes]) -> None:
    older = {name: content for name, content in files.items() if ".en." not in name}
    site = site_files({"2020-W17": files, "2020-W16": older})
    assert len(json.loads(site["feed.en.json"])["items"]) == 1
    assert len(json.loads(site["feed.fr.json"])["items"]) == 2
    index = site["index.en.html"].decode()
    assert 'href="2020-W16/lagebild.fr.html"' in index
    assert "2020-W16/lagebild.en" not in index


def test_an_archive_without_issues_is_an_archive() -> None:
    site = site_files({})
    assert "Es gibt noch keine Ausgabe." in site["index.html"].decode()
    assert "latest.html" not in site
