"""The form in which issues are kept as goldens: what must not change, each thing in one place.

`<week>/lagebild.txt`, `index.txt`   structure, figures and links of a page, the same in every language
`SHA256SUMS`                         figures of other forms; markup of pages; all texts of a language in one line

So a sentence that is put in other words changes the line of its language and no other; a figure, a link, a row or their
order changes the line that a reviewer reads.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from reports.lagebild.archive import site_files
from reports.lagebild.seen import seen
from reports.language import LANGUAGES

GOLDEN = Path(__file__).with_name("golden")
# Numbers of opportunities, ids of listings, and figures as any language groups and parts their digits.
_FIGURE = re.compile(r"K-\d{4}-\d\d-\d+|[a-z_0-9]+:[^\s,;()]*\d[^\s,;():]*|\d+(?:[.,\u202f\u00a0]?\d+)*")


def golden_files(root: Path) -> dict[str, bytes]:
    """Issues and index in the form of goldens; without what is a copy."""
    issues = {
        folder.name: {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        for folder in root.iterdir()
    }
    whole = {f"{week}/{name}": content for week, files in issues.items() for name, content in files.items()}
    whole |= site_files(issues)
    copies = {path for path in whole if "latest" in path or path.endswith(("lagebild.html", "index.html", "SUMS"))}
    return golden_form({path: content for path, content in whole.items() if path not in copies})


def reviewed() -> dict[str, bytes]:
    """The goldens that are kept, by path."""
    return {str(path.relative_to(GOLDEN)): path.read_bytes() for path in sorted(GOLDEN.rglob("*")) if path.is_file()}


def golden_form(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files to keep for issues and site, by path; `files` are those of all weeks and of the site."""
    pages = {path: content for path, content in files.items() if path.endswith(".html")}
    kept = {}
    sums = {}
    for path, content in pages.items():
        told = "\n".join(_structure(content)) + "\n"
        if ".de." in path:
            kept[path.replace(".de.html", ".txt")] = told.encode()
        sums[path] = _digest([told, _markup(content)])
    for path, content in files.items():
        if path.endswith("issue.json"):  # its sentences are those of the pages
            sums[path] = _digest(
                {name: part for name, part in json.loads(content).items() if name not in ("headlines", "calls")}
            )
        elif path not in pages:
            sums[path] = _digest(figures(_text(path, content)))
    for language in LANGUAGES:
        own = (path for path in sorted(files) if _speaks(path, language))
        sums[f"texts.{language}"] = _digest([_text(path, files[path]) for path in own])
    lines = (f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    return {**kept, "SHA256SUMS": "".join(lines).encode()}


def figures(text: str) -> list[str]:
    """Numbers and ids of a text in their order, without what parts digits in its language."""
    return [found if found[0] == "K" or ":" in found else re.sub(r"\D", "", found) for found in _FIGURE.findall(text)]


def _speaks(path: str, language: str) -> bool:
    return f".{language}." in path or (path.endswith(".csv") and language == LANGUAGES[0])


def _text(path: str, content: bytes) -> str:
    shown = seen(path, content)
    return shown.decode() if isinstance(shown, bytes) else str(shown)


def _structure(page: bytes) -> list[str]:
    """One line for every element that has an id, a link, a language or figures of its own."""
    lines = []
    for node in _elements(page):
        named = [f"{name}={_language_free(value)}" for name in ("id", "href", "lang") if (value := _named(node, name))]
        counted = figures(node.text(deep=False))
        if named or counted:
            lines.append(" ".join([node.tag or "", *named, *sorted(counted)]))
    return lines


def _elements(page: bytes) -> list[LexborNode]:
    parsed = LexborHTMLParser(page)
    parsed.strip_tags(["style", "script"])
    return list(parsed.root.traverse()) if parsed.root else []


def _named(node: LexborNode, name: str) -> str | None:
    """Ids of cells and the page's own language are left out: they come from words."""
    if (name == "id" and node.tag in ("th", "td")) or (name == "lang" and node.tag == "html"):
        return None
    return node.attributes.get(name)


def _language_free(value: str) -> str:
    return re.sub(rf"\.({'|'.join(LANGUAGES)})\.", ".*.", value)


def _markup(page: bytes) -> list[tuple[str | None, str | None]]:
    return [(node.tag, node.attributes.get("class")) for node in _elements(page)]


def _digest(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
