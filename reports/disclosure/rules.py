"""When a sum gives away who stands behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NOBODY = ""  # stands behind listings that name nobody: they add to values, and protect no one


@dataclass(frozen=True)
class Rules:
    """Parameters of the rules; groups of firms count once. A rule is off where its parameter is None.

    threshold: fewest distinct groups behind a published value; 3 is the practice of the German statistical offices.
    dominance: (n, k), no n largest groups may hold more than k per cent.
    p: no group may estimate another's share more closely than p per cent.
    coalition: so many groups that pool what they know must not learn a third one's from what a sum leaves over.
    protection_percent: how far a calculated range must reach to both sides of a withheld value, and at least by one.
    """

    threshold: int = 3
    dominance: tuple[int, int] | None = (2, 85)
    p: int | None = 10
    coalition: int = 2
    protection_percent: int = 10

    def needed(self, value: int) -> int:
        """The protection level of a withheld value, in its unit, rounded up."""
        return max(1, -(-value * self.protection_percent // 100))


def merged(contributions: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """What each group has in several cells together."""
    found: dict[str, int] = {}
    for one in contributions:
        for group, amount in one.items():
            found[group] = found.get(group, 0) + amount
    return found


def is_sensitive(contributions: Mapping[str, int], rules: Rules) -> bool:
    """Whether a value must be withheld. contributions: amount by group; what `NOBODY` has is left out of every rule.

    Without any contribution there is nothing to protect. Of the p % rule the largest group is the target and the
    second the attacker: x - x1 - x2 < p/100 * x1 (handbook, section 4.2.1).
    """
    if not contributions:
        return False
    amounts = sorted((amount for group, amount in contributions.items() if group != NOBODY), reverse=True)
    total = sum(amounts)
    if len(amounts) < rules.threshold:
        return True
    if rules.dominance is not None:
        number, percent = rules.dominance
        if 100 * sum(amounts[:number]) > percent * total:
            return True
    return rules.p is not None and 100 * (total - sum(amounts[:2])) < rules.p * amounts[0]


def is_telling(contributions: Mapping[str, int], rules: Rules) -> bool:
    """Whether what several withheld cells come to together, which a published total tells, is itself too little."""
    groups = len(contributions.keys() - {NOBODY})
    return groups < rules.coalition + 2 or is_sensitive(contributions, rules)
