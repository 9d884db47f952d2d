"""What rules a pair out, whatever its score: one function per constraint over all pairs of a block.

What nobody stated rules nothing out: a missing norm, date or quantity is unknown, not a contradiction.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matching.arrays import Flags, Integers
from matching.curves import OPEN_STATUSES
from matching.needs.sides import Side
from matching.taxonomy.attributes import Statements, attributes, contradictions, is_contradiction


def violations(asked: Side, offered: Side, rows: Integers, columns: Integers) -> dict[str, Flags]:
    """Per constraint but "concept", which pairs break it.

    rows, columns: positions on the two sides; shapes broadcast, every mask has the common shape.
    """
    shape = np.broadcast_shapes(rows.shape, columns.shape)
    starts_late = offered.start[columns] > asked.until[rows]
    has_ended = offered.until[columns] < np.fmax(0.0, asked.start[rows])
    broken = {
        "kind": offered.kind[columns] != "offer",
        "norm": _norm_differs(asked.norm_sets)[asked.norm_set[rows], offered.norm_set[columns]],
        "medical": (asked.is_medical[rows] == 1) & (offered.is_medical[columns] == 0),
        "sterile": (asked.is_sterile[rows] == 1) & (offered.is_sterile[columns] == 0),
        "attribute": is_contradiction(asked.stated, offered.stated, rows, columns),
        "minimum_quantity": _comparable(asked, offered, rows, columns) & (offered.least[columns] > asked.amount[rows]),
        "time_window": starts_late | has_ended,
        "country": (asked.trade_area[rows] >= 0)
        & (offered.trade_area[columns] >= 0)
        & (asked.trade_area[rows] != offered.trade_area[columns]),
        "open_for_interest": ~np.isin(offered.status[columns].astype(str), OPEN_STATUSES),
        "vetting": offered.vetting[columns] == "rejected",
    }
    return {name: np.broadcast_to(mask.astype(bool), shape) for name, mask in broken.items()}


def first_broken(broken: Mapping[str, Flags], *cells: Integers) -> list[str]:
    """The first constraint that each of some cells breaks; every cell breaks one."""
    names = list(broken)
    place = np.argmax([broken[name][cells] for name in names], axis=0) if len(cells[0]) else []
    return [names[number] for number in place]


def _comparable(asked: Side, offered: Side, rows: Integers, columns: Integers) -> Flags:
    same: Flags = (asked.dimension[rows] == offered.dimension[columns]) & (asked.dimension[rows] >= 0)
    return same


def _norm_differs(norm_sets: tuple[tuple[str, ...], ...]) -> Flags:
    """Table over the distinct sets of norms: both state some and share none.

    Asking for two norms means that either will do: boards list alternatives.
    """
    return np.array(
        [
            [bool(wanted) and bool(found) and not set(wanted) & set(found) for found in norm_sets]
            for wanted in norm_sets
        ],
        dtype=bool,
    ).reshape(len(norm_sets), len(norm_sets))


def facts(constraint: str, asked: Side, offered: Side, request: int, offer: int) -> tuple[Any, Any]:
    """What the request wants and the offer has, as facts for the evidence of a near-miss; not for "concept"."""
    unit = asked.unit_size[request]
    match constraint:
        case "kind":
            return "offer", offered.kind[offer]
        case "norm":
            return "; ".join(asked.norms[request]), "; ".join(offered.norms[offer])
        case "medical" | "sterile":
            return True, False
        case "attribute":
            number = int(contradictions(asked.stated, offered.stated, np.array(request), np.array(offer)))
            return _phrase(asked.stated, request, number), _phrase(offered.stated, offer, number)
        case "minimum_quantity":
            return _number(asked.amount[request] / unit), _number(offered.least[offer] / unit)
        case "time_window":
            late = offered.start[offer] > asked.until[request]
            return asked.deadline[request], offered.begins_on[offer] if late else offered.deadline[offer]
        case "country":
            return asked.country_code[request], offered.country_code[offer]
        case "open_for_interest":
            return "open", offered.status[offer]
        case "vetting":
            return "approved", offered.vetting[offer]
    raise ValueError(f"no facts for the constraint {constraint}")


def _phrase(stated: Statements, listing: int, number: int) -> str:
    """The words that state an attribute, else its value that is taken for granted."""
    attribute = attributes()[number]
    return stated.phrases[listing].get(number) or attribute.values[attribute.default.bit_length() - 1]


def _number(value: float) -> float:
    return float(f"{value:.4g}")
