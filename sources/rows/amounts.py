"""Numbers, units and rates as people write them in German, French and English.

Data first: a unit word, a multiplier or a period is one line of a table below. What cannot be counted (boxes of
unknown size, "viele") is None, never a guess.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sources.listing import LARGEST_PLAUSIBLE_QUANTITY
from sources.rows.corrections import current
from sources.rows.number_words import MULTIPLIERS, in_digits
from sources.rows.other_numbers import without_other_numbers, without_surroundings
from sources.rows.text import collapse, mask_contacts

# word -> (our unit, how many of ours one of theirs is)
UNIT_WORDS: dict[str, tuple[str, float]] = {
    word: unit
    for words, unit in (
        ("stück stk stck st pcs pc piece pieces pièce pièces piece(s) unit units unité unités teile teil einheiten "
         "exemplare exemplar stücke exemplaires stückzahl pces stücken", ("piece", 1)),
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
        ("personentage personentag pt person-days manntage jours-homme", ("person_day", 1)),
        ("palette paletten palettes pallet pallets pal stellplätze", ("pallet", 1)),
        ("bett betten lit lits bed beds places beatmungsplätze intensivplätze pflegeplätze "
         "behandlungsplätze", ("bed", 1)),
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
    "schichten équipes drum drums barrel barrels bag bags tub tubs case cases bundle bundles trommel trommeln".split()
)

# Counted by themselves, but with a content behind them they are packages.
HOLDERS = frozenset("flaschen bouteilles bottles flacons flacon kits sets".split())

PERIOD_WORDS = {
    word: period
    for words, period in (
        ("tag tage tagen tägl tgl arbeitstag werktag 24h jour jours journée day days j d", "day"),
        ("woche wochen wo wöch wtl kalenderwoche kw semaine semaines sem week weeks wk", "week"),
        ("monat monate monaten mon mtl mois month months", "month"),
        ("jahr jahre jhrl an ans année year years annum yr a", "year"),
    )
    for word in words.split()
}
# Words that name a period by themselves.
PERIOD_ADJECTIVES = {
    word: period
    for words, period in (
        ("täglich tgl tägl arbeitstäglich werktäglich daily quotidien quotidienne quotidiens quotidiennes journalier "
         "journalière tagesproduktion tageskapazität tagesbedarf tagesleistung", "day"),
        ("wöchentlich wöchentl wtl weekly hebdomadaire hebdomadaires hebdo wochenproduktion wochenkapazität "
         "wochenbedarf "
         "wochenleistung", "week"),
        ("monatlich monatl mtl monthly mensuel mensuelle mensuels mensuelles monatsproduktion monatskapazität "
         "monatsbedarf "
         "monatsleistung", "month"),
        ("jährlich jhrl yearly annuel annuelle annuels annuelles jahresproduktion jahreskapazität jahresbedarf "
         "jahresleistung", "year"),
    )
    for word in words.split()
}  # fmt: skip


def _any(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_DIGITS = r"\d+(?:[.,'’\s]\d{3})*(?:[.,]\d+)?(?!\d)"
_NUMBER = rf"({_DIGITS})(?:\s*({_any(MULTIPLIERS)})\b\.?)?"
_TO = r"-|–|bis(?: zu)?|à|to|zu|und|et|and|oder|ou|or|bzw\.|,?\s*max\.?"
_RANGE = re.compile(rf"(?<![\w.,-]){_NUMBER}(?:\s*({_TO})\s*{_NUMBER})?(?![eE]\d|er\b)(?!\w*-\w)", re.IGNORECASE)
_PLAIN = re.compile(
    rf"(?:(?:ca\.|rund|etwa|environ|about) )?({_DIGITS}) ?([^\W\d_]{{2,}}|[lLtg])\.?"
    r"(?: ?(?:/|pro|je|par|per) ?([^\W\d_]+)\.?)?"
)
_TIMES = re.compile(rf"\s*(?:x|×|mal|fois|times)\s*({_DIGITS})", re.IGNORECASE)
_SAME_IN_BRACKETS = re.compile(r"(?:,[-–])?\s*(?:\([^()=]*\)(?=\s*\w))?")
_WORD = re.compile(r"[\s.…+]*(?:(?:de|of|x)\s+|d['’])?([^\W\d_]+(?:[²³]|[23]\b)?(?:-[^\W\d_]+)*(?:\(s\))?)")
# How many are in one: after any word ("10 IBC (je 1.000 l)"), and after the name of a package ("50 boîtes de 100").
_EACH = re.compile(
    rf"[\s,.]*\(?\s*(?:à|á|zu je|mit je|je|jeweils|x|×|(?:1 )?\w+ =)\s*({_DIGITS})(?!\s*(?:cm|mm)\b)", re.IGNORECASE
)
_EACH_IN_PACKAGE = re.compile(rf"[\s.]*(?:(?:a|zu|of|de|mit|with)\s+|\(\s*)({_DIGITS})(?:er\b)?", re.IGNORECASE)
_PACKAGE_BEHIND = re.compile(rf"[\s-]+(?:{_any(PACKAGES | HOLDERS)})\b", re.IGNORECASE)
_EACH_BEHIND = re.compile(rf"[\s.]*\(\s*({_DIGITS})(?=\s*\w+\.?\s*(?:par|pro|je|per|/)\s?\b)", re.IGNORECASE)
_BARE_MEASURE = re.compile(rf"\s+({_DIGITS})(?=\s*(?:l|ml|kg|g|m)\b)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"(\d(?:[.,]\d+)?)E\+(\d{1,2})")
_REMAINDER = re.compile(
    rf"\b(noch|encore|reste(?:nt)?|still|left|only)\s+({_DIGITS})\s+(?:von|sur|of|out of)\s+{_DIGITS}", re.IGNORECASE
)
_ONE_HOLDS = re.compile(r"^\W*1 [^\W\d]+ = ")
# "VE 50 Stück, 40 VE verfügbar": the size of a package before their number.
_SIZE_FIRST = re.compile(
    rf"\bVE\s*(?:=|à|:|zu|von)?\s*({_DIGITS})\s*(?:Stück|Stk|St)?\b\.?(.*?)(?<![\d.,])({_DIGITS}) VE\b", re.IGNORECASE
)

# What is said of each of several kinds: times the sizes that the text lists, else not to be counted.
_SIZE = r"(?:X{0,4}[SL]|M)"
_SIZES = re.compile(rf"\b{_SIZE}(?:\s*(?:,|/|und|et|and)\s*{_SIZE})+\b")
_OF_EACH = re.compile(
    r"^\W*(?:(?:Menge|Bedarf|Qté|Quantité|Qty)\W+)?je\s+\d(?!\d?\s+Tage)|\d\s+de chaque\b"
    r"|^\D*\d[\d.,\s]*(?:\w+\s+)?each\b"
    r"|\b(?:je|pro|par|per)\s+(?:Größe|Farbe|Sorte|Typ|Modell|Standort|taille|couleur|type|site|size|colou?r)\b",
    re.IGNORECASE,
)
_UNCOUNTABLE = re.compile(
    # a second, later amount; a part that is gone; per hour, ward, head: no period and no number that we have
    r"\b(?:davon|dont|of which)\s+(?:schon |bereits |already |déjà )?\d[^;]*\b(?:vergeben|reservi|réserv|reserved"
    r"|verkauft|vendu|sold|weg\b)"
    r"|(?:/|\b(?:pro|je|per|par|p\.|an?|die|am|im|in der|each|every|chaque)\s)\s*(?:Stunde|Std|h|heure|hour|Schicht"
    r"|poste|shift"
    r"|Minute|Lauf|Station|Bett|Patient|Person|Kopf|lit|service|ward|bed|head|personne|pers|Mitarbeiter)(?:e?[ns]?"
    r"|in)\b(?!\s*/)",
    re.IGNORECASE,
)
_NEXT_AMOUNT = re.compile(
    r"\b(?:danach|anschließend|dann|später|puis|ensuite|then|thereafter|later|und|et|and|\+|&)\s+(?:(?:ca|env"
    r"|approx)\.\s*|je\s+)?\d",
    re.IGNORECASE,
)
_SECOND_GOOD = re.compile(
    r"\s+(?:und|et|and|&|\+|sowie|plus|ainsi que)\s+(?:(?:ca|env)\.\s*)?\d+[\d.,\s]*[^\W\d_]{2}", re.IGNORECASE
)
_BARE_M = re.compile(r"(?<=\d)\s?M\b(?!\s*(?:/|²|³|2\b|3\b|-))")
_MILLIONS_OF = re.compile(r"(?<=\d)(?:\s?M|m)\s+(?=(?:de\s+|d['’])?([^\W\d_]{3,}))")
_PACKAGES_OF = re.compile(rf"\b(?:{_any(PACKAGES)})\s+(?:de|of|à|zu|von)\s*$", re.IGNORECASE)
_BOTH_WAYS = re.compile(rf"({_DIGITS})\s*\(([^\W\d_][^\W_()]*(?:[ -][^\W_()]+)*)\)")
_CONTENT_OF = re.compile(r"(?:\bje|\bzu|\bof|\bde|[àx×(])\s*$", re.IGNORECASE)
_OTHER_NOUN = re.compile(r"\s[^\W\d_]{3,}[^(:]*,")  # "2 Drucker, 60 Visiere": the next number may be what is meant
_UNIT_BEFORE = re.compile(r"([^\W\d_]+)\s*:\s*$")
_MEASURES = frozenset({"litre", "kilogram", "gram", "metre", "square_metre", "cubic_metre", "hour"})

_TYPED_AT_RANDOM = re.compile(r"9876543\d*|1234567\d*|([1-9])\1{5,}")
_PER = r"(?:/|\b(?:pro|je|per|par|p\.|an?|die|am|im|in der|each|every|chaque)\s)\s*"
_PERIOD = re.compile(rf"{_PER}({_any(PERIOD_WORDS)})\b", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\bp\.\s?(?:(a)|([mM]))\b\.?")
_AFTERNOON = re.compile(r"\d\s*p\.\s?m\b")  # or per month: English has both
_QUARTERLY = re.compile(rf"{_PER}(?:Quartal|trimestre|quarter)\b", re.IGNORECASE)
_INTERVAL = re.compile(
    rf"\b(?:alle|je|tou(?:s|tes) les|every)\s+(\d+)\s*({_any(PERIOD_WORDS)})\b|\bin 24 (?:Stunden|h)\b", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]+")
_DASH_BEFORE_AMOUNT = re.compile(r"(?<=\d{5}) [-–] (?=\d[\d.]*\s*[^\W\d_]{2})")
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

    None too where a text can be understood in several ways: two goods, two rates, "2 M", "1.500 litres" in English.

    >>> read_amount("ca. 5.000 Stück/Woche", "de")
    Amount(quantity=5000.0, unit='piece', period='week')
    >>> read_amount("200 boîtes de 100 pièces", "fr")
    Amount(quantity=20000.0, unit='piece', period=None)
    """
    written = collapse(current(text or ""))
    if number := _SCIENTIFIC.fullmatch(written):  # as a spreadsheet shows a long number
        return Amount(float(number[1].replace(",", ".")) * 10 ** int(number[2]), None, None)
    if plain := _plain(written, language):
        return plain
    if (agreed := _agreed(written, language)) is None:
        return None
    clean = _without_contacts(agreed, language)
    if _UNCOUNTABLE.search(clean) or (language == "en" and _AFTERNOON.search(clean)):
        return None
    period, often, clean = _period(clean, language)
    clean = without_surroundings(_sized(without_other_numbers(clean)))
    kinds = _kinds(clean)
    found = _chosen(clean, language)
    if found is None or kinds == 0 or (period and _another_rate(clean, found)):
        return None
    return Amount(found.quantity * kinds / often, found.unit, period)


