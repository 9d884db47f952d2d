"""Code lists of a release, each with its edition: what the codes of the long file mean, in every language."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reports.design.spreadsheet import safe_cell
from reports.disclosure import TOTAL
from reports.language import LANGUAGES, N_, Language
from reports.ministry.counted import BW, GRAND_EST, KINDS
from reports.ministry.monthly import AREAS
from reports.ministry.package.release import BREAK, NOTHING, PROVISIONAL, REVISED, SECRET, Release
from reports.wording import KINDS as KIND_WORDS
from reports.wording import unit_name

_MEASURES = {
    "listings": N_("Inserate"),
    "organisations": N_("Firmen"),
    "quantity": N_("Mengen"),
    "reached_matched": N_("Gesuche mit einem passenden Angebot"),
    "reached_told": N_("Gesuche, den Task Forces mit möglichen Partnern gemeldet"),
    "reached_answered": N_("Gesuche, deren Vorgang beantwortet wurde"),
    "reached_agreed": N_("Gesuche, zu denen etwas vereinbart oder geliefert wurde"),
}
_COUNTED = {"listing": N_("Inserat"), "organisation": N_("Firma oder Stelle")}
_FRAMES = {
    "areas-products": N_("Regierungsbezirke, Länder und Départements; Produktgruppen"),
    "regions-products": N_("vier Regionen; Produktgruppen"),
    "products": N_("Produktgruppen"),
    "regions": N_("vier Regionen"),
}
_SIGNS = {
    SECRET: N_("Zahlenwert unbekannt oder geheim zu halten"),
    NOTHING: N_("nichts vorhanden"),
}
_STATUS = {
    PROVISIONAL: N_("vorläufige Zahl"),
    REVISED: N_("berichtigte Zahl"),
    BREAK: N_("vorläufige Zahl; Bruch der Methode: andere Plattformen als in der Woche davor"),
    BREAK + REVISED: N_("berichtigte Zahl; Bruch der Methode: andere Plattformen als in der Woche davor"),
}
# NUTS 2024 codes of regions that have one (Commission Delegated Regulation (EU) 2023/674).
_NUTS = {
    BW: "DE1", "DE-BY": "DE2", "DE-BE": "DE3", "DE-BB": "DE4", "DE-HB": "DE5", "DE-HH": "DE6", "DE-HE": "DE7",
    "DE-MV": "DE8", "DE-NI": "DE9", "DE-NW": "DEA", "DE-RP": "DEB", "DE-SL": "DEC", "DE-SN": "DED", "DE-ST": "DEE",
    "DE-SH": "DEF", "DE-TH": "DEG", "DE11": "DE11", "DE12": "DE12", "DE13": "DE13", "DE14": "DE14",
    GRAND_EST: "FRF", "FRF11": "FRF11", "FRF12": "FRF12",
}  # fmt: skip


@dataclass(frozen=True)
class CodeList:
    """The codes of one column. title: German; edition: by what standard, and of when.

    names: German, for codes that no column of the release names. codes: all there are; none: those of the release.
    """

    column: str
    title: str
    edition: str
    names: Mapping[str, str]
    same_as: Mapping[str, str]
    codes: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"codes_{self.column}.csv"


_KINDS = {**{kind: KIND_WORDS[kind] for kind in KINDS}, TOTAL: N_("zusammen")}
_LISTS = (
    CodeList(
        "region",
        N_("Regionen"),
        "ISO 3166-2:2020, NUTS 2024",
        {},
        {code: f"NUTS 2024: {nuts}" for code, nuts in _NUTS.items()},
    ),
    CodeList("product", N_("Produktgruppen"), "2020-04", {}, {}),
    CodeList("kind", N_("Angebot und Gesuch"), "2020-04", _KINDS, {}),
    CodeList("measure", N_("Messgrößen"), "2020-04", _MEASURES, {}),
    CodeList("unit", N_("Einheiten"), "2020-04", _COUNTED, {}),
    CodeList("frame", N_("Gliederungen"), "2020-04", _FRAMES, {}),
    CodeList("sign", N_("Zeichen"), "Destatis 2020", _SIGNS, {}, tuple(_SIGNS)),
    CodeList("status", N_("Stand"), "Destatis 2020; b: Eurostat", _STATUS, {}, tuple(_STATUS)),
)


def code_lists(release: Release) -> list[CodeList]:
    """Those of the columns that the release has."""
    return [one for one in _LISTS if one.column in release.columns]


def name_of(release: Release, column: str, code: str, language: Language) -> str:
    """What readers call a code: as the release names it, else as the code list does, else the code itself."""
    named = next((one.names for one in _LISTS if one.column == column), {})
    listed = language.gettext(named[code]) if code in named else ""
    unit = unit_name(code, None, language) if column == "unit" else ""
    return release.label(column, code, language) or listed or unit or code


_WHOLES = {part: whole for whole, parts in AREAS.sums for part in parts}
COLUMNS = ("code", *(f"label_{language}" for language in LANGUAGES), "part_of", "same_as", "edition")


def part_of(code: str, codes: Collection[str]) -> str:
    """The code among those of a list in which another one is contained; "" for the total and where there is none.

    Or who adds up all rows would count the same twice.
    """
    whole = _WHOLES.get(code, TOTAL)
    while whole not in codes and whole != TOTAL:
        whole = _WHOLES[whole]
    return whole if code != TOTAL and whole in codes else ""


def as_csv(code_list: CodeList, release: Release) -> bytes:
    """One row per code, in the order of the release."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    codes = code_list.codes or release.codes(code_list.column)
    for code in codes:
        labels = [name_of(release, code_list.column, code, Language(language)) for language in LANGUAGES]
        told = (*labels, part_of(code, codes), code_list.same_as.get(code, ""), code_list.edition)
        writer.writerow([safe_cell(one) for one in (code, *told)])
    return written.getvalue().encode()
