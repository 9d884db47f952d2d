"""The best matches and all open listings of the week as one workbook: every text stays text, no formula, no live link.

Who asks and offers stands with name, place, amount and unit; addresses are those a reader may follow, as text. Rows are
made while they are written. A sheet that is full is continued on the next, so nothing is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import islice

import xlsxwriter

from reports.design.spreadsheet import Cells, with_rows
from reports.frames import Row, rows
from reports.lagebild.calls import listing_name
from reports.lagebild.issue import Desk, Issue
from reports.lagebild.proofs import place_name
from reports.lagebild.routes import route_of
from reports.lagebild.words import place
from reports.language import N_, Language
from reports.sentences import Sentences
from reports.wording import KINDS, unit_name, word
from sources.rows.text import mask_contacts
from sources.week import local_day

MOST_ROWS = 1_048_575  # of a sheet below its headings, set by the format
# Heading and width in characters.
_MATCH_COLUMNS = (
    (N_("Gesuch"), 24), (N_("Wer sucht"), 34), (N_("Ort"), 20), (N_("Menge gesucht"), 12), (N_("Einheit"), 16),
    (N_("Plattform"), 26), (N_("Produkt"), 24), (N_("Angebot"), 24), (N_("Wer bietet"), 34),
    (N_("Ort des Angebots"), 20), (N_("Menge angeboten"), 12), (N_("Einheit des Angebots"), 16),
    (N_("Angebot steht auf"), 26), (N_("Rang"), 6), (N_("Güte"), 6), (N_("Kilometer"), 10),
    (N_("Gedeckt (Prozent)"), 10), (N_("Warum"), 80), (N_("Adresse des Gesuchs"), 40), (N_("Adresse des Angebots"), 40),
)  # fmt: skip
_LISTING_COLUMNS = (
    (N_("Inserat"), 24), (N_("Plattform"), 26), (N_("Art"), 12), (N_("Titel"), 50), (N_("Wer"), 34), (N_("Ort"), 20),
    (N_("Region"), 30), (N_("Menge"), 12), (N_("Einheit"), 16), (N_("Frist"), 12), (N_("Kontakt"), 40),
    (N_("Adresse"), 40), (N_("Wiederholt"), 24), (N_("Ohne Partner für"), 30),
)  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """What becomes a sheet: rows are made while they are written."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterator[Cells]
    count: int


def as_workbook(issue: Issue, language: str = "de") -> bytes:
    """The best matches that nothing blocks, by request, product and rank, and all open listings by id, as XLSX."""
    desk, reader = issue.desk, Language(language)
    content = BytesIO()
    sheets: list[Iterator[Cells]] = []
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        # A fixed time of making: the same week is the same file.
        workbook.set_properties(
            {"title": reader.gettext("Treffer"), "created": issue.week.ends_at.replace(tzinfo=None)}
        )
        head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sides = _Sides(desk, reader)
        for made in (_matches(desk, reader, sides), _listings(desk, reader, sides)):
            for start in range(0, max(made.count, 1), MOST_ROWS):
                title = reader.gettext(made.title)
                sheet = workbook.add_worksheet(f"{title} {start // MOST_ROWS + 1}" if start else title)
                sheet.freeze_panes(1, 1)
                sheet.autofilter(0, 0, max(1, min(made.count - start, MOST_ROWS)), len(made.columns) - 1)
                for column, (heading, width) in enumerate(made.columns):
                    sheet.set_column(column, column, width)
                    sheet.write_string(0, column, reader.gettext(heading), head)
                sheets.append(islice(made.rows, MOST_ROWS))
    return with_rows(content.getvalue(), sheets)


class _Sides:
    """What the sheets say of a listing, once for all its rows."""

    def __init__(self, desk: Desk, language: Language) -> None:
        self._desk, self._language = desk, language
        self.of = cache(self._of)

    def _of(self, listing_id: str) -> tuple[Cells, str | None, str | None]:
        """Id, name, place, amount and unit; the platform; the address."""
        listing = self._desk.listing.get(listing_id)
        if listing is None:
            return (listing_id, None, None, None, None), None, None
        return (
            (
                listing_id,
                listing_name(self._desk, listing, self._language),
                place(listing, self._language) or None,
                listing["quantity"],
                unit_name(listing["unit"], listing["period"], self._language) if listing["quantity"] else None,
            ),
            self._desk.platform_title(listing["platform"]),
            route_of(self._desk, listing).address or None,
        )


def _matches(desk: Desk, language: Language, sides: _Sides) -> _Table:
    told = Sentences(language, desk.issue.taxonomy)
    shown = desk.best_matches
    named = {row["concept_id"] for row in shown} - {None}
    labels = {None: None} | {concept: desk.issue.taxonomy.label(concept, language.code) for concept in named}

    def made(row: Row) -> Cells:
        request, asks_on, request_address = sides.of(row["request_id"])
        offer, offers_on, offer_address = sides.of(row["offer_id"])
        cover = None if row["quantity_cover"] is None else round(100 * row["quantity_cover"])
        why = language.series(told.of(row["evidence"]))
        numbers, addresses = (row["rank"], row["score"], row["distance_km"], cover), (request_address, offer_address)
        return (*request, asks_on, labels[row["concept_id"]], *offer, offers_on, *numbers, why, *addresses)

    return _Table(N_("Treffer"), _MATCH_COLUMNS, (made(row) for row in shown), len(shown))


def _listings(desk: Desk, language: Language, sides: _Sides) -> _Table:
    shown = sorted(
        (row for row in desk.listing.values() if row["status"] == "open"), key=lambda row: str(row["listing_id"])
    )
    repeated = dict(zip(desk.issue.repeats["listing_id"], desk.issue.repeats["repeats_listing_id"], strict=True))
    unmet: dict[str, list[str]] = {}
    for row in rows(desk.issue.unmet):
        label = desk.issue.taxonomy.label(row["concept_id"], language.code)
        unmet.setdefault(row["request_id"], []).append(label)

    def made(row: Row) -> Cells:
        (listing_id, name, where, amount, unit), platform, address = sides.of(row["listing_id"])
        until = row["available_until"]
        return (
            listing_id, platform, word(KINDS, row["kind"], language), mask_contacts(row["title"]), name, where,
            place_name((row["country"], row["region"]), language), amount, unit,
            local_day(until).isoformat() if until else None, route_of(desk, row).contact, address,
            repeated.get(row["listing_id"]), ", ".join(sorted(unmet.get(row["listing_id"], ()))) or None,
        )  # fmt: skip

    return _Table(N_("Inserate"), _LISTING_COLUMNS, (made(row) for row in shown), len(shown))
