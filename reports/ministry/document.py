"""The ministry's statistics as one HTML page and one long CSV file, from the protected table alone."""

import csv
import io
from dataclasses import dataclass

from markupsafe import Markup

from matching.places.geography import region_label
from reports.design.page import render_page
from reports.design.spreadsheet import safe_cell
from reports.design.tables import table
from reports.language import N_, Labels, Language, capitalised
from reports.ministry.statistics import KINDS, NOTHING, OTHER, SECRET, Figures, Protected
from reports.wording import KINDS as KIND_WORDS
from reports.wording import word
from sources.week import Week

CSV_COLUMNS = ("week", "product_group", "product_group_label", "region", "kind", "measure", "value", "sign", "status")


@dataclass(frozen=True)
class Statistics:
    """One release."""

    week: Week
    protected: Protected
    taxonomy: Labels
    is_sample: bool


def render(statistics: Statistics, language: str = "de") -> str:
    """The release as a page; every number in it comes from the protected table."""
    reader = Language(language)
    protected = statistics.protected
    kinds = [(word(KIND_WORDS, kind, reader), number) for number, kind in enumerate(KINDS)]
    return render_page(
        "ministry/page.html",
        reader,
        week=statistics.week,
        is_sample=statistics.is_sample,
        sentences=_sentences(statistics, reader),
        tables=[
            _region_table(statistics, name, number, reader)
            for name, number in [*kinds, (reader.gettext("Angebote und Gesuche"), len(KINDS))]
        ],
        organisation_table=_organisation_table(statistics, reader),
        primary=protected.primary,
        secondary=protected.secondary,
    )


def _sentences(statistics: Statistics, language: Language) -> list[str]:
    protected = statistics.protected
    found = []
    offers, requests = (protected.total(KINDS.index(kind)).listings for kind in ("offer", "request"))
    if offers is not None and requests is not None:
        found.append(
            language.gettext(
                "Offen sind %(requests)s Nennungen in Gesuchen und %(offers)s in Angeboten.",
                requests=language.number(requests),
                offers=language.number(offers),
            )
        )
        if requests:
            found.append(
                language.gettext(
                    "Auf 100 Gesuche kommen %(ratio)s Angebote.", ratio=language.number(round(100 * offers / requests))
                )
            )
    by_group = [
        (figures.listings, group)
        for number, group in enumerate(protected.groups)
        if group and (figures := protected.at(number, len(protected.regions), KINDS.index("request"))).listings
    ]
    if by_group and requests:
        most, group = max(by_group, key=lambda item: (item[0], item[1]))
        found.append(
            language.gettext(
                "Am häufigsten gesucht: %(group)s mit %(share)s der Nennungen.",
                group=statistics.taxonomy.label(group, language.code),
                share=language.percent(most / requests),
            )
        )
    return found or [language.gettext("In dieser Woche lässt sich keine Summe veröffentlichen.")]


def _sign(value: int | None, language: Language) -> Markup:
    """A number, or a sign with words for screen readers."""
    if value is None:
        return Markup('{}<span class="hidden"> {}</span>').format(SECRET, language.gettext("geheim"))
    if value == 0:
        return Markup('{}<span class="hidden"> {}</span>').format(NOTHING, language.gettext("nichts vorhanden"))
    return Markup("{}").format(language.number(value))


def _group_name(statistics: Statistics, group: str, language: Language) -> str:
    if group == OTHER:
        return language.gettext("Übrige")
    return capitalised(statistics.taxonomy.label(group, language.code))


def _group_names(statistics: Statistics, language: Language) -> list[str]:
    """In the order of the table, the total last."""
    groups = (_group_name(statistics, group, language) for group in statistics.protected.groups)
    return [*groups, language.gettext("Insgesamt")]


def _region_name(code: str, language: Language) -> str:
    """Short, for the head of a column: the country only where no region is known."""
    country, _, part = code.partition("-")
    if part:
        return region_label(country, part) or part
    if country:
        return language.gettext("%(country)s, ohne Region", country=language.country(country))
    return language.gettext("Übrige und ohne Angabe")


def _region_table(statistics: Statistics, name: str, kind: int, language: Language) -> Markup:
    """Product groups down, regions across; a listing counts in every group it names."""
    protected = statistics.protected
    header = [
        language.gettext("Produktgruppe"),
        *(_region_name(code, language) for code in protected.regions),
        language.gettext("Insgesamt"),
    ]
    columns = range(len(protected.regions) + 1)
    rows = [
        (label, *(_sign(protected.at(number, place, kind).listings, language) for place in columns))
        for number, label in enumerate(_group_names(statistics, language))
    ]
    return table(
        header,
        rows,
        table_id=f"regionen-{kind}",
        caption=language.gettext(
            "%(kind)s: Nennungen nach Region und Produktgruppe, Stand %(day)s, vorläufig",
            kind=name,
            day=language.day(statistics.week.sunday),
        ),
        numeric=range(1, len(header)),
    )


def _organisation_table(statistics: Statistics, language: Language) -> Markup | None:
    """How many organisations stand behind the product groups, where that may be said; None where it may not at all."""
    protected = statistics.protected
    everywhere = len(protected.regions)
    counts = [
        [protected.at(number, everywhere, kind).organisations for kind in range(len(KINDS) + 1)]
        for number in range(len(protected.groups) + 1)
    ]
    if all(count is None for line in counts for count in line):
        return None
    rows = [
        (label, *(_sign(count, language) for count in line))
        for label, line in zip(_group_names(statistics, language), counts, strict=True)
    ]
    return table(
        [language.gettext(text) for text in (N_("Produktgruppe"), N_("mit Angebot"), N_("mit Gesuch"), N_("zusammen"))],
        rows,
        table_id="organisationen",
        caption=language.gettext(
            "Organisationen nach Produktgruppe, Stand %(day)s, vorläufig", day=language.day(statistics.week.sunday)
        ),
        numeric=(1, 2, 3),
    )


def long_csv(statistics: Statistics, language: str = "de") -> str:
    """One row per cell and measure, the sign in a column of its own; RFC 4180 with a header row."""
    protected, reader = statistics.protected, Language(language)
    groups = [*((group or "OTHER", _group_name(statistics, group, reader)) for group in protected.groups)]
    groups.append(("TOTAL", reader.gettext("Insgesamt")))
    regions = [*(code or "OTHER" for code in protected.regions), "TOTAL"]
    kinds = [*KINDS, "TOTAL"]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for (group, place, kind), figures in sorted(protected.cells.items()):
        head = (str(statistics.week), *groups[group], regions[place], kinds[kind])
        for measure, value in _measures(figures):
            sign = SECRET if value is None else NOTHING if value == 0 else ""
            writer.writerow([safe_cell(cell) for cell in (*head, measure, value, sign, "p")])
    return written.getvalue()


def _measures(figures: Figures) -> tuple[tuple[str, int | None], ...]:
    return ("mentions", figures.listings), ("organisations", figures.organisations)
