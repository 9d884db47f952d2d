"""Numbers, units and rates as people write them in German, French and English.

Data first: a unit word, a multiplier or a period is one line of a table below. What cannot be counted (boxes of
unknown size, "viele") is None, never a guess.
"""

import re
from typing import NamedTuple

from sources.listing import LARGEST_PLAUSIBLE_QUANTITY
from sources.text import collapse

MULTIPLIERS = {
    "k": 1e3, "tsd": 1e3, "tausend": 1e3, "thousand": 1e3, "mille": 1e3, "millier": 1e3, "milliers": 1e3,
    "mio": 1e6, "mill": 1e6, "million": 1e6, "millionen": 1e6, "millions": 1e6,
    "mrd": 1e9, "milliarde": 1e9, "milliarden": 1e9, "milliard": 1e9, "milliards": 1e9, "billion": 1e9, "billions": 1e9,
}  # fmt: skip

# word -> (our unit, how many of ours one of theirs is)
UNIT_WORDS: dict[str, tuple[str, float]] = {
    word: unit
    for words, unit in (
        ("stück stk stck st pcs pc piece pieces pièce pièces piece(s) unit units unité unités teile teil einheiten "
         "exemplare exemplar stücke", ("piece", 1)),
        ("masken maske masks mask masque masques visiere visier shields shield visières visière kittel blouses blouse "
         "gowns gown schutzkittel schutzanzüge anzüge coveralls brillen schutzbrillen hauben überschuhe bezüge "
         "ffp2-masken op-masken mns gehäuse ventile teststäbchen abstrichtupfer tupfer écouvillons swabs flaschen "
         "bouteilles bottles beatmungsgeräte geräte respirateurs ventilators sets kits "
         "machines machine appareils appareil cartes moules moulds", ("piece", 1)),
        ("paar paare pair pairs paire paires", ("pair", 1)),
        ("liter litre litres liters l ltr", ("litre", 1)),
        ("ml milliliter millilitres", ("litre", 0.001)),
        ("hl hektoliter", ("litre", 100)),
        ("kg kilo kilogramm kilogramme kilogrammes kilograms kilos", ("kilogram", 1)),
        ("t to tonne tonnen tonnes tons", ("kilogram", 1000)),
        ("g gramm gramme grammes grams", ("gram", 1)),
        ("m meter mètre mètres metre metres meters lfm laufmeter", ("metre", 1)),
        ("km kilometer kilomètres", ("metre", 1000)),
        ("m² m2 qm quadratmeter sqm", ("square_metre", 1)),
        ("m³ m3 cbm kubikmeter", ("cubic_metre", 1)),
        ("tests test testungen analysen bestimmungen analyses proben prüfungen essais essai", ("test", 1)),
        ("stunde stunden std h heure heures hour hours maschinenstunden", ("hour", 1)),
        ("personentage personentag pt person-days manntage jours-homme", ("person_day", 1)),
        ("palette paletten palettes pallet pallets europaletten stellplätze palettenstellplätze", ("pallet", 1)),
        ("bett betten lit lits bed beds", ("bed", 1)),
    )
    for word in words.split()
}  # fmt: skip

PACKAGES = frozenset(
    "box boxen boxes karton kartons cartons carton packung packungen pack packs paket pakete package packages boîte "
    "boîtes boite boites paquet paquets beutel sachets gebinde kanister bidons rollen rouleaux rolls".split()
)

PERIOD_WORDS = {
    word: period
    for words, period in (
        ("tag tage tägl täglich jour jours day daily arbeitstag werktag 24h quotidien journée d", "day"),
        ("woche wochen wöchentlich wöch semaine semaines hebdomadaire week weekly kw wk", "week"),
        ("monat monate monatlich mtl mois mensuel month monthly", "month"),
        ("jahr jahre jährlich an ans année annuel year yearly annum", "year"),
    )
    for word in words.split()
}