def names_number(text: str | None, language: str = "de") -> bool:
    """Whether a text holds a number that could be an amount: no price, size, day, telephone number …"""
    clean = without_other_numbers(_without_contacts(collapse(current(text or "")), language))
    return re.search(r"\d", clean) is not None


def implausible(quantity: float, largest: float = LARGEST_PLAUSIBLE_QUANTITY) -> str | None:
    """Why nobody can have or want so much, or None: digits typed at random, or more than `largest`."""
    if _TYPED_AT_RANDOM.fullmatch(f"{quantity:.0f}"):
        return "digits typed at random"
    return f"more than {largest:,.0f}" if quantity > largest else None


class _Found(NamedTuple):
    """A quantity in a unit, and where its number stands."""

    quantity: float
    unit: str | None
    start: int
    end: int


def _plain(text: str, language: str) -> Amount | None:
    """The amount of a text of number, unit and period alone: what most fields hold needs no search."""
    match = _PLAIN.fullmatch(text)
    unit = UNIT_WORDS.get(match[2].lower()) if match and match[2] != "M" else None
    if match is None or unit is None or _is_ambiguous(match[1], unit[0], language):
        return None
    period = PERIOD_WORDS.get(match[3].lower()) if match[3] else None
    if match[3] and period is None:
        return None
    try:
        return Amount(read_number(match[1], language) * unit[1], unit[0], period)
    except ValueError:
        return None


