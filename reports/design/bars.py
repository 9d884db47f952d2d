"""Two bars for each thing side by side: what is there of the one and of the other, and where that is not told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from reports.design.charts import INK, MUTED, SERIES_COLOURS, svg
from reports.language import shortened

_WIDTH, _LEFT, _RIGHT, _BAR, _GAP, _ROW = 640, 2, 150, 16, 8, 76
_FILLS = ("f-first", "f-second")
_LONGEST = 54  # characters of a name above its bars, in the larger letters of a phone
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
    """Bars on one scale below their names, each with its number; a dashed frame of fixed length where that is not told.

    names: of the two series; told: title and description; written: a number or its sign.
    """
    most = max((value or 0 for pair in pairs for value in pair.values), default=0) or 1
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    height = 34 + _ROW * len(pairs)
    parts = [_legend(names)]
    for row, pair in enumerate(pairs):
        top = 50 + row * _ROW
        parts.append(
            f'<text class="f-ink" x="{_LEFT}" y="{top - 6}" font-size="13" fill="{INK}">'
            f"{escape(shortened(pair.name, _LONGEST))}</text>"
        )
        parts += [
            _bar(side, value, top + side * (_BAR + _GAP), scale, written) for side, value in enumerate(pair.values)
        ]
    return svg(chart_id, _WIDTH, height, *told, "".join(parts), "chart bars")


def _bar(side: int, value: int | None, y: int, scale: float, written: Callable[[int | None], str]) -> str:
    length = _UNTOLD if value is None else round(value * scale, 1)
    if value is None:
        drawn = f'class="s-muted" fill="none" stroke="{MUTED}" stroke-width="1.5" stroke-dasharray="5 3"'
    else:
        drawn = f'class="{_FILLS[side]}" fill="{SERIES_COLOURS[side]}"'
    label = written(value)
    x = _LEFT + length + 6
    return (
        f'<rect {drawn} x="{_LEFT}" y="{y}" width="{length}" height="{_BAR}"/>'
        f'<text class="f-ink" x="{x:g}" y="{y + 13}" font-size="12" fill="{INK}">{escape(label)}</text>'
    )


def _legend(names: tuple[str, str]) -> str:
    parts = []
    for side, name in enumerate(names):
        x = _LEFT + side * 150
        parts.append(
            f'<rect class="{_FILLS[side]}" x="{x}" y="4" width="12" height="12" fill="{SERIES_COLOURS[side]}"/>'
            f'<text class="f-ink" x="{x + 18}" y="15" font-size="12" fill="{INK}">{escape(name)}</text>'
        )
    return "".join(parts)
