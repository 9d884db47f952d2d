"""All cases of the week as rows for those who search: one line each, what it sorts by beside what is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.frames import Row
from reports.lagebild.calls import by_harm
from reports.lagebild.issue import Desk
from reports.lagebild.words import due_on, gaps, organisation_name, product_name, wanted
from reports.language import N_, Language, capitalised
from reports.wording import CLOSING_REASONS, OPPORTUNITY_STATES, URGENCIES, region, word

LONGEST_TEXT = 80  # characters of a cell that holds words of a platform: it bounds the size of the page
HEADINGS = (
    N_("Vorgang"), N_("Wer sucht"), N_("Region"), N_("Menge"), N_("Status"), N_("Dringlichkeit"), N_("Spätestens"),
    N_("Partner und Lücken"),
)  # fmt: skip
_MOST_URGENT_FIRST = tuple(reversed(URGENCIES))


@dataclass(frozen=True)
class Line:
    """One case; a key is what its cell sorts by, as text in which digits count as numbers."""

    opportunity_id: str
    product: str
    buyer: str
    place: str
    amount: str
    amount_key: str
    state: str
    urgency: str
    urgency_key: str
    is_urgent: bool
    due: str
    due_key: str
    standing: str


@dataclass(frozen=True)
class Choice:
    """A list to choose from: the column whose cells it holds, and what stands there at least once."""

    name: str
    column: int
    values: Sequence[str]


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
        product=capitalised(product_name(desk, row["title_concept_id"], language)),
        buyer=_shortened(_buyer(desk, row, language)),
        place=_shortened(region(stated["country"], stated["region"], language)),
        amount=_shortened((wanted(row, language) or "") if consortium else ""),
        amount_key=f"{consortium['quantity']:.10g}" if consortium and consortium["quantity"] else "",
        state=_state(desk, row, language),
        urgency=word(URGENCIES, urgency, language) if urgency else "",
        urgency_key=str(_MOST_URGENT_FIRST.index(urgency)) if urgency in URGENCIES else "",
        is_urgent=urgency in ("high", "critical"),
        due=language.weekday(due) if due else "",
        due_key=due.isoformat() if due else "",
        standing=_standing(desk, row, language),
    )


def _buyer(desk: Desk, row: Row, language: Language) -> str:
    if row["consortium"]:
        return organisation_name(desk, row["consortium"]["organisation_id"], language)
    return str(row["request"]["organisation_name"] or "") if row["request"] else ""


def _state(desk: Desk, row: Row, language: Language) -> str:
    if row["opportunity_id"] in desk.muted:
        return language.gettext("stummgeschaltet")
    return word(OPPORTUNITY_STATES, row["state"], language)


def _standing(desk: Desk, row: Row, language: Language) -> str:
    """How many partners there are and which roles nobody fills; of a closed case why it closed."""
    if row["state"] == "closed" or not row["consortium"]:
        return word(CLOSING_REASONS, row["closing_reason"] or "", language)
    filled = len({role["organisation_id"] for role in row["roles"] if role["state"] == "filled"})
    partners = language.ngettext("%(count)s möglicher Partner", "%(count)s mögliche Partner", filled)
    missing = [desk.issue.taxonomy.label(role, language.code) for role in gaps(row)]
    if not missing:
        return partners
    return language.series([partners, language.gettext("es fehlt: %(roles)s", roles=language.list(missing))])


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1].rstrip() + "…"


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
    return [Choice(name, column, [value for value in values if value]) for name, column, values in found]


def _in_order(ordered: Sequence[str], present: set[str]) -> list[str]:
    return [*(text for text in ordered if text in present), *sorted(present - set(ordered))]
