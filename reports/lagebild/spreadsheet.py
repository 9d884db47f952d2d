"""All matches of the week as one workbook: every text stays text, no formula, no link."""

from io import BytesIO

import xlsxwriter

from reports.frames import Row, rows
from reports.lagebild.issue import Desk, Issue
from reports.language import N_, Language
from reports.sentences import sentences

_HEADINGS = (
    N_("Gesuch"), N_("Plattform"), N_("Angebot"), N_("Angebot steht auf"), N_("Produkt"), N_("Rang"), N_("Güte"),
    N_("Kilometer"), N_("Gedeckt"), N_("Warum"),
)  # fmt: skip
MOST_ROWS = 5_000  # best rank first: three languages of these take seconds, of 100,000 minutes
_LONGEST_CELL = 32_767  # characters, set by the format


def as_workbook(issue: Issue, language: str = "de") -> bytes:
    """Matches that nothing blocks, by request, product and rank, as XLSX."""
    desk, reader = issue.desk, Language(language)
    open_matches = issue.matches[issue.matches["blocked_by"].isna()]
    best = open_matches.sort_values(["rank", "score", "request_id", "concept_id"], ascending=[True, False, True, True])
    found = rows(best.head(MOST_ROWS).sort_values(["request_id", "concept_id", "rank", "offer_id"]))
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        # A fixed time of making: the same week is the same file.
        workbook.set_properties(
            {"title": reader.gettext("Treffer"), "created": issue.week.ends_at.replace(tzinfo=None)}
        )
        sheet = workbook.add_worksheet(reader.gettext("Treffer"))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(found)), len(_HEADINGS) - 1)
        head = workbook.add_format({"bold": True, "text_wrap": True})
        for column, heading in enumerate(_HEADINGS):
            sheet.write_string(0, column, reader.gettext(heading), head)
        for number, row in enumerate(found, start=1):
            for column, value in enumerate(_cells(desk, row, reader)):
                if isinstance(value, str):
                    sheet.write_string(number, column, value[:_LONGEST_CELL])
                elif value is not None:
                    sheet.write_number(number, column, value)
    return content.getvalue()


def _cells(desk: Desk, row: Row, language: Language) -> tuple[str | float | None, ...]:
    taxonomy = desk.issue.taxonomy
    request, offer = desk.listing.get(row["request_id"]), desk.listing.get(row["offer_id"])
    return (
        row["request_id"],
        desk.platform_title(request["platform"]) if request else None,
        row["offer_id"],
        desk.platform_title(offer["platform"]) if offer else None,
        taxonomy.label(row["concept_id"], language.code),
        row["rank"],
        row["score"],
        row["distance_km"],
        row["quantity_cover"],
        "; ".join(sentences(row["evidence"], language, taxonomy)),
    )
