"""Names of organisations: str -> canonical values. Any script keeps its letters.

A name becomes words (folded, abbreviations closed up), legal forms (see `legal_forms`), the head before the first
dash or comma, and what stands in brackets. A whole column is read at once: each distinct spelling and each
distinct word is looked at once, after that everything is integers.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jellyfish import damerau_levenshtein_distance

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.legal_forms import FAMILIES

WIDTH = 16  # words of a name that are compared one by one; longer names keep their first ones
OPEN, CLOSE, BREAK = "\x02", "\x03", "\x01"

# Words that carry no identity in the languages of the platforms and their neighbours.
STOP_WORDS = frozenset(
    "and und et the der die das des dem den du de la le les los las el il lo gli di del della dei delle da do dos "
    "dans of for for fur pour per para von van vom zu zum zur im in en na na za dla mit avec od ze ve op het aan "
    "auf sur au aux at by with og och ja un une einer eine til till ved y i na za po pri ot the to societe ste "
    "firma fa".split()
)
# What a notice adds to a name in a group of bidders; it says what the firm does there, not who it is.
PARTY_WORDS = frozenset(
    "mandataire cotraitant traitant mandatee groupement penvoerder consortium leader lider leadpartner arge "
    "bietergemeinschaft ryhmittyma".split()
)
ORDINALS = {
    "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth", "7th": "seventh",
    "8th": "eighth", "9th": "ninth", "10th": "tenth", "1er": "premier", "1ere": "premiere", "2eme": "deuxieme",
    "3eme": "troisieme",
}  # fmt: skip
# Words half of all organisations share; a small table alone cannot know that they are common.
GENERIC_WORDS = frozenset(
    "group gruppe groupe grupo gruppo grupa holding holdings international internationale national nationale "
    "societe gesellschaft service services dienste system systems systeme solution solutions management "
    "consulting technik technology technologies trading handel handels vertrieb vertriebs bank fund fonds fonds "
    "capital invest investment global europe europa france deutschland germany energy bau immobilien industrie "
    "industries industrial product products produits partner partners stadt ville gemeinde commune gemeente "
    "municipality municipal comune obec mesto kommune kommun kaupunki obshtina primaria ayuntamiento ajuntament "
    "city county region departement department ministry ministere ministerium ministerstvo university universitat "
    "universite universidad universiteit hospital hopital krankenhaus klinikum klinik clinic centre center "
    "zentrum centrum centro institut institute instituto school schule ecole association verein verband stiftung "
    "fondation foundation agency agence agentur office amt direction directorate conseil council committee "
    "academy medical medizintechnik medizin pharma health sante logistik transport engineering development "
    "entwicklung finance trust security real estate new general american china state corporation company "
    "enterprise enterprises business".split()
)

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
_ROMAN = frozenset("ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii".split())


def fold(text: str) -> str:
    """Lower case without diacritics, Cyrillic and Greek in Latin letters; ``ä``, ``ae`` and ``a`` end alike."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join([letter for letter in decomposed if not unicodedata.combining(letter)])
        text = text.translate(_LETTERS)
    else:
        text = text.lower()
    if len(text) > 3:
        text = text.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return text


def stable_hash(texts: Sequence[str]) -> Hashes:
    """64 bits of each text, the same on every machine and in every run; never 0."""
    if not len(texts):
        return np.zeros(0, np.uint64)
    return np.asarray(pd.util.hash_array(np.asarray(texts, dtype=object), categorize=False)) | np.uint64(1)


class Words(NamedTuple):
    """The words of a column of texts, one after the other.

    owner: text of each word, ascending. word: index into `texts`. texts: distinct folded words and marks.
    """

    owner: Integers
    word: Integers
    texts: list[str]


def split_words(names: pa.Array) -> Words:
    """Fold and split a column of texts; runs of single letters close up (``S. A.`` is ``sa``)."""
    spaced = pc.replace_substring_regex(names, r"(\p{Ll})(AG|GmbH|GMBH|KG|SE)\b", r"\1 \2")
    spaced = pc.utf8_lower(spaced)
    spaced = pc.replace_substring_regex(spaced, r"(^|[^\pL\pN])[dlns]['’´`]|['’´`]s\b", r"\1 ")
    spaced = pc.replace_substring_regex(spaced, r"(\pL)['’´`](\pL)", r"\1\2")
    spaced = pc.replace_substring_regex(spaced, r"(^|\s)/|[(\[{]", f" {OPEN} ")
    spaced = pc.replace_substring_regex(spaced, r"/(\s|$)|[)\]}]", f" {CLOSE} ")
    spaced = pc.replace_substring_regex(spaced, r"\s[-–—]+\s|[—–,;:|]", f" {BREAK} ")
    lists = pc.split_pattern_regex(spaced, "[^\\pL\\pN\\pM\x01-\x03]+")
    counts = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
    encoded = lists.flatten().dictionary_encode()
    known = [fold(text) for text in encoded.dictionary.to_pylist()]
    folded, texts = pd.factorize(np.array([ORDINALS.get(text, text) for text in known], dtype=object))
    owner = np.repeat(np.arange(len(counts)), counts)
    word = folded[encoded.indices.to_numpy()] if len(owner) else np.zeros(0, np.int64)
    vocabulary = [str(text) for text in texts]
    filled = np.array([text != "" for text in vocabulary], dtype=bool)[word]
    return _close_up(Words(owner[filled], word[filled], vocabulary))


