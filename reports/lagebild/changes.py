"""What changed since the last issue, and the lists that stand behind the cards."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from reports.design.tables import table
from reports.frames import Row
from reports.frames import rows as rows_of
from reports.lagebild.issue import Desk
from reports.lagebild.muted import OPPORTUNITY_ID
from reports.lagebild.summary import Headline
from reports.lagebild.words import (
    covered_share,
    due_on,
    first_of,
    gaps,
    listing_source,
    organisation_name,
    place,
    title,
)
from reports.language import N_, Language, capitalised
from reports.wording import BLOCKED_BY, CHANGES, CLOSING_REASONS, OPPORTUNITY_STATES, word

MOST_CHANGES = 5  # of each state
MOST_TOLD = 2  # changes of an opportunity
MOST_COMPACT = 12
MOST_UNMET = 8
_ORDER = ("new", "reopened", "changed", "closed")


Titles = Mapping[str, str]  # of the opportunities whose card stands on the page, by number


def number(opportunity_id: str) -> Markup:
    """The number of an opportunity, never broken over lines."""
    return Markup('<span class="id">{}</span>').format(opportunity_id)


def title_link(opportunity_id: str, text: str, with_card: Titles) -> str:
    """A title that leads to the opportunity's card if it stands on the page; two may bear the same, numbers differ."""
    if opportunity_id not in with_card:
        return text
    return Markup('<a href="#{0}" aria-label="{0}: {1}">{1}</a>').format(opportunity_id, text)


def with_links(sentence: str, with_card: Titles) -> Markup:
    """A sentence in which every number of an opportunity leads to its card; read aloud, the link says its title."""
    link = Markup('<a class="id" href="#{0}" aria-label="{0}: {1}">{0}</a>')
    parts = [
        part if not position % 2 else link.format(part, with_card[part]) if part in with_card else number(part)
        for position, part in enumerate(re.split(f"({OPPORTUNITY_ID})", sentence))
    ]
    return Markup("").join(parts)


def headline_links(headline: Headline, with_card: Titles) -> Markup:
    """A headline whose number leads to its list, and whose opportunities to their cards."""
    before, _, after = headline.sentence.partition(headline.count)
    link = Markup('<a class="count" href="#{}">{}</a>').format(headline.target, headline.count)
    return with_links(before, with_card) + link + with_links(after, with_card)


def change_log(desk: Desk, with_card: Titles, language: Language) -> tuple[Markup | None, str]:
    """The table of changes, the best of each state, and how many of each there are; None where nothing moved."""
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
        return None, counts
    header = [language.gettext(text) for text in (N_("Nr."), N_("Status"), N_("Vorgang"), N_("Was"), N_("Quelle"))]
    caption = language.gettext("Änderungen seit der letzten Ausgabe")
    return table(header, rows, table_id="aenderungen", caption=caption, is_stacked=True), counts


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


def compact_list(desk: Desk, with_card: Titles, language: Language) -> tuple[Markup | None, int]:
    """Opportunities without a card in one line each, and how many more only the file holds."""
    rest = [row for row in desk.news if row["opportunity_id"] not in with_card]
    if not rest:
        return None, 0
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
    return made, max(0, len(rest) - MOST_COMPACT)


def _share(row: Row, language: Language) -> str:
    share = covered_share(row["consortium"])
    return language.gettext("unbekannt") if share is None else language.percent(share)


def unmet_needs(desk: Desk, language: Language) -> tuple[Markup | None, int]:
    """Requests that nobody serves, gathered by product: how many, and what blocks the nearest offer."""
    unmet = rows_of(desk.issue.unmet)
    if not unmet:
        return None, 0
    by_concept: dict[str, list[Row]] = {}
    for row in unmet:
        by_concept.setdefault(row["concept_id"], []).append(row)
    ordered = sorted(by_concept.items(), key=lambda item: (-len(item[1]), item[0]))
    rows = []
    for concept, found in ordered[:MOST_UNMET]:
        reasons = Counter(row["blocked_by"] or "" for row in found)
        reason, count = min(reasons.items(), key=lambda item: (-item[1], item[0]))
        blocked = word(BLOCKED_BY, reason, language) if reason else language.gettext("kein ähnliches Angebot")
        examples = (row for row in found if row["nearest_offer_id"] and (row["blocked_by"] or "") == reason)
        near = min(examples, key=lambda row: str(row["request_id"]), default=None)
        rows.append(
            (
                capitalised(desk.issue.taxonomy.label(concept, language.code)),
                language.number(len(found)),
                language.gettext("%(reason)s (%(count)s)", reason=blocked, count=language.number(count)),
                _near_miss(desk, near, language) if near else language.gettext("keines"),
            )
        )
    header = [
        language.gettext(text)
        for text in (N_("Produkt"), N_("Gesuche"), N_("Was im Weg steht"), N_("Nächstes Angebot (Beispiel)"))
    ]
    caption = language.gettext("Gesuche ohne passendes Angebot")
    made = table(header, rows, table_id="offen", caption=caption, numeric=(1,), is_stacked=True)
    return made, max(0, len(ordered) - MOST_UNMET)


def _near_miss(desk: Desk, row: Row, language: Language) -> str:
    sides = (desk.listing.get(row["nearest_offer_id"]), desk.listing.get(row["request_id"]))
    offer, request = (_one_side(desk, listing, language) if listing else "" for listing in sides)
    return language.gettext("%(offer)s für %(request)s", offer=offer, request=request)


def _one_side(desk: Desk, listing: Row, language: Language) -> str:
    who = [text for text in (listing["organisation_name"], place(listing, language)) if text]
    source = listing_source(desk, listing, language)
    return f"{', '.join(who)} ({source})" if who else source
