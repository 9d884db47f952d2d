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
            assert fragment in {*headings, *re.findall(r'<a id="([^"]+)">', text)}, target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_in_backticks_exists(document: Path) -> None:
    missing = [path for path in PATH.findall(text_of(document)) if not (ROOT / path).exists()]
    assert sorted(set(missing) - OF_A_RUN) == []


def test_the_drawing_of_the_rooms_is_what_is_counted() -> None:
    counted = subprocess.run(
        [sys.executable, "-m", "benchmarks.structure"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    drawn = re.search(
        r"^```\n(matching/\n.*?)```$", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.M | re.S
    )
    assert drawn
    assert drawn[1].strip() in counted
