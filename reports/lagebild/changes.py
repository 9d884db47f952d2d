"""What changed since the last issue: how many cases there are of each state, and the changes themselves."""

import json
from datetime import date
from typing import Any

from markupsafe import Markup

from reports.design.tables import Cut, table
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.links import case_link, issue_link, number, proofs_page
from reports.lagebild.summary import closed_in_remit, list_id
from reports.lagebild.words import (
    first_of,
    gaps,
    listing_source,
    organisation_name,
    place,
    product_name,
    title,
    why_closed,
)
from reports.language import N_, NO_BREAK_SPACE, Language
from reports.wording import CHANGES, OPPORTUNITY_STATES, quantity, word
from sources.week import Week

MOST_CHANGES = 3  # of each state
MOST_TOLD = 3  # changes of an opportunity
_ORDER = ("new", "reopened", "changed", "closed")
_NOTHING = {
    "deadline": N_("keine Frist"),
    "partners": N_("niemand"),
    "missing": N_("keine Rolle"),
    "request": N_("kein Gesuch"),
    "covered": N_("keine Menge"),
}
_RUNNING = {
    "baseline": N_("Bestand"),
    "new": N_("neue"),
    "reopened": N_("wieder offene"),
    "changed": N_("geänderte"),
    "unchanged": N_("unveränderte"),
}


def stock(desk: Desk, language: Language) -> Markup:
    """How many cases there are of each state, within the remit and outside; running ones are added up."""
    leading, beyond = _by_state(desk.leading), _by_state(desk.beyond)
    closed = closed_in_remit(desk)
    far = [row for row in desk.shown if row["state"] == "closed" and row not in closed]
    lines = [
        (language.gettext(name), list_id(state, here), here, there)
        for state, name in _RUNNING.items()
        if (here := leading.get(state, 0)) + (there := beyond.get(state, 0))
    ]
    running = (len(desk.leading), len(desk.beyond))
    lines.append((language.gettext("alle laufenden"), "nachweis-chancen", *running))
    lines.append((language.gettext("geschlossene"), list_id("closed", len(closed)), len(closed), len(far)))
    lines.append((language.gettext("stummgeschaltete"), "", len(desk.muted), 0))
    headings = (N_("Vorgänge"), N_("im Gebiet"), N_("außerhalb"), N_("insgesamt"))
    return table(
        [language.gettext(text) for text in headings],
        [
            (name, _linked(target, here, language), language.number(there), language.number(here + there))
            for name, target, here, there in lines
            if here + there
        ],
        table_id="bestand",
        caption=language.gettext("Vorgänge nach Status"),
        numeric=(1, 2, 3),
        is_stacked=True,
    )


def _linked(target: str, count: int, language: Language) -> Markup | str:
    if not target or not count:
        return language.number(count)
    return Markup('<a href="{}#{}">{}</a>').format(proofs_page(language), target, language.number(count))


