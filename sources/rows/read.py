"""From a platform's rows to `Parsed`: what the `parse` of every board ends with (of a directory: `directory.py`).

A row that breaks a rule goes to quarantine, its neighbours go on. Rules about single fields of `ParsedListing` are
checked afterwards (`weekly/intake.py`); here a platform's own reading of its own words fails.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from sources.listing import ParsedListing, Quarantine
from sources.platform import BrokenStructure, LayoutChanged, Parsed, RawDocument, RowError
from sources.rows.text import ERASED_LISTING, mask_contacts

BATCH = 5_000  # listings held as Python objects at a time
LONGEST_VALUE = 200  # of a refused value in the quarantine, characters
DEFAULTS = {"certificate": "none", "urgency": "normal", "vetting": "unchecked", "status": "open"}
_CUT_OFF = re.compile(r"\d[.,]\d+[Ee]\+\d+")  # a long number as a spreadsheet shows it
_LONE = re.compile("[\ud800-\udfff]")  # half of a character, as JSON's escapes and undecoded bytes leave it
_LISTING_TYPES = {name: str(column.dtype) for name, column in ParsedListing.to_schema().columns.items()}


class Row(NamedTuple):
    """One row of a platform, every value as text under the platform's own column or label."""

    place: str  # where a person finds it again: "line 17", "eintrag-KB-0007.html"
    fields: Mapping[str, str]
    source_id: str | None = None
    problem: RowError | None = None  # found while taking the row apart; it is refused for that


_SEEN: ContextVar[list[tuple[str, Mapping[str, str]]] | None] = ContextVar("rows that are read", default=None)


@contextmanager
def rows_seen() -> Iterator[list[tuple[str, Mapping[str, str]]]]:
    """Source id and fields of every row that is read meanwhile, for whoever must know all that a row says."""
    seen: list[tuple[str, Mapping[str, str]]] = []
    token = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(token)


def read_rows(
    platform: str,
    rows: Iterable[Row],
    identify: Callable[[Mapping[str, str]], str],
    read: Callable[[Mapping[str, str]], Mapping[str, Any]],
) -> Parsed:
    """Read every row into the columns of `ParsedListing`; rows that raise RowError are refused.

    `identify` gives the id of a row, which a refused row may have too; `read` the other columns it knows, the rest
    stay empty or take their default. The index of the listings is the row's place, so that later checks can name it.
    Rows are taken one by one and kept as columns in batches: `rows` may be a stream.

    One entry with strange labels is a slip of its author; most entries with them are a changed layout, for which
    LayoutChanged is raised.
    """
    frames: list[pd.DataFrame] = []
    listings: list[dict[str, Any]] = []
    places: list[str] = []
    refused: list[dict[str, str | None]] = []
    found = 0
    for row in _noted(rows, identify):
        found += 1
        if len(listings) == BATCH:
            frames.append(listing_frame(listings, places))
            listings, places = [], []
        try:
            said = read_row(row, read)
            listings.append({"platform": platform, **DEFAULTS, **said, "source_id": _identified(row, identify)})
            places.append(row.place)
        except RowError as error:
            source_id = row.source_id or _id_of(row, identify)
            refused.append(refusal(platform, row.place, source_id, error, row.fields.get(error.field)))
    _check_layout(refused, found)
    frames.append(listing_frame(listings, places))
    return Parsed(pd.concat(frames) if len(frames) > 1 else frames[0], quarantine_frame(refused))


def _identified(row: Row, identify: Callable[[Mapping[str, str]], str]) -> str:
    """The id of a row; raises RowError for one like 4,71E+12, which a spreadsheet has left of a longer number."""
    source_id = identify(row.fields)
    if _CUT_OFF.fullmatch(source_id):
        field = next((label for label, value in row.fields.items() if value == source_id), "source_id")
        raise RowError(field, "whole", "a spreadsheet has cut digits off")
    return source_id


def _check_layout(refused: Sequence[Mapping[str, str | None]], found: int) -> None:
    strange = [refusal for refusal in refused if refusal["rule"] == "known_label"]
    if len(strange) * 2 > found:
        first = f"{strange[0]['row']}: {strange[0]['field']}: {strange[0]['reason']}"
        raise LayoutChanged(f"{len(strange)} of {found} entries bear unknown or missing labels: {first}")


def _noted(rows: Iterable[Row], identify: Callable[[Mapping[str, str]], str]) -> Iterator[Row]:
    """The rows, told to `rows_seen` as they pass."""
    seen = _SEEN.get()
    for row in rows:
        if seen is not None:
            seen.append((_id_of(row, identify) or row.source_id or "", row.fields))
        yield row