def _close_up(words: Words) -> Words:
    """Join runs of single letters to one word."""
    single = np.array([len(text) == 1 and text.isalpha() for text in words.texts], dtype=bool)[words.word]
    joining = np.array([text in ("and", "und", "et") for text in words.texts], dtype=bool)[words.word]
    between = np.zeros(len(single), bool)  # "H and M" is "H & M"
    between[1:-1] = joining[1:-1] & single[:-2] & single[2:] & (words.owner[:-2] == words.owner[2:])
    words, single = Words(words.owner[~between], words.word[~between], words.texts), single[~between]
    follows = np.zeros(len(single), bool)
    follows[1:] = single[1:] & single[:-1] & (words.owner[1:] == words.owner[:-1])
    if not follows.any():
        return words
    start = np.flatnonzero(~follows)
    run = np.cumsum(~follows) - 1  # of each word
    joined = follows.copy()
    joined[:-1] |= follows[1:]
    _, spelt, which = _glue(words.texts, words._replace(owner=run), joined, len(start))
    texts = pd.Index([*words.texts, *spelt])
    numbers, distinct = pd.factorize(texts)
    several = np.flatnonzero(np.diff(np.append(start, len(follows))) > 1)
    word = words.word[start]
    word[several] = numbers[len(words.texts) + which[several]]
    return Words(words.owner[start], word, distinct.tolist())


UNSPECIFIC = list(FAMILIES).index("unspecific") + 1
COMPANIES = tuple(list(FAMILIES).index(family) + 1 for family in ("limited", "stock"))


class _Forms(NamedTuple):
    first_words: dict[str, int]  # word a spelling of two or more words begins with -> longest such spelling
    second_words: frozenset[str]
    spellings: dict[tuple[str, ...], int]  # spelling -> form
    family: Integers  # of each form


def _lines(text: str) -> list[str]:
    return text.strip().replace(";\n", ";").splitlines()


@cache
def _forms() -> _Forms:
    lines = [(family, line) for family, text in enumerate(FAMILIES.values(), 1) for line in _lines(text)]
    listed = [(form, spelling) for form, (_, line) in enumerate(lines, 1) for spelling in line.split(";")]
    words = split_words(pa.array([spelling for _, spelling in listed]))
    spellings: dict[tuple[str, ...], int] = {}
    first_words: dict[str, int] = {}
    for owner, (form, _) in enumerate(listed):
        start, end = np.searchsorted(words.owner, (owner, owner + 1))
        texts = [words.texts[word] for word in words.word[start:end]]
        spelling = tuple([text for text in texts if text not in (OPEN, CLOSE, BREAK)])
        spellings.setdefault(spelling, form)
        first_words[spelling[0]] = max(first_words.get(spelling[0], 1), len(spelling))
    # Names are cut where a field ends: "joint stock compan".
    for spelling, form in list(spellings.items()):
        for end in range(4, len(spelling[-1]) if len(spelling) > 1 else 0):
            spellings.setdefault((*spelling[:-1], spelling[-1][:end]), form)
    second_words = frozenset(spelling[1] for spelling in spellings if len(spelling) > 1)
    return _Forms(first_words, second_words, spellings, np.array([0, *[family for family, _ in lines]]))


class Shapes(NamedTuple):
    """What can be told of texts without comparing them. length: letters. letters: one bit a letter that occurs."""

    length: Integers
    letters: Hashes


def shapes(texts: Sequence[str]) -> Shapes:
    """Shapes of texts, an empty one at the end for index -1."""
    length = np.array([*map(len, texts), 0], dtype=np.int64)
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    bits = np.left_shift(np.uint64(1), letters.astype(np.uint64) & np.uint64(63))
    occurring = np.zeros(len(length), np.uint64)
    filled = np.flatnonzero(length)
    start = np.cumsum(length)[filled] - length[filled]
    occurring[filled] = np.bitwise_or.reduceat(bits, start) if len(filled) else 0
    return Shapes(length, occurring)


