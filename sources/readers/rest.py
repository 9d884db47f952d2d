"""JSON over HTTP: objects in lists, the ways that services wrap them, and values in several languages."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sources.platform import LayoutChanged, RawDocument, RowError, UnknownFormat
from sources.rows.fields import Number
from sources.rows.read import Row, strange_label

ENVELOPES = ("@value", "#text", "rendered")  # keys under which services put the value itself


def read_json(document: RawDocument) -> Any:
    """The value of a JSON document; raises UnknownFormat.

    A reply that was cut off is none: its last items would look as if the platform had taken them down. Warnings that a
    server prints before its answer are left out; of a key that comes twice the last counts.
    """
    try:
        text = document.content.decode(json.detect_encoding(document.content)).removeprefix("\ufeff").strip()
        if text.startswith("<") and not text[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
            text = _after_warnings(text)
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            if error.msg != "Extra data" or "\n" not in text:
                raise
            return [json.loads(line) for line in text.splitlines() if line.strip()]  # one object a line
    except (ValueError, RecursionError) as error:
        raise UnknownFormat(f"{document.name}: not JSON ({error})") from error


def _after_warnings(text: str) -> str:
    """What stands from the first line on that begins an object or a list."""
    lines = text.splitlines(keepends=True)
    first = next((index for index, line in enumerate(lines) if line.startswith(("[", "{"))), len(lines))
    return "".join(lines[first:])


def rows_at(
    document: RawDocument,
    noun: str,
    known: Iterable[str] | None,
    required: Sequence[str],
    *path: str,
    languages: Sequence[str] = (),
) -> Iterator[Row]:
    """The objects at a path of keys as rows, see `row_of`; what is no object is one refused row.

    noun: what one of them is called in its place ("posts.json: post 3"). Raises UnknownFormat, and LayoutChanged if
    there is no list.
    """
    known = None if known is None else set(known)
    for number, item in enumerate(_items(document, path), start=1):
        place = f"{document.name}: {noun} {number}"
        if isinstance(item, dict):
            yield row_of(place, item, known, required, languages)
        else:
            what = "nothing" if item is None else type(item).__name__
            yield Row(place, {}, problem=RowError(noun, "object", f"{what} instead of a {noun}"))


def _items(document: RawDocument, path: Sequence[str]) -> list[Any]:
    """The list at a path; a lone object is a list of one, an answer that says an error is none."""
    value = read_json(document)
    for key in path:
        if isinstance(value, dict) and key not in value and "error" in value | {"error": None} and "message" in value:
            raise LayoutChanged(f"{document.name}: the service answers '{str(value['message'])[:100]}'")
        if not isinstance(value, dict) or key not in value:
            raise LayoutChanged(f"{document.name}: no '{key}'")
        value = value[key]
    if not path and isinstance(value, dict) and {"code", "message"} <= set(value):  # WordPress says its errors so
        raise LayoutChanged(f"{document.name}: the service answers '{str(value['code'])[:100]}'")
    if isinstance(value, dict) and len(value) == 1 and isinstance(inner := next(iter(value.values())), list | dict):
        value = inner  # XML turned into JSON: {"profile": […]}, and a lone one without its list
    if isinstance(value, dict) and value:
        value = [value]
    if not isinstance(value, list):
        raise LayoutChanged(f"{document.name}: not a list of objects")
    return value


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
    return Row(place, fields, problem=strange_label(labels, names if known is not None else labels, required))


def _is_below(label: str, names: set[str]) -> bool:
    """Whether a field lies below one that is known as a whole."""
    parts = label.split(".")
    return any(".".join(parts[:length]) in names for length in range(1, len(parts)))


def _flat(item: Mapping[str, Any], prefix: str, names: set[str], languages: Sequence[str]) -> Iterable[tuple[str, str]]:
    for key, value in item.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and not any(known.startswith(f"{name}.") for known in names):
            value = _unwrapped(value, languages)
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.", names, languages)
        else:
            yield name, _text(value)


def _unwrapped(value: Mapping[str, Any], languages: Sequence[str]) -> Any:
    """A value without its envelope, or in the first language that says something; anything else as it stands."""
    for key in ENVELOPES:
        if key in value:
            return value[key]
    by_code = {key.lower(): said for key, said in value.items()}
    if not languages or not by_code or not all(len(key) == len(languages[0]) and key.isalpha() for key in by_code):
        return value
    if any(isinstance(said, dict) for said in by_code.values()):
        return value
    order = [*(code for code in languages if code in by_code), *by_code]
    return next((by_code[code] for code in order if _text(by_code[code]).strip()), "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return Number(value)
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(_text, value))))
    return str(value)
