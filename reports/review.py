"""The workbook of a blind review: matches drawn at random, both texts side by side, neither score nor rank."""

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO

import xlsxwriter

from reports.language import LANGUAGES, N_, Language
from reports.wording import VERDICTS
from sources.rows.text import mask_contacts
from sources.week import Week

LONGEST_TEXT = 600  # characters of a listing: what decides stands at its beginning
MARK = "review"  # with the week, in a hidden sheet by which the workbook is known again
# Column -> heading and width.
COLUMNS = {
    "number": (N_("Nr."), 6),
    "request": (N_("Gesuch"), 70),
    "offer": (N_("Angebot"), 70),
    "verdict": (N_("Passt das Angebot zum Gesuch?"), 24),
    "request_id": (N_("Kennung des Gesuchs"), 30),
    "offer_id": (N_("Kennung des Angebots"), 30),
}


def review_workbook(pairs: Sequence[tuple[str, str]], texts: Mapping[str, str], week: Week, language: str) -> bytes:
    """One row per pair of request and offer, with a drop-down list for the verdict. texts: by listing id."""
    reader, content = Language(language), BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": reader.gettext("Stichprobe"), "created": week.ends_at.replace(tzinfo=None)})
        head, wrapped = workbook.add_format({"bold": True, "text_wrap": True}), workbook.add_format({"text_wrap": True})
        sheet = workbook.add_worksheet(reader.gettext("Stichprobe"))
        sheet.freeze_panes(1, 1)
        for column, (heading, width) in enumerate(COLUMNS.values()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, reader.gettext(heading), head)
        for number, (request, offer) in enumerate(pairs, start=1):
            shown = (mask_contacts(texts.get(listing, ""))[:LONGEST_TEXT] for listing in (request, offer))
            for column, text in enumerate((str(number), *shown, "", request, offer)):
                sheet.write_string(number, column, text, wrapped)
        if pairs:
            words = [reader.gettext(text) for text in VERDICTS.values()]
            place = list(COLUMNS).index("verdict")
            sheet.data_validation(1, place, len(pairs), place, {"validate": "list", "source": words})
        mark = workbook.add_worksheet("verbundradar")
        mark.write_string(0, 0, f"{MARK} {week}")
        mark.hide()
    return content.getvalue()


@cache
def _codes() -> Mapping[str, str]:
    return {
        Language(code).gettext(text).casefold(): verdict for code in LANGUAGES for verdict, text in VERDICTS.items()
    }


def verdict_of(text: str) -> str | None:
    """The code of a verdict in any language; None for what is on no list."""
    return _codes().get(text.casefold())
