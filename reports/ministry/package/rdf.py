"""Linked data as JSON-LD and Turtle from one plain tree, so that both say the same and always in the same order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Iri:
    """A name on the web, whole or relative to the file."""

    address: str


@dataclass(frozen=True)
class Text:
    """A literal with its language or its datatype ("xsd:date")."""

    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Node:
    """A thing of a class ("dcat:Dataset") with properties; without a name it is blank."""

    kind: str
    properties: Mapping[str, Sequence[Union[Iri, Text, "Node"]]]
    name: str = ""


Object = Iri | Text | Node


def as_json_ld(nodes: Sequence[Node]) -> bytes:
    """The nodes as a graph with a context of the prefixes."""
    graph = {"@context": PREFIXES, "@graph": [_json(node) for node in nodes]}
    return (json.dumps(graph, ensure_ascii=False, indent=1) + "\n").encode()


def _json(value: Object) -> dict[str, object]:
    if isinstance(value, Iri):
        return {"@id": value.address}
    if isinstance(value, Text):
        marks = {"@language": value.language, "@type": value.datatype}
        return {"@value": value.text, **{name: mark for name, mark in marks.items() if mark}}
    made: dict[str, object] = {"@id": value.name} if value.name else {}
    made["@type"] = value.kind
    for name, objects in value.properties.items():
        if objects:
            made[name] = [_json(one) for one in objects]
    return made


def as_turtle(nodes: Sequence[Node]) -> bytes:
    """The same nodes, one statement a line."""
    prefixes = "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items())
    return (prefixes + "".join(f"\n<{_address(node.name)}>{_properties(node, 1)} .\n" for node in nodes)).encode()


def _properties(node: Node, depth: int) -> str:
    lead = "\n" + "  " * depth
    told = [f"{lead}a {node.kind}"]
    for name, objects in node.properties.items():
        told += [f"{lead}{name} {_turtle(one, depth)}" for one in objects]
    return " ;".join(told)


def _turtle(value: Object, depth: int) -> str:
    if isinstance(value, Iri):
        return f"<{_address(value.address)}>"
    if isinstance(value, Text):
        mark = f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else ""
        # Escapes of JSON strings are escapes of Turtle's too.
        return json.dumps(value.text, ensure_ascii=False) + mark
    return f"[{_properties(value, depth + 1)} ]"


def _address(address: str) -> str:
    """What may not stand between angle brackets is escaped, so that no address ends early."""
    return "".join(f"%{ord(one):02X}" if one in '<>"{}|^`\\' or one <= " " else one for one in address)
