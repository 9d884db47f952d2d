"""JSON over HTTP: objects in lists, the ways that services wrap them, and values in several languages.

What a reply may hold besides its value is what servers really print: warnings of PHP before or behind it, a callback
around it, comments, commas too many. Of a reply that was cut off nothing is read.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sources import limits
from sources.platform import LayoutChanged, RawDocument, RowError, UnknownFormat
from sources.readers.encoding import decoded
from sources.readers.sheets import GZIP
from sources.rows.fields import Number
from sources.rows.read import Row, strange_label

# Keys under which services put the value itself; `$…` are those of MongoDB's exports.
ENVELOPES = (
    "@value",
    "#text",
    "rendered",
    "$oid",
    "$date",
    "$numberInt",
    "$numberLong",
    "$numberDouble",
    "$numberDecimal",
)
# Keys under which interfaces put their list, in the order in which they are looked for.
LISTS = (
    "data", "items", "results", "result", "value", "_embedded", "hits", "features", "content", "records", "rows",
    "entries", "posts", "responses", "list", "docs", "response", "payload", "body",
)  # fmt: skip
LONGEST_NUMBER = 40  # digits; what is longer is no number that anybody means
# What names a list of objects when they come as texts in their place.
_NAMES = ("name", "title", "label", "value", "code", "id")
_PREFIX = re.compile(r"(?:\)\]\}',?|while\s*\(1\);|for\s*\(;;\);|\{\}\s*&&)\s*")
_CALLBACK = re.compile(
    r"(?:/\*.*?\*/\s*)?(?:typeof\s+[\w.$]+\s*===?\s*['\"]function['\"]\s*&&\s*)?[\w.$]+\s*\((.*)\)\s*;?", re.DOTALL
)
_START = re.compile(r"^[ \t]*(?=[\[{])", re.MULTILINE)
# What may stand behind a value: the rest of a page, which no value begins.
_BEHIND = re.compile(
    r"[\s\0;]*(?:<!--.*|<(?:br|b|div|script|p)\b.*|(?:PHP )?(?:Warning|Notice|Deprecated).*)?", re.DOTALL
)
_TOO_MUCH = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[\]}])', re.DOTALL)
_MICROSOFT = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")


class Faulty(str):
    """The text of a value that cannot be what was meant; `reason` says why. Its item is refused."""

    __slots__ = ("reason",)
    reason: str

    @classmethod
    def because(cls, text: str, reason: str) -> "Faulty":
        """A faulty value with its reason."""
        found = cls(text)
        found.reason = reason
        return found


def read_json(document: RawDocument) -> Any:
    """The value of a JSON document, numbers as `Number`; raises UnknownFormat.

    A reply that was cut off is none: its last items would look as if the platform had taken them down. Of objects one
    a line a broken one is a text, unless it is the last. NaN is null; a key that comes twice with different values
    makes its value `Faulty`.
    """
    try:
        text = decoded(_unpacked(document)).strip(" \t\r\n\0\ufeff")
        if text[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
            raise ValueError("a page")
        try:
            return _DECODER.decode(text)
        except json.JSONDecodeError as error:
            return _decoded_with_surroundings(text, error)
    except json.JSONDecodeError as error:
        place = f"from line {error.lineno}, column {error.colno} on"
        raise UnknownFormat(f"{document.name}: not JSON {place}; fetch it again") from error
    except (ValueError, RecursionError, zlib.error) as error:
        raise UnknownFormat(f"{document.name}: not JSON ({error})") from error


def said_by(document: RawDocument, key: str) -> Any:
    """What an answer says under a key beside its list, such as the total; None if it says nothing."""
    value = read_json(document)
    return value.get(key) if isinstance(value, dict) else None


def _unpacked(document: RawDocument) -> bytes:
    if not document.content.startswith(GZIP):
        return document.content
    packed = zlib.decompressobj(wbits=31)
    content = packed.decompress(document.content, limits.DOCUMENT_BYTES[".json"])
    if packed.unconsumed_tail:
        raise ValueError("unpacks to too much")
    return content


def _decoded_with_surroundings(text: str, error: json.JSONDecodeError) -> Any:
    """The value of a text that is not JSON alone; raises the error that it gave if nothing whole is in it."""
    inner = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
    if called := _CALLBACK.fullmatch(inner):
        inner = called[1]
    for start in _starts(inner):
        for candidate in (inner[start:], _TOO_MUCH.sub(r"\1", inner[start:])):
            found = _values(candidate)
            if found is not None:
                return found
    raise error


def _starts(text: str) -> list[int]:
    """Where a value may begin: at once, else in the lines behind what a server printed before."""
    if text[:1] in "[{":
        return [0]
    # A warning may name an array: the first few lines that begin a value are tried.
    return [match.end() for match, _ in zip(_START.finditer(text), range(5), strict=False)] + (
        [0] if text[:1] == "/" else []
    )


def _values(text: str) -> Any:
    """The value that a text begins with, or several one behind another as one list; None if one is not whole."""
    found: list[Any] = []
    at = 0
    while at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError:
            end = text.find("\n", at)
            if not found or end < 0 or text[at] != "{":
                return None
            value, at = text[at:end], end  # one object a line, and this one is broken
        found.append(value)
        rest = _BEHIND.match(text, at)
        at = (
            len(text) if rest is not None and rest.end() == len(text) else at + len(text[at:]) - len(text[at:].lstrip())
        )
    if len(found) < 2:
        return found[0] if found else None
    return [item for value in found for item in (value if isinstance(value, list) else [value])]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        for key, value in pairs:
            if value != found[key] and not isinstance(found[key], Faulty):
                found[key] = Faulty.because(str(value), f"'{key}' comes twice with different values")
    return found


def _integer(digits: str) -> str:
    return Number(digits) if len(digits) <= LONGEST_NUMBER else Faulty.because(digits, "a number of very many digits")


def _fraction(digits: str) -> str:
    value = Decimal(digits)
    if len(digits) > LONGEST_NUMBER or abs(value.adjusted()) > LONGEST_NUMBER:
        return Faulty.because(digits, "a number of very many digits")
    return Number(format(value.to_integral_value() if value == value.to_integral_value() else value, "f"))


_DECODER = json.JSONDecoder(
    strict=False, object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=lambda _: None
)


def rows_at(
    document: RawDocument,
    noun: str,
    known: Iterable[str] | None,
    required: Sequence[str],
    *path: str,
    languages: Sequence[str] = (),
) -> Iterator[Row]:
    """The objects at a path of keys as rows, see `row_of`; what is no object is one refused row.

    noun: what one of them is called in its place ("posts.json: post 3"). Without a path the list is looked for where
    interfaces put theirs. Raises UnknownFormat, and LayoutChanged if there is no list, or the answer is an error.
    """
    known = None if known is None else set(known)
    for number, item in enumerate(_items(document, path), start=1):
        place = f"{document.name}: {noun} {number}"
        if isinstance(item, dict) and item:
            yield row_of(place, _lone(item), known, required, languages)
        else:
            what = "nothing" if not item else "a number" if isinstance(item, Number) else type(item).__name__
            yield Row(place, {}, problem=RowError(noun, "object", f"{what} instead of a {noun}"))


def _lone(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object without the number under which LimeSurvey puts each: {"17": {…}}."""
    [inner] = item.values() if len(item) == 1 else [None]
    return inner if isinstance(inner, dict) and next(iter(item)).isdigit() else item


