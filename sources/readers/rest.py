"""JSON over HTTP: objects in lists."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sources.platform import LayoutChanged, RawDocument, UnknownFormat
from sources.rows.read import Row, strange_label


def read_json(document: RawDocument) -> Any:
    """The value of a JSON document; raises UnknownFormat."""
    try:
        return json.loads(document.content)
    except (ValueError, RecursionError) as error:
        raise UnknownFormat(f"{document.name}: not JSON ({error})") from error


def objects(document: RawDocument, *path: str) -> list[Mapping[str, Any]]:
    """The list of objects at a path of keys (the document itself without one); raises LayoutChanged."""
    value = read_json(document)
    for key in path:
        if not isinstance(value, dict) or key not in value:
            raise LayoutChanged(f"{document.name}: no '{key}'")
        value = value[key]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise LayoutChanged(f"{document.name}: not a list of objects")
    return value


def row_of(place: str, item: Mapping[str, Any], known: Iterable[str], required: Iterable[str]) -> Row:
    """One object as a row: nested values under ``outer.inner``, lists joined by "; ", null as an empty text."""
    fields = dict(_flat(item, ""))
    return Row(place, fields, problem=strange_label(fields, known, required))


def _flat(item: Mapping[str, Any], prefix: str) -> Iterable[tuple[str, str]]:
    for key, value in item.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield f"{prefix}{key}", "; ".join(str(part) for part in value if part is not None)
        else:
            yield f"{prefix}{key}", "" if value is None else str(value)
