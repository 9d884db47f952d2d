"""Traits of files as they arrive: encodings, mail frames, calendars and feeds with one bad item."""

from datetime import UTC, datetime

import pytest

from sources.platform import RawDocument
from sources.readers.calendar import read_events
from sources.readers.encoding import decoded
from sources.readers.feed import read_feed
from sources.readers.html import text_of_fragment
from sources.readers.mailbox import labelled_lines, read_messages

NOW = datetime(2020, 4, 20, tzinfo=UTC)
LINE = "Käufer für Öfen – 40 €, déjà à Besançon"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le"])
def test_the_bytes_decide_and_not_the_label(encoding: str) -> None:
    for label in ("", "us-ascii", "iso-8859-1", "utf-8", "unknown-8bit"):
        assert decoded(LINE.encode(encoding), label) == LINE


def test_each_line_is_decoded_by_itself_and_mojibake_is_mended() -> None:
    assert decoded("Größe\n".encode() + "Höhe\n".encode("cp1252")) == "Größe\nHöhe\n"
    assert decoded("MÃ¼ller".encode()) == "Müller"


def test_struck_out_cells_and_scripts() -> None:
    markup = "<style>p{}</style><table><tr><th>Menge<td><del>5</del> 7</table><p>a<br>b"
    assert text_of_fragment(markup) == "Menge | 7\na\nb"


def test_a_night_mail_belongs_to_its_day_in_berlin_and_a_broken_one_is_refused_alone() -> None:
    good = b"From: a@b.example\nDate: Mon, 20 Apr 2020 00:15:00 +0200\nSubject: x\n\nText.\n\nFrom May on we sew.\n\n"
    frame = b"From - Mon Apr 20 00:15:05 2020\n"
    first, broken, last = read_messages(
        RawDocument("m.mbox", frame + good + frame + b" zz\n\n" + frame + good, "", NOW)
    )
    assert str(first.sent_on) == str(last.sent_on) == "2020-04-20"
    assert first.text.endswith("From May on we sew.")
    assert broken.problem is not None


def test_labels_without_accents_several_values_and_strange_ones() -> None:
    said = labelled_lines("Verfuegbar ab: 4. Mai\nNorm: A\nNorm: B\nFarbe: rot\n\nText", ("Verfügbar ab", "Norm"))
    assert said == {"": "Text", "Verfügbar ab": "4. Mai", "Norm": "A; B", "Farbe": "rot"}


def test_one_bad_event_and_one_bad_entry_are_refused_alone() -> None:
    event = "BEGIN:VEVENT\nUID:{}\nSUMMARY:x\nDTSTART;VALUE=DATE:{}\nEND:VEVENT\n"
    calendar = f"BEGIN:VCALENDAR\n{event.format(1, '20200431')}{event.format(2, '20200430')}END:VCALENDAR\n"
    bad, good = read_events(RawDocument("e.ics", calendar.encode(), "", NOW))
    assert bad.problem is not None
    assert (good.fields["end"], good.fields["until"]) == ("2020-04-30T22:00:00+00:00", "2020-04-29T22:00:00+00:00")
    feed = "\n<rss><channel><item><title>A & B</title></item><item><title>cut"
    whole, cut = read_feed(RawDocument("f.xml", feed.encode(), "https://x.example/", NOW))
    assert whole.fields["title"] == "A & B"
    assert cut.problem is not None


def test_a_description_that_is_only_html_is_read_without_backslashes() -> None:
    event = "BEGIN:VEVENT\nUID:1\nSUMMARY:x\nDTSTART:20200511T110000Z\nX-ALT-DESC;FMTTYPE=text/html:<p>Ulm \\; Kehl &amp\\; Colmar\\, bald</p>\nEND:VEVENT\n"  # noqa: E501 -- as it stands in the file
    [row] = read_events(RawDocument("e.ics", f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n".encode(), "", NOW))
    assert row.fields["description"] == "Ulm ; Kehl & Colmar, bald"
