"""How one opportunity is put into words, wherever it appears: title, gaps, next step, due day, confidence."""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from matching.consortia.plans import LEAST_FRACTION
from matching.quantities import DEFAULT_WINDOW_DAYS, PERIOD_DAYS
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.language import Language, capitalised, shortened
from reports.wording import CLOSING_REASONS, plural, quantity, region, word
from sources.week import local_day

# Without a deadline of its own: how many days after publication somebody should have acted.
DAYS_TO_ACT = {"critical": 2, "high": 4}
HIGH_SCORE, MEDIUM_SCORE = 0.75, 0.5
SMALLEST_REST = 0.005
OLD_AFTER_DAYS = 21  # a listing without a sign of life for so long is doubtful
MOST_NAMES = 2  # in a cell or a slot, where there are at least two more


def gaps(row: Row) -> list[str]:
    """The roles that nobody fills, or of which nobody knows whether somebody can."""
    return list(dict.fromkeys(role["role_id"] for role in row["roles"] if role["state"] in ("missing", "to_clarify")))


def norms_wanted(row: Row, role_id: str) -> list[str]:
    """The norms that an open role of a case must test or keep: an offer that does not know them is none for it."""
    parts = [
        part
        for role in row["roles"]
        if role["role_id"] == role_id and role["state"] in ("missing", "to_clarify")
        for part in json.loads(role["evidence"])
    ]
    return list(dict.fromkeys(norm for part in parts for norm in part.get("norms", ())))


def one_per_buyer(found: Sequence[Row], before: Sequence[Row] = ()) -> list[Row]:
    """The first opportunity of each asking organisation that is not served before, then the rest: one call each."""
    seen = {row["consortium"]["organisation_id"] for row in before}
    first: list[Row] = []
    again: list[Row] = []
    for row in found:
        buyer = row["consortium"]["organisation_id"]
        (again if buyer in seen else first).append(row)
        seen.add(buyer)
    return first + again


def title(desk: Desk, row: Row, language: Language) -> str:
    """What is wanted and by whom; the request of a closed opportunity may be gone, its product is known."""
    return desk.once(("title", row["opportunity_id"], language.code), lambda: _title(desk, row, language))


def _title(desk: Desk, row: Row, language: Language) -> str:
    product = product_name(desk, row["title_concept_id"], language)
    buyer = stated_name(desk, row["request"]) if row["request"] else None
    if not row["request"] and (asker := former_asker(desk, row["opportunity_id"])) in desk.named_organisations:
        buyer = organisation_name(desk, asker, language)
    if row["consortium"]:
        organisation_id = row["consortium"]["organisation_id"]
        buyer = organisation_name(desk, organisation_id, language)
        if organisation_id not in desk.named_organisations:
            return capitalised(f"{product} ({buyer})")
    whole = language.gettext("%(product)s für %(buyer)s", product=product, buyer=buyer) if buyer else product
    return capitalised(whole)


def organisation_name(desk: Desk, organisation_id: str | None, language: Language) -> str:
    """The organisation's usual spelling; some boards publish none."""
    row = desk.organisation.get(organisation_id or "")
    if row is None or organisation_id not in desk.named_organisations:
        return language.gettext("Name nicht veröffentlicht")
    return spoken(_whole(desk, str(row["name"]), str(organisation_id)))


def why_closed(row: Row, language: Language) -> str:
    """Why a case closed; where nobody supplies any more, that the need is not met by it."""
    told = word(CLOSING_REASONS, row["closing_reason"] or "", language)
    if row["closing_reason"] == "no_supply":
        return language.series([told, language.gettext("Bedarf nicht gedeckt")])
    return told


def former_asker(desk: Desk, opportunity_id: str) -> str | None:
    """The organisation that asked in a case, whatever became of its request; None if it is gone as well."""
    case = desk.case.get(opportunity_id)
    asker = case["organisation_id"] if case else None
    return asker if asker in desk.organisation else None


def stated_name(desk: Desk, listing: Row) -> str | None:
    """The name that a listing states, as readers are told it; None if it states none."""
    name = listing["organisation_name"]
    return spoken(_whole(desk, name, desk.organisation_of.get(listing["listing_id"], ""))) if name else None


_LEAST_CUT, _CUT_SHARE = 4, 0.25  # names of one board that are equally long and the longest: hardly by chance


def _whole(desk: Desk, name: str, organisation_id: str) -> str:
    """A name that a board cuts at the width of its field: whole from a listing elsewhere, else up to its last word."""
    cut, names = desk.once("names that boards cut", lambda: _cut_names(desk))
    if name not in cut or name.rpartition(" ")[2] in _FORMS:
        return name
    longer = sorted(
        other for other in names.get(organisation_id, ()) if len(other) > len(name) and other.startswith(name)
    )
    if longer:
        return max(longer, key=len)
    return name if "(" in name else shortened(name, len(name) - 1)