def _by_state(found: list[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in found:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    return counts


def is_changed_beyond(desk: Desk) -> bool:
    """Whether anything outside the remit is new, changed, open again or closed this week."""
    return any(row["state"] in _ORDER and not desk.is_in_remit(row) for row in desk.shown)


def change_log(desk: Desk, language: Language) -> Cut:
    """What is new, changed, closed or open again within the remit: opened, last change, this week's change."""
    leading = [*desk.leading, *closed_in_remit(desk)]
    by_state = {state: [row for row in leading if row["state"] == state] for state in _ORDER}
    shown = [row for found in by_state.values() for row in found[:MOST_CHANGES]]
    rows = [
        (
            case_link(row["opportunity_id"], title(desk, row, language), language),
            language.labelled(word(OPPORTUNITY_STATES, row["state"], language), what_changed(desk, row, language)),
            language.week(Week.parse(row["first_reported_in"])).replace(" ", NO_BREAK_SPACE),
            _last_told(desk, row, language),
            number(row["opportunity_id"]),
        )
        for row in shown
    ]
    if not rows:
        return Cut(None, 0)
    headings = (N_("Vorgang"), N_("Diese Woche"), N_("Eröffnet"), N_("Vorige Änderung"), N_("Nr."))
    caption = language.gettext("Änderungen seit der letzten Ausgabe")
    made = table(
        [language.gettext(text) for text in headings], rows, table_id="aenderungen", caption=caption, is_stacked=True
    )
    return Cut(made, sum(map(len, by_state.values())) - len(rows))


def _last_told(desk: Desk, row: Row, language: Language) -> Markup | str:
    week = desk.told_in.get(row["opportunity_id"])
    if week is None:
        return "–"
    link = issue_link(week, row["opportunity_id"], language)
    if desk.was_in_remit(row, week):
        return link
    return Markup("{}, {}").format(link, language.gettext("außerhalb des Gebiets"))


def what_changed(desk: Desk, row: Row, language: Language) -> str:
    """This week's change of an opportunity; of a new one, whom it has and lacks."""
    if row["state"] == "closed":
        return why_closed(row, language)
    if row["changes"]:
        ordered = sorted(row["changes"], key=lambda change: (*CHANGES, change["what"]).index(change["what"]))
        told = [change_text(desk, row, change, language) for change in ordered[:MOST_TOLD]]
        if rest := len(ordered) - len(told):
            told.append(language.ngettext("%(count)s weitere Änderung", "%(count)s weitere Änderungen", rest))
        return language.series(told)
    filled = len({role["organisation_id"] for role in row["roles"] if role["state"] == "filled"})
    partners = language.ngettext("%(count)s möglicher Partner", "%(count)s mögliche Partner", filled)
    missing = len(set(gaps(row)))
    standing = partners + (language.ngettext(", %(count)s Lücke", ", %(count)s Lücken", missing) if missing else "")
    former = desk.former.get(row["opportunity_id"])
    return language.series([standing, language.gettext("vorher %(number)s", number=former)]) if former else standing


def change_text(desk: Desk, row: Row, change: dict[str, Any], language: Language) -> str:
    """One change as ``what: old → new``."""
    role = product_name(desk, change["role"], language) if "role" in change else ""
    what = word(CHANGES, change["what"], language, role=role)
    if other := _other_supplier(desk, row, change, language):
        return language.labelled(what, other)
    old, new = (_value(desk, change["what"], change[side], language) for side in ("old", "new"))
    return language.labelled(what, f"{old} → {new}")


def _other_supplier(desk: Desk, row: Row, change: dict[str, Any], language: Language) -> str:
    """Suppliers without a published name by their listing and place; empty where one of both sides has a name."""
    old, new = (change[side] or [] for side in ("old", "new"))
    if change["what"] != "partners" or not old or any(one in desk.named_organisations for one in (*old, *new)):
        return ""
    listing = {
        role["organisation_id"]: role["listing_id"] for role in row["roles"] if role["role_id"] == change["role"]
    }
    found = [desk.listing[listing[one]] for one in new if one not in old and listing.get(one) in desk.listing]
    told = [
        ", ".join(part for part in (listing_source(desk, one, language), place(one, language)) if part) for one in found
    ]
    if not told:
        return ""
    return language.ngettext(
        "anderer Anbieter (%(which)s)", "andere Anbieter (%(which)s)", len(told), which="; ".join(told)
    )


def _request(desk: Desk, listing_id: str, language: Language) -> str:
    """Where a request stands, and how much it asks for: another request often asks for another amount."""
    listing = desk.listing.get(listing_id)
    if listing is None:
        return listing_id
    amount = quantity(listing["quantity"], listing["unit"], listing["period"], language) if listing["quantity"] else ""
    return ", ".join(part for part in (listing_source(desk, listing, language), amount) if part)


def _value(desk: Desk, what: str, value: Any, language: Language) -> str:
    """One side of a change; the kinds of change are those of `matching.news.opportunities`."""
    if value is None or value == []:
        return word(_NOTHING, what, language)
    if what == "partners":
        return first_of([organisation_name(desk, partner, language) for partner in value], language)
    if what == "missing":
        return language.list(desk.issue.taxonomy.label(role, language.code) for role in value)
    if what == "request":
        return _request(desk, value, language)
    if what == "deadline":
        return language.day(date.fromisoformat(value))
    if what == "covered":
        return language.percent(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
