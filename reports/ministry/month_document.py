"""A month's release as one page in each language and one long CSV file, from the protected tables alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from babel.dates import format_date
from markupsafe import Markup, escape

from reports.design.page import render_page
from reports.disclosure import TOTAL, Cell
from reports.language import LANGUAGES, N_, Labels, Language, capitalised
from reports.ministry.counted import BW, GRAND_EST, KINDS
from reports.ministry.document import (
    CSV_COLUMNS,
    REGION_NAMES,
    counts_table,
    kind_name,
    measures,
    page_name,
    shown,
    sign_of,
    signed_table,
    total_sentences,
    written,
)
from reports.ministry.funnel import STEPS
from reports.ministry.month_counted import GERMANY_NOT_STATED, NO_PRODUCT, NOT_STATED
from reports.ministry.monthly import AREAS, NOT_BW, Frame
from reports.ministry.package import Office, Release, linked_files, package_files
from reports.ministry.package.pictures import drawn
from reports.ministry.package.release import STEP
from reports.ministry.periods import Month
from reports.ministry.statistics import Protected
from reports.wording import unit_name
from sources.week import Week

_OPENINGS = {
    KINDS: N_("Offen waren im Lauf des Monats %(offers)s Angebote und %(requests)s Gesuche."),
    ("request",): N_("Offen waren im Lauf des Monats %(requests)s Gesuche."),
    ("offer",): N_("Offen waren im Lauf des Monats %(offers)s Angebote."),
}
MONTH_COLUMNS = (*CSV_COLUMNS, "product", "product_label", "frame")
_AREA_NAMES = {
    **REGION_NAMES,
    "DE11": N_("Regierungsbezirk Stuttgart"),
    "DE12": N_("Regierungsbezirk Karlsruhe"),
    "DE13": N_("Regierungsbezirk Freiburg"),
    "DE14": N_("Regierungsbezirk Tübingen"),
    "DE-BY": N_("Bayern"),
    "DE-BE": N_("Berlin"),
    "DE-BB": N_("Brandenburg"),
    "DE-HB": N_("Bremen"),
    "DE-HH": N_("Hamburg"),
    "DE-HE": N_("Hessen"),
    "DE-MV": N_("Mecklenburg-Vorpommern"),
    "DE-NI": N_("Niedersachsen"),
    "DE-NW": N_("Nordrhein-Westfalen"),
    "DE-RP": N_("Rheinland-Pfalz"),
    "DE-SL": N_("Saarland"),
    "DE-SN": N_("Sachsen"),
    "DE-ST": N_("Sachsen-Anhalt"),
    "DE-SH": N_("Schleswig-Holstein"),
    "DE-TH": N_("Thüringen"),
    "FRF11": "Bas-Rhin",
    "FRF12": "Haut-Rhin",
    NOT_BW: N_("außerhalb Baden-Württembergs"),
    BW + NOT_STATED: N_("Baden-Württemberg, Ort nicht zugeordnet"),
    GERMANY_NOT_STATED: N_("Deutschland, ohne Angabe des Landes"),
    GRAND_EST + NOT_STATED: N_("Grand Est, andere Départements und ohne Angabe"),
}

STEP_NAMES = {
    "requests": N_("Gesuche im Lauf des Monats"),
    "matched": N_("davon mit einem passenden Angebot"),
    "told": N_("davon den Task Forces mit möglichen Partnern gemeldet"),
    "answered": N_("davon beantwortet"),
    "agreed": N_("davon vereinbart oder geliefert"),
}


@dataclass(frozen=True)
class MonthStatistics:
    """One release. weeks: those counted, oldest first; earlier: months of the quarter that went out before it.

    funnel: how many requests came to each of `STEPS`, None where that is withheld; empty: it is not told.
    """

    month: Month
    protected: Protected
    quantities: Mapping[Cell, int | None]  # (product group, unit, kind); None: withheld
    frame: Frame
    taxonomy: Labels
    is_sample: bool
    weeks: Sequence[Week]
    office: Office = Office()  # noqa: RUF009 frozen
    earlier: Sequence[Release] = ()
    funnel: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def release(self) -> Release:
        """As its long file tells it."""
        names = {
            code: {one: product_name(one, self.taxonomy, Language(code)) for one in self.protected.axes[0].leaves}
            for code in LANGUAGES
        }
        return Release.of(str(self.month), _long_csv(self).encode(), is_sample=self.is_sample, names=names)


def month_files(statistics: MonthStatistics) -> dict[str, bytes]:
    """Everything of a release that goes out: a page in each language, the long file, and what is made from that."""
    pages = {page_name(language): render_month(statistics, language).encode() for language in LANGUAGES}
    long_file = _long_csv(statistics).encode()
    package = package_files(statistics.release, statistics.office, long_file, statistics.earlier)
    return {**pages, "statistics.csv": long_file, **package}


def render_month(statistics: MonthStatistics, language: str = "de") -> str:
    """The release as a page; every number in it comes from the protected tables."""
    reader, release = Language(language), statistics.release
    return render_page(
        "ministry/month.html",
        reader,
        period=month_name(statistics.month, reader),
        day=reader.day(statistics.weeks[-1].sunday),
        is_sample=statistics.is_sample,
        sentences=_sentences(statistics, reader),
        areas=_areas_table(statistics, reader),
        products=_products_table(statistics, reader),
        quantities=_quantities_table(statistics, reader),
        funnel=[(reader.gettext(STEP_NAMES[step]), shown(value, reader)) for step, value in statistics.funnel.items()],
        has_withheld_step=None in statistics.funnel.values(),
        is_detailed=statistics.frame.code == "areas-products",
        withheld=sum(figures.listings is None for figures in statistics.protected.cells.values()),
        pictures=drawn(release, statistics.earlier, reader),
        files=linked_files(release, statistics.earlier, reader),
        next_on=reader.day(release.next_on),
        office=statistics.office,
    )


def month_name(month: Month, language: Language) -> str:
    """ "April 2020" in the reader's language."""
    return str(format_date(month.first, "MMMM y", locale=language.locale))