def read_row(row: Row, read: Callable[[Mapping[str, str]], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a platform reads in one row; raises RowError.

    Whatever else a reading stumbles over is that row's oddity too: its neighbours must not be lost by it.
    """
    written = "".join(row.fields.values())
    if ERASED_LISTING in written or ERASED_LISTING in row.place:
        raise RowError("row", "erased", "taken out because its owner asked for it")
    if row.problem is not None:
        raise row.problem
    try:
        said = read(row.fields)
        if not _is_whole(written):
            for name, value in said.items():
                if isinstance(value, str) and not _is_whole(value):
                    raise RowError(name, "encoding", "half a character, which stands for nothing")
    except RowError:
        raise
    except Exception as error:
        raise RowError("row", "readable", f"cannot be taken apart ({type(error).__name__})") from error
    return said


def _is_whole(text: str) -> bool:
    return text.isascii() or _LONE.search(text) is None


def rows_of_each(
    documents: Sequence[RawDocument], rows_in: Callable[[RawDocument], Iterable[Row]], label: str
) -> list[Row]:
    """The rows of documents that many hands filled in: one that cannot be read is one refused row under a label.

    Raises LayoutChanged if that is most of them.
    """
    rows: list[Row] = []
    broken = 0
    for document in documents:
        try:
            rows += rows_in(document)
        except BrokenStructure as error:
            broken += 1
            rows.append(Row(document.name, {}, problem=RowError(label, "readable", str(error))))
    if broken * 2 > len(documents):
        first = next(row.problem.reason for row in rows if row.problem and row.problem.field == label)
        raise LayoutChanged(f"{broken} of {len(documents)} files cannot be read: {first}")
    return rows


def _id_of(row: Row, identify: Callable[[Mapping[str, str]], str]) -> str | None:
    try:
        return identify(row.fields)
    except (RowError, LookupError, ValueError):  # the id itself is missing
        return None


def strange_label(labels: Iterable[str], known: Iterable[str], required: Iterable[str] = ()) -> RowError | None:
    """What is wrong with the labels of one entry: one that we do not know, or one that we rely on and miss."""
    found, expected = list(labels), set(known)
    for label in found:
        if label not in expected:
            return RowError(label, "known_label", "an unknown label")
    for label in required:
        if label not in found:
            return RowError(label, "known_label", "the label is missing")
    return None


def refusal(platform: str, place: str, source_id: str | None, error: RowError, value: object) -> dict[str, str | None]:
    """One row of the quarantine. Contact data is masked; a value under an unknown label may name a person and goes."""
    is_kept = value is not None and error.rule != "known_label"
    text = mask_contacts(_LONE.sub("\N{REPLACEMENT CHARACTER}", str(value)))[:LONGEST_VALUE] if is_kept else None
    return {
        "platform": platform,
        "row": place,
        "source_id": source_id and _LONE.sub("\N{REPLACEMENT CHARACTER}", source_id),
        "field": mask_contacts(error.field),
        "rule": error.rule,
        "reason": error.reason,
        "value": text,
    }


# Checks of the schemas as rule and reason in the words of somebody who looks at his own table.
_CHECKS = {
    "not_nullable": ("required", "the field is empty"),
    "str_length": ("format", "the text is empty or too long"),
    "str_matches": ("format", "not in the form that the field asks for"),
    "isin": ("known_value", "none of the values that the field may have"),
    "greater_than": ("positive", "not above {}"),
    "greater_than_or_equal_to": ("plausible", "less than {}"),
    "less_than_or_equal_to": ("plausible", "more than {}"),
}


def rule_of(check: str, value: object = None) -> tuple[str, str]:
    """Rule and reason of a value that failed a schema check such as ``less_than_or_equal_to(1000000000.0)``."""
    name, _, bound = check.rstrip(")").partition("(")
    if name == "greater_than" and isinstance(value, float) and value < float(bound):  # a typo, not "no more of it"
        name = "greater_than_or_equal_to"
    rule, reason = _CHECKS.get(name, ("format", "not as the field asks for it"))
    return rule, reason.format(bound)


def listing_frame(records: list[dict[str, Any]], places: list[str]) -> pd.DataFrame:
    """Records as a frame with all columns of `ParsedListing` in their types, indexed by place; values unchecked."""
    said = {name for record in records for name in record}
    columns = {
        name: _column([record.get(name) for record in records], dtype) if name in said else _empty(len(records), dtype)
        for name, dtype in _LISTING_TYPES.items()
    }
    frame = pd.DataFrame(columns)
    frame.index = pd.Index(places, dtype="str", name="row")
    return frame


def quarantine_frame(refused: list[dict[str, str | None]]) -> pd.DataFrame:
    """Refusals as a frame with the columns of `Quarantine`."""
    names = list(Quarantine.to_schema().columns)
    return pd.DataFrame({name: _column([row[name] for row in refused], "str") for name in names})


def _empty(length: int, dtype: str) -> pd.Series:
    """A column in which nothing stands, of which platforms leave half their columns."""
    return pd.Series(_nothing(dtype).repeat(length))


@cache
def _nothing(dtype: str) -> Any:
    """One missing value as an array of a type."""
    return _column([None], dtype).array


def _column(values: list[Any], dtype: str) -> pd.Series:
    if dtype.startswith("datetime64"):
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object"), utc=True)).dt.as_unit("us")
    return pd.Series(values, dtype="boolean" if dtype == "boolean" else dtype)
