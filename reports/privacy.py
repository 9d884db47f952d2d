"""No contact data in finished documents: a scan for e-mail addresses and telephone numbers.

The scan looks at what a reader sees or can copy. It lowers a risk and proves nothing: names of persons have no
pattern. Offices of platforms are public and may be named; they are passed as ``allowed``.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from html.parser import HTMLParser

_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# A telephone number: an international or trunk prefix and at least six more digits, or the American 3-3-4 form.
_TELEPHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[\s./()-]{0,2}(?:\(0\))?|00\d{1,3}[\s./()-]|\(?0[1-9]\d{1,4}\)?[\s/-]{1,3})\d(?:[\s./()-]{0,2}\d){5,11}(?![\w-])"
    r"|(?<![\w.,/-])(?:\+?1[\s.-])?\(?[2-9]\d{2}\)?[\s.-][2-9]\d{2}[\s.-]\d{4}(?![\w-])"
)


@dataclass(frozen=True)
class Finding:
    """Something that looks like contact data; ``excerpt`` is cut so that the finding itself is no leak."""

    kind: str  # "e-mail" or "telephone"
    excerpt: str


class _Text(HTMLParser):
    """The words of a page, and the attributes that a reader could follow or read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_style = tag == "style"
        self.parts += [value or "" for name, value in attrs if name in ("href", "title", "alt", "aria-label")]

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self.parts.append(data)


def find_contacts(document: str, allowed: Collection[str] = ()) -> list[Finding]:
    """Everything in an HTML or plain-text document that looks like contact data, in reading order.

    ``allowed`` holds texts (contact routes of platforms' offices) that may stand in it.
    """
    reader = _Text()
    reader.feed(document)
    reader.close()
    text = "\n".join(reader.parts)
    for route in sorted(allowed, key=len, reverse=True):
        text = text.replace(route, " ")
    found = [("e-mail", match) for match in _EMAIL.finditer(text)]
    found += [("telephone", match) for match in _TELEPHONE.finditer(text)]
    found.sort(key=lambda item: item[1].start())
    return [Finding(kind, match.group()[:4] + "…") for kind, match in found]
