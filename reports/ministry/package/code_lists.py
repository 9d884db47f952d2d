"""Code lists of a release, each with its edition: what the codes of the long file mean, in every language."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.design.spreadsheet import safe_cell
from reports.disclosure import TOTAL
from reports.language import LANGUAGES, N_, Language
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, REST_OF_GERMANY
from reports.ministry.package.release import NOTHING, SECRET, Release
from reports.wording import KINDS as KIND_WORDS
from reports.wording import word

REGION_NAMES = {
    BW: "Baden-Württemberg",
    GRAND_EST: "Grand Est",
    REST_OF_GERMANY: N_("übriges Deutschland"),
    ELSEWHERE: N_("übriges Ausland und ohne Angabe"),
    TOTAL: N_("Insgesamt"),
}
_MEASURES = {"listings": N_("Inserate"), "organisations": N_("Firmen")}
_SIGNS = {
    SECRET: N_("Zahlenwert unbekannt oder geheim zu halten"),
    NOTHING: N_("nichts vorhanden"),
}
_STATUS = {"p": N_("vorläufige Zahl"), "r": N_("berichtigte Zahl")}
# NUTS 2024 codes of regions that have one (Commission Delegated Regulation (EU) 2023/674).
_NUTS = {BW: "NUTS 2024: DE1", GRAND_EST: "NUTS 2024: FRF"}


@dataclass(frozen=True)
class CodeList:
    """The codes of one column; name: what readers call a code. edition: by what standard, and of when."""

    column: str
    title: str  # German
    edition: str
    name: Callable[[str, Language], str]
    same_as: Mapping[str, str]
    codes: tuple[str, ...] = ()  # all there are; none: those that the release has

    @property
    def file(self) -> str:
        return f"codes_{self.column}.csv"


def _named(names: Mapping[str, str]) -> Callable[[str, Language], str]:
    return lambda code, language: language.gettext(names[code]) if code in names else code


def kind_name(code: str, language: Language) -> str:
    """What readers call offers, requests and both."""
    return language.gettext("zusammen") if code == TOTAL else word(KIND_WORDS, code, language)


region_name = _named(REGION_NAMES)
measure_name = _named(_MEASURES)
sign_name = _named(_SIGNS)
_LISTS = (
    CodeList("region", N_("Regionen"), "ISO 3166-2:2020, NUTS 2024", region_name, _NUTS),
    CodeList("kind", N_("Angebot und Gesuch"), "2020-04", kind_name, {}),
    CodeList("measure", N_("Messgrößen"), "2020-04", measure_name, {}),
    CodeList("sign", N_("Zeichen"), "Destatis 2020", sign_name, {}, tuple(_SIGNS)),
    CodeList("status", N_("Stand"), "Destatis 2020", _named(_STATUS), {}, tuple(_STATUS)),
)  # fmt: skip


def code_lists(release: Release) -> list[CodeList]:
    """Those of the columns that the release has."""
    return [one for one in _LISTS if one.column in release.columns]


def name_of(column: str, code: str, language: Language) -> str:
    """What readers call a code of a dimension."""
    return next((one.name(code, language) for one in _LISTS if one.column == column), code)


COLUMNS = ("code", *(f"label_{language}" for language in LANGUAGES), "same_as", "edition")


def as_csv(code_list: CodeList, release: Release) -> bytes:
    """One row per code, in the order of the release."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for code in code_list.codes or release.codes(code_list.column):
        labels = [code_list.name(code, Language(language)) for language in LANGUAGES]
        writer.writerow([safe_cell(one) for one in (code, *labels, code_list.same_as.get(code, ""), code_list.edition)])
    return written.getvalue().encode()
