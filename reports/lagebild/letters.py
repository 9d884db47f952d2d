"""Ready texts for a case: one to whoever seeks, one to each candidate and partner, each in its recipient's language.

They ask and promise nothing: amounts are said to be calculated, and nobody is named but as a listing is published.
What comes from platforms stands in one line each and is masked like every quote.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matching.quantities import PERIOD_DAYS
from matching.words import fold
from reports.frames import Row
from reports.lagebild.calls import Party, listing_name, lost_roles, offices_to_ask, parties, role_with_norms
from reports.lagebild.issue import Desk
from reports.lagebild.routes import Route
from reports.lagebild.whom_first import whom_first
from reports.lagebild.words import (
    by_deadline,
    delivered,
    due_on,
    gaps,
    in_window,
    is_doubtful,
    near_day,
    open_rest,
    product_name,
    wanted,
)
from reports.language import LANGUAGES, N_, NARROW_SPACE, NO_BREAK_SPACE, Language, shortened
from reports.wording import quantity
from sources.rows.text import mask_contacts

MOST_LETTERS = 4  # of a case
DAYS_TO_ANSWER = 4  # from Monday to Friday
LONGEST_NAME = 120  # of what platforms say, in a text that goes out in our name
_QUESTIONS = {
    "request": (
        N_("Besteht der Bedarf noch, in welcher Menge und bis wann?"),
        N_("Dürfen wir Sie mit den Genannten zusammenbringen?"),
    ),
    "partner": (
        N_("Welche Menge können Sie liefern, und ab wann?"),
        N_("Dürfen wir Sie mit der suchenden Stelle zusammenbringen?"),
    ),
    "candidate": (
        N_("Können Sie das übernehmen, in welchem Umfang und ab wann?"),
        N_("Dürfen wir Sie mit der suchenden Stelle zusammenbringen?"),
    ),
}
# Where a public buyer asks: nobody is brought together beside the procedure.
_QUESTIONS_OF_TENDERS = {
    "request": N_("Ist das Verfahren noch offen, und dürfen wir die Genannten darauf hinweisen?"),
    "partner": N_("Wollen Sie in diesem Vergabeverfahren ein Angebot abgeben?"),
    "candidate": N_("Wollen Sie sich an einem Angebot in diesem Vergabeverfahren beteiligen?"),
}
# Of a listing without a sign of life for long: whether it still holds comes before all else.
_QUESTIONS_OF_OLD = {
    "request": (N_("Brauchen Sie das noch?"), N_("In welcher Menge und bis wann?"), _QUESTIONS["request"][1]),
    "partner": (N_("Gilt Ihr Angebot noch?"), *_QUESTIONS["partner"]),
    "candidate": (N_("Gilt Ihr Angebot noch?"), *_QUESTIONS["candidate"]),
}


@dataclass(frozen=True)
class Letter:
    """A text to send: to whom and by which way as the reader is told it, then the text in the recipient's language."""

    party: Party
    language: str
    subject: str
    lines: Sequence[str]  # each one line of text
    spoken: Sequence[str]  # the same for the telephone: sentences without addresses and ids


def letters(desk: Desk, row: Row) -> list[Letter]:
    """The texts for a case, whoever seeks first; the same for readers of every language."""
    return desk.once(
        ("letters", row["opportunity_id"]),
        lambda: [_letter(desk, row, listing_id) for listing_id in _recipients(desk, row)],
    )


def first_letter(desk: Desk, row: Row) -> Letter | None:
    """The text for whom the task of the call names first; for whoever seeks where nobody is known."""
    asked = whom_first(desk, row, Language(LANGUAGES[0]))
    found = letters(desk, row)
    return next((letter for letter in found if asked and letter.party.part == asked.part), found[0] if found else None)


@dataclass(frozen=True)
class Said:
    """What one says on a call: to whom as the reader is told it, in which language, and the sentences."""

    name: str
    language: str
    spoken: Sequence[str]


def first_said(desk: Desk, row: Row, reader: Language) -> Said | None:
    """What to say to whom the task of the call names first; to whoever seeks where it is old or nobody is known.

    The name is in the reader's language, the rest in the recipient's.
    """
    lost, offices = lost_roles(desk, row), offices_to_ask(desk, row)
    is_asked_first = row["request"] and is_doubtful(desk, row["request"])
    if not is_asked_first and gaps(row) and gaps(row)[0] in lost and offices:
        return _to_office(desk, row, lost, offices[0])
    first = first_letter(desk, row)
    return Said(listing_name(desk, first.party.listing, reader), first.language, first.spoken) if first else None


