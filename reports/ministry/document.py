"""A release as one page in each language and one long CSV file, from the protected tables alone."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from babel.dates import format_date
from markupsafe import Markup

from matching.places.geography import region_label
from reports.design.page import render_page
from reports.design.spreadsheet import safe_cell
from reports.design.tables import table
from reports.disclosure import TOTAL
from reports.language import LANGUAGES, N_, Labels, Language, capitalised
from reports.ministry.counted import ELSEWHERE, KINDS, NO_PRODUCT, REGIONS, REST_OF_GERMANY
from reports.ministry.periods import Month
from reports.ministry.statistics import NOTHING, OTHER_STATES, SECRET, Figures, Protected
from reports.wording import KINDS as KIND_WORDS
from reports.wording import word
from sources.week import Week

CSV_COLUMNS = (
    "period", "product_group", "product_group_label", "region", "region_label", "kind", "measure", "unit", "value",
    "sign", "status",
)  # fmt: skip
REGION_NAMES = {
    REST_OF_GERMANY: N_("übriges Deutschland"),
    OTHER_STATES: N_("übrige Länder und ohne Angabe"),
    ELSEWHERE: N_("übriges Ausland und ohne Angabe"),
    TOTAL: N_("Insgesamt"),
}


@dataclass(frozen=True)
class Statistics:
    """One release."""

    period: Week | Month
    protected: Protected
    taxonomy: Labels
    is_sample: bool


def files(statistics: Statistics) -> dict[str, bytes]:
    """Everything of a release that goes out: a page in each language, German without a mark, and the long file."""
    pages = {page_name(language): render(statistics, language).encode() for language in LANGUAGES}
    return {**pages, "statistics.csv": long_csv(statistics).encode()}


def page_name(language: str) -> str:
    return "statistics.html" if language == "de" else f"statistics.{language}.html"


def render(statistics: Statistics, language: str = "de") -> str:
    """The release as a page; every number in it comes from the protected tables."""
    reader = Language(language)
    withheld = sum(figures.listings is None for figures in statistics.protected.cells.values())
    return render_page(
        "ministry/page.html",
        reader,
        period=_period(statistics.period, reader),
        standing=_standing(statistics.period, reader),
        is_week=isinstance(statistics.period, Week),
        is_sample=statistics.is_sample,
        sentences=_sentences(statistics, reader),
        tables=list(_tables(statistics, reader)),
        withheld=withheld,
    )


def _period(period: Week | Month, language: Language) -> str:
    if isinstance(period, Week):
        return f"{language.week(period)} · {language.days_of(period)}"
    return str(format_date(period.first, "MMMM y", locale=language.locale))


def _standing(period: Week | Month, language: Language) -> str:
    if isinstance(period, Week):
        return language.gettext("Datenstand: %(day)s · vorläufig", day=language.day(period.sunday))
    return language.gettext("Wochen, deren Sonntag in den Monat fällt · vorläufig")


def _sentences(statistics: Statistics, language: Language) -> list[str]:
    """Only what is published; counts of listings, which add up."""
    protected, found = statistics.protected, []
    offers, requests = (protected.total(kind).listings for kind in KINDS)
    if offers is not None and requests is not None:
        text = N_("Offen sind %(requests)s Gesuche und %(offers)s Angebote.")
        if isinstance(statistics.period, Month):
            text = N_("Neu eingestellt wurden %(requests)s Gesuche und %(offers)s Angebote.")
        found.append(language.gettext(text, requests=language.number(requests), offers=language.number(offers)))
        if requests:
            ratio = language.number(round(100 * offers / requests))
            found.append(language.gettext("Auf 100 Gesuche kommen %(ratio)s Angebote.", ratio=ratio))
    firms = protected.total().firms
    if firms:
        found.append(language.gettext("Dahinter stehen %(firms)s namentlich bekannte Firmen und Stellen.", firms=firms))
    return found or [language.gettext("Für diesen Zeitraum lässt sich keine Summe veröffentlichen.")]


def sign_of(value: int | None) -> str:
    """The sign of a value in tables of German offices; empty for a number."""
    return SECRET if value is None else NOTHING if value == 0 else ""


def _shown(value: int | None, language: Language) -> Markup:
    """A number, or a sign with words for screen readers."""
    words = {SECRET: language.gettext("geheim"), NOTHING: language.gettext("nichts vorhanden")}
    if sign := sign_of(value):
        return Markup('{}<span class="hidden"> {}</span>').format(sign, words[sign])
    return Markup("{}").format(language.number(value or 0))


def product_name(code: str, taxonomy: Labels, language: Language) -> str:
    """What readers call a product group."""
    if code == TOTAL:
        return language.gettext("Insgesamt")
    if code == NO_PRODUCT:
        return language.gettext("ohne Produktangabe")
    return capitalised(taxonomy.label(code, language.code))


def region_name(code: str, language: Language) -> str:
    """What readers call a region; Länder by their own name."""
    if code in REGION_NAMES:
        return language.gettext(REGION_NAMES[code])
    country, _, part = code.partition("-")
    return region_label(country, part) or part or code


def _kind_name(kind: str, language: Language) -> str:
    return language.gettext("zusammen") if kind == TOTAL else word(KIND_WORDS, kind, language)


def _tables(statistics: Statistics, language: Language) -> Iterator[Markup]:
    """Regions × kinds first; a month also product groups × the four regions for each kind."""
    protected = statistics.protected
    before = () if len(protected.axes) == 2 else (TOTAL,)
    regions, kinds = (axis.codes for axis in protected.axes[-2:])
    yield table(
        [language.gettext("Region"), *(_kind_name(kind, language) for kind in kinds), language.gettext("Firmen")],
        [
            (
                region_name(region, language),
                *(_shown(protected.cells[(*before, region, kind)].listings, language) for kind in kinds),
                _shown(protected.cells[(*before, region, TOTAL)].firms, language),
            )
            for region in regions
        ],
        table_id="regionen",
        caption=language.gettext("Inserate nach Region, und wie viele Firmen dahinterstehen"),
        numeric=range(1, len(kinds) + 2),
    )
    if before:
        for number, kind in enumerate(kinds):
            yield _product_table(statistics, kind, number, language)


def _product_table(statistics: Statistics, kind: str, number: int, language: Language) -> Markup:
    protected, regions = statistics.protected, (*REGIONS, TOTAL)
    return table(
        [language.gettext("Produktgruppe"), *(region_name(region, language) for region in regions)],
        [
            (
                product_name(product, statistics.taxonomy, language),
                *(_shown(protected.cells[product, region, kind].listings, language) for region in regions),
            )
            for product in protected.axes[0].codes
        ],
        table_id=f"produkte-{number}",
        caption=language.gettext("Inserate nach Produktgruppe und Region: %(kind)s", kind=_kind_name(kind, language)),
        numeric=range(1, len(regions) + 1),
    )


def long_csv(statistics: Statistics, language: str = "de") -> str:
    """One row per cell and measure, the sign in a column of its own; RFC 4180 with a header row."""
    protected, reader = statistics.protected, Language(language)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for cell, figures in protected.cells.items():
        product, region, kind = cell if len(cell) == 3 else (TOTAL, *cell)
        names = (product_name(product, statistics.taxonomy, reader), region, region_name(region, reader))
        head = (str(statistics.period), product, *names, kind)
        for measure, unit, value in _measures(figures):
            shown = "" if value is None else value
            writer.writerow([safe_cell(one) for one in (*head, measure, unit, shown, sign_of(value), "p")])
    return written.getvalue()


def _measures(figures: Figures) -> tuple[tuple[str, str, int | None], ...]:
    return ("listings", "listing", figures.listings), ("organisations", "organisation", figures.firms)
