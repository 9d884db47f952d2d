"""A release as one page in each language and one long CSV file, from the protected tables alone."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.design.page import render_page
from reports.design.spreadsheet import safe_cell
from reports.design.tables import table
from reports.disclosure import TOTAL, Cell
from reports.language import LANGUAGES, N_, Language
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, KINDS, REST_OF_GERMANY
from reports.ministry.package import Office, Release, linked_files, localised, package_files
from reports.ministry.package.pictures import drawn
from reports.ministry.package.release import BREAK, PROVISIONAL, REVISED
from reports.ministry.statistics import NOTHING, SECRET, Figures, Protected
from reports.wording import KINDS as KIND_WORDS
from reports.wording import word
from sources.week import Week

SIGN_WORDS = {SECRET: N_("geheim"), NOTHING: N_("nichts vorhanden")}
CSV_COLUMNS = (
    "period", "region", "region_label", "kind", "measure", "unit", "value", "sign", "status",
)  # fmt: skip

_CELL = ("region", "kind", "measure")
# By the kinds whose totals are told.
_OPENINGS = {
    KINDS: N_("Offen sind %(offers)s Angebote und %(requests)s Gesuche."),
    ("request",): N_("Offen sind %(requests)s Gesuche."),
    ("offer",): N_("Offen sind %(offers)s Angebote."),
}
# By the kinds that a release tells of.
_LEFT_OUT = {
    ("request",): N_(
        "Angebote fehlen in dieser Ausgabe: Aus ihren Zahlen ließe sich zusammen mit dem Lagebild derselben Woche "
        "oder mit früheren Ausgaben errechnen, was geheim bleiben muss."
    ),
    ("offer",): N_(
        "Gesuche fehlen in dieser Ausgabe: Aus ihren Zahlen ließe sich zusammen mit dem Lagebild derselben Woche "
        "oder mit früheren Ausgaben errechnen, was geheim bleiben muss."
    ),
}
REGION_NAMES = {
    BW: N_("Baden-Württemberg"),
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
    release, kinds = statistics.release, statistics.protected.axes[-1].leaves
    left_out = [reader.gettext(text) for told, text in _LEFT_OUT.items() if told == kinds]
    withheld = sum(figures.listings is None for figures in statistics.protected.cells.values())
    return render_page(
        "ministry/page.html",
        reader,
        period=f"{reader.week(statistics.week)} · {reader.days_of(statistics.week)}",
        day=reader.day(statistics.week.sunday),
        has_firms=any(figures.firms for figures in statistics.protected.cells.values()),
        is_sample=statistics.is_sample,
        sentences=[*total_sentences(statistics.protected, _OPENINGS, reader), *left_out],
        table=_table(statistics.protected, reader),
        withheld=withheld,
        is_break=statistics.is_break,
        revised=sum(REVISED in row["status"] for row in release.rows),
        pictures=drawn(release, statistics.earlier, reader),
        files=linked_files(release, statistics.earlier, reader),
        next_on=reader.day(release.next_on),
        office=statistics.office,
    )


def total_sentences(protected: Protected, openings: Mapping[tuple[str, ...], str], language: Language) -> list[str]:
    """Totals of listings, which add up, and of firms; only what is published.

    openings: by the kinds whose totals are told German texts with `requests`, `offers` or both.
    """
    found = []
    totals = {kind: protected.total(kind).listings for kind in protected.axes[-1].leaves}
    told = {kind: number for kind, number in totals.items() if number is not None}
    if told:
        counts = {f"{kind}s": language.number(number) for kind, number in told.items()}
        found.append(language.gettext(openings[tuple(told)], **counts))
    if told.keys() == set(KINDS) and told["request"]:
        ratio = language.number(round(100 * told["offer"] / told["request"]))
        found.append(language.gettext("Auf 100 Gesuche kommen %(ratio)s Angebote.", ratio=ratio))
    firms = protected.total().firms
    if firms:
        text = N_("Dahinter stehen %(firms)s namentlich bekannte Firmen und Stellen.")
        found.append(language.gettext(text, firms=language.number(firms)))
    elif firms is None and told:
        found.append(language.gettext("Wie viele Firmen und Stellen dahinterstehen, ist in dieser Ausgabe geheim."))
    return found


def sign_of(value: int | None) -> str:
    """The sign of a value in tables of German offices; empty for a number."""
    return SECRET if value is None else NOTHING if value == 0 else ""


def shown(value: int | None, language: Language) -> Markup:
    """A number, or a sign with words for screen readers and phones."""
    if sign := sign_of(value):
        words = language.gettext(SIGN_WORDS[sign])
        return Markup('<span class="sign">{}</span><span class="hidden word"> {}</span>').format(sign, words)
    return Markup("{}").format(language.number(value or 0))


def region_name(code: str, language: Language) -> str:
    """What readers call a region; Grand Est by its own name."""
    return language.gettext(REGION_NAMES[code])


def kind_name(kind: str, language: Language) -> str:
    """What readers call offers, requests and both."""
    return language.gettext("zusammen") if kind == TOTAL else word(KIND_WORDS, kind, language)


def _table(protected: Protected, language: Language) -> Markup:
    """Regions × kinds, and the firms of each region."""
    rows: list[tuple[str | Markup, Cell]] = [
        (region_name(region, language), (region,)) for region in protected.axes[0].codes
    ]
    caption = language.gettext("Inserate nach Region, und wie viele Firmen dahinterstehen")
    return counts_table("regionen", (language.gettext("Region"), caption), rows, protected, language)


def counts_table(
    table_id: str,
    told: tuple[str, str],
    rows: Sequence[tuple[str | Markup, Cell]],
    protected: Protected,
    language: Language,
) -> Markup:
    """Listings by kind and the firms of all kinds told, a row for each name and the codes of its cells before the kind.

    told: what the rows are, and the caption.
    """
    kinds = protected.axes[-1].codes
    columns = {
        kind_name(kind, language): [protected.cells[*codes, kind].listings for _, codes in rows] for kind in kinds
    }
    columns[language.gettext("Firmen")] = [protected.cells[*codes, kinds[-1]].firms for _, codes in rows]
    return signed_table(table_id, told, [name for name, _ in rows], columns, language)


def signed_table(
    table_id: str,
    told: tuple[str, str],
    names: Sequence[str | Markup],
    columns: Mapping[str, Sequence[int | None]],
    language: Language,
) -> Markup:
    """Numbers and signs by their headings, and below what the signs mean and what is withheld in every row.

    told: what the rows are, and the caption. names: of the rows.
    """
    heading, caption = told
    made = table(
        [heading, *columns],
        [
            (name, *(shown(value, language) for value in values))
            for name, *values in zip(names, *columns.values(), strict=True)
        ],
        table_id=table_id,
        caption=caption,
        numeric=range(1, len(columns) + 1),
        is_carded=True,
    )
    signs = {sign_of(value) for values in columns.values() for value in values}
    notes = [
        Markup('<span class="sign">{}</span> {}').format(sign, language.gettext(words))
        for sign, words in SIGN_WORDS.items()
        if sign in signs
    ]
    if secret := [name for name, values in columns.items() if all(value is None for value in values)]:
        notes.append(
            Markup("{}").format(language.labelled(language.gettext("in jeder Zeile geheim"), language.list(secret)))
        )
    return made + Markup('<p class="note">{}</p>').format(Markup(" · ").join(notes)) if notes else made


def long_csv(statistics: Statistics, language: str = "de") -> str:
    """One row per cell and measure, the sign in a column of its own."""
    protected, reader = statistics.protected, Language(language)
    before = {
        tuple(row[name] for name in _CELL): row for row in csv.DictReader(io.StringIO(statistics.replaced.decode()))
    }
    rows = []
    for (region, kind), figures in protected.cells.items():
        head = (str(statistics.week), region, region_name(region, reader), kind)
        for measure, unit, value in measures(figures):
            shown = "" if value is None else str(value)
            status = _status(shown, before.get((region, kind, measure)), is_break=statistics.is_break)
            rows.append((*head, measure, unit, shown, sign_of(value), status))
    return written(CSV_COLUMNS, rows)


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A long file after RFC 4180 with a header row; no field that a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(one) for one in row] for row in rows)
    return text.getvalue()


def _status(value: str, before: Mapping[str, str] | None, *, is_break: bool) -> str:
    """before: the cell's row as it went out for the same week; once revised, a number stays so."""
    is_revised = before is not None and (before["value"] != value or REVISED in before["status"])
    return (BREAK if is_break else "") + (REVISED if is_revised else "") or PROVISIONAL


def measures(figures: Figures) -> tuple[tuple[str, str, int | None], ...]:
    return ("listings", "listing", figures.listings), ("organisations", "organisation", figures.firms)