def _to_office(desk: Desk, row: Row, lost: Sequence[str], office: Route) -> Said:
    """What to ask an office whose network may know somebody."""
    platform = desk.platform.get(desk.listing[office.listing_id]["platform"])
    language = Language(platform.language if platform and platform.language in LANGUAGES else "en")
    roles = language.list(role_with_norms(desk, row, role, language) for role in lost)
    need = _need(desk, row, language)
    seekers = [party for party in parties(desk, row, language) if party.part == "request"]
    spoken = [
        language.gettext("Wir suchen jemanden für: %(roles)s.", roles=roles),
        *(
            language.gettext("Es geht um ein Gesuch von %(who)s: %(need)s.", who=_who(one), need=need)
            for one in seekers
        ),
        language.gettext("Wer aus Ihrem Netzwerk kann das übernehmen, in welchem Umfang und ab wann?"),
    ]
    return Said(office.contact, language.code, [_one_line(line) for line in spoken])


def _recipients(desk: Desk, row: Row) -> list[str]:
    return [party.listing["listing_id"] for party in parties(desk, row, Language(LANGUAGES[0]))][:MOST_LETTERS]


def answer_by(desk: Desk, row: Row) -> date:
    """The day up to which an answer is asked for: within the week of the issue, and of a near deadline the first half
    of the time left, since a request that ends on the day of the answer is served by nobody."""
    due = due_on(desk, row)
    if not row["consortium"]["deadline_on"]:
        return due
    half = max(1, (due - desk.published_on).days // 2)
    return min(due, desk.published_on + timedelta(days=min(DAYS_TO_ANSWER, half)))


def recipient_language(desk: Desk, listing: Row) -> Language:
    """That of the listing, else of most on its platform, else English."""
    platform = desk.platform.get(listing["platform"])
    spoken = (listing["language"], platform.language if platform else None)
    return Language(next((code for code in spoken if code in LANGUAGES), "en"))


def _letter(desk: Desk, row: Row, listing_id: str) -> Letter:
    language = recipient_language(desk, desk.listing[listing_id])
    known = {party.listing["listing_id"]: party for party in parties(desk, row, language)}
    party = known[listing_id]
    others = [other for other in known.values() if other.part != "request" and other is not party]
    opening = (
        _to_seeker(desk, row, party, others, language)
        if party.part == "request"
        else _to_supplier(desk, row, party, known, language)
    )
    day = language.day(answer_by(desk, row))
    lines = [
        language.gettext("Guten Tag,"),
        *opening,
        language.gettext("Bitte antworten Sie uns spätestens am %(day)s:", day=day),
        *(f"– {language.gettext(question)}" for question in _questions(desk, row, party)),
    ]
    norms = row["request"]["norms"] if row["request"] else None
    if norms and party.part != "request":
        lines.append(
            "– " + language.gettext("Welche Nachweise liegen vor (%(norms)s)?", norms=plain(norms.replace("; ", ", ")))
        )
    lines += [
        language.gettext("Mit freundlichen Grüßen"),
        language.gettext("Taskforce Kooperationsbörse, Vorgang %(number)s", number=row["opportunity_id"]),
    ]
    subject = {
        "request": language.gettext("Mögliche Anbieter zu Ihrem Gesuch %(id)s", id=listing_id),
        "partner": language.gettext("Anfrage zu Ihrem Angebot %(id)s", id=listing_id),
        "candidate": language.gettext("Anfrage zu Ihrem Angebot %(id)s", id=listing_id),
    }[party.part]
    # A line is a line, whatever a platform put into a name or unit.
    spoken = _spoken(desk, row, party, list(known.values()), language)
    return Letter(
        party, language.code, plain(subject), [_one_line(line) for line in lines], [_one_line(line) for line in spoken]
    )


def _spoken(desk: Desk, row: Row, party: Party, known: Sequence[Party], language: Language) -> list[str]:
    """What one says on the telephone: what the call is about, then the questions."""
    if party.part == "request":
        names = [_who_in(other) for other in known if other.part != "request"]
        found = [language.gettext("Gefunden haben wir: %(names)s.", names=language.list(names))] if names else []
        said = _sought(desk, row, party, language)
        opening = [said, *found, *_still_missing(desk, row, language)]
    else:
        seekers = [_who(other) for other in known if other.part == "request"]
        opening = [language.gettext("Sie bieten an: %(what)s.", what=plain(party.listing["title"]))]
        opening += [_wanted_by(desk, row, who, language) for who in seekers]
        opening += _asked_of(desk, row, party, language)
    return [*opening, *(language.gettext(question) for question in _questions(desk, row, party))]


def _sought(desk: Desk, row: Row, party: Party, language: Language) -> str:
    """What a seeker hears of its need, with the title of its listing where that does not name what we call it."""
    need, title = _need(desk, row, language), _telling_title(desk, row, party.listing, language)
    if title is None:
        return language.gettext("Sie suchen %(need)s.", need=need)
    return language.gettext("Sie suchen %(need)s (Ihr Inserat: %(title)s).", need=need, title=title)


def _wanted_by(desk: Desk, row: Row, who: str, language: Language) -> str:
    """What a supplier hears of a need, likewise."""
    need, title = _need(desk, row, language), _telling_title(desk, row, row["request"], language)
    if title is None:
        return language.gettext("Wir haben ein Gesuch von %(who)s: %(need)s.", who=who, need=need)
    message = N_("Wir haben ein Gesuch von %(who)s: %(need)s (das Inserat: %(title)s).")
    return language.gettext(message, who=who, need=need, title=title)


def _telling_title(desk: Desk, row: Row, listing: Row, language: Language) -> str | None:
    """The quoted title of a request, None where it names what we call the need, in any language."""
    title, concept_id = fold(plain(listing["title"])), row["consortium"]["concept_id"]
    names = {
        product_name(desk, concept_id, language),
        *(desk.issue.taxonomy.label(concept_id, one) for one in LANGUAGES),
    }
    return None if any(fold(name) in title for name in names) else language.quoted(plain(listing["title"]))


def _questions(desk: Desk, row: Row, party: Party) -> Sequence[str]:
    questions = (_QUESTIONS_OF_OLD if is_doubtful(desk, party.listing) else _QUESTIONS)[party.part]
    board = desk.platform.get(row["request"]["platform"]) if row["request"] else None
    if board and board.is_procurement:
        return (*questions[:-1], _QUESTIONS_OF_TENDERS[party.part])
    return questions


def _to_seeker(desk: Desk, row: Row, party: Party, others: Sequence[Party], language: Language) -> list[str]:
    lines = [
        language.gettext(
            "auf der Plattform „%(platform)s“ suchen Sie %(need)s (Inserat %(id)s).",
            platform=party.route.platform,
            need=_need(desk, row, language),
            id=plain(party.listing["listing_id"]),
        ),
        language.gettext("Beim Vergleich der Plattformen haben wir gefunden:"),
        *(f"– {_named(desk, other, row, language)}" for other in others),
    ]
    lines += _still_missing(desk, row, language)
    lines.append(language.gettext("Die Mengen sind aus den Inseraten errechnet; zugesagt hat sie niemand."))
    return lines


def _to_supplier(desk: Desk, row: Row, party: Party, known: dict[str, Party], language: Language) -> list[str]:
    seeker = next((other for other in known.values() if other.part == "request"), None)
    lines = [
        language.gettext(
            "auf der Plattform „%(platform)s“ bieten Sie an: %(what)s (Inserat %(id)s).",
            platform=party.route.platform,
            what=plain(party.listing["title"]),
            id=plain(party.listing["listing_id"]),
        )
    ]
    need = _need(desk, row, language)
    if seeker:
        lines.append(
            language.gettext(
                "Gesucht: %(need)s, von %(who)s. Quelle: %(source)s",
                who=_who(seeker),
                need=need,
                source=_source(seeker),
            )
        )
    return lines + _asked_of(desk, row, party, language)


def _still_missing(desk: Desk, row: Row, language: Language) -> list[str]:
    """Which roles nobody fills, to whoever seeks."""
    missing = [desk.issue.taxonomy.label(role, language.code) for role in dict.fromkeys(gaps(row))]
    return [language.gettext("Noch fehlt: %(roles)s.", roles=language.list(missing))] if missing else []


def _asked_of(desk: Desk, row: Row, party: Party, language: Language) -> list[str]:
    """What a supplier is asked for: a role that nobody fills, or its share of the amount."""
    if party.part == "candidate":
        role = desk.issue.taxonomy.label(party.role_id or row["title_concept_id"], language.code)
        return [language.gettext("Dafür fehlt noch: %(role)s.", role=role)]
    steps = _steps_of(desk, row, party, language)
    needed = [language.gettext("Dafür wird gebraucht: %(roles)s.", roles=language.list(steps))] if steps else []
    if not party.quantity:
        return needed
    amount = quantity(party.quantity, row["consortium"]["unit"], None, language)
    if needed:
        return [*needed, language.gettext("Nach Ihrem Inserat reicht es rechnerisch für %(amount)s.", amount=amount)]
    if open_rest(row["consortium"]) and (stated := _shared(desk, row, party, language)):
        return [
            language.gettext(
                "Ihr Inserat nennt %(stated)s; davon sind rechnerisch in vier Wochen %(amount)s für dieses Gesuch "
                "gedacht, anderes für weitere Gesuche.",
                stated=stated,
                amount=amount,
            )
        ]
    told = language.gettext("Nach Ihrem Inserat kämen davon rechnerisch %(amount)s von Ihnen.", amount=amount)
    return [told, *_by_the_deadline(desk, row, party.listing, party.quantity, language)]


def _by_the_deadline(desk: Desk, row: Row, offer: Row, planned: float, language: Language) -> list[str]:
    """How much of a planned amount the rate of an offer comes to by then, where the need ends before that is all."""
    if by_deadline(desk, row) is None:
        return []
    unit, day = row["consortium"]["unit"], date.fromisoformat(row["consortium"]["deadline_on"])
    there = delivered(desk, offer, planned, row)
    if there >= planned:
        return []
    return [
        language.gettext(
            "Bis zur Frist am %(day)s wären es %(amount)s.",
            day=near_day(desk, day, language),
            amount=quantity(float(math.floor(there)), unit, None, language),
        )
    ]


def _steps_of(desk: Desk, row: Row, party: Party, language: Language) -> list[str]:
    """What a partner brings to the chain of a product; nothing if that is the product itself."""
    brought = [
        role["concept_id"]
        for role in row["roles"]
        if role["state"] == "filled" and role["listing_id"] == party.listing["listing_id"]
    ]
    if row["consortium"]["concept_id"] in brought:
        return []
    return [desk.issue.taxonomy.label(one, language.code) for one in dict.fromkeys(brought)]


def _shared(desk: Desk, row: Row, party: Party, language: Language) -> str:
    """What an offer states, if it is meant for other cases too and comes to more in four weeks than for this one."""
    offer, unit = party.listing, row["consortium"]["unit"]
    stated = in_window(offer, unit)
    if stated is None or offer["period"] not in PERIOD_DAYS or not party.quantity:
        return ""
    is_shared = desk.once("cases by offer", lambda: _cases_by_offer(desk))[offer["listing_id"]] > 1
    if not is_shared or stated <= party.quantity:
        return ""
    return quantity(offer["quantity"], unit, offer["period"], language)


def _cases_by_offer(desk: Desk) -> Counter[str]:
    """In how many running cases an offer fills a role."""
    return Counter(
        listing_id
        for row in desk.running
        for listing_id in {role["listing_id"] for role in row["roles"] if role["state"] == "filled"}
        if listing_id
    )


def _need(desk: Desk, row: Row, language: Language) -> str:
    product = product_name(desk, row["consortium"]["concept_id"], language)
    amount = wanted(row, language)
    return f"{product}, {amount}" if amount else product


def _named(desk: Desk, party: Party, row: Row, language: Language) -> str:
    """A possible supplier: who, for which role, how much, and where it is read."""
    role = product_name(desk, party.role_id, language) if party.role_id else ""
    amount = quantity(party.quantity, row["consortium"]["unit"], None, language) if party.quantity else ""
    facts = ", ".join(part for part in (role, amount) if part)
    return language.series([f"{_who(party)} ({facts})" if facts else _who(party), _source(party)])


def _who(party: Party) -> str:
    return plain(f"{party.name}, {party.place}" if party.place and party.place not in party.name else party.name)


def _who_in(party: Party) -> str:
    """The same in a list of several."""
    return plain(f"{party.name} ({party.place})" if party.place and party.place not in party.name else party.name)


def _source(party: Party) -> str:
    source = (party.route.platform, plain(party.listing["listing_id"]), party.route.address)
    return ", ".join(part for part in source if part)


def _one_line(text: str) -> str:
    """The text with one space for all that parts words or lines, but for the spaces that a language never breaks."""
    return re.sub(rf"[^\S{NO_BREAK_SPACE}{NARROW_SPACE}]+", " ", text).strip()


def plain(text: str) -> str:
    """What a platform says as one short line without contact data, for a text that somebody sends on."""
    return shortened(_one_line(mask_contacts(text)), LONGEST_NAME)
