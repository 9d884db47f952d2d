"""All matches and open listings of the week as one workbook: every text stays text, no formula, no link.

Rows are made while they are written. A sheet that is full is continued on the next, so nothing is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

import xlsxwriter

from reports.design.spreadsheet import Cells, with_rows
from reports.frames import rows
from reports.lagebild.issue import Desk, Issue
from reports.lagebild.proofs import place_name
from reports.language import N_, Language
from reports.sentences import sentences
from reports.wording import KINDS, word

MOST_ROWS = 1_048_575  # of a sheet below its headings, set by the format
_MATCH_HEADINGS = (
    N_("Gesuch"), N_("Plattform"), N_("Angebot"), N_("Angebot steht auf"), N_("Produkt"), N_("Rang"), N_("Güte"),
    N_("Kilometer"), N_("Gedeckt"), N_("Warum"),
)  # fmt: skip
_MATCH_COLUMNS = (
    "request_id", "offer_id", "concept_id", "rank", "score", "distance_km", "quantity_cover", "evidence",
)  # fmt: skip
_LISTING_HEADINGS = (N_("Inserat"), N_("Plattform"), N_("Art"), N_("Region"), N_("Wiederholt"), N_("Ohne Angebot für"))


@dataclass(frozen=True)
class _Table:
    """What becomes a sheet: rows are made while they are written."""

    title: str
    headings: Sequence[str]
    rows: Iterator[Cells]
    count: int


def as_workbook(issue: Issue, language: str = "de") -> bytes:
    """Matches that nothing blocks, by request, product and rank, and all open listings by id, as XLSX."""
    desk, reader = issue.desk, Language(language)
    content = BytesIO()
    sheets: list[Iterator[Cells]] = []
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        # A fixed time of making: the same week is the same file.
        workbook.set_properties(
            {"title": reader.gettext("Treffer"), "created": issue.week.ends_at.replace(tzinfo=None)}
        )
        head = workbook.add_format({"bold": True, "text_wrap": True})
        for made in (_matches(desk, reader), _listings(desk, reader)):
            for start in range(0, max(made.count, 1), MOST_ROWS):
                title = reader.gettext(made.title)
                sheet = workbook.add_worksheet(f"{title} {start // MOST_ROWS + 1}" if start else title)
                sheet.freeze_panes(1, 0)
                sheet.autofilter(0, 0, max(1, min(made.count - start, MOST_ROWS)), len(made.headings) - 1)
                for column, heading in enumerate(made.headings):
                    sheet.write_string(0, column, reader.gettext(heading), head)
                sheets.append(islice(made.rows, MOST_ROWS))
    return with_rows(content.getvalue(), sheets)


def _matches(desk: Desk, language: Language) -> _Table:
    taxonomy = desk.issue.taxonomy
    shown = desk.matches
    columns = [shown[name].astype("object").where(shown[name].notna(), None).tolist() for name in _MATCH_COLUMNS]
    titles = {listing_id: desk.platform_title(row["platform"]) for listing_id, row in desk.listing.items()}
    named = shown["concept_id"].dropna().unique()
    labels = {None: None} | {concept: taxonomy.label(concept, language.code) for concept in named}
    made = (
        (
            request,
            titles.get(request),
            offer,
            titles.get(offer),
            labels[concept],
            *numbers,
            language.series(sentences(evidence, language, taxonomy)),
        )
        for request, offer, concept, *numbers, evidence in zip(*columns, strict=True)
    )
    return _Table(N_("Treffer"), _MATCH_HEADINGS, made, len(shown))


def _listings(desk: Desk, language: Language) -> _Table:
    shown = sorted(
        (row for row in desk.listing.values() if row["status"] == "open"), key=lambda row: str(row["listing_id"])
    )
    repeated = dict(zip(desk.issue.repeats["listing_id"], desk.issue.repeats["repeats_listing_id"], strict=True))
    unmet: dict[str, list[str]] = {}
    for row in rows(desk.issue.unmet):
        label = desk.issue.taxonomy.label(row["concept_id"], language.code)
        unmet.setdefault(row["request_id"], []).append(label)
    made = (
        (
            row["listing_id"],
            desk.platform_title(row["platform"]),
            word(KINDS, row["kind"], language),
            place_name((row["country"], row["region"]), language),
            repeated.get(row["listing_id"]),
            ", ".join(sorted(unmet.get(row["listing_id"], ()))) or None,
        )
        for row in shown
    )
    return _Table(N_("Inserate"), _LISTING_HEADINGS, made, len(shown))
