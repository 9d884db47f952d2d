"""The tables of a release described for machines: Frictionless Data Package and CSV on the Web."""

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

from reports.language import LANGUAGES, Language
from reports.ministry.package.code_lists import COLUMNS as CODE_COLUMNS
from reports.ministry.package.code_lists import CodeList, code_lists
from reports.ministry.package.release import COLUMNS, Office, Release
from reports.ministry.package.sheets import LICENCE, LICENCE_ADDRESS

LONG_FILE = "statistics.csv"
_PERIOD = r"\d{4}-(W\d{2}|\d{2})"


def data_package(release: Release, office: Office, files: Mapping[str, bytes]) -> bytes:
    """`datapackage.json` after Data Package 1.0 (specs.frictionlessdata.io). files: what it describes, by name."""
    reader = Language("de")
    publisher = {"title": office.publisher, "role": "publisher"}
    if office.contact:
        publisher["email"] = office.contact
    lists = code_lists(release)
    return _written(
        {
            "name": f"verbundradar-statistics-{release.name.lower()}",
            "title": release.marked(release.title(reader), reader),
            "description": _description(release, reader),
            "version": release.name,
            "licenses": [{"name": "DL-DE-BY-2.0", "title": LICENCE, "path": LICENCE_ADDRESS}],
            "contributors": [publisher],
            "resources": [
                _resource(LONG_FILE, files, _long_schema(release, lists)),
                *(_resource(one.file, files, _CODE_SCHEMA) for one in lists),
            ],
        }
    )


def _description(release: Release, language: Language) -> str:
    text = language.gettext(
        "Angebote und Gesuche auf Kooperationsplattformen, %(period)s; geheime Werte sind unterdrückt.",
        period=release.period(language),
    )
    return release.marked(text, language)


def _resource(name: str, files: Mapping[str, bytes], schema: Mapping[str, object]) -> dict[str, object]:
    return {
        "name": name.removesuffix(".csv"),
        "path": name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(files[name]),
        "hash": f"sha256:{sha256(files[name]).hexdigest()}",
        "schema": schema,
    }


def _long_schema(release: Release, lists: Sequence[CodeList]) -> dict[str, object]:
    return {
        "fields": [_field(name) for name in release.columns],
        "primaryKey": ["period", *release.key],
        "missingValues": [""],
        "foreignKeys": [
            {"fields": one.column, "reference": {"resource": one.file.removesuffix(".csv"), "fields": "code"}}
            for one in lists
        ],
    }


def _field(name: str) -> dict[str, object]:
    column = COLUMNS[name]
    constraints: dict[str, object] = {"required": name not in ("value", "sign")}
    if name == "period":
        constraints["pattern"] = _PERIOD
    if column.is_number:
        constraints["minimum"] = 0
    kind = "integer" if column.is_number else "string"
    return {"name": name, "type": kind, "description": column.description, "constraints": constraints}


_CODE_SCHEMA = {
    "fields": [{"name": name, "type": "string"} for name in CODE_COLUMNS],
    "primaryKey": ["code"],
    "missingValues": [""],
}


def csv_on_the_web(release: Release, office: Office) -> bytes:
    """`statistics.csv-metadata.json` after the W3C's recommendation on tabular metadata of 17 December 2015."""
    lists, readers = code_lists(release), [Language(code) for code in LANGUAGES]
    return _written(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
            "dc:title": [_said(release.marked(release.title(one), one), one.code) for one in readers],
            "dc:description": [_said(_description(release, one), one.code) for one in readers],
            "dc:license": {"@id": LICENCE_ADDRESS},
            "dc:publisher": office.publisher,
            "dc:modified": {"@value": str(release.issued_on), "@type": "xsd:date"},
            "tables": [
                {"url": LONG_FILE, "tableSchema": _web_schema(release, lists)},
                *({"url": one.file, "tableSchema": _WEB_CODES} for one in lists),
            ],
        }
    )


def _said(text: str, language: str) -> dict[str, str]:
    return {"@value": text, "@language": language}


def _web_schema(release: Release, lists: Sequence[CodeList]) -> dict[str, object]:
    return {
        "columns": [_web_column(name, lists) for name in release.columns],
        "primaryKey": ["period", *release.key],
        "foreignKeys": [
            {"columnReference": one.column, "reference": {"resource": one.file, "columnReference": "code"}}
            for one in lists
            if one.column != "sign"  # which may be empty, and a key may not: its column lists the signs itself
        ],
    }


def _web_column(name: str, lists: Sequence[CodeList]) -> dict[str, object]:
    datatype: object = {"base": "nonNegativeInteger"} if COLUMNS[name].is_number else "string"
    formats = {"period": _PERIOD, **{one.column: "|".join(map(re.escape, one.codes)) for one in lists if one.codes}}
    if name in formats:
        datatype = {"base": "string", "format": formats[name]}
    described = [_said(Language(code).gettext(COLUMNS[name].description), code) for code in LANGUAGES]
    is_required = name not in ("value", "sign")
    return {"name": name, "titles": name, "datatype": datatype, "required": is_required, "dc:description": described}


_WEB_CODES = {
    "columns": [
        {"name": name, "titles": name, "datatype": "string", "required": name == "code"} for name in CODE_COLUMNS
    ],
    "primaryKey": "code",
}


def _written(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
