"""Words in German, French and English: folding, light stems, compounds; names and places in any script romanised.

What is done here is the same for taxonomy and listings, so that both meet on the same forms.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_COMBINING = re.compile("[\u0300-\u036f]+")  # accents, after decomposition
_LIGATURES = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "’": "'"})
# To Latin letters, as boards of these countries write their own names.
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхъыьэіїєґјљњћђџѓќ",
        "a b v g d e z i i k l m n o p r s t u f h a y _ e i i e g j l n c d d g k".replace("_", "").split(" "),
        strict=True,
    )
) | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ю": "yu", "я": "ya"}
_GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφχω", "a v g d e z i i k l m n x o p r s s t y f ch o".split(" "), strict=True))
_LATIN = {"ø": "o", "đ": "d", "ł": "l", "æ": "a", "œ": "o", "ð": "d", "þ": "th", "ı": "i", "θ": "th", "ψ": "ps"}
_LETTERS = str.maketrans(_CYRILLIC | _GREEK | _LATIN)
# Japanese syllables whose names in Unicode are not how names are written in Latin letters (Hepburn's way).
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]+")
_HEPBURN = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
# Endings of number, case and gender that the three languages share; longest first.
_ENDINGS = ("ern", "en", "es", "er", "em", "e", "n", "s", "x")
_LINKS = ("", "s", "es", "n", "en", "e", "er")  # letters between the parts of a German compound
_SHORTEST_STEM = 4
_SHORTEST_STEMS = {"er": 5, "ern": 5}  # a fan (Lüfter) is no air (Luft)
_SHORTEST_PART = 4
_SHORTEST_HEAD = 5  # of a compound whose front is unknown: an order (Auftrag) is no stretcher (Trage)


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case without diacritics and punctuation, words parted by one space: "Köln-Porz" -> "koln porz".

    ae, oe, ue count as ä, ö, ü. Letters of other scripts stay: texts of listings are in German, French or English.
    """
    plain = text.lower()
    if not plain.isascii():
        plain = _COMBINING.sub("", unicodedata.normalize("NFKD", plain.translate(_LIGATURES)))
    plain = " ".join(_WORD.findall(plain))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def romanised(text: str) -> str:
    """Lower case without diacritics, Cyrillic, Greek and kana in Latin letters; ``ä``, ``ae`` and ``a`` end alike.

    For single words of names and addresses, which boards write in the script of their country or in Latin letters;
    words of up to three letters, mostly abbreviations, keep their ae, oe and ue.
    """
    text = in_latin_letters(text)
    if len(text) > 3:
        text = text.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return text


def in_latin_letters(text: str) -> str:
    """Lower case without diacritics, Cyrillic, Greek and kana in Latin letters; each line of a text as it is alone."""
    if text.isascii():
        return text.lower()
    text = _KANA.sub(_of_syllables, unicodedata.normalize("NFKC", text))
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join([letter for letter in decomposed if not unicodedata.combining(letter)]).translate(_LETTERS)


def _of_syllables(run: re.Match[str]) -> str:
    """Kana in Latin letters by their names in Unicode, a long i at the end as loanwords mean it: "ソニー" -> "sony"."""
    latin = ""
    for letter in run.group():
        syllable = unicodedata.name(letter).rpartition(" LETTER ")[2].lower()
        if syllable.startswith("small "):
            vowel = syllable.removeprefix("small ")
            before = latin[:-1]  # "te" and a small "i" are "ti"
            latin = latin if vowel == "tu" else before + (vowel[1:] if before.endswith(("j", "sh", "ch")) else vowel)
        elif " " not in syllable:  # no mark of a long vowel
            latin += _HEPBURN.get(syllable, syllable)
    return f"{latin[:-1]}y" if run.group().endswith("ー") and latin.endswith("i") else latin


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A folded word without its endings of number, case and gender: "masken" and "maske" -> "mask"."""
    if word.endswith("aux") and not word.endswith("eaux"):
        word = f"{word[:-3]}al"  # chirurgicaux -> chirurgical
    if len(word) == _SHORTEST_STEM and word.endswith("s"):
        return word[:-1]  # gels, vans
    shorter = True
    while shorter:
        shorter = False
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEMS.get(ending, _SHORTEST_STEM):
                word = word[: -len(ending)]
                shorter = True
                break
    return f"{word[:-1]}i" if word.endswith("y") else word  # battery, batteries -> batteri


def split_compound(word: str, vocabulary: Collection[str]) -> tuple[str, ...]:
    """Stems of the parts of a German compound, or the stem of the word itself.

    All parts known: "maskenprufung" -> ("mask", "prufung"). Else the last part, which says what the thing is, must be
    known, and what stands before it is kept as it is: "kinderschutzmaske" -> ("kind", "schutz", "mask").
    """
    if parts := _known_parts(word, vocabulary):
        return parts
    whole = stem(word)
    if whole in vocabulary:
        return (whole,)
    for start in range(_SHORTEST_PART - 1, len(word) - _SHORTEST_HEAD + 1):  # longest known head first
        if stem(word[start:]) in vocabulary:
            return (stem(word[:start]), *split_compound(word[start:], vocabulary))
    return (whole,)


def _known_parts(word: str, vocabulary: Collection[str]) -> tuple[str, ...]:
    """Two or more parts that are all in the vocabulary, or none; the longest head wins."""
    for start in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head = stem(word[start:])
        if head not in vocabulary:
            continue
        for link in _LINKS:
            front = word[:start].removesuffix(link)
            if word[:start].endswith(link) and len(front) >= _SHORTEST_PART:
                if parts := _known_parts(front, vocabulary):
                    return (*parts, head)
                if stem(front) in vocabulary:
                    return (stem(front), head)
    return ()


def words(text: str) -> list[str]:
    """The folded words of a text in order."""
    return fold(text).split()
