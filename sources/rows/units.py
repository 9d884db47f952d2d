"""What is counted: units, measures and packages in German, French and English words.

Data first: a word is a place in a table below. Packages count nothing unless the text says how much is in one.
"""

import re
from functools import lru_cache

# word -> (our unit, how many of ours one of theirs is)
UNIT_WORDS: dict[str, tuple[str, float]] = {
    word: unit
    for words, unit in (
        ("stück stk stck st pcs pc piece pieces pièce pièces piece(s) unit units unité unités teile teil einheiten "
         "exemplare exemplar stücke exemplaires stückzahl pces stücken ea ex", ("piece", 1)),
        ("masken maske masks mask masque masques visiere visier shields shield visières visière kittel blouses blouse "
         "gowns gown anzüge coveralls overalls combinaisons brillen lunettes goggles hauben charlottes überschuhe "
         "surchaussures schürzen tabliers aprons bezüge handschuhe gants gloves mns gehäuse schläuche halterungen "
         "ventile teststäbchen abstrichtupfer tupfer écouvillons swabs flaschen "
         "bouteilles bottles beatmungsgeräte geräte respirateurs ventilators sets kits "
         "maschinen machines machine appareils appareil cartes moules moulds beatmungsgerät gerät visors visor overall "
         "pulsoximeter oximeters oxymètres thermomètres thermomètre thermometer thermometers fieberthermometer "
         "combinaison surblouse blouse respirator respirateur", ("piece", 1)),
        ("paar paare pair pairs paire paires", ("pair", 1)),
        ("liter litre litres liters l ltr", ("litre", 1)),
        ("ml milliliter millilitres", ("litre", 0.001)),
        ("cl zentiliter centilitres", ("litre", 0.01)),
        ("hl hektoliter", ("litre", 100)),
        ("lb lbs", ("kilogram", 0.45359237)),  # the international pound
        ("kg kilo kilogramm kilogramme kilogrammes kilograms kilos", ("kilogram", 1)),
        ("t to tonne tonnen tonnes tons", ("kilogram", 1000)),
        ("g gramm gramme grammes grams", ("gram", 1)),
        ("mg milligramm milligrammes", ("gram", 0.001)),
        ("m meter lfdm mètre mètres metre metres meters lfm laufmeter", ("metre", 1)),
        ("cm zentimeter centimètres", ("metre", 0.01)),
        ("mm millimeter millimètres", ("metre", 0.001)),
        ("km kms kilometer kilomètres", ("metre", 1000)),
        ("m² m2 qm quadratmeter sqm", ("square_metre", 1)),
        ("m³ m3 cbm kubikmeter", ("cubic_metre", 1)),
        ("tests test testungen analysen bestimmungen analyses proben abstriche prüfungen "
         "prélèvements essais essai", ("test", 1)),
        ("stunde stunden std h heure heures hour hours hrs hr", ("hour", 1)),
        ("personentage personentag pt person-days person-day manntage manntag mann-tage mann-tag personen-tage "
         "jours-homme jours-hommes jour-homme jours-personnes jours-personne jour-personne", ("person_day", 1)),
        ("palette paletten palettes pallet pallets pal stellplätze", ("pallet", 1)),
        ("bett betten lit lits bed beds places beatmungsplätze intensivplätze pflegeplätze "
         "behandlungsplätze", ("bed", 1)),
    )
    for word in words.split()
}  # fmt: skip

# Units of two words.
POWERS = {
    "mètres carrés": "m²", "mètre carré": "m²", "mètres cubes": "m³", "mètre cube": "m³", "lfd. Meter": "m",
    "sq m": "m²", "sq. m": "m²", "sq.m": "m²", "cu m": "m³", "mètres linéaires": "m",
}  # fmt: skip

# So many of these say nothing without how much is in one; a gallon is another measure in London than in Boston.
PACKAGES = frozenset(
    "box boxen boxes karton kartons cartons carton packung packungen pack packs paket pakete package packages "
    "boîte boîtes boite boites paquet paquets packet packets beutel sachet sachets gebinde kanister bidon bidons "
    "rolle rollen rouleau rouleaux roll rolls kiste kisten caisse caisses crate crates fass fässer fûts ibc ve "
    "lot lots coffret coffrets säcke sacs ballen flacon flacons schichten équipes drum drums barrel barrels bag "
    "bags tub tubs case cases bundle bundles trommel trommeln schachtel schachteln gitterbox gitterboxen umkarton "
    "umkartons jerrycan jerrycans jerrican jerricans pouch pouches blister container containers conteneur "
    "conteneurs eimer seau seaux pail pails gallon gallons".split()
)

# Counted by themselves, but with a content behind them they are packages.
HOLDERS = frozenset(
    "flasche flaschen flacon flacons bouteille bouteilles bottle bottles kit kits set sets palette paletten palettes "
    "pallet pallets".split()
)
MEASURES = frozenset({"litre", "kilogram", "gram", "metre", "square_metre", "cubic_metre", "hour"})

_ENDINGS = sorted((word for word in UNIT_WORDS if len(word) > 4), key=len, reverse=True)
_ADJECTIVE = re.compile(r"[a-zäöüß].{2,}e[mnrs]?")


@lru_cache(maxsize=4_096)  # words recur, and compounds are looked for among all endings
def unit_of(word: str) -> tuple[str, float] | None:
    """Our unit and factor for a word, also bent ("Litern"), joined ("PCR-Tests") or compound ("Intensivbetten")."""
    whole = word.lower()
    last = whole.rpartition("-")[2]
    for form in (whole, last, last.removesuffix("n"), last.removesuffix("s")):
        if form in UNIT_WORDS:
            return UNIT_WORDS[form]
    return next((UNIT_WORDS[ending] for ending in _ENDINGS if last.endswith(ending)), None)


def is_package(word: str) -> bool:
    """Whether a word counts nothing without its content, also bent ("Kanistern")."""
    whole = word.lower()
    return whole in PACKAGES or whole.removesuffix("n") in PACKAGES


def may_hold(word: str) -> bool:
    """Whether what stands behind a word may be its content; bottles and pallets count by themselves besides."""
    return word.lower() in HOLDERS or word.lower().removesuffix("n") in HOLDERS or is_package(word)


def is_adjective(word: str) -> bool:
    """Whether a German word stands before its noun: small first letter, bent ("medizinische"), and no unit itself."""
    return _ADJECTIVE.fullmatch(word) is not None and unit_of(word) is None
