"""An examination of feeds, written without a look at the reader: RSS 0.91 to 2.0, RDF, Atom, and what breaks them."""

# ruff: noqa: E501 -- feeds as they stand there

from datetime import UTC, datetime

import pytest

from sources.platform import BrokenStructure, RawDocument
from sources.readers.feed import read_feed

DOCTYPE = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
FIRST = "<item><title>A</title><link>https://x.example/a</link><description>T</description></item>"
SECOND = "<item><title>B</title><link>https://x.example/b</link><description>U</description></item>"
CASES = [
    (
        "RSS 0.91 DOCTYPE",
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        + DOCTYPE
        + '<rss version="0.91"><channel><title>x</title>'
        + FIRST
        + "</channel></rss>",
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "entity declared refused",
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss><channel>' + FIRST + "</channel></rss>",
        [],
        1,
    ),
    (
        "external entity refused",
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY % a SYSTEM "http://h/x">%a;]><rss><channel>'
        + FIRST
        + "</channel></rss>",
        [],
        1,
    ),
    (
        "DOCTYPE lower case html",
        '<!doctype rss><rss version="2.0"><channel>' + FIRST + "</channel></rss>",
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "RDF 1.0",
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://x.example/"><title>x</title><items><rdf:Seq><rdf:li resource="https://x.example/a"/></rdf:Seq></items></channel><item rdf:about="https://x.example/a"><title>A</title><link>https://x.example/a</link><description>T</description><dc:date>2020-04-20T10:00:00+02:00</dc:date></item></rdf:RDF>',
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "Atom xml:base",
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://x.example/b/"><title>x</title><entry><id>1</id><title>A</title><link href="a.html"/><summary>T</summary></entry></feed>',
        [("A", "https://x.example/b/a.html", "T")],
        0,
    ),
    (
        "Atom xml:base on entry",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry xml:base="https://y.example/c/"><id>1</id><title>A</title><link href="a.html"/><summary>T</summary></entry></feed>',
        [("A", "https://y.example/c/a.html", "T")],
        0,
    ),
    (
        "Atom xhtml title",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>B</b></div></title><link href="https://x.example/a"/><content type="html">&lt;p&gt;T&lt;/p&gt;</content></entry></feed>',
        [("A B", "https://x.example/a", "T")],
        0,
    ),
    (
        "Atom rel order",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>A</title><link rel="self" href="https://x.example/self"/><link rel="edit" href="https://x.example/edit"/><link rel="alternate" href="https://x.example/a"/><summary>T</summary></entry></feed>',
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "HTML entities",
        '<rss version="2.0"><channel><item><title>Caf&eacute; &ndash; N&auml;herei</title><link>https://x.example/a</link><description>&lt;p&gt;T &amp;uuml;&lt;/p&gt;</description></item></channel></rss>',
        [("Café – Näherei", "https://x.example/a", "T ü")],
        0,
    ),
    (
        "undeclared prefix",
        '<rss version="2.0"><channel><item><title>A</title><link>https://x.example/a</link><content:encoded><![CDATA[<p>T</p>]]></content:encoded><media:thumbnail url="x"/></item></channel></rss>',
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "undeclared prefix attr",
        '<rss version="2.0"><channel><item foo:bar="1"><title>A</title><link>https://x.example/a</link><description>T</description></item></channel></rss>',
        [("A", "https://x.example/a", "T")],
        0,
    ),
    ("cut at the end", '<rss version="2.0"><channel>' + FIRST + SECOND[:-20], [("A", "https://x.example/a", "T")], 1),
    (
        "cut between items",
        '<rss version="2.0"><channel>' + FIRST + SECOND,
        [("A", "https://x.example/a", "T"), ("B", "https://x.example/b", "U")],
        0,
    ),
    (
        "PHP warning before",
        '<br />\n<b>Warning</b>: x in <b>y</b><br />\n<?xml version="1.0"?><rss version="2.0"><channel>'
        + FIRST
        + "</channel></rss>",
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "junk after",
        '<rss version="2.0"><channel>' + FIRST + "</channel></rss><!-- cached --><script>x()</script>",
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "two roots",
        '<rss version="2.0"><channel>'
        + FIRST
        + '</channel></rss>\n<rss version="2.0"><channel>'
        + SECOND
        + "</channel></rss>",
        [("A", "https://x.example/a", "T"), ("B", "https://x.example/b", "U")],
        0,
    ),
    ("empty channel", '<rss version="2.0"><channel><title>x</title></channel></rss>', [], 0),
    (
        "wrong encoding label",
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item><title>Näherei</title><link>https://x.example/a</link><description>T</description></item></channel></rss>'.encode(
            "latin-1"
        ),
        [("Näherei", "https://x.example/a", "T")],
        0,
    ),
    (
        "UTF-16 label in utf-8 bytes",
        '<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><item><title>Näherei</title><link>https://x.example/a</link><description>T</description></item></channel></rss>',
        [("Näherei", "https://x.example/a", "T")],
        0,
    ),
    (
        "UTF-16 BOM",
        '<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><item><title>Näherei</title><link>https://x.example/a</link><description>T</description></item></channel></rss>'.encode(
            "utf-16"
        ),
        [("Näherei", "https://x.example/a", "T")],
        0,
    ),
    (
        "no title",
        '<rss version="2.0"><channel><item><link>https://x.example/a</link><description>T</description></item></channel></rss>',
        [("", "https://x.example/a", "T")],
        0,
    ),
    (
        "guid as link",
        '<rss version="2.0"><channel><item><title>A</title><guid isPermaLink="true">https://x.example/a</guid><description>T</description></item></channel></rss>',
        [("A", "https://x.example/a", "T")],
        0,
    ),
    (
        "unclosed br in description",
        '<rss version="2.0"><channel><item><title>A</title><link>https://x.example/a</link><description>T<br>U</description></item>'
        + SECOND
        + "</channel></rss>",
        [("A", "https://x.example/a", "T\nU"), ("B", "https://x.example/b", "U")],
        0,
    ),
    (
        "bare ampersand in link",
        '<rss version="2.0"><channel><item><title>A & B</title><link>https://x.example/?a=1&b=2</link><description>T</description></item></channel></rss>',
        [("A & B", "https://x.example/?a=1&b=2", "T")],
        0,
    ),
    (
        "nested CDATA title",
        '<rss version="2.0"><channel><item><title><![CDATA[A &amp; B]]></title><link>https://x.example/a</link><description><![CDATA[T]]></description></item></channel></rss>',
        [("A & B", "https://x.example/a", "T")],
        0,
    ),
    (
        "control char",
        '<rss version="2.0"><channel><item><title>A\x0bB</title><link>https://x.example/a</link><description>T&#11;</description></item></channel></rss>',
        [("A B", "https://x.example/a", "T")],
        0,
    ),
    (
        "lt in title",
        '<rss version="2.0"><channel><item><title>Menge < 5</title><link>https://x.example/a</link><description>T</description></item>'
        + SECOND
        + "</channel></rss>",
        [("Menge < 5", "https://x.example/a", "T"), ("B", "https://x.example/b", "U")],
        0,
    ),
    ("JSON feed is no feed", '{"version":"https://jsonfeed.org/version/1","items":[]}', [], 1),
    (
        "sitemap",
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>x</loc></url></urlset>',
        [],
        1,
    ),
    (
        "xhtml doctype page",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://x"><html><body/></html>',
        [],
        1,
    ),
]


@pytest.mark.parametrize(("trait", "written", "meant", "refused"), CASES, ids=[case[0] for case in CASES])
def test_a_feed_as_it_is_served(
    trait: str, written: str | bytes, meant: list[tuple[str, str, str]], refused: int
) -> None:
    """Title, link and text of each entry that is read; a feed that is refused as a whole counts as one."""
    label = "iso-8859-1" if trait == "RSS 0.91 DOCTYPE" else "utf-8"
    content = written if isinstance(written, bytes) else written.encode(label)
    try:
        rows = read_feed(RawDocument("f.xml", content, "https://x.example/", datetime(2020, 4, 20, tzinfo=UTC)))
    except BrokenStructure:
        assert (meant, refused) == ([], 1)
        return
    read = [(row.fields["title"], row.fields["link"], row.fields["text"]) for row in rows if row.problem is None]
    assert read == meant
    assert len(rows) - len(read) == refused
