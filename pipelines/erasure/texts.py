"""A text as its readers see it, whatever signs the file has for it, and back to the place in the file.

A name may be written in entities, JSON escapes, percent or quoted-printable codes, be parted by tags or by the folding
of a calendar. Each reading undoes some of it and remembers where each sign came from.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_TAG = r"(?P<tag><[^<>]*>)"
_ESCAPES = (
    r"(?P<entity>&(?:amp;){0,2}(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,12});)|\\u(?P<unicode>[0-9a-fA-F]{4})"
    r"|\\(?P<blank>[nrt])|\\(?P<sign>[/\"])|(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
)
_CODED = r"(?P<coded>=\?[\w-]+\?[qQ]\?|\?=)"  # RFC 2047
_QUOTED = r"(?P<soft>=\r?\n)|(?P<quoted>(?:=[0-9A-Fa-f]{2})+)"  # RFC 2045
_FOLD = r"(?P<fold>\r?\n[ \t])"  # RFC 5545
_INVISIBLE = "(?P<invisible>[\u00ad\u200b-\u200f\u2060\ufeff])"

_MARKUP = f"{_TAG}|{_CODED}"
_Hit = tuple[int, int, str]  # start, end, what stands there instead


class Reading(NamedTuple):
    """A text without escapes, and where each of its pieces stands in the file."""

    text: str
    starts: Sequence[int]  # of the pieces, in `text`
    sources: Sequence[tuple[int, int]]  # of the pieces, in the file
    is_same: Sequence[bool]  # whether a piece is the same sign for sign

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the text stands in the file."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        from_ = self.sources[first][0] + (start - self.starts[first] if self.is_same[first] else 0)
        to = self.sources[last][0] + end - self.starts[last] if self.is_same[last] else self.sources[last][1]
        return from_, to


def readings(text: str) -> Iterator[Reading]:
    """All ways in which a reader may see a text: tags as they are, as breaks, and as nothing."""
    codes = [_ESCAPES]
    if re.search(r"quoted-printable|\?q\?", text, re.IGNORECASE):
        codes += [_CODED, _QUOTED]
    if "BEGIN:VCALENDAR" in text:
        codes.append(_FOLD)
    plain = "|".join((_INVISIBLE, *codes))
    yield _reading(text, plain, "")
    if "<" in text:
        for tag in ("\n", ""):
            yield _reading(text, f"{_TAG}|{plain}", tag)


def without(text: str, hits: Callable[[str], Iterator[_Hit]]) -> str:
    """The text with every hit in any of its readings replaced; tags inside of a hit stay."""
    found: list[_Hit] = []
    for reading in readings(text):
        found += [(*reading.source(start, end), mark) for start, end, mark in hits(reading.text)]
    parts, done = [], 0
    for start, end, mark in _merged(found):
        parts += [text[done:start], mark, *(one[0] for one in re.finditer(_MARKUP, text[start:end]))]
        done = end
    return "".join((*parts, text[done:])) if found else text


def _merged(found: list[_Hit]) -> list[_Hit]:
    merged: list[_Hit] = []
    for start, end, mark in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, mark))
    return merged


def _reading(text: str, pattern: str, tag: str) -> Reading:
    pieces, starts, sources, is_same = [], [], [], []
    length = done = 0
    for match in [*re.finditer(pattern, text), None]:
        upto = match.start() if match else len(text)
        read = "" if match is None else tag if match.lastgroup == "tag" else _decoded(match)
        for piece, source, same in ((text[done:upto], (done, upto), True), (read, match and match.span(), False)):
            if piece and source:
                pieces.append(piece)
                starts.append(length)
                sources.append(source)
                is_same.append(same)
                length += len(piece)
        done = match.end() if match else upto
    return Reading("".join(pieces), starts, sources, is_same)


def _decoded(match: re.Match[str]) -> str:
    kind, code = match.lastgroup or "", match[match.lastgroup or 0]
    if kind == "entity":
        return html.unescape(html.unescape(html.unescape(code)))  # pages in feeds are escaped twice
    if kind == "unicode":
        return chr(int(code, 16))
    if kind in ("percent", "quoted"):
        return _bytes_of(code.replace(code[0], ""))
    return {"blank": "\n", "sign": code}.get(kind, "")


def _bytes_of(digits: str) -> str:
    content = bytes.fromhex(digits)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
