"""How organisation resolution went: its figures beside those of the week before, and which records were compared."""

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from reports.design.tables import table
from reports.frames import rows
from reports.language import N_, Language
from reports.wording import word

FIGURES = {
    "records": N_("Einträge"),
    "organisations": N_("Organisationen"),
    "organisations_of_one_record": N_("… mit einem Eintrag"),
    "organisations_of_two_records": N_("… mit zwei Einträgen"),
    "organisations_of_three_to_ten_records": N_("… mit drei bis zehn Einträgen"),
    "organisations_of_more_records": N_("… mit mehr als zehn Einträgen"),
    "largest_organisation": N_("Einträge der größten Organisation"),
    "pairs_compared": N_("verglichene Paare von Einträgen"),
    "pairs_matched": N_("… die für dieselbe Organisation sprechen"),
    "pairs_in_doubt": N_("… die knapp entschieden wurden"),
    "pairs_matched_but_kept_apart": N_("… die ähnlich sind, aber wegen anderer Einträge getrennt blieben"),
    "pairs_joined_by_others": N_("… die unähnlich sind, aber durch andere Einträge verbunden wurden"),
    "largest_block": N_("Einträge mit demselben Suchmerkmal, höchstens"),
    "blocks_too_large": N_("Suchmerkmale, die zu viele Einträge teilen"),
    "ids_created": N_("neue Organisationsnummern"),
    "ids_merged": N_("Nummern, die in einer anderen aufgingen"),
    "ids_split": N_("Nummern, von denen eine andere abgespalten wurde"),
    "ids_closed": N_("Nummern ohne Eintrag in dieser Woche"),
}
BLOCKS = {
    "table": N_("die ganze Tabelle, wenn sie klein ist"),
    "account": N_("Kennung der Plattform"),
    "registration_number": N_("Registernummer"),
    "phone": N_("Telefonnummer"),
    "name": N_("Name"),
    "glued_name": N_("Name ohne Leerzeichen"),
    "name_in_place": N_("Name und Ort"),
    "name_at_domain": N_("Name und Internetadresse"),
    "address": N_("Postleitzahl und Hausnummer"),
    "street_address": N_("Straße, Hausnummer und Ort"),
    "domain": N_("Internetadresse"),
    "acronym": N_("Abkürzung"),
    "acronym_at_domain": N_("Abkürzung und Internetadresse"),
    "acronym_in_place": N_("Abkürzung und Ort"),
    "slip": N_("Name bis auf einen Buchstaben"),
    "head": N_("Anfang des Namens"),
    "word_in_place": N_("seltenes Wort und Ort"),
    "word_in_postal_code": N_("seltenes Wort und Postleitzahl"),
    "rare_word": N_("seltenes Wort"),
    "all_but_one_word": N_("Name bis auf ein Wort"),
}


def figure_table(figures: pd.DataFrame, before: Mapping[str, int], language: Language) -> Markup:
    """figures: rows of `ResolutionFigure`. before: the last stored week's values, empty in the first week."""
    return table(
        [language.gettext(text) for text in (N_("Kennzahl"), N_("diese Woche"), N_("Vorwoche"))],
        [
            (
                word(FIGURES, row["figure"], language),
                language.number(row["value"]),
                language.number(before[row["figure"]]) if row["figure"] in before else "–",
            )
            for row in rows(figures)
        ],
        table_id="organisationen",
        caption=language.gettext("Welche Einträge dieselbe Organisation sind"),
        numeric=(1, 2),
        is_carded=True,
    )


def block_table(blocks: pd.DataFrame, language: Language) -> Markup:
    """blocks: rows of `ResolutionBlock`."""
    headings = (N_("Suchmerkmal"), N_("Gruppen"), N_("größte Gruppe"), N_("zu groß"), N_("Paare"))
    columns = ("blocks", "largest_block", "blocks_too_large", "pairs")
    return table(
        [language.gettext(text) for text in headings],
        [
            (word(BLOCKS, row["key"], language), *(language.number(row[column]) for column in columns))
            for row in rows(blocks)
        ],
        table_id="suchmerkmale",
        caption=language.gettext("Welche Einträge verglichen wurden: jene mit einem Suchmerkmal gemeinsam"),
        numeric=(1, 2, 3, 4),
        is_carded=True,
    )