def _items(document: RawDocument, path: Sequence[str]) -> list[Any]:
    """The list at a path; a lone object is a list of one, an answer that says an error is none."""
    value = read_json(document)
    if isinstance(value, str) and value[:1] in ("[", "{"):  # encoded twice
        value = read_json(RawDocument(document.name, value.encode(), document.url, document.retrieved_at))
    _refuse_errors(document.name, value, path)
    holder: dict[str, Any] | None = None
    for key in path:
        inside = [held for held in value.values() if isinstance(held, dict)] if isinstance(value, dict) else []
        holder = next((held for held in (value, *inside) if isinstance(held, dict) and key in held), None)
        if holder is None:
            raise LayoutChanged(f"{document.name}: no '{key}'")
        value = holder[key]
    if holder and value is None and "0" not in map(str, holder.values()):  # "items": null, "total": 0 is an empty list
        raise LayoutChanged(f"{document.name}: no list")
    found = _list_in(value) if path else _looked_for(value) if value else value if value == [] else None
    if found is None:
        raise LayoutChanged(f"{document.name}: not a list of objects")
    return found


def _refuse_errors(place: str, value: Any, path: Sequence[str]) -> None:
    """Raise LayoutChanged for the ways in which services say that something went wrong, with HTTP 200 or without."""
    if not isinstance(value, dict) or (path and value.get(path[0]) is not None and value.get("timedOut") is not True):
        return
    said = (
        value.get("message") or value.get("detail") or value.get("title") or value.get("error") or value.get("errors")
    )
    status = str(value.get("status", ""))
    is_error = (
        {"code", "message"} <= set(value)  # WordPress
        or value.get("success") is False
        or value.get("timedOut") is True  # TED
        or ("error" in value and value["error"] and not any(key in value for key in LISTS if value.get(key)))
        or ("errors" in value and isinstance(value["errors"], list) and not value.get("data"))  # JSON:API
        or (re.fullmatch("[45]\\d\\d", status) is not None and "title" in value and "id" not in value)  # RFC 9457
        or (path and "message" in value)
    )
    if is_error:
        raise LayoutChanged(f"{place}: the service answers '{str(value.get('code') or said or 'timed out')[:100]}'")


