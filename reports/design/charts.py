"""Small SVG charts: title and description inside, presentation attributes for print, classes for the dark theme.

WeasyPrint ignores a page's stylesheet inside SVG, so every mark carries its light colour; browsers let the classes
of `style.css` win. A chart never stands alone: its values are in the text or a table beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from textwrap import wrap

from markupsafe import Markup, escape

INK, MUTED, LINE = "#1a1d23", "#4a5361", "#c9d1da"
SERIES_COLOURS = ("#0b5a8a", "#8a4500")  # wherever the two kinds are drawn: offers, requests
_SERIES_CLASSES = ("s-first", "s-second")
_DASHES = ("none", "6 4")
# Size and margins of a line chart, in pixels; names of the lines stand in the right margin.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 160, 44, 150, 12, 26
LEAST_POINTS = 3  # two points are a difference, and told as one
_MOST_LABELS = 8  # below a line chart, before they touch


@dataclass(frozen=True)
class Series:
    """One line of a chart: its name and one value per point."""

    name: str
    values: Sequence[float | None]  # None where a value is not told: the line has a gap
    last: str  # the last value as readers write it


def svg(chart_id: str, width: int, height: int, title: str, description: str, body: str, kind: str) -> Markup:
    """The frame of a chart: its size, and what it shows in words; `body` is ours and escaped."""
    return Markup(  # noqa: S704 the parts are numbers or escaped below and by the callers
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{chart_id}-title {chart_id}-desc"><title id="{chart_id}-title">{escape(title)}</title>'
        f'<desc id="{chart_id}-desc">{escape(description)}</desc>{body}</svg>'
    )


# What a picture needs where no page brings its style: both themes, and letters that every machine has.
_STYLE = (
    "svg{font-family:sans-serif;background:#fff}"
    "@media screen and (prefers-color-scheme:dark){svg{background:#14181d}.f-ink{fill:#e8ecf1}.f-muted{fill:#b1bac6}"
    ".s-line{stroke:#4a5563}.s-muted{stroke:#b1bac6}.f-first{fill:#7cc0ee}.s-first{stroke:#7cc0ee}.f-second{fill:#f2b26b}"
    ".s-second{stroke:#f2b26b}}"
)


# Of a file of its own: characters that stand on one line of the title and of a note, and how far a small chart grows.
_TITLE_LINE, _NOTE_LINE, _LARGEST_SCALE = 66, 104, 1.7
_SIZE = re.compile(r' width="(\d+)" height="(\d+)"')


def standalone(image: Markup, language: str, title: str, notes: Sequence[str], mark: str = "") -> str:
    """A chart as a file of its own: its title above, notes below (whose it is, what its signs mean).

    mark: what nobody may miss, such as that the numbers are samples; stands below the title.
    """
    width, height = map(int, _SIZE.findall(image)[0])
    scale = min(_WIDTH / width, _LARGEST_SCALE)
    above = [*wrap(title, _TITLE_LINE), *([mark] if mark else [])]
    below = [line for note in notes for line in wrap(note, _NOTE_LINE)]
    top, tall = 20 * len(above) + 16, round(height * scale)
    size = f' width="{round(width * scale)}" height="{tall}"'
    placed = _SIZE.sub(size, str(image), count=1).replace("<svg ", f'<svg x="8" y="{top}" ', 1)
    head = "".join(
        f'<text class="f-ink" x="8" y="{y}" font-size="15" font-weight="bold" fill="{INK}">{escape(line)}</text>'
        for y, line in zip(count(24, 20), above, strict=False)
    )
    foot = "".join(
        f'<text class="f-muted" x="8" y="{y}" font-size="11" fill="{MUTED}">{escape(line)}</text>'
        for y, line in zip(count(top + tall + 24, 16), below, strict=False)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xml:lang="{language}" width="{_WIDTH + 20}" '
        f'height="{top + tall + 20 + 16 * len(below)}"><style>{_STYLE}</style>{head}{placed}{foot}</svg>'
    )


def _points(xs: Sequence[float], ys: Sequence[float]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))


def sparkline(chart_id: str, values: Sequence[float], title: str, description: str) -> Markup:
    """The course of one figure, last point marked. At least `LEAST_POINTS` values, else ValueError."""
    if len(values) < LEAST_POINTS:
        raise ValueError(f"a sparkline needs at least {LEAST_POINTS} values")
    width, height, margin = 120, 28, 4
    low, high = min(values), max(values)
    scale = (height - 2 * margin) / ((high - low) or 1)
    xs = [margin + index * (width - 2 * margin) / (len(values) - 1) for index in range(len(values))]
    ys = [height - margin - (value - low) * scale for value in values]
    body = (
        f'<polyline class="s-first" points="{_points(xs, ys)}" fill="none" stroke="{SERIES_COLOURS[0]}" '
        f'stroke-width="2"/><circle class="f-first" cx="{xs[-1]:.1f}" cy="{ys[-1]:.1f}" r="3" '
        f'fill="{SERIES_COLOURS[0]}"/>'
    )
    return svg(chart_id, width, height, title, description, body, "spark")


def _nice_step(largest: float) -> int:
    """The step of 1, 2 or 5 times a power of ten that cuts 0..largest into at most five parts."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if largest <= 5 * factor * step:
                return factor * step
        step *= 10