def _cut_names(desk: Desk) -> tuple[set[str], dict[str, set[str]]]:
    """Names as long as the field of a board that cuts them, and all names by organisation.

    A board cuts where many of its names are equally long and none is longer.
    """
    by_board: dict[str, set[str]] = {}
    by_organisation: dict[str, set[str]] = {}
    for listing in desk.listing.values():
        if name := listing["organisation_name"]:
            by_board.setdefault(listing["platform"], set()).add(name)
            by_organisation.setdefault(desk.organisation_of.get(listing["listing_id"], ""), set()).add(name)
    cut: set[str] = set()
    for names in by_board.values():
        width = max(map(len, names))
        longest = {name for name in names if len(name) == width}
        if len(longest) >= max(_LEAST_CUT, _CUT_SHARE * len(names)):
            cut |= longest
    return cut, by_organisation


_FORMS = "GmbH AG KG UG SE SA SAS SARL EURL SRL BV NV LLC USA CHU CHRU DRK".split()
_SHOUTED_FROM = 6  # capitals in a row: shorter ones are mostly abbreviations


def spoken(name: str) -> str:
    """A name that its board shouts, in the usual letters; one that is cut in a bracket, without the torn rest."""
    if name.count("(") > name.count(")"):
        name = name[: name.rindex("(")].rstrip(" ,-") or name
    if name != name.upper() or sum(map(str.isalpha, name)) < _SHOUTED_FROM:
        return name
    forms = {form.upper(): form for form in _FORMS}
    return re.sub(r"[^\W\d_]+", lambda word: forms.get(word[0]) or word[0].capitalize(), name)


def first_of(names: Sequence[str], language: Language, total: int | None = None) -> str:
    """The first names in a sentence, and how many more there are; ``total`` counts those without a name as well."""
    total = len(names) if total is None else total
    shown = list(names) if total <= MOST_NAMES + 1 else list(names[:MOST_NAMES])
    if rest := total - len(shown):
        shown.append(language.ngettext("%(count)s weiterer", "%(count)s weitere", rest))
    return language.list(shown)


def place(row: Row | None, language: Language) -> str:
    """Town, or else region and country, of an organisation."""
    if row is None:
        return ""
    return str(row["city"] or region(row["country"], row["region"], language))


def listing_source(desk: Desk, listing: Row, language: Language) -> str:
    """Where a listing stands, so that a reader finds it again."""
    return language.gettext(
        "%(platform)s, Inserat %(listing)s",
        platform=desk.platform_title(listing["platform"]),
        listing=listing["listing_id"],
    )


def days_silent(desk: Desk, listing: Row) -> int | None:
    """Days from a listing's last sign of life to the end of the week; None where its board dates nothing."""
    told_at = listing["updated_at"] or listing["posted_at"]
    return max(0, (desk.issue.week.sunday - local_day(told_at)).days) if told_at else None


def is_missing(listing: Row) -> bool:
    """Whether the board does not show a listing any more, which no second delivery has confirmed yet."""
    return bool(listing["missing_since"])


def is_doubtful(desk: Desk, listing: Row) -> bool:
    """Whether it must be asked first if a listing still holds: it is missing, or nobody touched it for long."""
    return is_missing(listing) or (days_silent(desk, listing) or 0) > OLD_AFTER_DAYS


def doubt(desk: Desk, listing: Row, language: Language) -> str:
    """Why it is doubtful: since when its board does not show it, else its last sign of life in weeks."""
    if is_missing(listing):
        day = near_day(desk, date.fromisoformat(listing["missing_since"]), language)
        return language.gettext("fehlt seit %(day)s auf der Plattform", day=day)
    weeks = (days_silent(desk, listing) or 0) // 7
    return language.ngettext("letzte Meldung vor %(count)s Woche", "letzte Meldung vor %(count)s Wochen", weeks)


def covered_share(consortium: Row) -> float | None:
    """The share of the wanted quantity that the partners promise; None if one of the two is unknown.

    A rest below `SMALLEST_REST` comes from sharing capacities out and is no reason to look for another partner.
    """
    if not consortium["quantity"] or consortium["quantity_covered"] is None:
        return None
    share = float(consortium["quantity_covered"]) / float(consortium["quantity"])
    return share if share < 1 - SMALLEST_REST else 1.0


def by_deadline(desk: Desk, row: Row) -> float | None:
    """The share of the need that its partners' rates come to by its deadline; None where that is all that is planned.

    A plan counts four weeks of a rate, whenever the need ends. Of chains `calls.late_delivery` tells; the deadline of a
    public tender is that of bids. A partner counts with what its own listing states, if that is more than is planned:
    it may give this need its first weeks.
    """
    consortium = row["consortium"]
    planned = covered_share(consortium)
    board = desk.platform.get(row["request"]["platform"]) if row["request"] else None
    is_of_bids = board is not None and board.is_procurement
    if not consortium["deadline_on"] or planned is None or consortium["is_multi_role"] or is_of_bids:
        return None
    there = sum(
        delivered(desk, desk.listing[role["listing_id"]], role["quantity"], row)
        for role in row["roles"]
        if role["state"] == "filled" and role["quantity"]
    )
    share = there / float(consortium["quantity"])
    return share if share < min(planned, 1 - LEAST_FRACTION) else None


