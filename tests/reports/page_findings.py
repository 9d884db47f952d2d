"""What a well-made page must not have."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import ClassVar

# A file of ours beside the page, in another issue or in a replaced edition, and a place on it.
ISSUE = re.compile(
    r"((\.\./)*(\d{4}-W\d\d|edition-\d)/|\.\./)?[a-z_]+(\.\w\w)?\.(html|csv|ics|xlsx|ods|svg)(#[\w-]+)?|datapackage\.json|statistics\.csv-metadata\.json|dcat\.(jsonld|ttl)"
)
# Links say where they lead: not "here", no address, no number that only we know.
EMPTY_LINK = re.compile(
    r"(?:hier|here|ici|link|lien|mehr|more|plus|weiter|details?|https?:.*|#?K-\d{4}-\d{2}-\d+|\W*)", re.IGNORECASE
)
_SCRIPT = re.compile(r"(?is)<script[^>]*>(.*?)(?:</script|$)")
NAMED = ("a", "th", "h1", "h2", "h3", "h4", "caption", "summary", "title")


class _Page(HTMLParser):
    """Collects what a well-made page must not have."""

    VOID: ClassVar = {"meta", "br", "link", "img", "hr", "input"}

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.open: list[str] = []
        self.heading = 0
        self.children: list[set[str]] = []
        self.texts: list[str] = []  # of each open element
        self.labels: list[tuple[str, str]] = []  # of each open element: its label, and where it leads
        self.targets: dict[str, set[str]] = {}  # of links by name
        self.first_headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "link", "img", "form", "base"):
            self.findings.append(f"<{tag}>")
        for name, value in given.items():
            if name.startswith("on") or name in ("src", "srcset", "style"):
                self.findings.append(f"{name}= on <{tag}>")
            if name == "href" and not (value.startswith(("#", "https://", "mailto:")) or ISSUE.fullmatch(value)):
                self.findings.append(f"href {value}")
        if "id" in given:
            self.ids.append(given["id"])
        self.references += given.get("aria-labelledby", "").split() + given.get("headers", "").split()
        if given.get("href", "").startswith("#"):
            self.references.append(given["href"][1:])
        if tag == "html" and not given.get("lang"):
            self.findings.append("no language")
        if tag == "th" and not given.get("scope"):
            self.findings.append("header cell without scope")
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            if int(tag[1]) > self.heading + 1:
                self.findings.append(f"<{tag}> after h{self.heading}")
            self.heading = int(tag[1])
            self.first_headings += tag == "h1"
        if tag == "p" and "blockquote" in self.open[-1:] and given.get("class") != "source" and not given.get("lang"):
            self.findings.append("quote without language")
        if self.children:
            self.children[-1].add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
            self.children.append(set())
            self.texts.append("")
            self.labels.append((given.get("aria-label", ""), given.get("href", "")))

    def handle_data(self, data: str) -> None:
        self.texts = [text + data for text in self.texts]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.findings.append(f"</{tag}> closes nothing")
            return
        inside, text, (label, target) = self.children.pop(), self.texts.pop(), self.labels.pop()
        name = " ".join((label or text).split())
        if tag in NAMED and not name:
            self.findings.append(f"<{tag}> without text")
        if tag == "a":
            self.targets.setdefault(name, set()).add(target)
            if EMPTY_LINK.fullmatch(name):
                self.findings.append(f"link that does not say where it leads: {name}")
            if label and text.strip() not in label:
                self.findings.append(f"link that is not called what it shows: {name}")
        if tag == "table" and not {"caption", "thead", "tbody"} <= inside:
            self.findings.append("table without caption or head")
        if tag == "svg" and not {"title", "desc"} <= inside:
            self.findings.append("chart without title or description")


def is_signed(script: str, page: str) -> bool:
    """Whether the page's policy names a script by its digest: what anybody adds it does not."""
    policy = unescape("".join(re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[:1]))
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f"script-src 'sha256-{digest}'" in policy


def findings(page: str) -> list[str]:
    """What is wrong with a page: structure, ids, references, anything that runs or loads."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    twice = sorted({found for found in reader.ids if reader.ids.count(found) > 1})
    lost = sorted(set(reader.references) - set(reader.ids))
    unclosed = [f"<{tag}> stays open" for tag in reader.open]
    # What a figure counts is told by the sentence, or the heads of row and column, in which it stands.
    ambiguous = sorted(
        name for name, targets in reader.targets.items() if len(targets) > 1 and not re.fullmatch(r"[\d.,\s]+", name)
    )
    return [
        *reader.findings,
        *("<script>" for script in _SCRIPT.findall(page) if not is_signed(script, page)),
        *unclosed,
        *(f"id {found} twice" for found in twice),
        *(f"nothing has the id {found}" for found in lost),
        *(f"one name for several links: {found}" for found in ambiguous),
        *(["more than one <h1>"] if reader.first_headings > 1 else []),
    ]
