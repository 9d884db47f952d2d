"""What came of the calls of earlier issues, what still waits for an answer, and the links by which one answers."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from reports.design.tables import table
from reports.frames import Row
from reports.lagebild.issue import AnswerLinks, Desk
from reports.lagebild.links import case_link, number, proofs_page
from reports.lagebild.outcomes import Outcomes, outcomes
from reports.lagebild.words import title, waiting_for
from reports.language import N_, Language, capitalised
from reports.wording import ANSWER_ROLES, ANSWER_WAYS, ANSWERS, URGENCIES, word
from sources.week import Week

MOST_WAITING = 5  # listed; the rest is counted
_URGENT = ("high", "critical")
# What a link offers: state, reason, and its words.
_OFFERED = (
    ("taken_over", "", N_("übernehmen")),
    ("query", "", N_("nachfragen")),
    ("done", "", N_("erledigt")),
    ("declined", "no_need", N_("ablehnen: kein Bedarf mehr")),
    ("declined", "prefers_other", N_("ablehnen: anderer Anbieter gewählt")),
    ("declined", "no_supply", N_("ablehnen: Angebot besteht nicht mehr")),
    ("declined", "no_contact_provider", N_("ablehnen: Anbieter nicht erreicht")),
    ("declined", "no_contact_seeker", N_("ablehnen: suchende Stelle nicht erreicht")),
)


class Link(NamedTuple):
    """One possible answer; ``label`` names the opportunity too, for those who hear the page."""

    text: str
    label: str
    url: str


class CardAnswers(NamedTuple):
    """What a card says of answers: what came of it, and how to answer."""

    lines: Sequence[str]
    links: Sequence[Link]


def card_answers(desk: Desk, row: Row, language: Language) -> CardAnswers:
    """Answers of one opportunity; without an address for answers there are no links."""
    links = desk.issue.links
    made = [_link(links, desk.issue.week, row["opportunity_id"], one, language) for one in _OFFERED] if links else []
    return CardAnswers(list(_standing(desk, row, language)), made)


def all_answers(desk: Desk, numbers: Collection[str], language: Language) -> dict[str, CardAnswers]:
    """The same of several opportunities, by number."""
    chosen = [row for row in desk.running if row["opportunity_id"] in numbers]
    return {row["opportunity_id"]: card_answers(desk, row, language) for row in chosen}


def _link(
    links: AnswerLinks, week: Week, opportunity_id: str, offered: tuple[str, str, str], language: Language
) -> Link:
    state, reason, text = offered
    shown = language.gettext(text)
    token = links.token(opportunity_id, state, reason, week)
    body = f"verbundradar {opportunity_id} {state} {reason or '-'} {week} {token}\n\n"
    label = language.labelled(opportunity_id, shown)
    return Link(shown, label, f"mailto:{links.address}?subject={quote(label)}&body={quote(body)}")


def _standing(desk: Desk, row: Row, language: Language) -> Iterator[str]:
    case = desk.case.get(row["opportunity_id"])
    if case is None:
        return
    if case["answer"]:
        told = language.gettext(
            "Stand: %(answer)s am %(day)s (%(role)s, %(way)s).",
            answer=word(ANSWERS, case["answer"], language),
            day=language.day(date.fromisoformat(case["answered_on"])),
            role=word(ANSWER_ROLES, case["role"], language),
            way=word(ANSWER_WAYS, case["way"], language),
        )
        yield language.labelled(told.removesuffix("."), language.quoted(case["note"])) if case["note"] else told
    if case["is_disputed"]:
        yield language.gettext("Die Antworten einer Woche widersprechen sich; es gilt die spätere.")


def waiting(desk: Desk) -> list[Row]:
    """Urgent opportunities of earlier issues that nobody answered, longest first."""
    found = [row for row in desk.leading if row["consortium"]["urgency"] in _URGENT and desk.weeks_waiting(row)]
    return sorted(found, key=lambda row: (-desk.weeks_waiting(row), row["rank"]))


def waiting_table(desk: Desk, language: Language) -> Markup | None:
    """The urgent opportunities that wait; None if there are none."""
    found = waiting(desk)
    if not found:
        return None
    headings = (N_("Vorgang"), N_("Dringlichkeit"), N_("Offen"), N_("Nr."))
    rows = [
        (
            case_link(row["opportunity_id"], title(desk, row, language), language),
            word(URGENCIES, row["consortium"]["urgency"], language),
            waiting_for(desk, row, language),
            number(row["opportunity_id"]),
        )
        for row in found[:MOST_WAITING]
    ]
    caption = language.gettext("Dringend und noch ohne Antwort")
    if rest := len(found) - len(rows):
        caption += language.ngettext(" (%(count)s weiterer Vorgang)", " (%(count)s weitere Vorgänge)", rest)
    return table(
        [language.gettext(text) for text in headings], rows, table_id="ohne-antwort", caption=caption, is_stacked=True
    )


def waiting_notice(desk: Desk, language: Language) -> str:
    """The same as one sentence; empty if nothing waits."""
    found = waiting(desk)
    if not found:
        return ""
    return language.ngettext(
        "%(count)s dringender Vorgang wartet noch auf eine Antwort, %(age)s: %(number)s.",
        "%(count)s dringende Vorgänge warten noch auf eine Antwort, am längsten (%(age)s): %(number)s.",
        len(found),
        age=waiting_for(desk, found[0], language),
        number=found[0]["opportunity_id"],
    )


def outcome_table(desk: Desk, language: Language) -> Markup | None:
    """The figures of use: what calls led to, how soon, and how many needs are served; None if nobody answered yet."""
    found = outcomes(desk)
    if not found.answered:
        return None
    lines = [
        (language.gettext("Vorgänge mit Ergebnis"), _share_of(found, language), _SUCCESS),
        (language.gettext("Zeit bis zum ersten Kontakt"), _time_to_contact(found, language), _CONTACT),
        (language.gettext("versorgte Bedarfe"), _served(found, language), _SERVED),
    ]
    headings = (N_("Kennzahl"), N_("Bisher"), N_("So gezählt"))
    return table(
        [language.gettext(text) for text in headings],
        [(capitalised(name), value, language.gettext(how)) for name, value, how in lines],
        table_id="ergebnis-tabelle",
        caption=language.gettext("Alle Ausgaben bis zum Ende der Woche, alle Länder"),
        is_stacked=True,
    )


_SUCCESS = N_("Gespräch, Vereinbarung oder Lieferung gemeldet und seither nicht erfolglos geschlossen.")
_CONTACT = N_("Median der Tage vom Montag der Ausgabe, die den Vorgang zuerst nannte, bis jemand erreicht war.")
_SERVED = N_("Bedarfe, für die geliefert wurde, unter allen, zu denen eine Ausgabe einen Vorgang nannte.")


def _linked(target: str, count: int, language: Language) -> Markup | str:
    if not count:
        return language.number(count)
    return Markup('<a href="{}#{}">{}</a>').format(proofs_page(language), target, language.number(count))


def _filled(text: str, **parts: Markup | str) -> Markup:
    """A text of our catalogues with links for its parts in braces."""
    return Markup(text).format(**parts)  # noqa: S704 our own text and numbers


def _share_of(found: Outcomes, language: Language) -> Markup:
    text = language.ngettext(
        "%(part)s von %(whole)s beantwortetem Vorgang",
        "%(part)s von %(whole)s beantworteten Vorgängen",
        len(found.answered),
        part="{part}",
        whole="{whole}",
    )
    return _filled(
        text,
        part=_linked("liste-ergebnis", len(found.successful), language),
        whole=_linked("liste-beantwortet", len(found.answered), language),
    )


def _time_to_contact(found: Outcomes, language: Language) -> Markup | str:
    if not found.days:
        return language.gettext("noch niemand erreicht")
    days = found.median_days
    text = language.ngettext(
        "%(days)s Tag (%(cases)s)",
        "%(days)s Tage (%(cases)s)",
        1 if days == 1 else 2,
        days=language.number(days, 1),
        cases="{cases}",
    )
    cases = language.ngettext("%(count)s Vorgang", "%(count)s Vorgänge", len(found.days))
    return _filled(text, cases=Markup('<a href="{}#liste-kontakt">{}</a>').format(proofs_page(language), cases))


def _served(found: Outcomes, language: Language) -> Markup:
    share = language.percent(len(found.served) / found.needs, 1)
    text = language.ngettext(
        "%(part)s von %(whole)s Bedarf (%(share)s)",
        "%(part)s von %(whole)s Bedarfen (%(share)s)",
        found.needs,
        part="{part}",
        whole=language.number(found.needs),
        share=share,
    )
    return _filled(text, part=_linked("liste-versorgt", len(found.served), language))