class Names(NamedTuple):
    """Distinct names as integers, one row a name.

    words: [n, WIDTH] word ids, -1 where there is none. aside: [n, WIDTH] the word stands in brackets or after the
    first break. core, head, glued, initials: hashes, 0 when empty: all words in any order, those of the first
    segment, all words written together, their first letters. numbers: hash of numbers, 0 without. form, family:
    legal form, 0 without. size: words in all. texts, word_hash: of each word id. glued_texts, glued_index: distinct
    texts written together and the one of each name. word_shape, glued_shape: of the distinct texts of each kind.
    """

    words: npt.NDArray[np.int32]
    aside: Flags
    core: Hashes
    head: Hashes
    glued: Hashes
    initials: Hashes
    numbers: Hashes
    form: Integers
    family: Integers
    size: Integers
    texts: list[str]
    word_hash: Hashes
    glued_texts: list[str]
    glued_index: Integers
    word_shape: "Shapes"
    glued_shape: "Shapes"


def read_names(names: pa.Array) -> Names:
    """Canonical values of a column of distinct names."""
    count = len(names)
    words = split_words(names)
    mark = np.array([text in (OPEN, CLOSE, BREAK) for text in words.texts], dtype=bool)[words.word]
    form_of_word, form = _find_forms(words, count)
    texts = np.array([*words.texts, ""], dtype=object)[:-1]
    first = np.searchsorted(words.owner, np.arange(count))

    def since_start(flags: Flags) -> Integers:
        total = np.concatenate([[0], np.cumsum(flags)])
        return total[1:] - total[first[words.owner]] if len(flags) else np.zeros(0, np.int64)

    is_open = np.array([text == OPEN for text in words.texts], dtype=bool)[words.word]
    is_close = np.array([text == CLOSE for text in words.texts], dtype=bool)[words.word]
    is_break = np.array([text == BREAK for text in words.texts], dtype=bool)[words.word]
    bracket = since_start(is_open) > since_start(is_close)
    weak = np.array([text in STOP_WORDS or text in PARTY_WORDS for text in words.texts], dtype=bool)[words.word]
    keep = ~mark & (form_of_word == 0)
    strong = keep & ~weak
    keep = np.where(_any_by_owner(strong, words.owner, count)[words.owner], strong, keep) if len(keep) else keep
    # A name of nothing but legal forms ("AG") is its own core.
    bare = ~_any_by_owner(keep, words.owner, count)
    keep |= bare[words.owner] & ~mark

    segment = since_start(is_break)
    ends = (form_of_word > 0) & (_forms().family[form_of_word] != UNSPECIFIC)
    in_head = _in_head(keep & ~bracket, strong & ~bracket, ends & ~bracket, segment, words.owner, count)
    word_hash = stable_hash(words.texts)
    initials, _, _ = _glue([text[:1] for text in words.texts], words, in_head, count)
    keep &= in_head | (word_hash[words.word] != initials[words.owner])

    number = np.array([text[:1].isdigit() or text in _ROMAN for text in words.texts], dtype=bool)[words.word]

    kept = np.flatnonzero(keep)
    rank = np.arange(len(kept)) - np.searchsorted(words.owner[kept], words.owner[kept])
    fits = rank < WIDTH
    table = np.full((count, WIDTH), -1, np.int32)
    aside = np.zeros((count, WIDTH), bool)
    table[words.owner[kept][fits], rank[fits]] = words.word[kept][fits]
    aside[words.owner[kept][fits], rank[fits]] = ~in_head[kept][fits]
    written = ~mark & ((form_of_word == 0) | bare[words.owner])
    glued, glued_texts, glued_index = _glue(words.texts, words, written, count)
    return Names(
        words=table,
        aside=aside,
        core=_sum_by_owner(word_hash, words, keep, count),
        head=_sum_by_owner(word_hash, words, in_head, count),
        glued=glued,
        initials=initials,
        numbers=_sum_by_owner(word_hash, words, keep & number, count),
        form=form,
        family=_forms().family[form],
        size=np.bincount(words.owner[kept], minlength=count),
        texts=[str(text) for text in texts],
        word_hash=word_hash,
        glued_texts=glued_texts,
        glued_index=glued_index,
        word_shape=shapes(words.texts),
        glued_shape=shapes(glued_texts),
    )