def _looked_for(value: Any, depth: int = 0) -> list[Any] | None:
    """The list of objects that an answer holds, wherever interfaces put it; a lone object as a list of one."""
    if isinstance(value, str) and depth:
        return _looked_for(_encoded(value), depth + 1) if depth < 4 and len(value) > 8 else None
    if not isinstance(value, dict) or depth > 4:
        return _list_in(value)
    inside = [key for key in LISTS if key in value and isinstance(value[key], list | dict | str | None)]
    is_wrapped = not _is_item(value)
    for key in inside if is_wrapped else ():
        if value[key] is None or value[key] == {}:
            return []
        found = _looked_for(value[key], depth + 1)
        if found is not None:
            return found
    nested = [held for held in value.values() if isinstance(held, list | dict)]
    lists = [held for held in nested if isinstance(held, list) and (not held or isinstance(held[0], dict))]
    if is_wrapped and len(lists) == 1:
        return _list_in(lists[0])
    if is_wrapped and len(nested) == len(value) == 1:
        return _looked_for(nested[0], depth + 1)
    return _list_in(value)


def _is_item(value: Mapping[str, Any]) -> bool:
    """Whether an object is a thing itself and no envelope: it has an id beside other texts of its own."""
    names = {key.casefold().strip() for key in value}
    return bool(names & {"id", "_id", "reference", "uid"}) and not {"error", "jsonrpc"} & names


def _encoded(text: str) -> Any:
    """The value that a text holds as JSON, or as JSON in base64 as LimeSurvey's RemoteControl gives it."""
    try:
        return _DECODER.decode(text if text[:1] in "[{" else base64.b64decode(text, validate=True).decode())
    except (ValueError, RecursionError):
        return None


def _list_in(value: Any) -> list[Any] | None:
    """A list, flat; the objects of one that is keyed by ids; a lone object as a list of one."""
    if value is None:
        return []
    if isinstance(value, list):
        is_nested = bool(value) and all(
            isinstance(inner, list) and isinstance((inner or [{}])[0], dict) for inner in value
        )
        return [item for inner in value for item in inner] if is_nested else value
    if not isinstance(value, dict) or not value:
        return None if value != {} else []
    inner = list(value.values())
    if len(inner) == 1 and isinstance(inner[0], list):
        return _list_in(inner[0])  # XML turned into JSON: {"profile": […]}
    if all(isinstance(held, dict) for held in inner) and (len(inner) == 1 or _are_alike(inner)):
        return inner
    return [value]


