"""Where supply falls short within the remit: products with needs that nobody covers, and roles that nobody fills."""

from collections import Counter
from typing import NamedTuple

from markupsafe import Markup

from matching.consortia.plans import LEAST_FRACTION
from matching.places.geography import region_code, region_label
from reports.design.tables import Cut, table
from reports.frames import Row, rows
from reports.lagebild.calls import candidates, listing_name
from reports.lagebild.issue import Desk
from reports.lagebild.links import proofs_page
from reports.lagebild.proofs import place_name
from reports.lagebild.summary import lacking
from reports.lagebild.words import first_of, product_name
from reports.language import N_, Language, capitalised
from reports.wording import BLOCKED_BY, word

MOST_PRODUCTS = 10  # that are short
MOST_ROLES = 6
MOST_REGIONS = 2
MOST_PLACES = 6  # with needs without a partner
MOST_NAMED = 25  # products of a region


Place = tuple[str | None, str | None]  # country, and our code of the region where there is one


class Need(NamedTuple):
    """One need within the remit: of whom a consortium was sought for one product; ``state`` as in `Shortage`."""

    concept_id: str
    place: Place
    state: str  # covered, partly_covered or unmet


def needs(desk: Desk) -> list[Need]:
    """Every need within the remit, counted as `matching.news.shortages` counts: ideas are none."""
    served = [
        Need(row["concept_id"], _place(row), "partly_covered" if _is_short(row) else "covered")
        for row in desk.consortium.values()
        if (request := desk.listing.get(row["request_id"]))
        and request["kind"] != "idea"
        and desk.holds(row["country"], row["region"], row["concept_id"], row["request_id"])
    ]
    unmet = [Need(row["concept_id"], _place(row), "unmet") for row in desk.unmet_needs]
    return served + unmet


def place_of(country: str | None, region: str | None) -> Place:
    """A place as needs name it: by our code of the region where there is one."""
    return country, region_code(country, region) or region


def _place(row: Row) -> Place:
    return place_of(row["country"], row["region"])


def _is_short(consortium: Row) -> bool:
    """Whether a consortium lacks a role, or more than the rest that sharing out leaves."""
    wanted, there = consortium["quantity"], consortium["quantity_covered"]
    lacks_amount = wanted is not None and there is not None and there < (1 - LEAST_FRACTION) * wanted
    return bool(lacks_amount or consortium["roles_filled"] < consortium["roles"])


class Shortage(NamedTuple):
    """A product's needs within the remit by state."""

    concept_id: str
    states: Counter[str]
    unmet_in: Counter[Place]  # needs without a partner

    @property
    def short(self) -> int:
        return self.states["unmet"] + self.states["partly_covered"]


def by_product(desk: Desk) -> list[Shortage]:
    """Products that somebody within the remit asks for, most needs without or with gaps first."""
    return desk.once(("needs by product", desk.issue.remit.groups), lambda: _by_product(desk))


def _by_product(desk: Desk) -> list[Shortage]:
    found: dict[str, Shortage] = {}
    for need in needs(desk):
        one = found.setdefault(need.concept_id, Shortage(need.concept_id, Counter(), Counter()))
        one.states[need.state] += 1
        if need.state == "unmet":
            one.unmet_in[need.place] += 1
    return sorted(found.values(), key=lambda one: (-one.short, -one.states["unmet"], one.concept_id))


def has_partial(desk: Desk) -> bool:
    """Whether any product has needs with a gap: the column that counts them is left out where all are 0."""
    return any(one.states["partly_covered"] for one in by_product(desk))


def shortages(desk: Desk, language: Language) -> Cut:
    """Products with needs that nobody covers, or only with gaps, most such needs first, and all products together."""
    products = by_product(desk)
    short = [one for one in products if one.short]
    if not short:
        return Cut(None, 0)
    partial = [N_("mit Lücke")] if has_partial(desk) else []
    headings = (
        N_("Produkt"), N_("Bedarfe"), N_("ohne Partner"), *partial, N_("Angebote"), N_("Was im Weg steht"),
        N_("ohne Partner vor allem in"),
    )  # fmt: skip
    is_of_group = bool(desk.issue.remit.groups)
    every = Shortage("", sum((one.states for one in products), Counter()), Counter())
    totals = {row["concept_id"]: row for row in rows(desk.issue.shortages) if row["is_total"]}
    lines = [
        (
            capitalised(product_name(desk, one.concept_id, language)),
            *_counts(one, language)[: 2 + len(partial)],
            language.number(totals[one.concept_id]["offers"]),
            _blocking(desk, totals[one.concept_id], language),
            _regions(one, language),
        )
        for one in short[:MOST_PRODUCTS]
    ]
    whole = _counts(every, language, is_of_group=is_of_group)
    made = table(
        [language.gettext(text) for text in headings],
        [*lines, (language.gettext("alle Produkte"), *whole[: 2 + len(partial)], "", "", "")],
        table_id="engpaesse",
        caption=language.gettext("Lücken nach Produkt"),
        numeric=tuple(range(1, 4 + len(partial))),
        is_stacked=True,
    )
    return Cut(made, max(0, len(short) - MOST_PRODUCTS))


def _counts(one: Shortage, language: Language, *, is_of_group: bool = False) -> tuple[str, Markup | str, str]:
    """Needs, those without a partner with a link to their list, those with a gap."""
    unmet = language.number(one.states["unmet"])
    # All products of one group are no list of their own.
    if one.states["unmet"] and (one.concept_id or not is_of_group):
        target = f"liste-need-{one.concept_id}" if one.concept_id else "nachweis-needs-unmet"
        unmet = Markup('<a href="{}#{}">{}</a>').format(proofs_page(language), target, unmet)
    return language.number(one.states.total()), unmet, language.number(one.states["partly_covered"])