def _sentences(statistics: MonthStatistics, language: Language) -> list[str]:
    """Only what is published."""
    protected = statistics.protected
    found = [*_incomplete(statistics, language), *total_sentences(protected, _OPENINGS, language)]
    requests, most = protected.total("request").listings, _most_requested(protected)
    if requests and most:
        product, number = most
        text = N_("Am meisten gesucht: %(product)s mit %(number)s von %(requests)s Gesuchen.")
        found.append(
            language.gettext(
                text,
                product=_product_word(product, statistics.taxonomy, language),
                number=language.number(number),
                requests=language.number(requests),
            )
        )
    return found


def _incomplete(statistics: MonthStatistics, language: Language) -> list[str]:
    """That Sundays of the month are not counted, if any is not."""
    weeks, every = statistics.weeks, statistics.month.weeks
    if len(weeks) == len(every):
        return []
    text = language.ngettext(
        "Unvollständig: Gezählt ist %(count)s von %(all)s Sonntagen des Monats (%(days)s). Mit ganzen Monaten ist"
        " dieser nicht vergleichbar.",
        "Unvollständig: Gezählt sind %(count)s von %(all)s Sonntagen des Monats (%(days)s). Mit ganzen Monaten ist"
        " dieser nicht vergleichbar.",
        len(weeks),
        all=language.number(len(every)),
        days=language.list(language.day(week.sunday) for week in weeks),
    )
    return [text]


def _most_requested(protected: Protected) -> tuple[str, int] | None:
    """The product group of most requests if all that are withheld together come to less."""
    told = {
        cell[0]: figures.listings
        for cell, figures in protected.cells.items()
        if cell[0] != TOTAL and cell[1:] == (TOTAL, "request") and figures.listings
    }
    total = protected.total("request").listings
    if not told or total is None:
        return None
    product, number = max(told.items(), key=lambda one: (one[1], one[0]))
    return (product, number) if number > total - sum(told.values()) else None


def product_name(code: str, taxonomy: Labels, language: Language) -> str:
    """What readers call a product group."""
    if code == TOTAL:
        return language.gettext("Insgesamt")
    word = _product_word(code, taxonomy, language)
    return word if code == NO_PRODUCT else capitalised(word)


def _product_word(code: str, taxonomy: Labels, language: Language) -> str:
    """A product group within a sentence."""
    return language.gettext("ohne Produktangabe") if code == NO_PRODUCT else taxonomy.label(code, language.code)


def area_name(code: str, language: Language) -> str:
    """What readers call an area; départements by their own names."""
    return language.gettext(_AREA_NAMES[code])


