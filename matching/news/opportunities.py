"""Opportunities: which consortia are new, changed, unchanged or gone against all earlier weeks.

A week is compared with what is stored of the weeks before it, never with what comes after, so reruns in any order
give the same answer. Against flicker, the content last reported stays the yardstick until a difference matters:
another set of partners in a role, other missing roles, another deadline, or the covered share moved by
NOTABLE_SHARE or more since then. That another request of the same need stands for it is told beside one of these, and
no difference alone: of two that say the same either may come first.

What people closed stays closed, whatever the week composes, until something changes that matters to the cause
(`matching.cases.history.rests`); then the same number opens again.
"""

import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
from pandera.typing import DataFrame

from matching.cases.history import Closing, rests
from matching.schema import Consortium, ConsortiumRole, Opportunity, OpportunityNumber, empty
from sources.listing import URGENCIES, Listing
from sources.week import Week

WEEKS_OF_A_QUARTER = 13
NOTABLE_SHARE = 0.1  # judgement; the composer changes a plan for no less either (`consortia.weights.NOTABLE`)
OUTSIDE_STATES = {"fulfilled": "fulfilled", "withdrawn": "withdrawn", "expired": "expired", "stale": "expired"}

Content = dict[str, Any]


def report(
    consortia: DataFrame[Consortium],
    roles: DataFrame[ConsortiumRole],
    past: pd.DataFrame,
    listings: DataFrame[Listing],
    *,
    week: Week,
    numbers: DataFrame[OpportunityNumber] | None = None,
    held: Collection[str] = (),
    closings: Mapping[str, Closing] = MappingProxyType({}),
) -> DataFrame[Opportunity]:
    """The opportunities of a week, ranked; those that closed stand last.

    past: all stored rows of Opportunity with a column ``week`` (ISO week); rows of this week or later are left out.
    If none remain, everything is the baseline. An opportunity that vanished while its platform's listings are only
    carried over has no row this week and is not closed: nobody knows yet.
    numbers: those that earlier runs of this very week gave out; they stay with their consortium, new ones come after.
    held: ids of listings that are held back. What was told for itself before and is part of another case now is closed
    as merged.
    closings: decisions that close a case, by number, as known at the week's end.
    """
    known = _last_reported(past[past["week"] < str(week)] if len(past) else past)
    content = _contents(consortia, roles)
    closed = {key: closings[row["opportunity_id"]] for key, row in known.items() if row["opportunity_id"] in closings}
    resting = {key: one.cause for key, one in closed.items() if rests(known[key], content.get(key), one)}
    ranked = _ranked(consortia[~consortia["consortium_id"].isin(resting)])
    reported = ranked["consortium_id"].to_list()
    found_now = [key for key in reported if key not in known]
    given = _numbered(found_now, week, {} if numbers is None else _by_consortium(numbers))
    state = "new" if known else "baseline"
    rows = []
    for concept_id, key in zip(ranked["concept_id"], reported, strict=True):
        told = _continued(known[key], content[key]) if key in known else _first(given[key], state, week, content[key])
        rows.append(told | {"consortium_id": key, "title_concept_id": concept_id, "closing_reason": None})
    elsewhere = {one["request"]: "merged" for one in content.values()} | dict.fromkeys(held, "held_back")
    gone = {key: row for key, row in known.items() if key not in content or key in resting}
    rows.extend(_closed(gone, listings, elsewhere, resting))
    return _table(rows)


def _table(rows: Sequence[Mapping[str, Any]]) -> DataFrame[Opportunity]:
    """Rows in the order of their ranks."""
    if not rows:
        return DataFrame[Opportunity](empty(Opportunity))
    table = pd.DataFrame(rows).assign(rank=range(1, len(rows) + 1))
    return DataFrame[Opportunity](table[list(Opportunity.to_schema().columns)])


def numbers_after(
    reported: DataFrame[Opportunity], week: Week, before: DataFrame[OpportunityNumber] | None = None
) -> DataFrame[OpportunityNumber]:
    """All numbers that a week has given out, in their order: those of earlier runs, and those of `reported`."""
    columns = list(OpportunityNumber.to_schema().columns)
    given: list[pd.DataFrame] = [] if before is None else [before]
    given.append(reported.loc[reported["first_reported_in"] == str(week), columns])
    table = pd.concat(given, ignore_index=True).drop_duplicates("opportunity_id")
    return DataFrame[OpportunityNumber](table.sort_values("opportunity_id", key=_places, ignore_index=True))


