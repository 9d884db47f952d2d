"""Goldens notice a figure, a link, an order and a sentence, and a sentence in one line of its language alone."""

import pytest

from reports.lagebild.editions import issue_files
from tests.pipelines.golden_form import figures, golden_form
from tests.reports.builders import sample_issue

Files = dict[str, bytes]
PAGE, STRUCTURE = "2020-W17/lagebild.de.html", "2020-W17/lagebild.txt"


@pytest.fixture(scope="module")
def issue() -> Files:
    files = issue_files(sample_issue())
    del files["lagebild.html"]  # a copy
    return {f"2020-W17/{name}": content for name, content in files.items()}


def lines_changed(issue: Files, path: str, old: str, new: str) -> set[str]:
    """What differs in the goldens if a text is replaced in a file: names of files, of checksums their lines."""
    changed = issue | {path: issue[path].replace(old.encode(), new.encode(), 1)}
    assert changed != issue
    before, after = golden_form(issue), golden_form(changed)
    sums = {
        line.partition("  ")[2]
        for line in set(before.pop("SHA256SUMS").decode().splitlines())
        ^ set(after.pop("SHA256SUMS").decode().splitlines())
    }
    return sums | {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">146<", ">147<"),
        ('#nachweis-offers"', '#nachweis-requests"'),
        ('href="../2020-W16/cases.de.html', 'href="../2020-W15/cases.de.html'),
        ('<section aria-labelledby="engpass">', '<section id="x" aria-labelledby="engpass">'),
    ],
)
def test_a_figure_or_a_link_changes_the_page(issue: Files, old: str, new: str) -> None:
    assert STRUCTURE in lines_changed(issue, PAGE, old, new)


def test_an_order_changes_the_page(issue: Files) -> None:
    opening, first, second = issue[PAGE].decode().split('<article class="card brief"')
    second, end, after = second.partition("</article>")
    turned = '<article class="card brief"'.join([opening, f"{second}{end}", first + after]).encode()
    assert golden_form(issue)[STRUCTURE] != golden_form(issue | {PAGE: turned})[STRUCTURE]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (PAGE, "Auf einen Blick", "Kurz gesagt"),
        ("2020-W17/lagebild.fr.html", "partenaires", "associés"),
        ("2020-W17/deadlines.en.ics", "Gowns", "Robes"),
        ("2020-W17/lagebild.csv", "Schutzkittel", "Kittel"),
    ],
)
def test_a_sentence_changes_the_line_of_its_language_alone(issue: Files, path: str, old: str, new: str) -> None:
    language = path.split(".")[1] if path.count(".") > 1 else "de"
    assert lines_changed(issue, path, old, new) == {f"texts.{language}"}


def test_markup_changes_the_line_of_its_page(issue: Files) -> None:
    assert lines_changed(issue, PAGE, '<p class="note">', '<p class="notice">') == {PAGE}


def test_figures_are_the_same_however_a_language_parts_digits() -> None:
    assert figures("1.234,5 K-2020-17-01") == figures("1\u202f234,5 K-2020-17-01") == ["12345", "K-2020-17-01"]
    assert figures("biopro_hotline:H0001: 5, 6") == ["biopro_hotline:H0001", "5", "6"]