def delivered(desk: Desk, offer: Row, planned: float, row: Row) -> float:
    """What comes of a planned amount by the deadline: a stock at once, of a rate its part of four weeks."""
    if offer["period"] not in PERIOD_DAYS:
        return planned
    days = (date.fromisoformat(row["consortium"]["deadline_on"]) - desk.published_on).days + 1
    stated = in_window(offer, row["consortium"]["unit"]) or planned
    return min(planned, max(stated, planned) * max(days, 0) / DEFAULT_WINDOW_DAYS)


def in_window(offer: Row, unit: str | None) -> float | None:
    """What an offer comes to in four weeks; None if it states nothing in this unit."""
    if not offer["quantity"] or offer["unit"] != unit:
        return None
    periods = DEFAULT_WINDOW_DAYS / PERIOD_DAYS[offer["period"]] if offer["period"] in PERIOD_DAYS else 1
    return float(offer["quantity"] * periods)


def open_rest(consortium: Row) -> float | None:
    """The amount that no partner covers; None if nothing is missed or one of the two amounts is unknown.

    The composer looks for nobody else either for what is left below `LEAST_FRACTION`.
    """
    share = covered_share(consortium)
    if share is None or share >= 1 - LEAST_FRACTION:
        return None
    return float(consortium["quantity"] - consortium["quantity_covered"])


def wanted(row: Row, language: Language) -> str | None:
    """The amount that is sought, None if none is stated; a rate as stated, with what it comes to in four weeks."""
    consortium, request = row["consortium"], row["request"]
    if not consortium["quantity"]:
        return None
    whole = quantity(consortium["quantity"], consortium["unit"], None, language)
    if not request or request["period"] not in PERIOD_DAYS or not request["quantity"]:
        return whole
    rate = quantity(request["quantity"], request["unit"], request["period"], language)
    return language.gettext("%(rate)s, in vier Wochen %(whole)s", rate=rate, whole=whole)


def product_name(desk: Desk, concept_id: str, language: Language) -> str:
    """What readers call several of a product."""
    return plural(concept_id, language) or desk.issue.taxonomy.label(concept_id, language.code)


def due_on(desk: Desk, row: Row) -> date:
    """The request's own deadline, else a day by its urgency, at the latest the day of the next issue."""
    if row["consortium"]["deadline_on"]:
        return date.fromisoformat(row["consortium"]["deadline_on"])
    days = DAYS_TO_ACT.get(row["consortium"]["urgency"])
    latest = desk.issue.next_issue_on
    return latest if days is None else min(latest, desk.published_on + timedelta(days=days))


def near_day(desk: Desk, day: date, language: Language) -> str:
    """A day of the issue's year by weekday, day and month; one of another year in full."""
    return language.weekday(day) if day.year == desk.published_on.year else language.day(day)


class Due(NamedTuple):
    """By when somebody should act, in words: the day with what it is, and where it comes from."""

    by: str
    basis: str

    def __str__(self) -> str:
        return f"{self.by} ({self.basis})"


def due(desk: Desk, row: Row, language: Language) -> Due:
    """A request's own deadline, or else our aim, which no request names and which moves on with every issue."""
    day = near_day(desk, due_on(desk, row), language)
    if row["consortium"]["deadline_on"]:
        return Due(language.gettext("Spätestens %(day)s", day=day), language.gettext("Frist des Gesuchs"))
    return Due(language.gettext("Ziel: %(day)s", day=day), language.gettext("keine Frist im Gesuch"))


def due_day(desk: Desk, row: Row, language: Language) -> str:
    """By when somebody should act, in a cell."""
    day = near_day(desk, due_on(desk, row), language)
    return day if row["consortium"]["deadline_on"] else language.gettext("%(day)s (Ziel)", day=day)


def waiting_for(desk: Desk, row: Row, language: Language) -> str:
    """For how long an opportunity of an earlier issue waits for an answer; empty if it does not."""
    weeks = desk.weeks_waiting(row)
    return language.ngettext("seit %(count)s Woche", "seit %(count)s Wochen", weeks) if weeks else ""


def confidence(score: float, language: Language) -> str:
    """How sure we are, in words and as the score."""
    if score >= HIGH_SCORE:
        text = language.gettext("hoch (%(score)s von 1)", score=language.score(score))
    elif score >= MEDIUM_SCORE:
        text = language.gettext("mittel (%(score)s von 1)", score=language.score(score))
    else:
        text = language.gettext("gering (%(score)s von 1)", score=language.score(score))
    return text