def _blocking(desk: Desk, row: Row, language: Language) -> str:
    """Which role is missing most often, and why the offer that comes nearest does not fit; not the same twice."""
    reasons = []
    if row["blocking_role"]:
        role = desk.issue.taxonomy.label(row["blocking_role"], language.code)
        reasons.append(language.gettext("meist fehlt: %(role)s", role=role))
    if row["blocked_by"] and not (row["blocking_role"] and row["blocked_by"] == "missing_role"):
        reason = word(BLOCKED_BY, row["blocked_by"], language)
        reasons.append(language.gettext("nächstes Angebot: %(reason)s", reason=reason))
    return language.series(reasons) or language.gettext("kein ähnliches Angebot")


def _regions(one: Shortage, language: Language) -> str:
    here = sorted(one.unmet_in.items(), key=lambda item: (-item[1], str(item[0])))
    return ", ".join(_counted(_region_name(place, language), count, language) for place, count in here[:MOST_REGIONS])


def _region_name(place: Place, language: Language) -> str:
    return region_label(*place) or place_name(place, language)


def _counted(name: str, count: int, language: Language) -> str:
    return f"{name} ({language.number(count)})"


def unmet_by_region(desk: Desk, language: Language) -> Markup | None:
    """Which products lack a partner in each region: those that the remit names first, then most such needs first.

    What is left out is one row more, so that the rows add up to all needs without a partner. None if there are none.
    """
    unmet = _unmet_by_place(desk)
    if not any(unmet.values()):
        return None
    ordered = list(unmet)
    kept, others = ordered[:MOST_PLACES], ordered[MOST_PLACES:]
    lines = [(_region_name(place, language), *_lacking(desk, unmet[place], language)) for place in kept]
    if others:
        together = sum((unmet[place] for place in others), Counter[str]())
        name = language.ngettext("%(count)s weitere Region", "%(count)s weitere Regionen", len(others))
        lines.append((name, *_lacking(desk, together, language)))
    return table(
        [language.gettext(text) for text in (N_("Region"), N_("ohne Partner"), N_("Produkte ohne Partner"))],
        lines,
        table_id="luecken-regionen",
        caption=language.gettext("Bedarfe ohne Partner nach Region"),
        numeric=(1,),
        is_stacked=True,
    )


def places_named(desk: Desk) -> list[Place]:
    """The places that the table of gaps names, in its order."""
    return list(_unmet_by_place(desk))[:MOST_PLACES]


def _unmet_by_place(desk: Desk) -> dict[Place, Counter[str]]:
    """Needs without a partner by product, of those places first that the remit names, then where most are."""
    unmet: dict[Place, Counter[str]] = {place: Counter() for place in map(_named_place, desk.issue.remit.regions)}
    first = list(unmet)
    for one in by_product(desk):
        for place, count in one.unmet_in.items():
            unmet.setdefault(place, Counter())[one.concept_id] += count
    rest = sorted(unmet.keys() - set(first), key=lambda place: (place[1] is None, -unmet[place].total(), str(place)))
    return {place: unmet[place] for place in (*first, *rest)}


def _named_place(code: str) -> Place:
    country, _, region = code.partition("-")
    return country, region


def _lacking(desk: Desk, products: Counter[str], language: Language) -> tuple[str, str]:
    """How many needs have no partner, and of which products, most first."""
    ordered = sorted(products.items(), key=lambda item: (-item[1], item[0]))
    named = [
        _counted(product_name(desk, concept, language), count, language) for concept, count in ordered[:MOST_NAMED]
    ]
    if rest := products.total() - sum(count for _, count in ordered[:MOST_NAMED]):
        named.append(_counted(language.gettext("andere"), rest, language))
    return language.number(products.total()), ", ".join(named) or language.gettext("kein Produkt")


def missing_roles(desk: Desk, language: Language) -> Markup | None:
    """Roles that nobody fills, most cases first, and whom one could ask; None if none is missing."""
    ordered = lacking(desk)
    if not ordered:
        return None
    headings = (N_("Fehlende Rolle"), N_("Vorgänge"), N_("Wen man fragen kann"))
    return table(
        [language.gettext(text) for text in headings],
        [
            (
                capitalised(desk.issue.taxonomy.label(role_id, language.code)),
                language.number(len(found)),
                _askable(desk, role_id, found, language),
            )
            for role_id, found in ordered[:MOST_ROLES]
        ],
        table_id="rollen",
        caption=language.gettext("Rollen, die niemand besetzt"),
        numeric=(1,),
        is_stacked=True,
    )


def _askable(desk: Desk, role_id: str, found: list[Row], language: Language) -> Markup:
    """Whom to ask: who fits one product may not fit another, and for a case with nobody its call names nobody."""
    parts: dict[tuple[bool, str], list[Row]] = {}
    for row in found:
        is_lost = not candidates(desk, row, role_id)
        parts.setdefault((is_lost, row["title_concept_id"]), []).append(row)
    ordered = sorted(parts.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    told = [_asked_in(desk, role_id, rows_, language) for _, rows_ in ordered]
    if len(set(told)) == 1:
        return Markup("{}").format(told[0])
    lines = [
        language.labelled(_counted(capitalised(product_name(desk, concept, language)), len(rows_), language), text)
        for ((_, concept), rows_), text in zip(ordered, told, strict=True)
    ]
    return Markup("<br>").join(lines)


def _asked_in(desk: Desk, role_id: str, found: list[Row], language: Language) -> str:
    """The first names that fit most of some cases."""
    counts = Counter(
        listing_name(desk, listing, language) for row in found for listing in candidates(desk, row, role_id)
    )
    names = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return first_of(names, language) if names else language.gettext("niemanden, kein passendes Angebot bekannt")
