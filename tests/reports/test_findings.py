"""The checker of pages finds what it is there to find."""

from collections.abc import Callable

import pytest


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
    ],
)
def test_faults_are_found(page: str, findings_in: Callable[[str], list[str]]) -> None:
    assert findings_in(page)


def test_a_sound_page_has_no_findings(findings_in: Callable[[str], list[str]]) -> None:
    assert findings_in('<html lang="de"><h1 id="a">a</h1><h2>b</h2><a href="#a">c</a></html>') == []
