"""What the Lagebild of the same week tells of the statistics' cells, read from its German page as written.

The Lagebild counts what the statistics count, so a reader of both may put them together. It tells both kinds in total
exactly, and regions in classes. The lists behind its numbers are the listings themselves: who reads those needs no
statistics, and they are left out here.
"""

import re
from html import unescape

Cell = tuple[str, ...]
Bounds = tuple[int, int | None]  # at least, at most; None where there is no upper end
_TILES = re.compile(
    r'<figcaption>([^<]*)</figcaption>\s*<svg class="tiles".*?<desc id="kacheln-(\w+)-desc">([^<]*)<', re.DOTALL
)
_COUNTED = re.compile(r"([\w ]+?)\s?: Gesuche ([^,;)]+), Angebote ([^,;)]+)")
_WITHOUT_REGION = re.compile(r"ohne Region(): Gesuche ([^,;)]+), Angebote ([^,;)]+)")
_TOTALS = {kind: re.compile(rf'#nachweis-{kind}s">([\d.]+)<') for kind in ("offer", "request")}
_OWN = {("de", "BW"): "DE-BW", ("fr", "GES"): "FR-GES"}
_SUMS = {"de": "DE-REST", "fr": "OTHER", "andere": "OTHER"}


class UnknownClassError(ValueError):
    """The page tells of a region what is no class: nothing could be proved."""


def told_by_lagebild(page: bytes) -> dict[Cell, Bounds]:
    """Bounds of (region, kind). Raises UnknownClassError for a class that nobody knows: nothing would be proved."""
    text = unescape(page.decode())
    found: dict[Cell, Bounds] = {}
    for kind, pattern in _TOTALS.items():
        if told := pattern.search(text):
            found["TOTAL", kind] = _bounds(told[1])
    for caption, country, described in _TILES.findall(text):
        for region, kind, bounds in _tiles(caption, country, described):
            before = found.get((region, kind), (0, 0))
            found[region, kind] = _sum(before, bounds)
    for kind in _TOTALS:  # the map leaves out listings without a country, and countries beyond the tenth
        if ("OTHER", kind) in found:
            found["OTHER", kind] = (found["OTHER", kind][0], None)
    return found


def _tiles(caption: str, country: str, described: str) -> list[tuple[str, str, Bounds]]:
    rows = [*_COUNTED.findall(described), *_WITHOUT_REGION.findall(caption)]
    nothing: Bounds = (0, 0)
    regions = [region for (of, _), region in _OWN.items() if of == country]
    found = [(region, kind, nothing) for region in (*regions, _SUMS[country]) for kind in _TOTALS]
    for name, requests, offers in rows:
        region = _OWN.get((country, name.strip()), _SUMS[country])
        found += [(region, "request", _bounds(requests)), (region, "offer", _bounds(offers))]
    return found


def _sum(one: Bounds, other: Bounds) -> Bounds:
    return one[0] + other[0], None if one[1] is None or other[1] is None else one[1] + other[1]


def _bounds(told: str) -> Bounds:
    """A class or a number in words of the German page."""
    text = told.strip().replace(".", "")
    if text == "keine":
        return 0, 0
    for pattern, is_open in ((r"(\d+)()", False), (r"(\d+) bis (\d+)", False), (r"(\d+) und mehr", True)):
        if matched := re.fullmatch(pattern, text):
            least = int(matched[1])
            return least, None if is_open else int(matched[2] or least)
    if matched := re.fullmatch(r"unter (\d+)", text):
        return 1, int(matched[1]) - 1
    raise UnknownClassError(f"the Lagebild tells '{told}' of a region, which is no class that the audit knows")
