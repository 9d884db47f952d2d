"""What was refused, as files that can be sent back to the platforms' operators: one a platform and week."""

from collections.abc import Iterable

import pandas as pd

from reports.design.spreadsheet import safe_cell
from reports.language import N_, Language
from reports.wording import RULES, word
from sources.platform import Platform

# Column of `Quarantine` -> its heading.
HEADINGS = {
    "row": N_("Zeile"),
    "source_id": N_("Kennung"),
    "field": N_("Feld"),
    "rule": N_("Regel"),
    "reason": N_("Grund"),
    "value": N_("Wert"),
}


def reject_files(quarantine: pd.DataFrame, platforms: Iterable[Platform]) -> dict[str, bytes]:
    """``<platform>.csv`` for every platform of which a row was refused, in the platform's own language.

    quarantine: rows of `Quarantine`. One line per refused row and broken rule, as they come; for spreadsheets (UTF-8
    with a mark, semicolons). Reasons are the readers' own words, in English.
    """
    files = {}
    for platform in platforms:
        refused = quarantine.loc[quarantine["platform"] == platform.name, list(HEADINGS)]
        if len(refused):
            files[f"{platform.name}.csv"] = _csv(refused, Language(platform.language))
    return files


def _csv(refused: pd.DataFrame, language: Language) -> bytes:
    worded = refused.assign(rule=[word(RULES, rule, language) for rule in refused["rule"]]).astype("object")
    cells = worded.where(worded.notna(), None).map(safe_cell)
    headings = [language.gettext(heading) for heading in HEADINGS.values()]
    return cells.to_csv(index=False, header=headings, sep=";", lineterminator="\r\n").encode("utf-8-sig")
