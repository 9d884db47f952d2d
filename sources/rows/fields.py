"""Reading single fields of a row into columns of `ParsedListing`; what cannot be read raises RowError.

Used by most platforms; each keeps its own table of codes beside its format.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

from sources.platform import RowError
from sources.rows.amounts import implausible, names_number, read_amount
from sources.rows.dates import Role, local_midnight, names_no_day, read_days
from sources.rows.day_forms import Days
from sources.rows.text import collapse, is_test_entry, present
from sources.week import LOCAL_TIME

Fields = Mapping[str, str]
OLDEST_YEAR = 1990  # clocks that were never set and empty fields say 1980, 1970, 1900, 1601 or 1

_BARE_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:?\d\d)?")


class Number(str):
    """The text of a value that its source stored as a number: a point for decimals, nothing between thousands.

    What a person typed is read in the language of the text; this is read the same everywhere.
    """

    __slots__ = ()


def required(fields: Fields, label: str) -> str:
    """The collapsed text of a field that must say something."""
    value = present(fields.get(label))
    if value is None:
        raise RowError(label, "required", "the field is empty")
    return value


def identified_by(label: str) -> Callable[[Fields], str]:
    """An `identify` for `read_rows` where the platform's own id stands in one field."""
    return lambda fields: required(fields, label)


def no_test(fields: Fields, *labels: str) -> None:
    """Refuse rows that developers or visitors typed to try the form."""
    for label in labels:
        if is_test_entry(fields.get(label, "")):
            raise RowError(label, "not_a_test", "a test entry")


def coded(fields: Fields, label: str, codes: Mapping[str, Any]) -> Any:
    """Our code for a chosen value, None if the field is empty; a value that we do not know is refused."""
    value = present(fields.get(label))
    if value is None:
        return None
    if value.casefold() not in (known := {key.casefold(): code for key, code in codes.items()}):
        raise RowError(label, "known_value", f"not one of {', '.join(codes)}")
    return known[value.casefold()]


def kind_of(fields: Fields, label: str, kinds: Mapping[str, str]) -> str:
    """Whether a listing is an offer, a request …; that must be said."""
    kind = coded(fields, label, kinds)
    if kind is None:
        raise RowError(label, "required", "neither offered nor sought")
    return str(kind)


def day(fields: Fields, label: str, written_on: date) -> date | None:
    """The day that a field names, None if it is empty or says that there is none ("unbefristet", 01.01.1980)."""
    found = days(fields, label, written_on)
    return found.first or found.last


def days(fields: Fields, label: str, written_on: date, role: Role | None = None, after: date | None = None) -> Days:
    """The first and last day that a field names; see `read_days`."""
    value = present(fields.get(label))
    if value is None or names_no_day(value):
        return Days(None)
    # A spreadsheet's day without its format, 1982 to 2049.
    if isinstance(fields.get(label), Number) and re.fullmatch(r"[34]\d{4}|5[0-4]\d{3}", value):
        return Days(date(1899, 12, 30) + timedelta(days=int(value)))
    try:
        found = read_days(value, written_on, role, after=after)
    except ValueError:
        raise RowError(label, "date", "no such day") from None
    if not any(found):
        raise RowError(label, "date", "not a day that we can read")
    return found


def posted_day(fields: Fields, label: str) -> date:
    """The day of a complete date that must be there."""
    required(fields, label)
    found = day(fields, label, date.min.replace(year=2000))
    if found is None or found.year < 2015:
        raise RowError(label, "date", "not a complete date")
    return found


