"""The checker of pages finds what it is there to find, and nothing on any page that readers get."""

from collections.abc import Callable

import pytest

from tests.reports.documents import pages


@pytest.mark.parametrize(
    "page",
    [
        "<p><script>x</script></p>",
        '<p onclick="x">a</p>',
        '<a href="javascript:x">a</a>',
        '<a href="http://a.example">a</a>',
        '<img src="https://a.example/x.png">',
        '<p id="a"></p><p id="a"></p>',
        '<a href="#nowhere">a</a>',
        "<h1>a</h1><h3>b</h3>",
        "<table><thead></thead><tbody></tbody></table>",
        "<svg><title>a</title></svg>",
        "<table><caption>a</caption><thead><tr><th>a</th></tr></thead><tbody></tbody></table>",
        "<div><p></div>",
        "<html><p></p></html>",
        "<h1>a</h1><h1>b</h1>",
        '<p id="a"><a href="#a">hier</a></p>',
        '<p id="K-2020-17-01"><a href="#K-2020-17-01">K-2020-17-01</a></p>',
        '<p id="a"><a href="#a"> </a></p>',
        '<p id="a"><a href="#a" aria-label="Karte">Liste</a></p>',
        '<p id="a"><a href="#a">Liste</a> <a href="https://a.example">Liste</a></p>',
        '<table><caption>a</caption><thead><tr><th scope="col"></th></tr></thead><tbody></tbody></table>',
        "<blockquote><p>Masques</p></blockquote>",
    ],
)
def test_faults_are_found(page: str, findings_in: Callable[[str], list[str]]) -> None:
    assert findings_in(page)


def test_a_sound_page_has_no_findings(findings_in: Callable[[str], list[str]]) -> None:
    assert findings_in('<html lang="de"><h1 id="a">a</h1><h2>b</h2><a href="#a">c</a></html>') == []


def test_no_page_in_any_language_has_a_finding(findings_in: Callable[[str], list[str]]) -> None:
    found = {name: findings_in(page) for name, page in pages().items()}
    # Where a page leads to files beside it, addresses are relative.
    found |= {
        name: [one for one in lines if not one.startswith(("href 20", "href index."))] for name, lines in found.items()
    }
    assert {name: lines for name, lines in found.items() if lines} == {}
