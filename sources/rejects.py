"""What was refused, as a file that can be sent back to a platform's operator."""

import io

import pandas as pd

# A spreadsheet takes a cell that begins so for a formula; whoever opens the file must see text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("row", "source_id", "field", "rule", "reason", "value")


def reject_csv(quarantine: pd.DataFrame, platform: str) -> bytes:
    """The refused rows of one platform and week as CSV for spreadsheets (UTF-8 with a mark, semicolons).

    quarantine: rows of `Quarantine`. One line per refused row and broken rule, in the order of the rows' places.
    """
    own = quarantine.loc[quarantine["platform"] == platform, list(COLUMNS)]
    harmless = own.apply(lambda column: column.map(_as_text, na_action="ignore"))
    buffer = io.StringIO()
    harmless.sort_values(["row", "field", "rule"]).to_csv(buffer, index=False, sep=";", lineterminator="\r\n")
    return buffer.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
