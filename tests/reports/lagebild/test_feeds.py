"""Atom and JSON Feed."""

import json
from xml.etree import ElementTree

import pytest

from reports.lagebild.feeds import Entry, as_atom, as_json_feed
from reports.language import LANGUAGES
from sources.week import Week


def _entries(headline: str = "1 neuer Vorgang.") -> list[Entry]:
    return [Entry(Week(2020, 16), "2020-W16/lagebild.de.html", [headline]), Entry(Week(2020, 17), "x.html", [headline])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_feeds_name_the_newest_issue_first(language: str) -> None:
    feed = ElementTree.fromstring(as_atom(_entries(), language))  # noqa: S314 our own file
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert [item.findtext("a:id", "", atom) for item in feed.findall("a:entry", atom)] == [
        "urn:verbundradar:lagebild:2020-W17",
        "urn:verbundradar:lagebild:2020-W16",
    ]
    assert next(item["url"] for item in json.loads(as_json_feed(_entries(), language))["items"]) == "x.html"
    assert as_atom(_entries(), language) == as_atom(_entries()[::-1], language)