def _places(numbers: pd.Series) -> pd.Series:
    """Place of each number in its week."""
    return numbers.str.rsplit("-").str[-1].astype(int)


def _by_consortium(numbers: DataFrame[OpportunityNumber]) -> dict[str, str]:
    return dict(zip(numbers["consortium_id"], numbers["opportunity_id"], strict=True))


def _numbered(keys: Sequence[str], week: Week, given: Mapping[str, str]) -> dict[str, str]:
    """Consortium -> number: the one that it was given before, else the next free one."""
    free = itertools.count(1 + max((int(name.rpartition("-")[2]) for name in given.values()), default=0))
    return {key: given.get(key) or f"K-{week.year}-{week.number:02d}-{next(free):02d}" for key in keys}


def _first(number: str, state: str, week: Week, content: Content) -> dict[str, Any]:
    """The row of a consortium that was never reported before."""
    return {
        "opportunity_id": number,
        "state": state,
        "change": "[]",
        "first_reported_in": str(week),
        "content": _packed(content),
    }


def remembered(past: pd.DataFrame) -> pd.DataFrame:
    """Of all rows of Opportunity of some weeks, oldest week first, those that a later week may ask for, in their order.

    These are of each consortium the newest row, and of each number the newest, the newest that told something and the
    newest that opened it again.
    """
    if past.empty:
        return past
    is_kept = ~past.duplicated("consortium_id", keep="last")
    for told in (past, past[past["state"] != "unchanged"], past[past["state"] == "reopened"]):
        is_kept[told.index[~told.duplicated("opportunity_id", keep="last")]] = True
    return past[is_kept].reset_index(drop=True)


def living(past: pd.DataFrame) -> frozenset[str]:
    """The consortium ids of all that earlier weeks told and none closed.

    A case that closed for lack of supply alone is still asked for: it lives on for the weeks of a quarter.
    past: rows of Opportunity with a column ``week`` (ISO week), as far as they are `remembered`.
    """
    if past.empty:
        return frozenset()
    last = past.sort_values(["week", "consortium_id"]).drop_duplicates("consortium_id", keep="last")
    since = str(Week.parse(str(last["week"].max())).shifted(-WEEKS_OF_A_QUARTER))
    is_asked_for = (last["closing_reason"] == "no_supply") & (last["week"] >= since)
    return frozenset(last.loc[(last["state"] != "closed") | is_asked_for, "consortium_id"])


def followed(past: pd.DataFrame, renamed: Mapping[str, str]) -> pd.DataFrame:
    """Rows of Opportunity with their requests under the ids that the same content has now.

    renamed: listing id of earlier weeks -> id of this week, as boards number their listings anew.
    """
    if past.empty or not renamed:
        return past

    def now(content: str) -> str:
        told = json.loads(content)
        return _packed(told | {"request": renamed.get(told["request"], told["request"])})

    return past.assign(content=past["content"].map(now))


