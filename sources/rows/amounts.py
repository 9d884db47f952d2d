"""Numbers, units and rates as people write them in German, French and English.

Data first: a unit word, a multiplier or a period is one line of a table below. What cannot be counted (boxes of
unknown size, "viele") is None, never a guess.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sources.listing import LARGEST_PLAUSIBLE_QUANTITY
from sources.rows.text import collapse, mask_contacts

MULTIPLIERS = {
    "hundert": 1e2, "cent": 1e2, "cents": 1e2, "hundred": 1e2, "centaine": 1e2, "dutzend": 12, "dozen": 12,
    "k": 1e3, "tsd": 1e3, "tausend": 1e3, "thousand": 1e3, "mille": 1e3, "millier": 1e3, "milliers": 1e3,
    "hunderttausend": 1e5,
    "mio": 1e6, "mill": 1e6, "million": 1e6, "millionen": 1e6, "millions": 1e6,
    "mrd": 1e9, "milliarde": 1e9, "milliarden": 1e9, "milliard": 1e9, "milliards": 1e9, "billion": 1e9, "billions": 1e9,
}  # fmt: skip

# "One" is left out: in German and French it is the article.
NUMBER_WORDS = {
    word: number
    for number, words in (
        ("0.5", "halbe halbes halben demi"), ("2", "zwei deux two"), ("3", "drei trois three"),
        ("4", "vier quatre four"), ("5", "fünf cinq five"), ("6", "sechs six"), ("7", "sieben sept seven"),
        ("8", "acht huit eight"), ("9", "neun neuf nine"), ("10", "zehn dix ten dizaine"), ("11", "elf onze eleven"),
        ("12", "zwölf douze twelve douzaine"), ("15", "fünfzehn quinze"), ("20", "zwanzig vingt twenty vingtaine"),
        ("30", "dreißig trente trentaine"), ("50", "fünfzig cinquante cinquantaine"),
    )
    for word in words.split()
}  # fmt: skip

# word -> (our unit, how many of ours one of theirs is)
UNIT_WORDS: dict[str, tuple[str, float]] = {
    word: unit
    for words, unit in (
        ("stück stk stck st pcs pc piece pieces pièce pièces piece(s) unit units unité unités teile teil einheiten "
         "exemplare exemplar stücke exemplaires", ("piece", 1)),
        ("masken maske masks mask masque masques visiere visier shields shield visières visière kittel blouses blouse "
         "gowns gown anzüge coveralls overalls combinaisons brillen lunettes goggles hauben charlottes überschuhe "
         "surchaussures schürzen tabliers aprons bezüge handschuhe gants gloves mns gehäuse schläuche halterungen "
         "ventile teststäbchen abstrichtupfer tupfer écouvillons swabs flaschen "
         "bouteilles bottles beatmungsgeräte geräte respirateurs ventilators sets kits "
         "maschinen machines machine appareils appareil cartes moules moulds", ("piece", 1)),
        ("paar paare pair pairs paire paires", ("pair", 1)),
        ("liter litre litres liters l ltr", ("litre", 1)),
        ("ml milliliter millilitres", ("litre", 0.001)),
        ("cl zentiliter centilitres", ("litre", 0.01)),
        ("hl hektoliter", ("litre", 100)),
        ("kg kilo kilogramm kilogramme kilogrammes kilograms kilos", ("kilogram", 1)),
        ("t to tonne tonnen tonnes tons", ("kilogram", 1000)),
        ("g gramm gramme grammes grams", ("gram", 1)),
        ("mg milligramm milligrammes", ("gram", 0.001)),
        ("m meter mètre mètres metre metres meters lfm laufmeter", ("metre", 1)),
        ("cm zentimeter centimètres", ("metre", 0.01)),
        ("mm millimeter millimètres", ("metre", 0.001)),
        ("km kilometer kilomètres", ("metre", 1000)),
        ("m² m2 qm quadratmeter sqm", ("square_metre", 1)),
        ("m³ m3 cbm kubikmeter", ("cubic_metre", 1)),
        ("tests test testungen analysen bestimmungen analyses proben abstriche prüfungen "
         "prélèvements essais essai", ("test", 1)),
        ("stunde stunden std h heure heures hour hours", ("hour", 1)),
        ("personentage personentag pt person-days manntage jours-homme", ("person_day", 1)),
        ("palette paletten palettes pallet pallets pal stellplätze", ("pallet", 1)),
        ("bett betten lit lits bed beds", ("bed", 1)),
    )
    for word in words.split()
}  # fmt: skip

# Units of two words.
POWERS = {"mètres carrés": "m²", "mètre carré": "m²", "mètres cubes": "m³", "mètre cube": "m³", "lfd. Meter": "m"}

# So many of these say nothing without how much is in one.
PACKAGES = frozenset(
    "box boxen boxes karton kartons cartons carton packung packungen pack packs paket pakete package packages boîte "
    "boîtes boite boites paquet paquets beutel sachet sachets gebinde kanister bidon bidons rolle rollen rouleaux "
    "rolls kiste kisten caisses fass fässer fûts ibc ve lot lots coffret coffrets säcke sacs ballen flacon flacons "
    "schichten équipes".split()
)

PERIOD_WORDS = {
    word: period
    for words, period in (
        ("tag tage tagen tägl arbeitstag werktag 24h jour jours journée day days j d", "day"),
        ("woche wochen wo wöch kalenderwoche kw semaine semaines sem week weeks wk", "week"),
        ("monat monate monaten mon mtl mois month months", "month"),
        ("jahr jahre an ans année year years annum a", "year"),
    )
    for word in words.split()
}
# Words that name a period by themselves.
PERIOD_ADJECTIVES = {
    word: period
    for words, period in (
        ("täglich arbeitstäglich werktäglich daily quotidien quotidienne quotidiens quotidiennes journalier "
         "journalière tagesproduktion tageskapazität tagesbedarf tagesleistung", "day"),
        ("wöchentlich wöchentl weekly hebdomadaire hebdomadaires hebdo wochenproduktion wochenkapazität wochenbedarf "
         "wochenleistung", "week"),
        ("monatlich monatl monthly mensuel mensuelle mensuels mensuelles monatsproduktion monatskapazität monatsbedarf "
         "monatsleistung", "month"),
        ("jährlich yearly annuel annuelle annuels annuelles jahresproduktion jahreskapazität jahresbedarf "
         "jahresleistung", "year"),
    )
    for word in words.split()
}  # fmt: skip


def _any(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_DIGITS = r"\d+(?:[.,'’\s]\d{3})*(?:[.,]\d+)?(?!\d)"
_NUMBER = rf"({_DIGITS})(?:\s*({_any(MULTIPLIERS)})\b\.?)?"
_TO = r"-|–|bis(?: zu)?|à|to|zu|und|et|and|,?\s*max\.?"
_RANGE = re.compile(rf"(?<![\w.,-]){_NUMBER}(?:\s*(?:{_TO})\s*{_NUMBER})?(?![eE]\d|er\b)(?!\w*-\w)", re.IGNORECASE)
_TIMES = re.compile(rf"\s*(?:x|×|mal|fois|times)\s*({_DIGITS})", re.IGNORECASE)
_SAME_IN_BRACKETS = re.compile(r"(?:,[-–])?\s*(?:\([^()=]*\)(?=\s*\w))?")
_WORD = re.compile(r"[\s.…+]*(?:(?:de|of|x)\s+|d['’])?([^\W\d_]+(?:[²³]|[23]\b)?(?:-[^\W\d_]+)*(?:\(s\))?)")
# How many are in one: after any word ("10 IBC (je 1.000 l)"), and after the name of a package ("50 boîtes de 100").
_EACH = re.compile(rf"[\s,.]*\(?\s*(?:à|á|zu je|mit je|je|jeweils|x|×|1 \w+ =)\s*({_DIGITS})", re.IGNORECASE)
_EACH_IN_PACKAGE = re.compile(rf"[\s.]*(?:(?:a|zu|of|de|mit|with)\s+|\(\s*)({_DIGITS})(?:er\b)?", re.IGNORECASE)
_EACH_BEHIND = re.compile(rf"[\s.]*\(\s*({_DIGITS})(?=\s*\w+\s*(?:par|pro|je|per|/)\b)", re.IGNORECASE)
_BARE_MEASURE = re.compile(rf"\s+({_DIGITS})(?=\s*(?:l|ml|kg|g|m)\b)", re.IGNORECASE)

# Numbers that are no amounts: names that hold one, sizes, prices, shares, days, how long something takes.
_NAMED_NUMBERS = re.compile(
    r"\b(?:(?:DIN|EN|ISO|IEC|VDI|FFP|KW|N|P|Typ|Type|Level|Klasse|PLZ|Größe|Gr\.|Size|taille|pointure)[\s-]*)+\d[\d:./-]*"
    r"|(?:€|\bEUR|\bEuro|\bCHF)\s*\d[\d.,]*",
    re.IGNORECASE,
)
_OTHER_NUMBERS = re.compile(
    r"\d[\d.,]*\s*(?:%|€|prozent\w*|pour ?cent|(?:EUR|Euros?|CHF|ct)\b)"
    r"|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)?(?!\d)"
    r"|\d+\s*h?\s*/\s*(?:7|24)\b|\d+ jours? sur \d+"
    rf"|\d+(?:\s*(?:-|–|bis|à)\s*\d+)?\s*(?:Werk|Arbeits)?(?:{_any(PERIOD_WORDS)})\b(?!-)",
    re.IGNORECASE,
)
_TYPED_AT_RANDOM = re.compile(r"9876543\d*|1234567\d*|([1-9])\1{5,}")
_PER = r"(?:/|\b(?:pro|je|per|par|p\.|an?|die|am|im|in der|each|every|chaque)\s)\s*"
_PERIOD = re.compile(rf"{_PER}({_any(PERIOD_WORDS)})\b", re.IGNORECASE)
_PER_ANNUM = re.compile(r"\bp\.\s?a\.", re.IGNORECASE)
_QUARTERLY = re.compile(rf"{_PER}(?:Quartal|trimestre|quarter)\b", re.IGNORECASE)
_INTERVAL = re.compile(
    rf"\b(?:alle|je|tou(?:s|tes) les|every)\s+(\d+)\s*({_any(PERIOD_WORDS)})\b|\bin 24 (?:Stunden|h)\b", re.IGNORECASE
)
_PER_SOMETHING_ELSE = re.compile(rf"{_PER}(?:Stunde|Std|h|heure|hour|Schicht|poste|shift|Minute|Lauf)\b", re.IGNORECASE)
_VAGUE = re.compile(
    rf"\b(?:mehrere|einige|viele|wenige|quelques|plusieurs|several|some|many)\s+({_any(MULTIPLIERS)}|centaines|dizaines)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"(\d\s*)?([^\W\d_]+)")
_CONTACT = re.compile(r"@|\+\d|\b0\d|Tel|Fax|Tél", re.IGNORECASE)
_ENDINGS = sorted((word for word in UNIT_WORDS if len(word) > 4), key=len, reverse=True)


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
    clean = _in_digits(text or "")
    if _PER_SOMETHING_ELSE.search(clean):
        return None  # a rate that we have no period for
    period, often, clean = _period(clean)
    clean = _without_other_numbers(clean)
    for number in _RANGE.finditer(clean):
        try:
            quantity = read_number(number[1], language) * MULTIPLIERS.get((number[2] or number[4] or "").lower(), 1)
            quantity, unit = _measured(quantity, clean, number.end(), language)
        except ValueError:
            continue
        return Amount(quantity / often, unit, period)
    return None


def names_number(text: str | None) -> bool:
    """Whether a text holds a number that could be an amount: no price, size, day, telephone number …"""
    return re.search(r"\d", _without_other_numbers(_in_digits(text or ""))) is not None


def implausible(quantity: float, largest: float = LARGEST_PLAUSIBLE_QUANTITY) -> str | None:
    """Why nobody can have or want so much, or None: digits typed at random, or more than `largest`."""
    if _TYPED_AT_RANDOM.fullmatch(f"{quantity:.0f}"):
        return "digits typed at random"
    return f"more than {largest:,.0f}" if quantity > largest else None


def _in_digits(text: str) -> str:
    """One line without contacts, number words as digits ("zwei" → 2, "eine Million" → 1 Million), vague ones gone."""
    clean = collapse(text)
    for written, unit in POWERS.items():
        clean = clean.replace(written, unit)
    clean = _VAGUE.sub("…", mask_contacts(clean) if _CONTACT.search(clean) else clean)
    return _LETTERS.sub(_one_multiplier, _LETTERS.sub(_number_word, clean))


def _without_other_numbers(text: str) -> str:
    return _OTHER_NUMBERS.sub("…", _NAMED_NUMBERS.sub("…", text))


def _number_word(match: re.Match[str]) -> str:
    number = NUMBER_WORDS.get(match[2].lower())
    return match[0] if number is None else f"{match[1] or ''}{number}"


def _one_multiplier(match: re.Match[str]) -> str:
    is_bare = match[1] is None and len(match[2]) > 3 and match[2].lower() in MULTIPLIERS
    return f"1 {match[2]}" if is_bare else match[0]


def _period(text: str) -> tuple[str | None, float, str]:
    """Period, how many of them one rate covers ("alle 14 Tage": week, 2), and the text without an interval's number."""
    if interval := _INTERVAL.search(text):
        rest = text[: interval.start()] + "…" + text[interval.end() :]
        length = int(interval[1] or 1)
        period = PERIOD_WORDS[interval[2].lower()] if interval[2] else "day"
        if period == "day" and length in (14, 15):  # French counts both ends of a fortnight
            return "week", 2, rest
        return period, max(length, 1), rest
    if _PER_ANNUM.search(text):
        return "year", 1, text
    if _QUARTERLY.search(text):
        return "month", 3, text
    if match := _PERIOD.search(text):
        return PERIOD_WORDS[match[1].lower()], 1, text
    words = (word[2].lower() for word in _LETTERS.finditer(text))
    return next((PERIOD_ADJECTIVES[word] for word in words if word in PERIOD_ADJECTIVES), None), 1, text


