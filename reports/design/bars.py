"""Two bars for each thing side by side: what is there of the one and of the other, and where that is not told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup, escape

from reports.design.charts import INK, LINE, MUTED, SERIES_COLOURS, svg

_WIDTH, _LEFT, _RIGHT, _BAR, _ROW = 640, 228, 80, 15, 46
_FILLS = ("f-first", "f-second")
_LONGEST = 32  # characters of a line of a name beside the bars
_UNTOLD = 60  # pixels of a bar that is not told: as long for every value, so that it tells none


@dataclass(frozen=True)
class Pair:
    """One thing and its two numbers; None where a number is not told."""

    name: str
    values: tuple[int | None, int | None]


def paired_bars(
    chart_id: str,
    pairs: Sequence[Pair],
    names: tuple[str, str],
    told: tuple[str, str],
    written: Callable[[int | None], str],
) -> Markup:
    """Bars on one scale, each with its number; one that is not told is a dashed frame of a fixed length.

    names: of the two series; told: title and description; written: a number or its sign.
    """
    most = max((value or 0 for pair in pairs for value in pair.values), default=0) or 1
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    height = 34 + _ROW * len(pairs)
    parts = [_legend(names, height)]
    for row, pair in enumerate(pairs):
        top = 30 + row * _ROW
        lines = wrap(pair.name, _LONGEST, max_lines=2, placeholder="…")
        parts += [
            f'<text class="f-ink" x="{_LEFT - 10}" y="{top + _BAR + 4 + 14 * number - 7 * (len(lines) - 1)}" '
            f'font-size="12" text-anchor="end" fill="{INK}">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ]
        parts += [_bar(side, value, top + side * (_BAR + 2), scale, written) for side, value in enumerate(pair.values)]
    return svg(chart_id, _WIDTH, height, *told, "".join(parts), "chart")


def _bar(side: int, value: int | None, y: int, scale: float, written: Callable[[int | None], str]) -> str:
    length = _UNTOLD if value is None else round(value * scale, 1)
    if value is None:
        drawn = f'class="s-line" fill="none" stroke="{MUTED}" stroke-dasharray="4 3"'
    else:
        drawn = f'class="{_FILLS[side]}" fill="{SERIES_COLOURS[side]}"'
    label = written(value)
    x = _LEFT + length + 6
    return (
        f'<rect {drawn} x="{_LEFT}" y="{y}" width="{length}" height="{_BAR}"/>'
        f'<text class="f-ink" x="{x:g}" y="{y + 12}" font-size="12" fill="{INK}">{escape(label)}</text>'
    )


def _legend(names: tuple[str, str], height: int) -> str:
    parts = [f'<line class="s-line" x1="{_LEFT}" x2="{_LEFT}" y1="26" y2="{height - 4}" stroke="{LINE}"/>']
    for side, name in enumerate(names):
        x = _LEFT + side * 150
        parts.append(
            f'<rect class="{_FILLS[side]}" x="{x}" y="4" width="12" height="12" fill="{SERIES_COLOURS[side]}"/>'
            f'<text class="f-ink" x="{x + 18}" y="15" font-size="12" fill="{INK}">{escape(name)}</text>'
        )
    return "".join(parts)
