"""Every file of a package by name, and which of them a page leads to."""

from collections.abc import Sequence
from typing import NamedTuple

from reports.language import LANGUAGES, N_, Language
from reports.ministry.package.catalogue import entry
from reports.ministry.package.code_lists import as_csv, code_lists
from reports.ministry.package.described import LONG_FILE, csv_on_the_web, data_package
from reports.ministry.package.method import method_page
from reports.ministry.package.opendocument import as_ods
from reports.ministry.package.pictures import drawn
from reports.ministry.package.rdf import as_json_ld, as_turtle
from reports.ministry.package.release import Office, Release, localised
from reports.ministry.package.sheets import sheets
from reports.ministry.package.workbook import as_xlsx


class Linked(NamedTuple):
    """A file that the page leads to."""

    name: str
    title: str


def package_files(
    release: Release, office: Office, long_file: bytes, earlier: Sequence[Release] = ()
) -> dict[str, bytes]:
    """What goes beside the pages and the long file. earlier: releases of the same kind before it, oldest first."""
    made: dict[str, bytes] = {one.file: as_csv(one, release) for one in code_lists(release)}
    for code in LANGUAGES:
        reader = Language(code)
        laid_out = sheets(release, office, reader)
        made[localised("statistics", code, "xlsx")] = as_xlsx(release, laid_out)
        made[localised("statistics", code, "ods")] = as_ods(release, laid_out)
        made[localised("method", code, "html")] = method_page(release, office, reader)
        for picture in drawn(release, earlier, reader):
            made[localised(picture.name, code, "svg")] = picture.as_file(release, office, reader)
    tables = {name: content for name, content in made.items() if name.endswith(".csv")} | {LONG_FILE: long_file}
    data = {name: content for name, content in made.items() if name.endswith((".xlsx", ".ods", ".csv"))}
    nodes = entry(release, office, {**data, LONG_FILE: long_file})
    return {
        **made,
        "datapackage.json": data_package(release, office, tables),
        f"{LONG_FILE}-metadata.json": csv_on_the_web(release, office),
        "dcat.jsonld": as_json_ld(nodes),
        "dcat.ttl": as_turtle(nodes),
    }


_LINKS = (
    (LONG_FILE, N_("Alle Felder als CSV")),
    ("datapackage.json", N_("Beschreibung der Tabellen (Frictionless Data Package)")),
    (f"{LONG_FILE}-metadata.json", N_("Beschreibung der Tabellen (CSV on the Web)")),
    ("dcat.jsonld", N_("Eintrag für Datenportale (DCAT-AP.de, JSON-LD)")),
    ("dcat.ttl", N_("Eintrag für Datenportale (DCAT-AP.de, Turtle)")),
)


def linked_files(release: Release, earlier: Sequence[Release], language: Language) -> list[Linked]:
    """In the order in which a page names them."""
    code = language.code
    return [
        Linked(localised("method", code, "html"), language.gettext("Methodenblatt")),
        Linked(localised("statistics", code, "xlsx"), language.gettext("Arbeitsmappe für Excel (XLSX)")),
        Linked(localised("statistics", code, "ods"), language.gettext("Arbeitsmappe für LibreOffice (ODS)")),
        *(Linked(name, language.gettext(title)) for name, title in _LINKS),
        *(
            Linked(one.file, language.gettext("Codeliste: %(name)s", name=language.gettext(one.title)))
            for one in code_lists(release)
        ),
        *(
            Linked(localised(picture.name, code, "svg"), language.gettext("Bild: %(name)s", name=picture.caption))
            for picture in drawn(release, earlier, language)
        ),
    ]
