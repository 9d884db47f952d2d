"""Two pictures of where things are: flows between two sides, and a map of tiles for lack of a free outline map.

Own small SVG like `reports.design.charts`; both say in title and description what they show, carry every number as
text, and stand beside a table with the same numbers.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from markupsafe import Markup, escape

from reports.design.charts import INK, LINE, SERIES_COLOURS, svg
from reports.language import shortened

# Tiles of equal size roughly where the regions lie, as (column, row); codes as in `matching/regions.yaml`.
TILES: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "DE": {
        "SH": (2, 0), "HB": (1, 1), "HH": (2, 1), "MV": (3, 1), "NW": (0, 2), "NI": (1, 2), "ST": (2, 2), "BE": (3, 2),
        "BB": (4, 2), "RP": (0, 3), "HE": (1, 3), "TH": (2, 3), "SN": (3, 3), "SL": (0, 4), "BW": (1, 4), "BY": (2, 4),
    },
    "FR": {
        "HDF": (2, 0), "BRE": (0, 1), "NOR": (1, 1), "IDF": (2, 1), "GES": (3, 1), "PDL": (1, 2), "CVL": (2, 2),
        "BFC": (3, 2), "NAQ": (1, 3), "ARA": (3, 3), "OCC": (2, 4), "PAC": (3, 4), "20R": (4, 4),
    },
}  # fmt: skip
TINTS = (0.0, 0.12, 0.24, 0.36, 0.46)  # of the series' colour on paper; text on the darkest is still readable
_TILE, _GAP = 58, 4
_NUMBER, _NAME_LINE, _KEY = 36, 14, 20  # pixels: what holds the numbers, a line of a name, a line of the key
_LETTER, _DIGIT = 7.5, 0.72  # widths: of a bold letter of 12 pixels, of a digit as a share of its height
_DOT = 26  # pixels of the sign of what is withheld, which is a dot: in letters of the numbers nobody sees it
_FLOW_WIDTH, _FLOW_HEIGHT = 343, 90  # as wide as the page on a phone of 375 pixels
_LONGEST_LINE = 24  # characters of a label above a bar: half the width
_LABEL = 29  # pixels above a bar for two lines
_FILLS = ("f-first", "f-second")


@dataclass(frozen=True)
class Tile:
    """One region: its name, and of its left and right half what is written and which of `TINTS` stands behind it."""

    name: str
    texts: tuple[str, str]
    tints: tuple[int, int]


@dataclass(frozen=True)
class TileKey:
    """What the colours of a map mean.

    names: of the left and the right half; shades: what each of `TINTS` but the first stands for, or "".
    """

    names: tuple[str, str]
    shades: Sequence[str] = ()


def tile_map(
    chart_id: str,
    tiles: Mapping[tuple[int, int], Tile],
    title: str,
    description: str,
    *,
    sides: tuple[int, int] = (0, 1),
    width: int = _TILE,
    key: TileKey | None = None,
) -> Markup:
    """Regions as tiles by (column, row), darker where there is more.

    sides: which of the series' colours stand left and right; width: of a tile; key: drawn above the tiles.
    """
    lines = max(len(wrap(tile.name, int(width / _LETTER))) for tile in tiles.values())
    head, top = 8 + _NAME_LINE * lines, _KEY * (1 + bool(key.shades)) if key else 0
    step = head + _NUMBER + _GAP
    parts = [_key(key, sides)] if key else []
    for (column, row), tile in sorted(tiles.items()):
        at = column * (width + _GAP) + 2, top + row * step + 2
        parts += [
            _half(tile, side, sides[side], (at[0] + width // 2 * side, at[1] + head), width // 2) for side in (0, 1)
        ]
        parts.append(_framed(tile.name, at, width, head))
    columns, rows = (max(place[axis] for place in tiles) + 1 for axis in (0, 1))
    return svg(chart_id, columns * (width + _GAP), top + rows * step, title, description, "".join(parts), "tiles")


def _half(tile: Tile, side: int, series: int, at: tuple[int, int], width: int) -> str:
    (x, y), text = at, tile.texts[side]
    size = _DOT if text == "." else min(13, int(width / _DIGIT / max(1, len(text))))
    return (
        f'<rect class="{_FILLS[series]}" x="{x}" y="{y}" width="{width}" height="{_NUMBER}" '
        f'fill="{SERIES_COLOURS[series]}" fill-opacity="{TINTS[tile.tints[side]]}"/>'
        f'<text class="f-ink" x="{x + width / 2:g}" y="{y + 23}" font-size="{size}" text-anchor="middle" '
        f'fill="{INK}">{escape(text)}</text>'
    )


def _framed(name: str, at: tuple[int, int], width: int, head: int) -> str:
    """The frame of a tile, and its name in as many lines as it needs."""
    x, y = at
    lines = "".join(
        f'<text class="f-ink" x="{x + width // 2}" y="{y + 16 + _NAME_LINE * number}" font-size="12" '
        f'font-weight="bold" text-anchor="middle" fill="{INK}">{escape(line)}</text>'
        for number, line in enumerate(wrap(name, int(width / _LETTER)))
    )
    return (
        f'<rect class="s-line" x="{x}" y="{y}" width="{width}" height="{head + _NUMBER}" fill="none" '
        f'stroke="{LINE}"/>{lines}'
    )


def _key(key: TileKey, sides: tuple[int, int]) -> str:
    """The names of the halves beside their colours, and below them the shades from light to dark."""
    marks: list[tuple[int, int, float, tuple[int, ...], str]]
    marks = [(2 + 150 * side, 2, 1.0, (series,), key.names[side]) for side, series in enumerate(sides)]
    marks += [
        (2 + 82 * number, _KEY + 2, share, sides, text)
        for number, (share, text) in enumerate(zip(TINTS[1:], key.shades, strict=False))
        if text
    ]
    return "".join(_mark(*mark) for mark in marks)


def _mark(x: int, y: int, share: float, series: Sequence[int], text: str) -> str:
    """A little square in the colours of the series, side by side, and what it means."""
    wide = 12 // len(series)
    squares = "".join(
        f'<rect class="{_FILLS[one]}" x="{x + wide * place}" y="{y}" width="{wide}" height="12" '
        f'fill="{SERIES_COLOURS[one]}" fill-opacity="{share}"/>'
        for place, one in enumerate(series)
    )
    return f'{squares}<text class="f-ink" x="{x + 17}" y="{y + 10}" font-size="11" fill="{INK}">{escape(text)}</text>'


def tint(count: int | None, most: int) -> int:
    """Which of `TINTS`: the first for none or what is not told, then four steps of equal width up to the largest."""
    return -(-count * (len(TINTS) - 1) // most) if count else 0


def shades(most: int) -> list[tuple[int, int]]:
    """The least and the largest count of each step of `tint`; a step that no count has is told as empty."""
    ends = [most * step // (len(TINTS) - 1) for step in range(len(TINTS))]
    return [(low + 1, high) for low, high in pairwise(ends)]


def flow_picture(
    chart_id: str,
    flows: Mapping[tuple[str, str], int],
    title: str,
    description: str,
    written: Callable[[int], str],
    *,
    last: str = "",
) -> Markup:
    """Flows from the names on the left to those on the right, as wide as their counts; at least one flow.

    Names stand above their bars, so that the picture fits the screen of a phone. written: how readers write a count.
    last: the name that gathers the rest and stands below the others.
    """
    scale = _FLOW_HEIGHT / sum(flows.values())
    sides = [_bars(flows, side, scale, last) for side in (0, 1)]
    height = max(bar.y + bar.height for bars in sides for bar in bars.values()) + 4
    left, right, middle = 8, _FLOW_WIDTH - 8, _FLOW_WIDTH / 2
    top = [{name: bar.y for name, bar in bars.items()} for bars in sides]
    parts = []
    for one, other in ((one, other) for one in sides[0] for other in sides[1] if (one, other) in flows):
        wide, start, end = flows[one, other] * scale, top[0][one], top[1][other]
        top[0][one] += wide
        top[1][other] += wide
        colour = list(sides[0]).index(one) % 2  # neighbours differ
        parts.append(
            f'<path class="{_FILLS[colour]}" fill="{SERIES_COLOURS[colour]}" fill-opacity="0.35" '
            f'd="M{left},{start:.1f}C{middle:g},{start:.1f} {middle:g},{end:.1f} {right},{end:.1f}'
            f'v{wide:.1f}C{middle:g},{end + wide:.1f} {middle:g},{start + wide:.1f} {left},{start + wide:.1f}z"/>'
        )
    parts += [_labelled(name, bar, 0, 0, "start", written) for name, bar in sides[0].items()]
    parts += [_labelled(name, bar, right, _FLOW_WIDTH, "end", written) for name, bar in sides[1].items()]
    return svg(chart_id, _FLOW_WIDTH, int(height), title, description, "".join(parts), "flow")


@dataclass(frozen=True)
class _Bar:
    """The end of the flows of one name."""

    count: int
    y: float
    height: float


def _bars(flows: Mapping[tuple[str, str], int], side: int, scale: float, last: str) -> dict[str, _Bar]:
    """The bars of one side from the top, the largest first, each below room for two lines of text."""
    counts = Counter[str]()
    for ends, count in flows.items():
        counts[ends[side]] += count
    bars, y = {}, 0.0
    for name in sorted(counts, key=lambda name: (name == last, -counts[name], name)):
        bars[name] = _Bar(counts[name], y + _LABEL, counts[name] * scale)
        y += _LABEL + bars[name].height + 2
    return bars


def _labelled(name: str, bar: _Bar, x: int, text_x: int, anchor: str, written: Callable[[int], str]) -> str:
    lines = _lines(name, f" ({written(bar.count)})")
    texts = []
    for number, line in enumerate(lines):
        y = bar.y - 5 - 13 * (len(lines) - 1 - number)
        texts.append(
            f'<text class="f-ink" x="{text_x}" y="{y:.1f}" font-size="12" text-anchor="{anchor}" fill="{INK}">'
            f"{escape(line)}</text>"
        )
    height = max(bar.height, 1)
    return f'<rect class="f-ink" x="{x}" y="{bar.y:.1f}" width="8" height="{height:.1f}" fill="{INK}"/>{"".join(texts)}'


def _lines(name: str, count: str) -> list[str]:
    """A name and its count in at most two lines, cut between words; a longer name ends in an ellipsis."""
    if len(name + count) <= _LONGEST_LINE:
        return [name + count]
    cut = name.rfind(" ", 0, _LONGEST_LINE + 1)
    if cut <= 0:
        cut = name.rfind("-", 0, _LONGEST_LINE) + 1 or _LONGEST_LINE
    rest = name[cut:].strip()
    if not rest:  # the count alone has no room beside it
        return [name, count.strip()]
    return [name[:cut], shortened(rest, _LONGEST_LINE - len(count)) + count]
