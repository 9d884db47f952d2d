"""Attacks the steps of a written month: reads the finished files, shares no code with what protected them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from reports.ministry.audit import Limits, breaks

Steps = Mapping[str, Mapping[str, str]]  # step -> listings that came at least so far, with their groups
_ON_PAGE = re.compile(r'<dl class="facts steps"[^>]*>(.*?)</dl>', re.DOTALL)
_NUMBER = re.compile(r'<dd>(?:<span class="sign">)?([^<]*)')


def told_steps(file: bytes) -> dict[str, int | None]:
    """What a month's long file says of each step, None where it is withheld; empty where it has no steps."""
    rows = list(csv.DictReader(io.StringIO(file.decode())))
    found = {
        row["measure"].removeprefix("reached_"): int(row["value"]) if row["value"] else None
        for row in rows
        if row["measure"].startswith("reached_")
    }
    first = next(
        (
            int(row["value"]) if row["value"] else None
            for row in rows
            if row["measure"] == "listings" and row["region"] == row["product"] == "TOTAL" and row["kind"] == "request"
        ),
        None,
    )
    return {"requests": first, **found} if found else {}


def funnel_findings(file: bytes, truth: Steps, earlier: Sequence[tuple[Steps, frozenset[str]]] = ()) -> list[str]:
    """What must not go out of a long file, naming the steps."""
    told = told_steps(file)
    found = steps_findings(told, truth, earlier)
    return found if not told or told["requests"] is not None else [*found, "steps beside a withheld number of requests"]


def steps_findings(
    told: Mapping[str, int | None], truth: Steps, earlier: Sequence[tuple[Steps, frozenset[str]]] = ()
) -> list[str]:
    """What must not be told, naming the steps. truth: first step first; earlier: of other months, with what they told.

    Between two steps that are told lie groups of requests whose sum everybody knows: each alone must stay open.
    """
    names = list(truth)
    if all(told.get(step) is None for step in names[1:]):
        return []  # the first step is a number of the tables, and attacked there
    found = [
        f"{step}: published {value}, counted {len(truth[step])}"
        for step, value in told.items()
        if value is not None and value != len(truth[step])
    ]
    between: list[Mapping[str, str]] = []  # of those that came so far and no further, since the last step that is told
    for step, after in zip(names, [*names[1:], ""], strict=True):
        further = truth.get(after, {})
        between.append({listing: group for listing, group in truth[step].items() if listing not in further})
        if not after or told[after] is not None:
            found.extend(f"up to {step}: {finding}" for finding in _of_span(between))
            between = []
    for step, value in told.items():
        if value is not None and step != names[0]:
            found.extend(f"{step}: its change is the doing of too few" for one in earlier if _is_few(step, truth, one))
    return found


def _of_span(parts: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """What the sum of parts tells of one of them, to everybody and to two contributors of the others."""
    limits = Limits()
    for at, part in enumerate(parts):
        own = _counts([part])
        if not part or not breaks(own, limits):
            continue
        others = [one for place, one in enumerate(parts) if place != at and one]
        need = max(1, -(-len(part) * limits.protection_percent // 100))
        if sum(map(len, others)) - len(others) < need:
            yield f"{len(part)} requests of {len(own)} group(s) can be told"
        elif sum(sorted(_counts(others).values(), reverse=True)[2:]) + sum("" in one.values() for one in others) == 0:
            yield f"{len(part)} requests can be told by two others"


def _counts(parts: Sequence[Mapping[str, str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in (group for one in parts for group in one.values() if group):
        found[group] = found.get(group, 0) + 1
    return found


def _is_few(step: str, truth: Steps, earlier: tuple[Steps, frozenset[str]]) -> bool:
    then, told = earlier
    before, now = then[step], truth[step]
    moved = now.keys() ^ before.keys()
    return step in told and bool(moved) and len({{**before, **now}[one] for one in moved} - {""}) < Limits().threshold


def page_findings(page: bytes, file: bytes) -> list[str]:
    """Steps of a page that differ from the file."""
    told = [("." if value is None else "–" if value == 0 else str(value)) for value in told_steps(file).values()]
    steps = _ON_PAGE.search(page.decode())
    shown = [re.sub(r"\D", "", one) or one for one in _NUMBER.findall(steps[1])] if steps else []
    return [] if shown == told else [f"steps: {shown} on the page, {told} in the file"]
