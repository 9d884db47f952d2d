"""What the documents point to is there, and what they say of the structure is what is counted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("[!.]*/**/*.md")])
# Named in the documents, but made by a run below its store, or by the reader who follows a walk-through.
OF_A_RUN = {
    "reports/lagebild/2020-W15/cases.de.html",
    "sources/platforms/rheinbruecke.py",
    "sources/samples/recorded/rheinbruecke.csv",
}
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:assets|benchmarks|docs|matching|pipelines|reports|sources|tests|\.ci)/[\w./-]*)`")


def text_of(document: Path) -> str:
    """A document without its blocks of code, which show files of others and of runs."""
    return FENCED.sub("", document.read_text("utf-8"))


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_arrives(document: Path) -> None:
    for target in LINK.findall(text_of(document)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        found = document.parent / path if path else document
        assert found.exists(), target
        if fragment:
            text = text_of(found)
            headings = map(anchor, re.findall(r"^#+ (.*)$", text, re.MULTILINE))
            assert fragment in headings, target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_in_backticks_exists(document: Path) -> None:
    missing = [path for path in PATH.findall(text_of(document)) if not (ROOT / path).exists()]
    assert sorted(set(missing) - OF_A_RUN) == []


def test_every_page_has_its_place_in_the_contents_of_the_site() -> None:
    index = ROOT / "docs" / "index.md"
    contents = re.findall(r"^```\{toctree\}\n(.*?)^```", index.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    entries = [
        re.sub(r".*<|>$", "", line) for block in contents for line in block.splitlines() if line[:1] not in ("", ":")
    ]
    listed = [
        path
        for entry in entries
        for path in (ROOT if entry.startswith("/") else index.parent).glob(f"{entry.lstrip('/')}.md")
    ]
    pages = {path.resolve() for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if path != index}
    assert sorted(map(Path.resolve, listed)) == sorted({path.resolve() for path in listed}), "a page is listed twice"
    assert sorted(pages - {path.resolve() for path in listed}) == []


def test_the_figures_of_the_method_sheet_stand_in_the_pages_that_it_names() -> None:
    sheet = (ROOT / "docs" / "method.md").read_text("utf-8")
    rows = [line.split("|")[3] for line in sheet.splitlines() if "](../benchmarks/" in line]
    assert len(rows) > 4
    for row in rows:
        measured, page = row.split("([")[0], re.findall(r"\((\.\./benchmarks/[^)]+)\)", row)[0]
        text = (ROOT / "docs" / page).read_text("utf-8")
        figures = re.findall(r"(?<!nDCG@)\b\d+(?:\.\d+)?\b", measured)
        assert [figure for figure in figures if not re.search(rf"\b{re.escape(figure)}\b", text)] == [], page


def test_the_drawing_of_the_rooms_is_what_is_counted() -> None:
    counted = subprocess.run(
        [sys.executable, "-m", "benchmarks.structure"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    drawn = re.search(
        r"^```\n(matching/\n.*?)```$", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.M | re.S
    )
    assert drawn
    assert drawn[1].strip() in counted
