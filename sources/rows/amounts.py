"""Numbers, units and rates as people write them in German, French and English.

What is counted stands in `units`, how often in `rates`, number words in `number_words`. What cannot be counted (boxes
of unknown size, "viele") or can be understood in several ways is None, never a guess.
"""

import re
from typing import NamedTuple

from sources.listing import LARGEST_PLAUSIBLE_QUANTITY
from sources.rows.corrections import current
from sources.rows.number_words import MULTIPLIERS, any_of, in_digits
from sources.rows.other_numbers import without_other_numbers, without_surroundings
from sources.rows.rates import ADJECTIVES, PERIODS, Rate, is_of_another_amount, rate_of
from sources.rows.text import collapse, mask_contacts
from sources.rows.units import (
    HOLDERS,
    MEASURES,
    PACKAGES,
    POWERS,
    UNIT_WORDS,
    is_adjective,
    is_package,
    may_hold,
    unit_of,
)

_DIGITS = r"\d+(?:[.,'’\s]\d{3})*(?:[.,]\d+)?(?!\d)"
_NUMBER = rf"({_DIGITS})(?:\s*({any_of(MULTIPLIERS)})\b\.?)?"
_TO = r"-|–|bis(?: zu)?|à|to|zu|und|et|and|oder|ou|or|bzw\.|,?\s*max\.?"
_RANGE = re.compile(rf"(?<![\w.,-]){_NUMBER}(?:\s*({_TO})\s*{_NUMBER})?(?![eE]\d|er\b)(?!\w*-\w)", re.IGNORECASE)
_PLAIN = re.compile(
    r"(?:(?:ca\.|circa|rund|etwa|bis zu|max\.|min\.|environ|env\.|jusqu['’]à|about|approx\.|up to"
    r"|(?:Menge|Bedarf|Kapazität|Quantité|Quantity):) )?"
    rf"({_DIGITS}) ?([^\W\d_]{{2,}}|[lLtgm])\.?(?: (?:à|zu je|zu|de|of|x) ({_DIGITS}) ?([^\W\d_]{{2,}}|[lLtgm])\.?)?"
    r"(?: ?(?:/|pro|je|par|per|im|am|in der) ?([^\W\d_]+)\.?| ([^\W\d_]{5,}))?"
)
_TIMES = re.compile(rf"\s*(?:x|×|mal|fois|times)\s*({_DIGITS})", re.IGNORECASE)
_SAME_IN_BRACKETS = re.compile(r"(?:,[-–])?\s*(?:\([^()=]*\)(?=\s*\w))?")
_WORD = re.compile(r"[\s.…+]*(?:(?:de|of|x)\s+…?\s*|d['’])?([^\W\d_]+(?:[²³]|[23]\b)?(?:-[^\W\d_]+)*(?:\(s\))?)")
_NEXT_WORD = re.compile(r"\s([^\W\d_]+)")
# How many are in one: after any word ("10 IBC (je 1.000 l)"), and after the name of a package ("50 boîtes de 100").
_EACH = re.compile(
    r"[\s,.]*\(?\s*(?:à|á|zu je|mit je|je|jeweils|x|×|(?:1 )?\w+ =|à raison de|contenant"
    rf"|(?:each )?(?:containing|holding)|each(?: of| with)?,?)\s*({_DIGITS})(?!\s*(?:cm|mm)\b)",
    re.IGNORECASE,
)
_EACH_IN_PACKAGE = re.compile(rf"[\s.]*(?:(?:a|zu|of|de|mit|with|avec|at)\s+|\(\s*)({_DIGITS})(?:er\b)?", re.IGNORECASE)
_ANY_PACKAGE = any_of(PACKAGES | HOLDERS)
_PACKAGE_BEHIND = re.compile(rf"[\s-]+(?:{_ANY_PACKAGE})\b", re.IGNORECASE)
# "200 boxes, 50 pcs each", "60 paquets, 20 pièces par paquet"
_EACH_LISTED = re.compile(
    rf"[\s.]*,\s*({_DIGITS})(?=\s*\w+\.?\s*(?:each\b|(?:/|(?:par|pro|je|per|a|in each|dans chaque)\s)\s*"
    rf"(?:{_ANY_PACKAGE})\b))",
    re.IGNORECASE,
)
_EACH_BEHIND = re.compile(rf"[\s.]*\(\s*({_DIGITS})(?=\s*\w+\.?\s*(?:par|pro|je|per|/)\s?\b)", re.IGNORECASE)
_BARE_MEASURE = re.compile(rf"\s+({_DIGITS})(?=\s*(?:l|ml|kg|g|m)\b)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SCIENTIFIC = re.compile(r"(\d(?:[.,]\d+)?)E\+(\d{1,2})")
_REMAINDER = re.compile(
    rf"\b(noch|encore|reste(?:nt)?|still|left|only)\s+({_DIGITS})\s+(?:von|sur|of|out of)\s+{_DIGITS}", re.IGNORECASE
)
_ONE_HOLDS = re.compile(r"^\W*1 [^\W\d]+ = ")
# "VE 50 Stück, 40 VE verfügbar": the size of a package before their number.
_SIZE_FIRST = re.compile(
    rf"\bVE\s*(?:=|à|:|zu|von)?\s*({_DIGITS})\s*(?:Stück|Stk|St)?\b\.?(.*?)(?<![\d.,])({_DIGITS}) VE\b", re.IGNORECASE
)
# "50 per box, 200 boxes", "12 bottles of 500 ml per case, 24 cases", "100er-Packung, 250 Packungen"
_CONTENT_FIRST = re.compile(
    rf"(?<![\d.,-])(\d[^,;/]*?)\s*(?:/\s*|\b(?:par|pro|je|per)\s+)(?:{_ANY_PACKAGE})\s*[,;]\s*({_DIGITS}\s*(?:{_ANY_PACKAGE}))\b",
    re.IGNORECASE,
)
_SIZED_PACKAGE = re.compile(
    rf"\b(\d+)er[- ](?:{_ANY_PACKAGE})\s*[,;:]\s*({_DIGITS}\s*(?:{_ANY_PACKAGE}))\b", re.IGNORECASE
)
# What comes to a total in other words: "3 palettes, soit 120 cartons de 100 pièces"
_THAT_IS = re.compile(
    r"^\D*\d(?:(?!/|\b(?:pro|par|per|je)\b)[^=;/])*?[\s,(]+"
    r"(?:soit|d\.\s?h\.|das sind|entspricht|i\.e\.|équivaut à)\s*:?\s*(?=\d)",
    re.IGNORECASE,
)
_MAY_BE_SIZED = re.compile(
    r"VE\b|=|soit|d\.\s?h|das sind|entspr|i\.e|équiv|[.,][-–]|er[- ]|[,;]\s*\d|noch|encore|reste|still|left|only",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?<=\d)(?:,|\.)[-–]{1,2}(?=\s*[^\W\d_])")  # "10.000,-- Stück": no hundredths, as of prices

# What is said of each of several kinds: times the sizes that the text lists, else not to be counted.
_SIZE = r"(?:X{0,4}[SL]|M)"
_SIZES = re.compile(rf"\b{_SIZE}(?:\s*(?:,|/|und|et|and)\s*{_SIZE})+\b")
_OF_EACH = re.compile(
    r"^\W*(?:(?:Menge|Bedarf|Qté|Quantité|Qty)\W+)?je\s+\d(?!\d?\s+Tage)|\d\s+de chaque\b"
    r"|^\D*\d[\d.,\s]*(?:\w+\s+)?each\b(?!\s+(?:day|week|month|quarter|year|case|box|pack))"
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
    r"|in)\b(?!\s*/)"
    # one or the other
    r"|\d[^;]*\b(?:oder alternativ|wahlweise|alternatively|ou au choix|ou bien)\b[^;]*\d"
    # "M 200, L 300": several goods
    r"|(?-i:\b(?:X{0,4}[SL]|M)\b)\s*[:=]?\s*\d[^;]*?[,;/\s](?-i:(?:X{0,4}[SL]|M)\b)\s*[:=]?\s*\d",
    re.IGNORECASE,
)
_SECOND_GOOD = re.compile(
    r"\s+(?:und|et|and|&|\+|sowie|plus|ainsi que)\s+(?:(?:ca|env)\.\s*)?\d+[\d.,\s]*[^\W\d_]{2}", re.IGNORECASE
)
_BARE_M = re.compile(r"(?<=\d)\s?M\b(?!\s*(?:/|²|³|2\b|3\b|-))")
_MILLIONS_OF = re.compile(r"(?<=\d)(?:\s?M|m)\s+(?=(?:de\s+|d['’])?([^\W\d_]{3,}))")
_PACKAGES_OF = re.compile(rf"\b(?:{any_of(PACKAGES)})\s+(?:de|of|à|zu|von)\s*$", re.IGNORECASE)
_BOTH_WAYS = re.compile(rf"({_DIGITS})\s*\(([^\W\d_][^\W_()]*(?:[ -][^\W_()]+)*)\)")
_CONTENT_OF = re.compile(r"(?:\bje|\bzu|\bof|\bde|[àx×(])\s*$", re.IGNORECASE)
_OTHER_NOUN = re.compile(r"\s[^\W\d_]{3,}[^(:]*,")  # "2 Drucker, 60 Visiere": the next number may be what is meant
_UNIT_BEFORE = re.compile(r"([^\W\d_]+)\s*(?::|\bx|×)\s*$")
_THOUSANDS_OF = re.compile(r"(?<=\d)\s?T\s+(?=([^\W\d_]{3,}))")
_FABRIC_METRES = re.compile(r"(?<=\d)\s?ml(?=\s+d(?:e |['’])(?:tissu|élastique|toile|étoffe|ruban|film|non-tissé))")
_PIECES = re.compile(r"(?<=\d)\s?p\.(?=\s?/)")  # "5 000 p./sem."

_FOOTNOTE = re.compile(r"(?<=[^\W\d_])(?<!m)[¹²³⁴⁵⁶⁷⁸⁹]+|(?<=[^\W\d_]{2})\*{1,3}(?=\W|$)")  # "Stück¹", "Stück*"
_TYPED_AT_RANDOM = re.compile(r"9876543\d*|1234567\d*|([1-9])\1{5,}")
_DASH_BEFORE_AMOUNT = re.compile(r"(?<=\d{5}) [-–] (?=\d[\d.]*\s*[^\W\d_]{2})")
_CONTACT = re.compile(r"@|\+\d|\b0\d|Tel|Fax|Tél", re.IGNORECASE)


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
    written = _FOOTNOTE.sub("", collapse(current(text or "")))
    if not written:
        return None
    if number := _SCIENTIFIC.fullmatch(written):  # as a spreadsheet shows a long number
        return Amount(float(number[1].replace(",", ".")) * 10 ** int(number[2]), None, None)
    return plain_amount(written, language) or searched_amount(written, language)


def searched_amount(text: str, language: str) -> Amount | None:
    """The first amount in any text, other numbers put aside; see `read_amount`."""
    if (agreed := _agreed(text, language)) is None:
        return None
    clean = _without_contacts(agreed, language)
    if _DIGIT.search(clean) is None or _UNCOUNTABLE.search(clean):
        return None
    try:
        rate, clean = rate_of(clean, language)
    except ValueError:
        return None
    clean = without_surroundings(_sized(without_other_numbers(clean)))
    kinds = _kinds(clean)
    found = _chosen(clean, language)
    if found is None or kinds == 0 or (rate.period and is_of_another_amount(clean, found.start, found.end)):
        return None
    return Amount(found.quantity * kinds / rate.often, found.unit, rate.period)


def names_number(text: str | None, language: str = "de") -> bool:
    """Whether a text holds a number that could be an amount: no price, size, day, telephone number …"""
    clean = without_other_numbers(_without_contacts(collapse(current(text or "")), language))
    return re.search(r"\d", clean) is not None


def implausible(quantity: float, largest: float = LARGEST_PLAUSIBLE_QUANTITY) -> str | None:
    """Why nobody can have or want so much, or None: less than 0, digits typed at random, or more than `largest`."""
    if quantity < 0:
        return "less than 0"
    if _TYPED_AT_RANDOM.fullmatch(f"{quantity:.0f}"):
        return "digits typed at random"
    return f"more than {largest:,.0f}" if quantity > largest else None


class _Found(NamedTuple):
    """A quantity in a unit, and where its number stands."""

    quantity: float
    unit: str | None
    start: int
    end: int


def plain_amount(text: str, language: str) -> Amount | None:
    """The amount of a text of number, unit and period alone: what most fields hold needs no search.

    It reads nothing that `searched_amount` reads otherwise.
    """
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    number, word, content, content_word, period, adjective = match.groups()
    unit = UNIT_WORDS.get((content_word or word).lower())
    if unit is None or "M" in (word, content_word) or _is_ambiguous(number, unit[0], language):
        return None
    if content and (not may_hold(word) or may_hold(content_word) or _is_ambiguous(content, unit[0], language)):
        return None
    rate = PERIODS.get(period.lower()) if period else ADJECTIVES.get(adjective.lower()) if adjective else Rate(None)
    if rate is None:
        return None
    try:
        quantity = read_number(number, language) * (read_number(content, language) if content else 1)
    except ValueError:
        return None
    return Amount(quantity * unit[1] / rate.often, unit[0], rate.period)


def _without_contacts(text: str, language: str) -> str:
    """The text without contacts, number words as digits ("zwei" → 2), units of two words as one."""
    clean = _PIECES.sub(" pièces", text)
    for written, unit in POWERS.items():
        clean = clean.replace(written, unit)
    if language == "fr":
        clean = _FABRIC_METRES.sub(" m", clean)
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
    if _MAY_BE_SIZED.search(text) is None:
        return text
    clean = _SIZE_FIRST.sub(r"\2\3 VE à \1 Stück", _THAT_IS.sub("", _WHOLE.sub("", text)))
    clean = _SIZED_PACKAGE.sub(r"\2 à \1", _CONTENT_FIRST.sub(r"\2 à \1", clean))
    return _REMAINDER.sub(r"\1 \2", _ONE_HOLDS.sub("", clean))


def _chosen(text: str, language: str) -> _Found | None:
    """The first number that counts something; a bare one inside a text only if no other has a unit."""
    clean = text
    if "M" in text or "m" in text:
        clean = _MILLIONS_OF.sub(lambda found: " Mio " if unit_of(found[1]) else found[0], clean)
    if "T" in text:
        clean = _THOUSANDS_OF.sub(lambda found: " Tsd " if unit_of(found[1]) else found[0], clean)
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
            found = found._replace(unit=(unit_of(label[1]) or (None, 1))[0])
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
    if number[3].lower() in ("oder", "ou", "or", "bzw.") and high >= 10 * low:
        raise ValueError(f"'{number[0]}': one of the two has a zero too many")
    if high % 500 == 0 and low * 1000 < high and low < 1000:
        if low == 1:
            raise ValueError(f"'{number[0]}' begins with one or with a thousand")
        return low * 1000
    return low


def _is_ambiguous(number: str, unit: str | None, language: str) -> bool:
    """Whether an amount may be a thousand times as much: "1.500 litres" or pieces in English, "1,500 kg" in German."""
    mark = r"\." if language == "en" else ","
    return (unit in MEASURES or (language == "en" and unit is not None)) and re.fullmatch(
        rf"[1-9]\d{{0,2}}{mark}\d{{3}}", number
    ) is not None


def _measured(quantity: float, text: str, position: int, language: str) -> _Found:
    """Quantity and unit of a number that ends at a position, and where its unit ends.

    Packs of packs count through ("24 cases of 12 x 500 ml"). Raises ValueError for packages of unknown size.
    """
    is_multiple = False
    while times := _TIMES.match(text, position):
        quantity, position, is_multiple = quantity * read_number(times[1], language), times.end(), True
    if same := _SAME_IN_BRACKETS.match(text, position):
        position = same.end()
    word = _noun(text, position, language)
    if word is None:
        return _Found(quantity, None, position, position)
    unit = unit_of(word[1])
    if not is_multiple and unit and unit[0] in MEASURES and _PACKAGE_BEHIND.match(text, word.end()):
        raise ValueError(f"{word[1]} in each package")  # "5-Liter-Kanister"
    size = _content(text, word)
    if size is None:
        if is_package(word[1]):
            raise ValueError(f"{word[1]} of unknown size")
        return _Found(quantity * unit[1] if unit else quantity, unit[0] if unit else None, position, word.end())
    quantity *= read_number(size[1], language)
    inner = _WORD.match(text, size.end())
    if _TIMES.match(text, size.end()) or (inner and may_hold(inner[1])):
        return _measured(quantity, text, size.end(), language)
    of_one = (unit_of(inner[1]) if inner else None) or ("piece", 1.0)
    return _Found(quantity * of_one[1], of_one[0], position, (inner or size).end())


def _content(text: str, word: re.Match[str]) -> re.Match[str] | None:
    """How many are in one of what a word names, None if the text does not say so behind it."""
    end = word.end()
    size = _EACH.match(text, end) or _EACH_BEHIND.match(text, end)
    if size is None and may_hold(word[1]):
        size = _EACH_IN_PACKAGE.match(text, end) or _BARE_MEASURE.match(text, end) or _EACH_LISTED.match(text, end)
    return size


def _noun(text: str, position: int, language: str) -> re.Match[str] | None:
    """The word that says what is counted: behind a German adjective, or an English noun or adjective or two."""
    first = word = _WORD.match(text, position)
    for _ in range(2):
        if word is None or unit_of(word[1]) or is_package(word[1]):
            return word or first
        if not (language == "en" or (language == "de" and is_adjective(word[1]))):
            return first
        word = _NEXT_WORD.match(text, word.end())
    return word if word and (unit_of(word[1]) or is_package(word[1])) else first
