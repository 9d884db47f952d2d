"""What data staff watch at every platform: is it reachable, is its volume plausible, is too much refused.

A finding never stops the week; what must stop a platform is raised while its snapshot is read (`intake.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from sources.platform import Platform

LARGEST_QUARANTINE_SHARE = 0.2


@dataclass(frozen=True)
class Finding:
    """One watched property of one platform in one week."""

    platform: str
    check: str
    passed: bool
    facts: Mapping[str, str | int | float]

    @property
    def in_words(self) -> str:
        """Which check, and what it saw."""
        return f"{self.check} ({', '.join(f'{name} {value}' for name, value in self.facts.items())})"


def reachable(platform: Platform, state: pd.Series) -> Finding:
    """This week's state could be read; otherwise the last good one stands in."""
    facts = {"age_days": int(state["age_days"])}
    reason = {} if pd.isna(state["reason"]) else {"reason": str(state["reason"])}
    return Finding(platform.name, "reachable", state["state"] == "fresh", {**facts, **reason})


def volume(platform: Platform, state: pd.Series) -> Finding:
    """The number of rows lies in the platform's own band."""
    fewest, most = platform.expected_rows
    rows = int(state["rows_read"])
    is_plausible = state["state"] != "fresh" or fewest <= rows <= most  # an old state was judged when it was new
    return Finding(platform.name, "volume", is_plausible, {"rows": rows, "fewest": fewest, "most": most})


def quarantine(platform: Platform, state: pd.Series) -> Finding:
    """At most a fifth of the rows was refused."""
    share = float(state["rows_quarantined"] / max(state["rows_read"], 1))
    facts = {"share": round(share, 3), "most": LARGEST_QUARANTINE_SHARE}
    return Finding(platform.name, "quarantine", share <= LARGEST_QUARANTINE_SHARE, facts)


WATCHED: tuple[Callable[[Platform, pd.Series], Finding], ...] = (reachable, volume, quarantine)


def watch(platform: Platform, state: pd.Series) -> tuple[Finding, ...]:
    """All findings on one platform; `state` is its row of `SourceState`."""
    return tuple(look(platform, state) for look in WATCHED)
