"""Where supply falls short: products with gaps, requests that no offer fits, what blocks and what comes nearest."""

from collections import Counter

from reports.design.tables import Cut, table
from reports.frames import Row, rows
from reports.lagebild.issue import Desk
from reports.lagebild.words import listing_source, place
from reports.language import N_, Language, capitalised
from reports.wording import BLOCKED_BY, region, word

MOST_PRODUCTS = 10  # that are short
MOST_UNMET = 8  # products with requests that no offer fits
MOST_REGIONS = 3


def shortages(desk: Desk, language: Language) -> Cut:
    """Products with needs that nobody covers, or only with gaps, most such needs first."""
    short = [row for row in rows(desk.issue.shortages) if _open(row)]
    products = sorted((row for row in short if row["is_total"]), key=lambda row: (-_open(row), row["concept_id"]))
    if not products:
        return Cut(None, 0)
    headings = (N_("Produkt"), N_("Lage"), N_("Was im Weg steht"), N_("Am nächsten"), N_("Vor allem in"))
    made = table(
        [language.gettext(text) for text in headings],
        [
            (
                desk.issue.taxonomy.label(row["concept_id"], language.code),
                _state(row, language),
                _blocking(desk, row, language),
                _nearest(desk, row, language),
                _regions([one for one in short if one["concept_id"] == row["concept_id"]], language),
            )
            for row in products[:MOST_PRODUCTS]
        ],
        table_id="engpaesse",
        caption=language.gettext("Engpässe nach Produkt"),
        is_stacked=True,
    )
    return Cut(made, max(0, len(products) - MOST_PRODUCTS))


def _open(row: Row) -> int:
    return int(row["unmet"] + row["partly_covered"])


def _state(row: Row, language: Language) -> str:
    told = [
        language.ngettext("%(count)s Gesuch", "%(count)s Gesuche", row["requests"]),
        language.ngettext("%(count)s Angebot", "%(count)s Angebote", row["offers"]),
    ]
    if row["unmet"]:
        told.append(language.gettext("%(count)s ohne Konsortium", count=language.number(row["unmet"])))
    if row["partly_covered"]:
        told.append(language.gettext("%(count)s mit Lücke", count=language.number(row["partly_covered"])))
    return ", ".join(told)


def _blocking(desk: Desk, row: Row, language: Language) -> str:
    reasons = []
    if row["blocking_role"]:
        role = desk.issue.taxonomy.label(row["blocking_role"], language.code)
        reasons.append(language.gettext("Engpass: %(role)s", role=role))
    if row["blocked_by"]:
        reasons.append(word(BLOCKED_BY, row["blocked_by"], language))
    return language.series(reasons) or language.gettext("kein ähnliches Angebot")


def _nearest(desk: Desk, row: Row, language: Language) -> str:
    """The offer that comes nearest to an unmet need; offers and requests by their numbers only."""
    offer = desk.listing.get(row["nearest_offer_id"] or "")
    if offer is None:
        return language.gettext("keines")
    return language.gettext(
        "%(offer)s (%(platform)s) für %(request)s",
        offer=row["nearest_offer_id"],
        platform=desk.platform_title(offer["platform"]),
        request=row["nearest_request_id"],
    )


def _regions(of_product: list[Row], language: Language) -> str:
    here = sorted((row for row in of_product if not row["is_total"]), key=lambda row: (-_open(row), str(row["region"])))
    unknown = language.gettext("Region unbekannt")
    named = [(region(row["country"], row["region"], language) or unknown, _open(row)) for row in here[:MOST_REGIONS]]
    return language.series(f"{name} ({language.number(count)})" for name, count in named)


def unmet_needs(desk: Desk, language: Language) -> Cut:
    """Requests that nobody serves, gathered by product: how many, and what blocks the nearest offer."""
    unmet = rows(desk.issue.unmet)
    if not unmet:
        return Cut(None, 0)
    by_concept: dict[str, list[Row]] = {}
    for row in unmet:
        by_concept.setdefault(row["concept_id"], []).append(row)
    ordered = sorted(by_concept.items(), key=lambda item: (-len(item[1]), item[0]))
    listed = []
    for concept, found in ordered[:MOST_UNMET]:
        reasons = Counter(row["blocked_by"] or "" for row in found)
        reason, count = min(reasons.items(), key=lambda item: (-item[1], item[0]))
        blocked = word(BLOCKED_BY, reason, language) if reason else language.gettext("kein ähnliches Angebot")
        examples = (row for row in found if row["nearest_offer_id"] and (row["blocked_by"] or "") == reason)
        near = min(examples, key=lambda row: str(row["request_id"]), default=None)
        listed.append(
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
    made = table(header, listed, table_id="offen", caption=caption, numeric=(1,), is_stacked=True)
    return Cut(made, max(0, len(ordered) - MOST_UNMET))


def _near_miss(desk: Desk, row: Row, language: Language) -> str:
    sides = (desk.listing.get(row["nearest_offer_id"]), desk.listing.get(row["request_id"]))
    offer, request = (_one_side(desk, listing, language) if listing else "" for listing in sides)
    return language.gettext("%(offer)s für %(request)s", offer=offer, request=request)


def _one_side(desk: Desk, listing: Row, language: Language) -> str:
    who = [text for text in (listing["organisation_name"], place(listing, language)) if text]
    source = listing_source(desk, listing, language)
    return f"{', '.join(who)} ({source})" if who else source