def _without_contacts(text: str, language: str) -> str:
    """The text without contacts, number words as digits ("zwei" → 2), units of two words as one."""
    clean = text
    for written, unit in POWERS.items():
        clean = clean.replace(written, unit)
    if _CONTACT.search(clean):  # the dash before an amount is none inside a telephone number
        clean = mask_contacts(_DASH_BEFORE_AMOUNT.sub(", ", clean))
    return in_digits(clean, language)


def _kinds(text: str) -> int:
    """How many sizes an amount "each" is for; 1 where nothing is said of each, 0 where the sizes are not said."""
    if _OF_EACH.search(text) is None:
        return 1
    sizes = _SIZES.search(text)
    return len(re.findall(_SIZE, sizes[0])) if sizes else 0


def _agreed(text: str, language: str) -> str | None:
    """The text without the words that repeat a number ("500 (fünfhundert)"), or None if they differ."""
    twice = _BOTH_WAYS.search(text)
    if twice is None:
        return text
    words = in_digits(twice[2], language)
    if not words.isdigit():
        return text
    is_same = read_number(twice[1], language) == float(words)
    return text[: twice.end(1)] + text[twice.end() :] if is_same else None


def _sized(text: str) -> str:
    """The text with the size of packages behind their number, and only what is left of a stock."""
    clean = _SIZE_FIRST.sub(r"\2\3 VE à \1 Stück", text)
    return _REMAINDER.sub(r"\1 \2", _ONE_HOLDS.sub("", clean))


