"""Cells of workbooks as texts, whatever the format: values in one writing, and marks for what cannot be read."""

from datetime import date, datetime, time
from decimal import Decimal

from sources.rows.fields import Number

Line = tuple[int, list[str]]  # as counted in the file, from 1, and its cells without blank ones at the end

ERRORS = frozenset({"#NV", "#N/A", "#DIV/0!", "#WERT!", "#VALUE!", "#BEZUG!", "#REF!", "#NAME?", "#NULL!", "#ZAHL!", "#NUM!", "#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#ÜBERLAUF!", "#SPILL!", "#CALC!", "\\N"})  # fmt: skip # noqa: E501
NOT_COMPUTED = "\0not computed"  # stands for a formula whose value was never computed until its line is read
STRUCK_OUT = "\0struck out"  # stands for a cell whose whole text is struck out until its line is read


class Spanned(str):
    """The text of a cell merged over half of its line or more: alone there it is a title, no value."""

    __slots__ = ()


def as_text(cell: object) -> str:
    """A value as text: days ISO, numbers `Number`, errors blank."""
    if isinstance(cell, str):
        if cell in ERRORS:
            return ""
        return cell if cell.isprintable() and "_x" not in cell else cell.replace("_x000D_", "").replace("\r\n", "\n")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return Number(plain(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def plain(value: float) -> str:
    """A stored number as text: a point, no exponent, fifteen digits as spreadsheets keep them."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    digits = format(Decimal(f"{value:.15g}"), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def in_row_below(text: str, cells: list[str]) -> str:
    """The text of a cell merged over rows in a row below: struck out where all that the row says itself is."""
    own = [cell for cell in cells if cell.strip()]
    return STRUCK_OUT if own and all(cell == STRUCK_OUT for cell in own) else text
