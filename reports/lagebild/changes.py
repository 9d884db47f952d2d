"""What changed since the last issue, and the opportunities that have no card."""

import json
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from reports.design.tables import Cut, table
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.links import Titles, number, title_link
from reports.lagebild.words import (
    covered_share,
    due_on,
    first_of,
    gaps,
    organisation_name,
    title,
)
from reports.language import N_, Language
from reports.wording import CHANGES, CLOSING_REASONS, OPPORTUNITY_STATES, word

MOST_CHANGES = 5  # of each state
MOST_TOLD = 2  # changes of an opportunity
MOST_COMPACT = 12
_ORDER = ("new", "reopened", "changed", "closed")


class ChangeLog(NamedTuple):
    """The table of changes, None where nothing moved, and in words how many there are of each state."""

    table: Markup | None
    counts: str


def change_log(desk: Desk, with_card: Titles, language: Language) -> ChangeLog:
    """What is new, changed, closed or open again since the last issue, the best of each."""
    by_state = {state: [row for row in desk.shown if row["state"] == state] for state in _ORDER}
    rows = [
        (
            number(row["opportunity_id"]),
            word(OPPORTUNITY_STATES, state, language),
            title_link(row["opportunity_id"], title(desk, row, language), with_card),
            _what(desk, row, language),
            first_of([desk.platform_title(name) for name in desk.platforms_of(row)], language),
        )
        for state, found in by_state.items()
        for row in found[:MOST_CHANGES]
    ]
    counts = ", ".join(
        f"{language.number(len(found))} {word(OPPORTUNITY_STATES, state, language)}"
        for state, found in by_state.items()
        if found
    )
    if not rows:
        return ChangeLog(None, counts)
    header = [language.gettext(text) for text in (N_("Nr."), N_("Status"), N_("Vorgang"), N_("Was"), N_("Quelle"))]
    caption = language.gettext("Änderungen seit der letzten Ausgabe")
    return ChangeLog(table(header, rows, table_id="aenderungen", caption=caption, is_stacked=True), counts)


def _what(desk: Desk, row: Row, language: Language) -> str:
    if row["state"] == "closed":
        return word(CLOSING_REASONS, row["closing_reason"] or "", language)
    if row["changes"]:
        ordered = sorted(row["changes"], key=lambda change: (*CHANGES, change["what"]).index(change["what"]))
        told = [change_text(desk, change, language) for change in ordered[:MOST_TOLD]]
        if rest := len(ordered) - len(told):
            told.append(language.ngettext("%(count)s weitere Änderung", "%(count)s weitere Änderungen", rest))
        return language.series(told)
    filled = sum(role["state"] == "filled" for role in row["roles"])
    partners = language.ngettext("%(count)s Partner", "%(count)s Partner", filled)
    missing = len(gaps(row))
    return partners + (language.ngettext(", %(count)s Lücke", ", %(count)s Lücken", missing) if missing else "")


def change_text(desk: Desk, change: dict[str, Any], language: Language) -> str:
    """One change as ``what: old → new``."""
    role = desk.issue.taxonomy.label(change["role"], language.code) if "role" in change else ""
    what = word(CHANGES, change["what"], language, role=role)
    old, new = (_value(desk, change["what"], change[side], language) for side in ("old", "new"))
    return language.labelled(what, f"{old} → {new}")


def _value(desk: Desk, what: str, value: Any, language: Language) -> str:
    """One side of a change; the kinds of change are those of `matching.news.opportunities`."""
    if value is None or value == []:
        return language.gettext("keine")
    if what == "partners":
        return first_of([organisation_name(desk, partner, language) for partner in value], language)
    if what == "missing":
        return language.list(desk.issue.taxonomy.label(role, language.code) for role in value)
    if what == "deadline":
        return language.day(date.fromisoformat(value))
    if what == "covered":
        return language.percent(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def compact_list(desk: Desk, with_card: Titles, language: Language) -> Cut:
    """Opportunities without a card in one line each; the rest stands in the file alone."""
    rest = [row for row in desk.news if row["opportunity_id"] not in with_card]
    if not rest:
        return Cut(None, 0)
    rows = [
        (
            title(desk, row, language),
            _what(desk, row, language),
            _share(row, language),
            language.weekday(due_on(desk, row)),
            language.score(row["consortium"]["score"]),
            number(row["opportunity_id"]),
        )
        for row in rest[:MOST_COMPACT]
    ]
    header = [
        language.gettext(text) for text in (N_("Vorgang"), N_("Was"), N_("Gedeckt"), N_("Bis"), N_("Güte"), N_("Nr."))
    ]
    caption = language.gettext("Weitere Konsortialchancen nach Rang")
    made = table(header, rows, table_id="weitere", caption=caption, numeric=(2, 4), is_stacked=True)
    return Cut(made, max(0, len(rest) - MOST_COMPACT))


def _share(row: Row, language: Language) -> str:
    share = covered_share(row["consortium"])
    return language.gettext("unbekannt") if share is None else language.percent(share)
