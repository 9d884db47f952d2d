"""The sheets of a release, before they become XLSX or ODS: a cover, one table a measure, the signs, the long form."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.language import N_, Language
from reports.ministry.package.code_lists import code_lists, name_of
from reports.ministry.package.release import NOTHING, SECRET, Office, Release

LICENCE = "Datenlizenz Deutschland – Namensnennung – Version 2.0"
LICENCE_ADDRESS = "https://www.govdata.de/dl-de/by-2-0"
_WEEKLY_SIGNS = N_(". geheim, – nichts vorhanden, p vorläufig, r berichtigt, b Bruch der Methode")
_MONTHLY_SIGNS = N_(". geheim, – nichts vorhanden, p vorläufig")
Value = str | int
_LONGEST_NAME = 31  # of a sheet, set by XLSX


@dataclass(frozen=True)
class Sheet:
    """A table as it stands on one sheet: heading row, then rows; widths in characters."""

    name: str
    widths: Sequence[int]
    heading: Sequence[str]
    rows: Sequence[Sequence[Value]]


def sheets(release: Release, office: Office, language: Language) -> list[Sheet]:
    """Cover, tables, steps of requests, signs and codes, long form."""
    return [
        _cover(release, office, language),
        *(
            _table(release, measure, axis, language)
            for axis in release.dimensions
            if axis != "kind"
            for measure in release.codes("measure")
            if release.along(axis, measure)
        ),
        *([_steps(release, language)] if release.steps else []),
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
        (
            language.gettext("Zeichen"),
            language.gettext(_WEEKLY_SIGNS if release.is_weekly else _MONTHLY_SIGNS),
        ),
    ]
    if release.is_sample:
        found.insert(0, (language.gettext("Hinweis"), language.gettext("Beispieldaten")))
    return [(name, value) for name, value in found if value]


def _cover(release: Release, office: Office, language: Language) -> Sheet:
    title = release.title(language)
    return Sheet(language.gettext("Deckblatt"), (24, 90), (title, ""), facts(release, office, language))


def _table(release: Release, measure: str, axis: str, language: Language) -> Sheet:
    """One row per code of the axis, and of several units per unit that anything is stated in; one column per kind."""
    rows = release.along(axis, measure)
    kinds, units = (list(dict.fromkeys(row[name] for row in rows)) for name in ("kind", "unit"))
    values = {(row[axis], row["unit"], row["kind"]): row["sign"] or int(row["value"]) for row in rows}
    is_by_unit = len(units) > 1
    title = f"{name_of(release, 'measure', measure, language)}, {column_name(axis, language)}"
    return Sheet(
        title[:_LONGEST_NAME],
        [36] + [12] * (len(kinds) + is_by_unit),
        [
            column_name(axis, language),
            *([column_name("unit", language)] if is_by_unit else []),
            *(name_of(release, "kind", kind, language) for kind in kinds),
        ],
        [
            [
                name_of(release, axis, code, language),
                *([name_of(release, "unit", unit, language)] if is_by_unit else []),
                *(values[code, unit, kind] for kind in kinds),
            ]
            for code, unit in dict.fromkeys((row[axis], row["unit"]) for row in rows)
            if not is_by_unit or any(values[code, unit, kind] != NOTHING for kind in kinds)
        ],
    )


def _steps(release: Release, language: Language) -> Sheet:
    """How many requests came to each step, or further; the first row is all of them."""
    kind = {"kind": "request"}
    known = {
        language.gettext("Gesuche im Lauf des Monats"): release.published("listings", "listing", **kind),
        **{
            name_of(release, "measure", step, language): release.published(step, "listing", **kind)
            for step in release.steps
        },
    }
    return Sheet(
        language.gettext("Schritte der Gesuche"),
        (60, 12),
        (language.gettext("Was aus den Gesuchen wurde"), name_of(release, "kind", "request", language)),
        [(name, SECRET if value is None else value or NOTHING) for name, value in known.items()],
    )


def column_name(name: str, language: Language) -> str:
    """The heading of a column."""
    return language.gettext(_COLUMN_NAMES[name])


def _codes(release: Release, language: Language) -> Sheet:
    rows = [
        (one.column, code, name_of(release, one.column, code, language), one.edition)
        for one in code_lists(release)
        for code in one.codes or release.codes(one.column)
    ]
    heading = [language.gettext(text) for text in _CODE_HEADINGS]
    return Sheet(language.gettext("Codes und Zeichen"), (14, 14, 50, 34), heading, rows)


_COLUMN_NAMES = {"region": N_("Region"), "product": N_("Produktgruppe"), "unit": N_("Einheit")}
_CODE_HEADINGS = (N_("Spalte"), N_("Code"), N_("Bedeutung"), N_("Ausgabe der Liste"))


def _long(release: Release, language: Language) -> Sheet:
    rows = [[int(text) if name == "value" and text else text for name, text in row.items()] for row in release.rows]
    return Sheet(language.gettext("Alle Felder"), [18] * len(release.columns), release.columns, rows)