@dataclass(frozen=True)
class _Plot:
    """Where the points of a line chart lie, in pixels: so many side by side, values from zero to the top one."""

    points: int
    top_value: int

    def x(self, index: int) -> float:
        return _LEFT + index * (_WIDTH - _LEFT - _RIGHT) / max(1, self.points - 1)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - value * (_HEIGHT - _TOP - _BOTTOM) / self.top_value


def line_chart(
    chart_id: str,
    labels: Sequence[str],
    series: Sequence[Series],
    title: str,
    description: str,
) -> Markup:
    """At most two lines over the same points, each named at its end; lines differ by dash as well as by colour.

    ``labels`` name the points; when there are many, every n-th is written, the last always.
    """
    largest = max(value for line in series for value in line.values if value is not None)
    step = _nice_step(largest)
    plot = _Plot(len(labels), step * max(1, -(-int(largest) // step)))
    body = _grid(plot, step) + _axis(plot, labels) + _lines(plot, series)
    return svg(chart_id, _WIDTH, _HEIGHT, title, description, body, "chart")


def _grid(plot: _Plot, step: int) -> str:
    """A line across and its value for every step."""
    return "".join(
        f'<line class="s-line" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{plot.y(value):.1f}" y2="{plot.y(value):.1f}" '
        f'stroke="{LINE}"/><text class="f-muted" x="{_LEFT - 6}" y="{plot.y(value) + 4:.1f}" font-size="12" '
        f'text-anchor="end" fill="{MUTED}">{value}</text>'
        for value in range(0, plot.top_value + 1, step)
    )


def _axis(plot: _Plot, labels: Sequence[str]) -> str:
    """The names of the points, as many as have room, counted from the last."""
    every = max(1, -(-len(labels) // _MOST_LABELS))
    return "".join(
        f'<text class="f-muted" x="{plot.x(index):.1f}" y="{_HEIGHT - 6}" font-size="12" text-anchor="middle" '
        f'fill="{MUTED}">{escape(label)}</text>'
        for index, label in enumerate(labels)
        if (len(labels) - 1 - index) % every == 0
    )


def _lines(plot: _Plot, series: Sequence[Series]) -> str:
    """The lines, each with its last point marked and its name beside it."""
    stretches = [_stretches(plot, line.values) for line in series]
    ends = apart([found[-1][1][-1] for found in stretches], 16, _HEIGHT)
    parts = []
    for line, found, end, colour, name, dash in zip(
        series, stretches, ends, SERIES_COLOURS, _SERIES_CLASSES, _DASHES, strict=False
    ):
        parts += [
            f'<polyline class="{name}" points="{_points(xs, ys)}" fill="none" stroke="{colour}" stroke-width="2.5"'
            f' stroke-dasharray="{dash}"/>'
            for xs, ys in found
        ]
        (*_, x), (*_, y) = found[-1]
        parts.append(
            f'<circle class="{name.replace("s-", "f-")}" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
            f'<text class="{name.replace("s-", "f-")}" x="{x + 10:.1f}" y="{end + 4:.1f}" font-size="13" '
            f'font-weight="bold" fill="{colour}">{escape(line.name)} {escape(line.last)}</text>'
        )
    return "".join(parts)


def _stretches(plot: _Plot, values: Sequence[float | None]) -> list[tuple[list[float], list[float]]]:
    """The points of a line, cut wherever a value is not told; a value alone is a stretch of one point."""
    found: list[tuple[list[float], list[float]]] = []
    for index, value in enumerate(values):
        if value is None:
            continue
        if not found or values[index - 1] is None:
            found.append(([], []))
        found[-1][0].append(plot.x(index))
        found[-1][1].append(plot.y(value))
    return found


def apart(positions: Sequence[float], gap: float, lowest: float) -> list[float]:
    """Label positions moved until neighbours are at least a gap apart: downwards, but none below the lowest."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    placed: dict[int, float] = {}
    previous = float("-inf")
    for index in order:
        previous = max(positions[index], previous + gap)
        placed[index] = previous
    limit = lowest
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - gap
    return [placed[index] for index in range(len(positions))]