def _chosen(text: str, language: str) -> _Found | None:
    """The first number that counts something; a bare one inside a text only if no other has a unit."""
    clean = _MILLIONS_OF.sub(lambda found: " Mio " if _unit(found[1]) else found[0], text)
    bare = None
    for number in _RANGE.finditer(clean):
        if _PACKAGES_OF.search(clean, 0, number.start()):
            continue
        try:
            found = _measured(_lower_end(number, language), clean, number.end(), language)
        except ValueError:
            continue
        if _BARE_M.match(clean, number.end()) or _is_ambiguous(number[1], found.unit, language):
            return None
        if _SECOND_GOOD.match(clean, found.end):
            return None
        lead = clean[: number.start()]
        if found.unit is None and (label := _UNIT_BEFORE.search(lead)):
            found = found._replace(unit=(_unit(label[1]) or (None, 1))[0])
        found = found._replace(start=number.start())
        if found.unit is not None and not (bare and _CONTENT_OF.search(lead)):
            return found
        is_first = ":" in lead or not lead.strip(" ~.:…>≥+")
        if is_first and bare is None and not _OTHER_NOUN.match(clean, number.end()):
            return found
        bare = bare or found
    return bare


def _lower_end(number: re.Match[str], language: str) -> float:
    """The lower end of a range, thousands shared with the upper one ("10 bis 15.000"); raises ValueError."""
    low = read_number(number[1], language) * MULTIPLIERS.get((number[2] or number[5] or "").lower(), 1)
    if number[4] is None or number[2] or number[5] or not number[1].isdigit() or "max" in number[3]:
        return low
    high = read_number(number[4], language)
    if high % 500 == 0 and low * 1000 < high and low < 1000:
        if low == 1:
            raise ValueError(f"'{number[0]}' begins with one or with a thousand")
        return low * 1000
    return low


