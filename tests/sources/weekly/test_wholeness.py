"""Deliveries that end in the middle or lack rows."""

from datetime import UTC, datetime

import pytest

from sources.platform import RawDocument
from sources.platforms import PLATFORMS
from sources.weekly.wholeness import refused_as_partial, without_torn_mail

BY_NAME = {platform.name: platform for platform in PLATFORMS}
WHOLE = {
    "feed.xml": '<?xml version="1.0"?><feed xmlns="x"><entry><title>a</title></entry></feed>\n',
    "empty.xml": "<feed/>",
    "list.html": "<!DOCTYPE html><HTML><body><p>a</p></body></HTML>\n<!-- 3 ms -->",
    "part.html": "<div class='entry'>a</div>",
    "days.ics": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "rows.csv": "a;b;c\n1;2;3\n4;5;6",
    "short.csv": "a;b;c\n1;2;3\n4;5\n",
    "quoted.csv": 'a,b\n1,"two\nlines"\n',
    "mails.mbox": "From a Mon\nSubject: a\n\nMenge: 2\n\nFrom b Mon\nSubject: b\n\nMenge: 3\n",
}
CUT = {
    "feed.xml": '<?xml version="1.0"?><feed xmlns="x"><entry><title>a</title></entry>',
    "list.html": "<!DOCTYPE html><html><body><p>a</p><p>b",
    "days.ics": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n",
    "rows.csv": "a;b;c\n1;2;3\n4;5",
    "quoted.csv": 'a,b\n1,2\n3\n"tw',
    "mails.mbox": "From a Mon\nSubject: a\n\nMenge: 2\n\nFrom b Mon\nSubject: b\n\nMenge:",
}


def document(name: str, content: str) -> RawDocument:
    return RawDocument(name, content.encode(), "", datetime(2020, 4, 12, tzinfo=UTC))


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_is_left_alone(name: str) -> None:
    assert refused_as_partial(BY_NAME["biovalley_france"], [document(name, WHOLE[name])], rows=1) == []


@pytest.mark.parametrize("name", CUT)
def test_what_ends_in_the_middle_is_told(name: str) -> None:
    (told,) = refused_as_partial(BY_NAME["biovalley_france"], [document(name, CUT[name])], rows=1)
    assert (told["row"], told["rule"], told["reason"]) == (name, "whole", "ends in the middle; fetch it again")


def test_half_a_mail_is_not_read_and_whole_ones_are() -> None:
    torn = without_torn_mail(document("mails.mbox", CUT["mails.mbox"]))
    assert torn.content.decode() == "From a Mon\nSubject: a\n\nMenge: 2\n\n"
    for name, content in WHOLE.items():
        assert without_torn_mail(document(name, content)).content.decode() == content


@pytest.mark.parametrize(("name", "key"), [("ted", "totalNoticeCount"), ("een", "total")])
def test_fewer_rows_than_the_source_says_are_told(name: str, key: str) -> None:
    pages = [document("page-1.json", f'{{"{key}": 39}}'), document("page-2.json", f'{{"{key}": 38}}')]
    assert refused_as_partial(BY_NAME[name], pages, rows=39) == []
    (told,) = refused_as_partial(BY_NAME[name], pages, rows=20)
    assert told["row"] == "page-1.json"
    assert told["reason"] == "the source says that it has 39, 20 were delivered; fetch what is missing"