_DIGITS = r"\d+(?:[.,'’\s]\d{3})*(?:[.,]\d+)?(?!\d)"
_MULTIPLIER = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
_NUMBER = rf"({_DIGITS})(?:\s*({_MULTIPLIER})\b\.?)?"
_RANGE = re.compile(rf"(?<![\w.,-]){_NUMBER}(?:\s*(?:-|–|bis|à|to|zu)\s*{_NUMBER})?(?![eE]\d)(?!\w*-\w)", re.IGNORECASE)
_WORD = re.compile(r"[\s.…]*(?:(?:de|d'|d’|of|x)\s+)?([^\W\d_]+(?:[²³]|[23]\b)?(?:-[^\W\d_]+)*(?:\(s\))?)")
_NUMBERED_NAMES = re.compile(
    r"\b(?:(?:DIN|EN|ISO|IEC|VDI|FFP|KW|N|P|Typ|Type|Level|Klasse)[\s-]*)+\d[\d:./-]*", re.IGNORECASE
)
_PACKAGE_SIZE = re.compile(rf"\s*(?:à|a|zu je|zu|of|de|mit je|mit|je|with)\s+({_DIGITS})", re.IGNORECASE)
_TYPED_AT_RANDOM = re.compile(r"9876543\d*|1234567\d*|([1-9])\1{5,}")
_PERIOD = re.compile(
    rf"(?:/|\b(?:pro|je|per|par|an?|die|am|im|in der|each|every|chaque)\s)\s*({'|'.join(PERIOD_WORDS)})\b"
    rf"|\b(täglich|wöchentlich|monatlich|jährlich|daily|weekly|monthly|yearly|quotidien|hebdomadaire|mensuel|annuel)",
    re.IGNORECASE,
)


class Amount(NamedTuple):
    """A quantity in one of our units, and the period it is a rate of (None: once)."""

    quantity: float
    unit: str | None
    period: str | None


def read_number(text: str, language: str) -> float:
    """The number that a text consists of; raises ValueError.

    Groups of three digits may be set apart by a point, comma, apostrophe or blank. One mark before exactly three
    digits parts thousands ("5.000", "5,000": nobody counts thousandths of a piece), except after a zero ("0,125")
    and for the point in English ("2.125").
    """
    digits = re.sub(r"[\s'’]", "", text)
    marks = re.findall(r"[.,]", digits)
    if not re.fullmatch(r"-?\d+(?:[.,]\d+)*", digits):
        raise ValueError(f"'{text}' is not a number")
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:  # 1.234,56 or 1,234.56: the last mark is the decimal one
        return float(digits.replace(marks[0], "").replace(",", "."))
    is_grouped = re.fullmatch(r"-?[1-9]\d{0,2}(?:[.,]\d{3})+", digits) is not None and len(set(marks)) == 1
    if is_grouped and not (language == "en" and marks == ["."]):
        return float(re.sub(r"[.,]", "", digits))
    if len(marks) > 1:
        raise ValueError(f"'{text}' is not a number")
    return float(digits.replace(",", "."))


def read_amount(text: str | None, language: str) -> Amount | None:
    """The first amount in a text, or None. Of a range ("5.000 bis 8.000") the lower end counts: it is what is sure.

    >>> read_amount("ca. 5.000 Stück/Woche", "de")
    Amount(quantity=5000.0, unit='piece', period='week')
    >>> read_amount("200 boîtes de 100 pièces", "fr")
    Amount(quantity=20000.0, unit='piece', period=None)
    """
    clean = _NUMBERED_NAMES.sub("…", collapse(text or ""))
    number = _RANGE.search(clean)
    if number is None:
        return None
    multiplier = (number[2] or number[4] or "").lower()
    try:
        quantity = read_number(number[1], language) * MULTIPLIERS.get(multiplier, 1)
    except ValueError:
        return None
    word = _WORD.match(clean, number.end())
    unit, factor, is_counted = None, 1.0, True
    if word is not None and word[1].lower() in PACKAGES:
        unit, factor, is_counted = _package(clean, word.end(), language)
    elif word is not None:
        unit, factor = UNIT_WORDS.get(word[1].lower(), (None, 1.0))
    period = _PERIOD.search(clean, number.end()) or _PERIOD.search(clean)
    rate = PERIOD_WORDS[(period[1] or period[2]).lower()] if period else None
    return Amount(quantity * factor, unit, rate) if is_counted else None


def implausible(quantity: float, largest: float = LARGEST_PLAUSIBLE_QUANTITY) -> str | None:
    """Why nobody can have or want so much, or None: digits typed at random, or more than `largest`."""
    if _TYPED_AT_RANDOM.fullmatch(f"{quantity:.0f}"):
        return "digits typed at random"
    return f"more than {largest:,.0f}" if quantity > largest else None


def _package(text: str, position: int, language: str) -> tuple[str | None, float, bool]:
    """Unit, pieces in a package, and whether the package states its size at all."""
    size = _PACKAGE_SIZE.match(text, position)
    if size is None:
        return None, 1.0, False
    word = _WORD.match(text, size.end())
    unit, factor = UNIT_WORDS.get(word[1].lower(), ("piece", 1.0)) if word else ("piece", 1.0)
    return unit, read_number(size[1], language) * factor, True