def _is_ambiguous(number: str, unit: str | None, language: str) -> bool:
    """Whether a measure may be a thousand times as much: "1.500 litres" in English, "1,500 kg" in German."""
    mark = r"\." if language == "en" else ","
    return unit in _MEASURES and re.fullmatch(rf"[1-9]\d{{0,2}}{mark}\d{{3}}", number) is not None


def _another_rate(text: str, found: _Found) -> bool:
    """Whether the period belongs to another amount: "5.000 sofort, danach 2.000 pro Woche"."""
    if len({PERIOD_WORDS[one[1].lower()] for one in _PERIOD.finditer(text)}) > 1 and re.search(
        r"\d", text[: found.start]
    ):
        return True
    later = _NEXT_AMOUNT.search(text, found.end)
    if later is None:
        return False
    before = text[: later.start()]
    return not (_PERIOD.search(before) or any(word.lower() in PERIOD_ADJECTIVES for word in _LETTERS.findall(before)))


def _period(text: str, language: str) -> tuple[str | None, float, str]:
    """Period, how many of them one rate covers ("alle 14 Tage": week, 2), and the text without an interval's number."""
    if interval := _INTERVAL.search(text):
        rest = text[: interval.start()] + "…" + text[interval.end() :]
        length = int(interval[1] or 1)
        period = PERIOD_WORDS[interval[2].lower()] if interval[2] else "day"
        if period == "day" and length in (14, 15):  # French counts both ends of a fortnight
            return "week", 2, rest
        return period, max(length, 1), rest
    if (short := _ABBREVIATED.search(text)) and (short[1] or language != "en"):
        return "year" if short[1] else "month", 1, text
    if _QUARTERLY.search(text):
        return "month", 3, text
    if match := _PERIOD.search(text):
        return PERIOD_WORDS[match[1].lower()], 1, text
    words = (word.lower() for word in _LETTERS.findall(text))
    return next((PERIOD_ADJECTIVES[word] for word in words if word in PERIOD_ADJECTIVES), None), 1, text


def _measured(quantity: float, text: str, position: int, language: str) -> _Found:
    """Quantity and unit of a number that ends at a position, and where its unit ends.

    Raises ValueError for packages of unknown size.
    """
    if times := _TIMES.match(text, position):
        quantity, position = quantity * read_number(times[1], language), times.end()
    if same := _SAME_IN_BRACKETS.match(text, position):
        position = same.end()
    word = _noun(text, position, language)
    if word is None:
        return _Found(quantity, None, position, position)
    unit, is_package = _unit(word[1]), word[1].lower() in PACKAGES
    if times is None and unit and unit[0] in _MEASURES and _PACKAGE_BEHIND.match(text, word.end()):
        raise ValueError(f"{word[1]} in each package")  # "5-Liter-Kanister"
    size = _EACH.match(text, word.end()) or _EACH_BEHIND.match(text, word.end())
    if size is None and (is_package or word[1].lower() in HOLDERS):
        size = _EACH_IN_PACKAGE.match(text, word.end()) or _BARE_MEASURE.match(text, word.end())
    if size is None:
        if is_package:
            raise ValueError(f"{word[1]} of unknown size")
        return _Found(quantity * unit[1] if unit else quantity, unit[0] if unit else None, position, word.end())
    quantity *= read_number(size[1], language)
    content = _WORD.match(text, size.end())
    if content and content[1].lower() in HOLDERS | PACKAGES and _EACH_IN_PACKAGE.match(text, content.end()):
        return _measured(quantity, text, size.end(), language)
    inner = (_unit(content[1]) if content else None) or ("piece", 1.0)
    return _Found(quantity * inner[1], inner[0], position, (content or size).end())


def _noun(text: str, position: int, language: str) -> re.Match[str] | None:
    """The word that says what is counted: behind a German adjective, or an English noun or adjective or two."""
    first = word = _WORD.match(text, position)
    for _ in range(2):
        if word is None or _unit(word[1]) or word[1].lower() in PACKAGES:
            return word or first
        if not (language == "en" or (language == "de" and _is_adjective(word[1]))):
            return first
        word = re.compile(r"\s([^\W\d_]+)").match(text, word.end())
    return word if word and (_unit(word[1]) or word[1].lower() in PACKAGES) else first


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