def moment(fields: Fields, label: str, zone: tzinfo = LOCAL_TIME) -> datetime | None:
    """An ISO 8601 or RFC 5322 time as UTC, None if the field is empty or holds a placeholder (1970-01-01, year 1).

    A time without a zone is that of `zone`. A bare day, also one with an offset behind it (2020-04-20+02:00), is that
    day in Berlin. Raises RowError for what is neither.
    """
    value = present(fields.get(label))
    if value is None or names_no_day(value):
        return None
    if bare := _BARE_DAY.fullmatch(value):
        value, zone = bare[1], LOCAL_TIME
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(value)
        except (ValueError, TypeError):
            continue
        if found.year < OLDEST_YEAR:
            return None
        if found.tzinfo is None:  # "-0000" is how mail writes UTC of an unknown zone
            found = found.replace(tzinfo=UTC if value.endswith("-0000") else zone)
        return found.astimezone(UTC)
    raise RowError(label, "date", "not a point in time such as 2020-04-13 09:00")


def deadline(fields: Fields, label: str) -> datetime | None:
    """The moment until which something holds, see `moment`.

    Software that knows days only ends them in UTC: 2020-05-08T23:59:59Z is the end of 8 May, although it is past
    midnight in Berlin by then. It is stored as every last day is, by its first moment.
    """
    found = moment(fields, label)
    if found is not None and (found.hour, found.minute) == (23, 59):
        return local_midnight(found.date())
    return found


def window(fields: Fields, begin: str, end: str, written_on: date) -> dict[str, datetime | None]:
    """The columns available_from and available_until; a window that ends before it begins is refused."""
    begins = days(fields, begin, written_on, "begin")
    ends = days(fields, end, written_on, "end", after=begins.first)
    first, last = begins.first or ends.first, ends.last or begins.last
    if first and last and last < first:
        raise RowError(end, "order", "ends before it begins")
    return {"available_from": local_midnight(first), "available_until": local_midnight(last)}


def quantity(fields: Fields, label: str, language: str) -> dict[str, Any]:
    """The columns quantity, unit and period; empty if the field names no amount, refused if nobody can have so much."""
    text = present(fields.get(label))
    if text is None:
        return {}
    amount = read_amount(text, _language_of(fields, label, language))
    if amount is None:
        if names_number(text, language):
            raise RowError(label, "amount", "a number that cannot be counted")
        return {}
    if amount.quantity == 0:
        raise RowError(label, "positive", "nothing at all")
    if doubt := implausible(amount.quantity):
        raise RowError(label, "plausible", doubt)
    return {"quantity": amount.quantity, "unit": amount.unit, "period": amount.period}


def minimum_quantity(fields: Fields, label: str, language: str) -> float | None:
    """The smallest lot, None if the field names none."""
    amount = read_amount(fields.get(label), _language_of(fields, label, language))
    return amount.quantity if amount else None


def _language_of(fields: Fields, label: str, language: str) -> str:
    """The language whose way of writing numbers a field follows."""
    return "en" if isinstance(fields.get(label), Number) else language


def postal_code(fields: Fields, label: str, country: str | None) -> str | None:
    """A postal code as it was before a spreadsheet took it for a number.

    Germany and France have five digits: a zero that was lost in front is put back there and nowhere else. A code in
    the form 1,07E+03 has lost digits and is refused.
    """
    value = present(fields.get(label))
    if value is None:
        return None
    if match := re.fullmatch(r"(\d)[.,]?(\d*)E\+?0*(\d)", value, re.IGNORECASE):
        if len(match[2]) < int(match[3]):
            raise RowError(label, "whole", "a spreadsheet has cut digits off")
        value = match[1] + match[2]
    value = re.sub(r"^(?:D|DE|F|FR)[- ]+(?=\d{4,5}$)|(?<=^\d{4})\.0$|(?<=^\d{5})\.0$", "", value)
    return value.zfill(5) if country in ("DE", "FR") and re.fullmatch(r"\d{4}", value) else value


def place(text: str | None) -> dict[str, str | None]:
    """The columns postal_code and city of "78532 Tuttlingen", "F-67000 Strasbourg" or "67000 Strasbourg CEDEX"."""
    match = re.fullmatch(r"(?:[A-Z]{1,2}[- ])?(\d{4,5})[\s,]+(.+)", collapse(text or ""))
    return {"postal_code": match[1], "city": match[2]} if match else {"postal_code": None, "city": present(text)}
