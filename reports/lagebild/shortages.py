"""Where supply falls short: by product, how many ask and offer, what blocks, what comes nearest, and where."""

from markupsafe import Markup

from reports.design.tables import table
from reports.frames import Row, rows
from reports.lagebild.issue import Desk
from reports.language import N_, Language
from reports.wording import BLOCKED_BY, region, word

MOST_PRODUCTS = 10
MOST_REGIONS = 3


def shortages(desk: Desk, language: Language) -> tuple[Markup | None, int]:
    """Products with needs that nobody covers, or only with gaps, most such needs first; how many are left out."""
    short = [row for row in rows(desk.issue.shortages) if _open(row)]
    products = sorted((row for row in short if row["is_total"]), key=lambda row: (-_open(row), row["concept_id"]))
    if not products:
        return None, 0
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
    return made, max(0, len(products) - MOST_PRODUCTS)


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