def _are_alike(objects: Sequence[Mapping[str, Any]]) -> bool:
    """Whether objects have most of their keys in common, as things of one kind have."""
    shared = set(objects[0]).intersection(*objects[1:])
    return len(shared) * 2 > max(map(len, objects))


def row_of(
    place: str,
    item: Mapping[str, Any],
    known: Iterable[str] | None,
    required: Iterable[str],
    languages: Sequence[str] = (),
) -> Row:
    """One object as a row: nested values under ``outer.inner``, lists joined by "; ", null as an empty text.

    known: the fields that we know, a name stands for all below it too; None if a service adds some as it likes.
    languages: of a value that comes in several the first that says something counts, unless `known` asks for one by
    name ("title.deu"). A number is a `Number`, a value twice in a list stands once.
    """
    names = known if isinstance(known, set) else set(known or ())
    fields = dict(_flat(item, "", names, languages))
    labels = [label for label in fields if "." not in label or not _is_below(label, names)]
    problem = strange_label(labels, names if known is not None else labels, required)
    for label, value in fields.items():
        if isinstance(value, Faulty):
            problem = RowError(label, "readable", value.reason)
    said = "".join(fields.values())
    if not said.isascii() and _LONE.search(said):
        label = next(label for label, value in fields.items() if _LONE.search(value))
        fields = {name: _LONE.sub("", text) for name, text in fields.items()}
        problem = RowError(label, "encoding", "half a letter, where a text was cut")
    return Row(place, fields, problem=problem)


_LONE = re.compile("[\ud800-\udfff]")


def _is_below(label: str, names: set[str]) -> bool:
    """Whether a field lies below one that is known as a whole."""
    parts = label.split(".")
    return any(".".join(parts[:length]) in names for length in range(1, len(parts)))


def _flat(item: Mapping[str, Any], prefix: str, names: set[str], languages: Sequence[str]) -> Iterable[tuple[str, str]]:
    for key, value in item.items():
        name = f"{prefix}{key.strip()}"
        if isinstance(value, list) and value and isinstance(value[0], dict) and name not in names:
            value = _merged(value, languages)
        if isinstance(value, dict) and not any(known.startswith(f"{name}.") for known in names):
            value = _unwrapped(value, languages)
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.", names, languages)
        else:
            yield name, value if isinstance(value, Number) else _text(value)


def _merged(values: Sequence[Any], languages: Sequence[str]) -> Any:
    """Objects in a list as one whose values are lists; those that name a language each as a map of languages."""
    if not all(isinstance(value, dict) for value in values):
        return list(values)
    if languages and all({"lang", "value"} == set(value) or {"language", "value"} == set(value) for value in values):
        return {str(value.get("lang") or value.get("language")): value["value"] for value in values}
    keys = dict.fromkeys(key for value in values for key in value)
    return {key: [value[key] for value in values if key in value] for key in keys}


def _unwrapped(value: Mapping[str, Any], languages: Sequence[str]) -> Any:
    """A value without its envelope, or in the first language that says something; anything else as it stands."""
    for key in ENVELOPES:
        if key in value:
            return value[key]
    if len(value) == 1 and str(value.get("@xsi:nil", value.get("@nil"))).lower() == "true":
        return None
    by_code = {key.lower().partition("-")[0].partition("_")[0]: said for key, said in value.items()}
    if not languages or not by_code or not all(len(key) == len(languages[0]) and key.isalpha() for key in by_code):
        return value
    if any(isinstance(said, dict) for said in by_code.values()):
        return value
    order = [*(code for code in languages if code in by_code), *by_code]
    return next((by_code[code] for code in order if _text(by_code[code]).strip()), "")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _moment_of(value) if value.startswith("/Date(") else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(_text, value))))
    if isinstance(value, dict):
        said = next((value[key] for key in _NAMES if key in value), None)
        return _text(said if said is not None else list(value.values()))
    return str(value)


def _moment_of(written: str) -> str:
    """A time as Microsoft's older services write it, milliseconds since 1970, as ISO 8601."""
    match = _MICROSOFT.fullmatch(written)
    if match is None:
        return written
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1]))).isoformat().replace("+00:00", "Z")
