"""The sheets of a release, before they become XLSX or ODS: a cover, one table a measure, the signs, the long form."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from reports.language import N_, Language
from reports.ministry.package.code_lists import code_lists, measure_name, name_of
from reports.ministry.package.release import NOTHING, SECRET, Office, Release

LICENCE = "Datenlizenz Deutschland – Namensnennung – Version 2.0"
LICENCE_ADDRESS = "https://www.govdata.de/dl-de/by-2-0"
Value = str | int


@dataclass(frozen=True)
class Sheet:
    """A table as it stands on one sheet: heading row, then rows; widths in characters."""

    name: str
    widths: Sequence[int]
    heading: Sequence[str]
    rows: Sequence[Sequence[Value]]


def sheets(release: Release, office: Office, language: Language) -> list[Sheet]:
    """Cover, tables, signs and codes, long form."""
    return [
        _cover(release, office, language),
        *(_table(release, measure, language) for measure in release.codes("measure")),
        _codes(release, language),
        _long(release, language),
    ]


def facts(release: Release, office: Office, language: Language) -> list[tuple[str, str]]:
    """What stands on a cover: names and texts."""
    found = [
        (language.gettext("Zeitraum"), release.period(language)),
        (language.gettext("Datenstand"), language.day(release.last)),
        (language.gettext("Stand der Zahlen"), language.gettext("vorläufig (p)")),
        (language.gettext("Nächste Ausgabe"), language.day(release.next_on)),
        (language.gettext("Herausgeber"), office.publisher),
        (language.gettext("Kontakt"), office.contact),
        (language.gettext("Lizenz"), f"{LICENCE} ({LICENCE_ADDRESS})"),
        (language.gettext("Zeichen"), language.gettext(". geheim, – nichts vorhanden, p vorläufig, r berichtigt")),
    ]
    if release.is_sample:
        found.insert(0, (language.gettext("Hinweis"), language.gettext("Beispieldaten")))
    return [(name, value) for name, value in found if value]


def _cover(release: Release, office: Office, language: Language) -> Sheet:
    title = release.title(language)
    return Sheet(language.gettext("Deckblatt"), (24, 90), (title, ""), facts(release, office, language))


def _table(release: Release, measure: str, language: Language) -> Sheet:
    """One row per combination of all dimensions but the last, whose codes are the columns."""
    *before, last = release.dimensions
    columns = release.codes(last)
    rows = []
    for codes in product(*(release.codes(name) for name in before)):
        labels = [name_of(name, code, language) for name, code in zip(before, codes, strict=True)]
        at = dict(zip(before, codes, strict=True))
        rows.append([*labels, *(shown(release.published(measure, **at, **{last: one})) for one in columns)])
    heads = [column_name(name, language) for name in before]
    return Sheet(
        measure_name(measure, language),
        [32] * len(before) + [12] * len(columns),
        [*heads, *(name_of(last, one, language) for one in columns)],
        rows,
    )


def shown(value: int | None) -> Value:
    """A number, or the sign in its place."""
    return SECRET if value is None else value or NOTHING


def column_name(name: str, language: Language) -> str:
    """The heading of a dimension."""
    return {"region": language.gettext("Region"), "product": language.gettext("Produktgruppe")}.get(name, name)


def _codes(release: Release, language: Language) -> Sheet:
    rows = [
        (one.column, code, one.name(code, language), one.edition)
        for one in code_lists(release)
        for code in one.codes or release.codes(one.column)
    ]
    heading = [language.gettext(text) for text in _CODE_HEADINGS]
    return Sheet(language.gettext("Codes und Zeichen"), (14, 14, 50, 34), heading, rows)


_CODE_HEADINGS = (N_("Spalte"), N_("Code"), N_("Bedeutung"), N_("Ausgabe der Liste"))


def _long(release: Release, language: Language) -> Sheet:
    rows = [[int(text) if name == "value" and text else text for name, text in row.items()] for row in release.rows]
    return Sheet(language.gettext("Alle Felder"), [18] * len(release.columns), release.columns, rows)
