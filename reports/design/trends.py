"""Two pictures of time: the course of a few counts over weeks, to stand beside others, and days ahead as a calendar.

Small SVG like `reports.design.charts`: every mark carries its light colour for print, classes win in browsers. Both are
drawn for a width of 320 pixels, so that their letters stay readable on a phone, and stand beside a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from reports.design.charts import INK, LEAST_POINTS, LINE, MUTED, SERIES_COLOURS, apart, svg

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 310, 112, 34, 140, 10, 20
# Stroke, fill, colour and dash of a line by its place: all of them, those that are well, those that are not.
_STROKES, _FILLS = ("s-ink", "s-first", "s-second"), ("f-ink", "f-first", "f-second")
_COLOURS = (INK, *SERIES_COLOURS)
_DASHES = ("2 3", "none", "6 4")
_CELL, _ROW, _HEAD, _NAMES = 33, 28, 18, 80  # a day, a week, and what stands above and beside them


@dataclass(frozen=True)
class Line:
    """One count over the weeks: one value per week, and its name with the last value as readers write it."""

    values: Sequence[int]
    name: str


def trend(
    chart_id: str,
    places: Sequence[int],
    ends: tuple[str, str],
    lines: Sequence[Line],
    title: str,
    description: str,
) -> Markup:
    """At most three lines from zero to their largest value, each named at its end; they differ by dash and colour.

    places: where each point lies, weeks since the first; ends: names of the first and the last week. At least
    `LEAST_POINTS` points, else ValueError.
    """
    if len(places) < LEAST_POINTS:
        raise ValueError(f"a trend needs at least {LEAST_POINTS} points")
    top = max(1, *(max(line.values) for line in lines))
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    xs = [_LEFT + place * width / places[-1] for place in places]

    def y(value: int) -> float:
        return _TOP + height - value * height / top

    body = "".join(
        f'<line class="s-line" x1="{_LEFT}" x2="{_LEFT + width}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
        f'stroke="{LINE}"/>{_text(_LEFT - 5, y(value) + 4, "end", str(value))}'
        for value in (0, top)
    )
    body += _text(_LEFT, _HEIGHT - 5, "start", ends[0]) + _text(_LEFT + width, _HEIGHT - 5, "end", ends[1])
    names = apart([y(line.values[-1]) for line in lines], 14, _HEIGHT - _BOTTOM)
    for line, name_y, place in zip(lines, names, range(len(lines)), strict=True):
        points = " ".join(f"{x:.1f},{y(value):.1f}" for x, value in zip(xs, line.values, strict=True))
        body += (
            f'<polyline class="{_STROKES[place]}" points="{points}" fill="none" stroke="{_COLOURS[place]}" '
            f'stroke-width="2" stroke-dasharray="{_DASHES[place]}"/>'
            f'<circle class="{_FILLS[place]}" cx="{xs[-1]:.1f}" cy="{y(line.values[-1]):.1f}" r="3" '
            f'fill="{_COLOURS[place]}"/>'
            f'<text class="{_FILLS[place]}" x="{xs[-1] + 7:.1f}" y="{name_y + 4:.1f}" font-size="12" '
            f'font-weight="bold" fill="{_COLOURS[place]}">{escape(line.name)}</text>'
        )
    return svg(chart_id, _WIDTH, _HEIGHT, title, description, body, "trend")


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return (
        f'<text class="f-muted" x="{x:g}" y="{y:.1f}" font-size="11" text-anchor="{anchor}" fill="{MUTED}">'
        f"{escape(text)}</text>"
    )


@dataclass(frozen=True)
class Day:
    """What ends on a day, and whether any of it is pressing."""

    count: int
    is_pressing: bool = False


def weeks_ahead(
    chart_id: str,
    weekdays: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Day]]],
    title: str,
    description: str,
) -> Markup:
    """Weeks from top to bottom, each with its days from Monday on: the counts, pressing ones in a thick frame.

    rows: the name of each week and its seven days.
    """
    body = "".join(
        _text(_NAMES + _CELL * number + _CELL / 2, _HEAD - 6, "middle", name) for number, name in enumerate(weekdays)
    )
    for row, (name, days) in enumerate(rows):
        y = _HEAD + row * _ROW
        body += f'<text class="f-ink" x="0" y="{y + 19}" font-size="12" fill="{INK}">{escape(name)}</text>'
        body += "".join(_cell(_NAMES + _CELL * number, y, day) for number, day in enumerate(days))
    width, height = _NAMES + _CELL * len(weekdays), _HEAD + _ROW * len(rows)
    return svg(chart_id, width, height, title, description, body, "ahead")


def _cell(x: float, y: float, day: Day) -> str:
    place = 2 if day.is_pressing else 1
    frame = (
        f'<rect class="{_STROKES[place]} {_FILLS[place]}" x="{x + 2}" y="{y + 2}" width="{_CELL - 4}" '
        f'height="{_ROW - 4}" fill="{_COLOURS[place]}" fill-opacity="0.15" stroke="{_COLOURS[place]}" '
        f'stroke-width="{3 if day.is_pressing else 1}"/>'
        if day.count
        else f'<rect class="s-line" x="{x + 2}" y="{y + 2}" width="{_CELL - 4}" height="{_ROW - 4}" fill="none" '
        f'stroke="{LINE}"/>'
    )
    number = (
        f'<text class="f-ink" x="{x + _CELL / 2:g}" y="{y + 19}" font-size="13" font-weight="bold" '
        f'text-anchor="middle" fill="{INK}">{day.count}</text>'
        if day.count
        else ""
    )
    return frame + number