def _in_head(keep: Flags, strong: Flags, ends: Flags, segment: Integers, owner: Integers, count: int) -> Flags:
    """Which words are the legal name: those before the first legal form that follows a telling word, else the first
    segment. Departments and sites come after: "Lang, Huber & Co. KG, Werk Ulm", "EDF — SA — Direction des achats".
    """
    never = len(owner)
    position = np.arange(never)
    first_strong, end, first_segment = (np.full(count, never) for _ in range(3))
    np.minimum.at(first_strong, owner[strong], position[strong])
    ends = ends & (position > first_strong[owner])
    np.minimum.at(end, owner[ends], position[ends])
    np.minimum.at(first_segment, owner[keep], segment[keep])
    return keep & np.where(end[owner] < never, position < end[owner], segment == first_segment[owner])


def _find_forms(words: Words, count: int) -> tuple[Integers, Integers]:
    """Form of each word (0: none) and of each text: the last specific one, longest spelling first."""
    forms = _forms()
    single = np.array([forms.spellings.get((text,)) or _misspelt_form(text) for text in words.texts], dtype=np.int64)
    found = single[words.word] if len(words.word) else np.zeros(0, np.int64)
    longest = np.array([forms.first_words.get(text, 0) for text in words.texts], dtype=np.int64)
    second = np.array([text in forms.second_words for text in words.texts], dtype=bool)
    next_word = np.append(words.word[1:], 0)
    starts = np.flatnonzero((longest[words.word] > 1) & second[next_word]) if len(words.word) else np.zeros(0, np.int64)
    done = -1  # last word that a spelling has taken
    owner, word, texts = words.owner, words.word, words.texts
    for start in starts:
        if start <= done:
            continue
        for length in range(int(longest[word[start]]), 1, -1):
            end = start + length
            if end > len(owner) or owner[end - 1] != owner[start]:
                continue
            form = forms.spellings.get(tuple([texts[index] for index in word[start:end]]), 0)
            if form:
                found[start:end] = form
                done = int(end) - 1
                break
    # "og" is a form at the end ("Huber OG") and a mere "and" elsewhere.
    ends = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    joining = np.array([text in STOP_WORDS for text in texts], dtype=bool)[word] if len(word) else word > 0
    found[joining & ~ends & (found > 0) & (found == single[word])] = 0
    # A short word at the very beginning is a form only when no other form follows: "AB Trading GmbH".
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    several = np.bincount(owner[found > 0], minlength=count) > 1
    short = np.array([len(text) <= 2 for text in texts], dtype=bool)[word[begins]] if len(begins) else begins > 0
    leading = begins[several[owner[begins]] & (single[word[begins]] == found[begins]) & short]
    found[leading] = 0
    of_text = np.zeros(count, np.int64)
    some = np.flatnonzero(found)
    of_text[owner[some]] = found[some]
    specific = some[forms.family[found[some]] != UNSPECIFIC]
    of_text[owner[specific]] = found[specific]
    return found, of_text


def _misspelt_form(word: str) -> int:
    """The form a long word is a slip of: "Aktiengeselschaft"."""
    if len(word) < 12 or not word.endswith("schaft"):
        return 0
    for (spelling, *rest), form in _forms().spellings.items():
        if not rest and len(spelling) >= 12 and damerau_levenshtein_distance(word, spelling) <= 1:
            return form
    return 0


def _any_by_owner(flags: Flags, owner: Integers, count: int) -> Flags:
    return np.bincount(owner[flags], minlength=count) > 0


def mix(values: Hashes) -> Hashes:
    """Spread bits, so that sums of hashes do not cancel (finaliser of splitmix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _sum_by_owner(word_hash: Hashes, words: Words, flags: Flags, count: int) -> Hashes:
    """A hash of the flagged words of each text that does not depend on their order."""
    chosen = np.flatnonzero(flags)
    total = np.zeros(count, np.uint64)
    np.add.at(total, words.owner[chosen], mix(word_hash[words.word[chosen]]))
    return total


def _glue(texts: Sequence[str], words: Words, flags: Flags, count: int) -> tuple[Hashes, list[str], Integers]:
    """The flagged texts of each owner written together: hash (0 for nothing), distinct texts, and which is whose."""
    chosen = np.flatnonzero(flags)
    parts = pa.DictionaryArray.from_arrays(pa.array(words.word[chosen]), pa.array(list(texts), pa.string()))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(words.owner[chosen], minlength=count))])
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), parts.cast(pa.string()))
    encoded = pc.binary_join(lists, "").dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    index = encoded.indices.to_numpy().astype(np.int64)
    hashes = np.where(np.array([text != "" for text in distinct], dtype=bool), stable_hash(distinct), np.uint64(0))
    return hashes[index] if count else np.zeros(0, np.uint64), distinct, index
