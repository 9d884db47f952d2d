"""What data staff watch at every platform: is it reachable, is its volume plausible, is too much refused.

A finding never stops the week; what must stop a platform is raised while its snapshot is read (`intake.py`).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from sources.listing import column
from sources.platform import Platform
from sources.weekly.wholeness import RULE

LARGEST_QUARANTINE_SHARE = 0.2
FEWEST_REPEATED = 3  # platforms; fewer may really have nothing new
# Rules that a whole delivery keeps: nothing is wrong with the rows that it has.
NOT_WHOLE = ("taken", RULE, "detail_page", "listed", "known_column")


@dataclass(frozen=True)
class Finding:
    """One watched property of one platform in one week."""

    platform: str
    check: str
    passed: bool
    facts: Mapping[str, Any]  # what JSON can hold


class PlatformFinding(pa.DataFrameModel):
    """What was watched at the platforms in one week. Grain: one row per platform and check."""

    platform: Series[str] = column("name of the platform")
    check: Series[str] = column("what was looked at, see `reports/findings.py`")
    passed: Series[bool] = column("nothing to do")
    facts: Series[str] = column('what was seen, as JSON: {"rows": 12, "fewest": 20, "most": 400}')

    class Config:
        strict = True
        coerce = True


def as_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as rows of `PlatformFinding`, in the order given."""
    rows = [(one.platform, one.check, one.passed, json.dumps(one.facts, ensure_ascii=False)) for one in findings]
    return PlatformFinding.validate(pd.DataFrame(rows, columns=list(PlatformFinding.to_schema().columns)))


def reachable(platform: Platform, state: pd.Series) -> Finding:
    """This week's state could be read; otherwise the last good one stands in, if there ever was one."""
    facts = {} if state["state"] == "missing" else {"age_days": int(state["age_days"])}
    reason = {} if pd.isna(state["reason"]) else {"reason": str(state["reason"])}
    return Finding(platform.name, "reachable", state["state"] == "fresh", {**facts, **reason})


def volume(platform: Platform, state: pd.Series) -> Finding:
    """The number of rows lies in the platform's own band."""
    fewest, most = platform.expected_rows
    rows = int(state["rows_read"])
    is_plausible = state["state"] != "fresh" or fewest <= rows <= most  # an old state was judged when it was new
    return Finding(platform.name, "volume", is_plausible, {"rows": rows, "fewest": fewest, "most": most})


def quarantine(platform: Platform, state: pd.Series, refused: pd.DataFrame) -> Finding:
    """At most a fifth of the rows was refused; of a row that came twice nothing is lacking.

    refused: the platform's rows of `Quarantine`; `files_taken` tells of deliveries that are not whole.
    """
    lacking = int(refused.loc[~refused["rule"].isin(("duplicate", *NOT_WHOLE)), "row"].nunique())
    share = lacking / max(int(state["rows_read"]), 1)
    facts = {"share": round(share, 3), "most": LARGEST_QUARANTINE_SHARE}
    return Finding(platform.name, "quarantine", share <= LARGEST_QUARANTINE_SHARE, facts)


def files_taken(platform: Platform, refused: pd.DataFrame) -> Finding:
    """Every file that was delivered could be taken, none is cut off, no page lacks and no column is new.

    refused: the platform's rows of `Quarantine`.
    """
    left_out = refused[refused["rule"].isin(NOT_WHOLE)]
    facts = dict(zip(left_out["row"], left_out["reason"], strict=True))
    return Finding(platform.name, "files_taken", not facts, {"files": facts})


def repeated(platform: Platform, states: pd.DataFrame, before: pd.DataFrame | None) -> Finding:
    """Not every platform brought byte for byte what it brought the week before.

    states, before: rows of `SourceState` of all platforms, this week's and those of the newest stored week before.
    """
    now, then = (
        {} if rows is None else dict(zip(rows["platform"], rows["input_sha256"], strict=True))
        for rows in (states[states["state"] == "fresh"], before)
    )
    is_other = any(then.get(name) != content for name, content in now.items())
    passed = is_other or platform.name != next(iter(now), "") or len(now) < FEWEST_REPEATED  # told once
    return Finding(platform.name, "repeated", passed, {"platforms": len(now)})


WATCHED: tuple[Callable[..., Finding], ...] = (reachable, volume, quarantine, files_taken, repeated)


def watch(platform: Platform, state: pd.Series, refused: pd.DataFrame) -> tuple[Finding, ...]:
    """All findings on one platform: on its row of `SourceState` and its rows of `Quarantine`."""
    return (
        reachable(platform, state),
        volume(platform, state),
        quarantine(platform, state, refused),
        files_taken(platform, refused),
    )