def _last_reported(earlier: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The newest earlier row of every consortium, its content unpacked."""
    if not len(earlier):
        return {}
    last = earlier.sort_values(["week", "consortium_id"]).drop_duplicates("consortium_id", keep="last")
    columns = list(last.columns)
    rows = [dict(zip(columns, values, strict=True)) for values in last.itertuples(index=False, name=None)]
    return {row["consortium_id"]: row | {"content": json.loads(row["content"])} for row in rows}


def _contents(consortia: pd.DataFrame, roles: pd.DataFrame) -> dict[str, Content]:
    """What decides about "changed", by consortium."""
    contents: dict[str, Content] = {}
    columns = ["consortium_id", "request_id", "deadline_on", "quantity", "quantity_covered"]
    for key, request_id, deadline, wanted, covered in consortia[columns].itertuples(index=False, name=None):
        share = None if pd.isna(wanted) or pd.isna(covered) else round(min(covered / wanted, 1.0), 4)
        contents[key] = {
            "request": request_id,
            "deadline": None if pd.isna(deadline) else deadline,
            "covered": share,
            "partners": {},
            "missing": [],
        }
    parts = roles[roles["state"] != "alternate"].sort_values(["consortium_id", "position", "organisation_id"])
    columns = ["consortium_id", "role_id", "state", "organisation_id"]
    for key, role_id, state, organisation_id in parts[columns].itertuples(index=False, name=None):
        if state in ("missing", "to_clarify"):
            if role_id not in contents[key]["missing"]:
                contents[key]["missing"].append(role_id)
        elif organisation_id not in contents[key]["partners"].setdefault(role_id, []):
            contents[key]["partners"][role_id].append(organisation_id)
    return contents


def _ranked(consortia: pd.DataFrame) -> pd.DataFrame:
    """Urgency, then covered share (a need without a quantity by its filled roles), cross-platform, score, id."""
    covered = (consortia["quantity_covered"] / consortia["quantity"]).clip(upper=1.0)
    return consortia.assign(
        by_urgency=consortia["urgency"].map(URGENCIES.index),
        by_coverage=covered.fillna(consortia["roles_filled"] / consortia["roles"]).round(4),
    ).sort_values(
        ["by_urgency", "by_coverage", "is_cross_platform", "score", "consortium_id"],
        ascending=[False, False, False, False, True],
    )


def _continued(before: Mapping[str, Any], now: Content) -> dict[str, Any]:
    """The row of a consortium that was reported before."""
    change = _difference(before["content"], now)
    was_closed = before["state"] == "closed"
    state = "reopened" if was_closed else "changed" if change else "unchanged"
    kept = now if state != "unchanged" else before["content"] | {"request": now["request"]}
    return {
        "opportunity_id": before["opportunity_id"],
        "state": state,
        "change": _packed(change if state == "changed" else []),
        "first_reported_in": before["first_reported_in"],
        "content": _packed(kept),
    }


def _difference(old: Content, new: Content) -> list[dict[str, Any]]:
    """Notable differences as parts {"what", "old", "new"}; partners carry their role as well."""
    change: list[dict[str, Any]] = []
    for role in sorted(old["partners"].keys() | new["partners"].keys()):
        partners = sorted(old["partners"].get(role, [])), sorted(new["partners"].get(role, []))
        if partners[0] != partners[1]:
            change.append({"what": "partners", "role": role, "old": partners[0], "new": partners[1]})
    if sorted(old["missing"]) != sorted(new["missing"]):
        change.append({"what": "missing", "old": old["missing"], "new": new["missing"]})
    if old["deadline"] != new["deadline"]:
        change.append({"what": "deadline", "old": old["deadline"], "new": new["deadline"]})
    shares = old["covered"], new["covered"]
    if (None in shares and shares[0] != shares[1]) or (
        None not in shares and abs(shares[1] - shares[0]) >= NOTABLE_SHARE - 1e-9
    ):
        change.append({"what": "covered", "old": shares[0], "new": shares[1]})
    if change and old["request"] != new["request"]:
        change.append({"what": "request", "old": old["request"], "new": new["request"]})
    return change


def _closed(
    gone: Mapping[str, Mapping[str, Any]],
    listings: pd.DataFrame,
    elsewhere: Mapping[str, str],
    decided: Mapping[str, str],
) -> list[dict[str, Any]]:
    """One row per consortium that people closed or that is no longer possible, by number.

    Those that were closed before have none. elsewhere: request -> why it is told no more or in another place though it
    is open; decided: consortium -> why people closed it.
    """
    status = dict(zip(listings["listing_id"], listings["status"], strict=True))
    # Of a platform that could not be read, or is not followed any more, nothing is known.
    heard = set(listings.loc[~listings["is_carried_over"].astype(bool), "platform"])
    rows = []
    for consortium_id, before in gone.items():
        request_id = before["content"]["request"]
        is_unknown = consortium_id not in decided and request_id.partition(":")[0] not in heard
        if before["state"] == "closed" or is_unknown:
            continue
        outside = OUTSIDE_STATES.get(status.get(request_id, "withdrawn"), elsewhere.get(request_id, "no_supply"))
        rows.append(
            {
                "opportunity_id": before["opportunity_id"],
                "consortium_id": consortium_id,
                "state": "closed",
                "change": "[]",
                "closing_reason": decided.get(consortium_id, outside),
                "first_reported_in": before["first_reported_in"],
                "title_concept_id": before["title_concept_id"],
                "content": _packed(before["content"]),
            }
        )
    return sorted(rows, key=lambda row: (row["first_reported_in"], len(row["opportunity_id"]), row["opportunity_id"]))


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
