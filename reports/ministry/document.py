"""A release as one page in each language and one long CSV file, from the protected tables alone."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.design.page import render_page
from reports.design.spreadsheet import safe_cell
from reports.design.tables import table
from reports.disclosure import TOTAL
from reports.language import LANGUAGES, N_, Language
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, KINDS, REST_OF_GERMANY
from reports.ministry.package import Office, Release, linked_files, localised, package_files
from reports.ministry.package.pictures import drawn
from reports.ministry.package.release import BREAK, PROVISIONAL, REVISED
from reports.ministry.statistics import NOTHING, SECRET, Figures, Protected
from reports.wording import KINDS as KIND_WORDS
from reports.wording import word
from sources.week import Week

CSV_COLUMNS = (
    "period", "region", "region_label", "kind", "measure", "unit", "value", "sign", "status",
)  # fmt: skip


_CELL = ("region", "kind", "measure")
REGION_NAMES = {
    BW: "Baden-Württemberg",
    GRAND_EST: "Grand Est",
    REST_OF_GERMANY: N_("übriges Deutschland"),
    ELSEWHERE: N_("übriges Ausland und ohne Angabe"),
    TOTAL: N_("Insgesamt"),
}


@dataclass(frozen=True)
class Statistics:
    """One release. earlier: those of the same kind that went out before it, oldest first.

    replaced: the long file of the week as it went out before, empty if it did not. is_break: whether other platforms
    are counted than the week before.
    """

    week: Week
    protected: Protected
    is_sample: bool
    office: Office = Office()  # noqa: RUF009 frozen
    earlier: Sequence[Release] = ()
    replaced: bytes = b""
    is_break: bool = False

    @property
    def release(self) -> Release:
        """As its long file tells it."""
        return Release.of(str(self.week), long_csv(self).encode(), is_sample=self.is_sample)


def files(statistics: Statistics) -> dict[str, bytes]:
    """Everything of a release that goes out: a page in each language, the long file, and what is made from that."""
    pages = {page_name(language): render(statistics, language).encode() for language in LANGUAGES}
    long_file = long_csv(statistics).encode()
    package = package_files(statistics.release, statistics.office, long_file, statistics.earlier)
    return {**pages, "statistics.csv": long_file, **package}


def page_name(language: str) -> str:
    return localised("statistics", language, "html")


def render(statistics: Statistics, language: str = "de") -> str:
    """The release as a page; every number in it comes from the protected tables."""
    reader = Language(language)
    release = statistics.release
    withheld = sum(figures.listings is None for figures in statistics.protected.cells.values())
    return render_page(
        "ministry/page.html",
        reader,
        period=f"{reader.week(statistics.week)} · {reader.days_of(statistics.week)}",
        day=reader.day(statistics.week.sunday),
        is_sample=statistics.is_sample,
        sentences=_sentences(statistics, reader),
        table=_table(statistics.protected, reader),
        withheld=withheld,
        is_break=statistics.is_break,
        revised=sum(REVISED in row["status"] for row in release.rows),
        pictures=drawn(release, statistics.earlier, reader),
        files=linked_files(release, statistics.earlier, reader),
        next_on=reader.day(release.next_on),
        office=statistics.office,
    )


def _sentences(statistics: Statistics, language: Language) -> list[str]:
    """Only what is published; counts of listings, which add up."""
    protected, found = statistics.protected, []
    offers, requests = (protected.total(kind).listings for kind in KINDS)
    if offers is not None and requests is not None:
        counts = {"requests": language.number(requests), "offers": language.number(offers)}
        found.append(language.gettext("Offen sind %(requests)s Gesuche und %(offers)s Angebote.", **counts))
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


def shown(value: int | None, language: Language) -> Markup:
    """A number, or a sign with words for screen readers."""
    words = {SECRET: language.gettext("geheim"), NOTHING: language.gettext("nichts vorhanden")}
    if sign := sign_of(value):
        return Markup('{}<span class="hidden"> {}</span>').format(sign, words[sign])
    return Markup("{}").format(language.number(value or 0))


def region_name(code: str, language: Language) -> str:
    """What readers call a region; Baden-Württemberg and Grand Est by their own names."""
    return language.gettext(REGION_NAMES[code])


def kind_name(kind: str, language: Language) -> str:
    """What readers call offers, requests and both."""
    return language.gettext("zusammen") if kind == TOTAL else word(KIND_WORDS, kind, language)


def _table(protected: Protected, language: Language) -> Markup:
    """Regions × kinds, and the firms of each region."""
    regions, kinds = (axis.codes for axis in protected.axes)
    return table(
        [language.gettext("Region"), *(kind_name(kind, language) for kind in kinds), language.gettext("Firmen")],
        [
            (
                region_name(region, language),
                *(shown(protected.cells[region, kind].listings, language) for kind in kinds),
                shown(protected.cells[region, TOTAL].firms, language),
            )
            for region in regions
        ],
        table_id="regionen",
        caption=language.gettext("Inserate nach Region, und wie viele Firmen dahinterstehen"),
        numeric=range(1, len(kinds) + 2),
    )


def long_csv(statistics: Statistics, language: str = "de") -> str:
    """One row per cell and measure, the sign in a column of its own; RFC 4180 with a header row."""
    protected, reader = statistics.protected, Language(language)
    before = {
        tuple(row[name] for name in _CELL): row for row in csv.DictReader(io.StringIO(statistics.replaced.decode()))
    }
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for (region, kind), figures in protected.cells.items():
        head = (str(statistics.week), region, region_name(region, reader), kind)
        for measure, unit, value in measures(figures):
            shown = "" if value is None else str(value)
            status = _status(shown, before.get((region, kind, measure)), is_break=statistics.is_break)
            writer.writerow([safe_cell(one) for one in (*head, measure, unit, shown, sign_of(value), status)])
    return written.getvalue()


def _status(value: str, before: Mapping[str, str] | None, *, is_break: bool) -> str:
    """before: the cell's row as it went out for the same week; once revised, a number stays so."""
    is_revised = before is not None and (before["value"] != value or REVISED in before["status"])
    return (BREAK if is_break else "") + (REVISED if is_revised else "") or PROVISIONAL


def measures(figures: Figures) -> tuple[tuple[str, str, int | None], ...]:
    return ("listings", "listing", figures.listings), ("organisations", "organisation", figures.firms)
