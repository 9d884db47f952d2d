"""How far a month's requests came: matched, told as a case with a possible consortium, answered, agreed.

The steps are contained in each other, so that the difference of any two is a number as well: the requests that came so
far and no further. A step is told where these differences keep to the rules of all numbers.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from reports.disclosure import NOBODY, Rules, is_sensitive
from reports.disclosure.rules import merged
from reports.ministry.counted import Frames
from reports.ministry.month_counted import MonthEntry
from reports.ministry.statistics import CHANGE_RULES
from sources.week import Week

STEPS = ("requests", "matched", "told", "answered", "agreed")  # every consortium is told as a case
_AGREED = ("agreed", "delivered")
Reached = Mapping[str, Mapping[str, str]]  # step -> listings that came at least so far, with their groups


def reached(weeks: Mapping[Week, Frames], counted: Sequence[MonthEntry]) -> Reached:
    """Of each step the month's requests that reached it or a later one in any week."""
    came: dict[str, set[str]] = {step: set() for step in STEPS}
    for frames in weeks.values():
        for step, requests in _of_week(frames).items():
            came[step] |= requests
    group_of = {one.listing_id: one.group for one in counted if one.kind == "request"}
    found: dict[str, dict[str, str]] = {STEPS[0]: group_of}
    further: set[str] = set()
    for step in reversed(STEPS[1:]):
        further |= came[step]
        found[step] = {listing: group for listing, group in group_of.items() if listing in further}
    return found


def _of_week(frames: Frames) -> dict[str, set[str]]:
    matches, cases, found = frames.matches, frames.cases, dict[str, set[str]]()
    if len(matches):
        found["matched"] = set(matches.loc[matches["blocked_by"].isna(), "request_id"])
    if len(cases):
        answered, agreed = cases["answer"].notna(), cases["answer"].isin(_AGREED)
        found |= {"told": set(cases["request_id"]), "answered": set(cases.loc[answered, "request_id"])}
        found["agreed"] = set(cases.loc[agreed, "request_id"])
    return found


def funnel(own: Reached, earlier: Sequence[tuple[Reached, frozenset[str]]], rules: Rules) -> dict[str, int | None]:
    """What may be told of each step; None: withheld. Of all safe choices the one with most steps, the first ones.

    earlier: of other months of the quarter what was reached, and the steps that were told: what one withheld stays so.
    The first step is a number of the month's tables, and told there.
    """
    free = [
        step
        for step in STEPS[1:]
        if all(step in told and not _is_change_told(own[step], before[step]) for before, told in earlier)
    ]
    choices = (told for number in range(len(free), -1, -1) for told in combinations(free, number))
    chosen = next((told for told in choices if all(_is_safe(span, rules) for span in _spans(own, told))), ())
    return {step: len(own[step]) if step in (STEPS[0], *chosen) else None for step in STEPS}


def _spans(own: Reached, told: Collection[str]) -> Iterator[list[Counter[str]]]:
    """Between each told step and the next one told: by group the requests that came to a step and no further."""
    parts: list[Counter[str]] = []
    for step, after in zip(STEPS, (*STEPS[1:], ""), strict=True):
        further = own.get(after, {})
        parts.append(Counter(group for listing, group in own[step].items() if listing not in further))
        if not after or after in told:
            yield parts
            parts = []


def _is_safe(span: Sequence[Counter[str]], rules: Rules) -> bool:
    """Whether the sum of a span, which everybody can calculate, tells too little of any part of it.

    Where every span keeps to the rules, so do the steps themselves, which are sums of spans: shares of the largest
    groups grow no larger by adding up.
    """
    parts = [part for part in span if part]
    sensitive = [at for at, part in enumerate(parts) if is_sensitive(part, rules)]
    return not sensitive or (
        not is_sensitive(merged(parts), rules)
        and all(_is_hidden(parts[at], [*parts[:at], *parts[at + 1 :]], rules) for at in sensitive)
    )


def _is_hidden(part: Counter[str], others: Sequence[Counter[str]], rules: Rules) -> bool:
    """Whether the others could be as much smaller as the rules ask, and are of more groups than may pool.

    Of each of the others everybody may guess that it is not empty.
    """
    together = merged(others)
    room = sum(together.values()) - len(others)
    return room >= rules.needed(part.total()) and len(together.keys() - {NOBODY}) > rules.coalition


def _is_change_told(now: Mapping[str, str], then: Mapping[str, str]) -> bool:
    """Whether the difference from what another month told of a step is the doing of too few groups."""
    groups = {{**then, **now}[listing] for listing in now.keys() ^ then.keys()}
    return is_sensitive(dict.fromkeys(groups, 1), CHANGE_RULES)
