"""All cases as rows for those who search: one line each, what it sorts by beside what is read.

Cases of the week first, then those that earlier issues closed: nothing that was ever told is without a line as long as
there is room.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from matching.places.geography import region_names
from reports.frames import Row, rows
from reports.lagebild.calls import by_harm
from reports.lagebild.issue import Desk
from reports.lagebild.links import cases_page
from reports.lagebild.proofs import place_name
from reports.lagebild.words import (
    due_day,
    due_on,
    former_asker,
    gaps,
    organisation_name,
    product_name,
    stated_name,
    wanted,
    why_closed,
)
from reports.language import N_, Language, capitalised, shortened
from reports.wording import OPPORTUNITY_STATES, URGENCIES, word
from sources.week import Week

LONGEST_TEXT = 80  # characters of a cell that holds words of a platform: it bounds the size of the page
MOST_EARLIER = 1000  # cases closed before this week: as many as add a third of a megabyte to the page
HEADINGS = (
    N_("Vorgang"), N_("Wer sucht"), N_("Region"), N_("Menge"), N_("Status"), N_("Dringlichkeit"), N_("Frist oder Ziel"),
    N_("Partner und Lücken"),
)  # fmt: skip
_MOST_URGENT_FIRST = tuple(reversed(URGENCIES))


@dataclass(frozen=True)
class Line:
    """One case; a key is what its cell sorts by, as text in which digits count as numbers."""

    opportunity_id: str
    page: str  # that tells of it: of this issue, or of the one that closed it
    product: str
    buyer: str
    state: str
    standing: str
    partners: str = ""
    place: str = ""
    amount: str = ""
    amount_key: str = ""
    urgency: str = ""
    urgency_key: str = ""
    is_urgent: bool = False
    due: str = ""
    due_key: str = ""
    place_names: str = ""  # other names of the region, by which it is searched


@dataclass(frozen=True)
class Choice:
    """A list to choose from: the column whose cells it holds, and what stands there at least once."""

    name: str
    column: int
    values: Sequence[str]
    also: Mapping[str, str] = field(default_factory=dict)  # other names of a value, by which it is searched


def case_lines(desk: Desk, language: Language) -> list[Line]:
    """Every case of the week once: running ones within the remit by harm of waiting, then all others by rank."""
    first = by_harm(desk)
    numbers = {row["opportunity_id"] for row in first}
    rest = [row for row in desk.opportunities if row["opportunity_id"] not in numbers]
    return [_line(desk, row, language) for row in (*first, *rest)]


def _line(desk: Desk, row: Row, language: Language) -> Line:
    consortium, request = row["consortium"], row["request"]
    stated = consortium or request or {"country": None, "region": None, "urgency": None}
    urgency = stated["urgency"]
    due = due_on(desk, row) if consortium else None
    return Line(
        opportunity_id=row["opportunity_id"],
        page=cases_page(language),
        product=capitalised(product_name(desk, row["title_concept_id"], language)),
        buyer=shortened(_buyer(desk, row, language), LONGEST_TEXT),
        place=shortened(place_name((stated["country"], stated["region"]), language), LONGEST_TEXT),
        amount=shortened((wanted(row, language) or "") if consortium else "", LONGEST_TEXT),
        amount_key=f"{consortium['quantity']:.10g}" if consortium and consortium["quantity"] else "",
        state=_state(desk, row, language),
        urgency=word(URGENCIES, urgency, language) if urgency else "",
        urgency_key=str(_MOST_URGENT_FIRST.index(urgency)) if urgency in URGENCIES else "",
        is_urgent=urgency in ("high", "critical"),
        due=due_day(desk, row, language) if consortium else "",
        due_key=due.isoformat() if due else "",
        standing=_standing(desk, row, language),
        partners=shortened(", ".join(_partners(desk, row, language)), LONGEST_TEXT),
        place_names=" ".join(region_names(stated["country"], stated["region"])[1:]),
    )


@dataclass(frozen=True)
class Earlier:
    """Cases that earlier issues closed, the newest first; all that closed from the first to the last of the weeks."""

    lines: Sequence[Line]
    first: Week
    last: Week


def earlier_lines(desk: Desk, language: Language) -> Earlier | None:
    """What closed before this week and did not open again: the newest whole weeks with at most `MOST_EARLIER` cases.

    None if nothing did. Older ones stand on the page of cases of the week that closed them.
    """
    kept: list[Row] = []
    for _, found in groupby(_closed_before(desk), key=lambda row: str(row["week"])):
        week = list(found)
        if kept and len(kept) + len(week) > MOST_EARLIER:
            break
        kept += week
    if not kept:
        return None
    lines = [_closed_line(desk, row, language) for row in kept]
    return Earlier(lines, Week.parse(kept[-1]["week"]), Week.parse(kept[0]["week"]))


def _closed_before(desk: Desk) -> list[Row]:
    """The last row of every opportunity that an earlier week closed for good, newest week first, by rank."""
    here = {row["opportunity_id"] for row in desk.opportunities}
    told = sorted(rows(desk.issue.reported), key=lambda row: (str(row["week"]), -row["rank"]), reverse=True)
    last = {row["opportunity_id"]: row for row in reversed(told)}
    return [
        row
        for row in told
        if row is last[row["opportunity_id"]] and row["state"] == "closed" and row["opportunity_id"] not in here
    ]


def _closed_line(desk: Desk, row: Row, language: Language) -> Line:
    week, number = Week.parse(row["week"]), row["opportunity_id"]
    cause = _cause(desk, row, json.loads(row["content"]).get("request"), language)
    return Line(
        opportunity_id=number,
        page=f"../{week}/{cases_page(language)}",
        product=capitalised(product_name(desk, row["title_concept_id"], language)),
        buyer=shortened(_former_buyer(desk, number, language), LONGEST_TEXT),
        place=shortened(_former_place(desk, number, language), LONGEST_TEXT),
        state=word(OPPORTUNITY_STATES, "closed", language),
        standing=language.labelled(language.week(week), cause),
    )


def _cause(desk: Desk, row: Row, request_id: str | None, language: Language) -> str:
    """Why a case closed; of one that is part of another, which: the best one that runs for the same request."""
    told = why_closed(row, language)
    running = desk.once("running cases by request", lambda: _by_request(desk))
    is_told_there = row["closing_reason"] == "merged" and request_id in running
    return language.labelled(told, running[request_id]) if is_told_there else told


def _by_request(desk: Desk) -> dict[str | None, str]:
    """The number of the best running case of each request."""
    return {row["consortium"]["request_id"]: row["opportunity_id"] for row in reversed(desk.running)}


def _former_buyer(desk: Desk, opportunity_id: str, language: Language) -> str:
    asker = former_asker(desk, opportunity_id)
    return organisation_name(desk, asker, language) if asker else language.gettext("Name nicht mehr bekannt")


def _former_place(desk: Desk, opportunity_id: str, language: Language) -> str:
    """Where the need was: the home of who asked, if that is still known."""
    home = desk.organisation.get(former_asker(desk, opportunity_id) or "")
    return place_name((home["country"], home["region"]) if home else (None, None), language)


def _buyer(desk: Desk, row: Row, language: Language) -> str:
    if row["consortium"]:
        return organisation_name(desk, row["consortium"]["organisation_id"], language)
    stated = stated_name(desk, row["request"]) if row["request"] else None
    return stated or _former_buyer(desk, row["opportunity_id"], language)


def _state(desk: Desk, row: Row, language: Language) -> str:
    if row["opportunity_id"] in desk.muted:
        return language.gettext("stummgeschaltet")
    return word(OPPORTUNITY_STATES, row["state"], language)


def _standing(desk: Desk, row: Row, language: Language) -> str:
    """How many partners there are and which roles nobody fills; of a closed case why it closed."""
    if row["state"] == "closed" or not row["consortium"]:
        return _cause(desk, row, row["stated_request"], language)
    filled = len({role["organisation_id"] for role in row["roles"] if role["state"] == "filled"})
    partners = language.ngettext("%(count)s möglicher Partner", "%(count)s mögliche Partner", filled)
    missing = [desk.issue.taxonomy.label(role, language.code) for role in gaps(row)]
    if not missing:
        return partners
    return language.series([partners, language.gettext("es fehlt: %(roles)s", roles=language.list(missing))])


def _partners(desk: Desk, row: Row, language: Language) -> list[str]:
    """The names of those who fill a role, by which a case is found as well."""
    seats = dict.fromkeys(role["organisation_id"] for role in row["roles"] if role["state"] == "filled")
    return [organisation_name(desk, one, language) for one in seats if one in desk.named_organisations]


def choices(lines: Sequence[Line], language: Language) -> list[Choice]:
    """What the reader may choose: products and regions by name, states and urgencies in their order."""
    states = [*(language.gettext(text) for text in OPPORTUNITY_STATES.values()), language.gettext("stummgeschaltet")]
    urgencies = [language.gettext(URGENCIES[code]) for code in _MOST_URGENT_FIRST]
    found = (
        (language.gettext("Produkt"), 0, sorted({line.product for line in lines}, key=str.casefold)),
        (language.gettext("Region"), 2, sorted({line.place for line in lines}, key=str.casefold)),
        (language.gettext("Status"), 4, _in_order(states, {line.state for line in lines})),
        (language.gettext("Dringlichkeit"), 5, _in_order(urgencies, {line.urgency for line in lines})),
    )
    also = {line.place: line.place_names for line in lines if line.place_names}
    return [
        Choice(name, column, [value for value in values if value], also if column == 2 else {})
        for name, column, values in found
    ]


def _in_order(ordered: Sequence[str], present: set[str]) -> list[str]:
    return [*(text for text in ordered if text in present), *sorted(present - set(ordered))]