def _area_heading(area: str, frame: Frame, language: Language) -> str | Markup:
    """The area's name, set in where what it is part of stands above it; screen readers hear what that is."""
    name, above = area_name(area, language), frame.areas[: frame.areas.index(area)]
    for whole, parts in AREAS.sums:
        if area in parts and whole in above:
            told = language.gettext("Teil von: %(area)s", area=area_name(whole, language))
            return Markup('<span class="part">{}<span class="hidden"> ({})</span></span>').format(name, told)
    return name


def _areas_table(statistics: MonthStatistics, language: Language) -> Markup | None:
    """None in a frame without areas: the table of product groups has the total too."""
    if len(statistics.frame.areas) == 1:
        return None
    protected, areas = statistics.protected, statistics.frame.areas
    empty = [area for area in areas if area != TOTAL and _is_empty(protected, area)]
    rows: list[tuple[str | Markup, Cell]] = [
        (_area_heading(area, statistics.frame, language), (TOTAL, area)) for area in areas if area not in empty
    ]
    caption = language.gettext("Inserate nach Region, und wie viele Firmen dahinterstehen")
    made = counts_table("regionen", (language.gettext("Region"), caption), rows, protected, language)
    return made + _nothing_in(empty, language)


def _is_empty(protected: Protected, area: str) -> bool:
    """Whether it is told of an area that nothing is there, in every column."""
    told = [protected.cells[TOTAL, area, kind] for kind in protected.axes[-1].codes]
    return told[-1].firms == 0 and all(one.listings == 0 for one in told)


def _nothing_in(areas: Sequence[str], language: Language) -> Markup:
    """The areas that the table leaves out, each in an element of its own: the audit of the page counts them."""
    if not areas:
        return Markup()
    names = (Markup('<span class="none">{}</span>').format(area_name(area, language)) for area in areas)
    heading = language.gettext("Nichts vorhanden (alle Spalten)")
    return Markup('<p class="note">{}</p>').format(escape(language.labelled(heading, "")) + Markup(" · ").join(names))


def _products_table(statistics: MonthStatistics, language: Language) -> Markup | None:
    if not statistics.frame.product_areas:
        return None
    rows = [
        (product_name(product, statistics.taxonomy, language), (product, TOTAL))
        for product in (*statistics.protected.axes[0].leaves, TOTAL)
    ]
    caption = language.gettext("Inserate nach Produktgruppe, und wie viele Firmen dahinterstehen")
    heading = language.gettext("Produktgruppe")
    return counts_table("produkte", (heading, caption), rows, statistics.protected, language)


def _quantities_table(statistics: MonthStatistics, language: Language) -> Markup | None:
    """Product groups and units of which at least one quantity is told."""
    told = statistics.quantities
    rows = [
        (product, unit)
        for product, unit, _ in dict.fromkeys((*cell[:2], "") for cell in told)
        if any(told[product, unit, kind] for kind in KINDS)
    ]
    if not rows:
        return None
    heading = language.gettext("Produktgruppe (Einheit)")
    caption = language.gettext("Angebotene und gesuchte Mengen nach Produktgruppe und Einheit")
    names = [
        f"{product_name(product, statistics.taxonomy, language)} ({unit_name(unit, None, language)})"
        for product, unit in rows
    ]
    columns = {kind_name(kind, language): [told[product, unit, kind] for product, unit in rows] for kind in KINDS}
    return signed_table("mengen", (heading, caption), names, columns, language)


def _long_csv(statistics: MonthStatistics) -> str:
    """The columns of a week's file, then product group and frame."""
    reader = Language("de")
    rows = [
        _row(statistics, cell, measure, unit, value, reader)
        for cell, figures in statistics.protected.cells.items()
        for measure, unit, value in measures(figures)
    ]
    for (product, unit, kind), value in statistics.quantities.items():
        rows.append(_row(statistics, (product, TOTAL, kind), "quantity", unit, value, reader))
    for step, value in statistics.funnel.items():
        if step != STEPS[0]:  # told as listings
            rows.append(_row(statistics, (TOTAL, TOTAL, "request"), f"{STEP}{step}", "listing", value, reader))
    return written(MONTH_COLUMNS, rows)


def _row(
    statistics: MonthStatistics, cell: Cell, measure: str, unit: str, value: int | None, language: Language
) -> tuple[object, ...]:
    product, area, kind = cell
    return (
        str(statistics.month), area, area_name(area, language), kind, measure, unit,
        "" if value is None else value, sign_of(value), "p",
        product, product_name(product, statistics.taxonomy, language), statistics.frame.code,
    )  # fmt: skip