def _measured(quantity: float, text: str, position: int, language: str) -> tuple[float, str | None]:
    """Quantity and unit of a number that ends at a position; raises ValueError for packages of unknown size."""
    if times := _TIMES.match(text, position):
        quantity, position = quantity * read_number(times[1], language), times.end()
    if same := _SAME_IN_BRACKETS.match(text, position):
        position = same.end()
    word = _WORD.match(text, position)
    if word is None:
        return quantity, None
    if language == "de" and _is_adjective(word[1]):
        word = _WORD.match(text, word.end()) or word
    unit = _unit(word[1])
    is_package = unit is None and word[1].lower() in PACKAGES
    size = _EACH.match(text, word.end()) or _EACH_BEHIND.match(text, word.end())
    if size is None and is_package:
        size = _EACH_IN_PACKAGE.match(text, word.end()) or _BARE_MEASURE.match(text, word.end())
    if size is None:
        if is_package:
            raise ValueError(f"{word[1]} of unknown size")
        return (quantity, None) if unit is None else (quantity * unit[1], unit[0])
    content = _WORD.match(text, size.end())
    inner = (_unit(content[1]) if content else None) or ("piece", 1.0)
    return quantity * read_number(size[1], language) * inner[1], inner[0]


def _is_adjective(word: str) -> bool:
    """Whether a German word stands before its noun: small first letter, bent ("medizinische"), and no unit itself."""
    return word[0].islower() and _unit(word) is None and re.search(r"...e[mnrs]?$", word) is not None


def _unit(word: str) -> tuple[str, float] | None:
    """Our unit and factor for a word, also bent ("Litern"), joined ("PCR-Tests") or compound ("Intensivbetten")."""
    whole = word.lower()
    last = whole.rpartition("-")[2]
    for form in (whole, last, last.removesuffix("n"), last.removesuffix("s")):
        if form in UNIT_WORDS:
            return UNIT_WORDS[form]
    return next((UNIT_WORDS[ending] for ending in _ENDINGS if last.endswith(ending)), None)
