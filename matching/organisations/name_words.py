"""The words of names: str -> romanised words, abbreviations closed up, with marks for brackets and dashes.

A whole column is read at once: each distinct word is looked at once, after that everything is integers.
"""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Flags, Hashes, Integers
from matching.organisations import arrow
from matching.organisations.column_texts import among, changed, cut, holding, one_by_one, replaced, romanise
from matching.organisations.hashes import TOGETHER, numbered, stable_hash
from matching.organisations.legal_forms import WITHOUT_SPACES
from matching.words import romanised

OPEN, CLOSE, BREAK = "\x02", "\x03", "\x01"
MARKS = (OPEN, CLOSE, BREAK)

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
_GENERIC = frozenset(
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
    "enterprise enterprises business memorial community area district regional regionale general generale care network "
    "authority local provincial software digital data marketing logistics media beratung "
    "deutsche deutscher francaise".split()
)


# One of these on one side only tells two firms of a group apart.
_SISTERS = frozenset(
    "holding holdings verwaltung verwaltungs verwaltungsgesellschaft beteiligung beteiligungs "
    "beteiligungsgesellschaft beteiligungen besitz besitzgesellschaft participation participations finance finanz "
    "leasing immobilien immobiliere grundstucks vermogensverwaltung vermogensverwaltungs stiftung fondation "
    "foundation forderverein pensionskasse unterstutzungskasse fonds fund trust vertrieb vertriebs systems "
    "capital ventures investment investments financiere patrimoine gestion liegenschaften forderkreis "
    "komplementar geschaftsfuhrungs".split()
)


_SPELT_ALIKE = (("ph", "f"), ("ij", "y"))


def spelling(text: str) -> str:
    """A romanised word as all write it: "photo" is "foto", Dutch "ij" is "y"."""
    for old, new in _SPELT_ALIKE if len(text) > 3 else ():
        text = text.replace(old, new)
    return text


GENERIC_WORDS = frozenset(map(spelling, _GENERIC))
SISTER_WORDS = frozenset(map(spelling, _SISTERS))
ROMAN = frozenset("ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii".split())


_EAST_ASIAN = bytes(range(0xE3, 0x100))  # first bytes in UTF-8 of letters from U+3000 on
_SIGNS = b".'`/([{)]},;:|-" + b"\xe2\xc2"  # bytes of what `_marked` looks for, first ones in UTF-8 of – ’ ´
_DOTTED = r"(\pL{3,})\.(?:[\s-]|$)"


Lengths = npt.NDArray[np.int16]  # letters of a text; half the memory reads of a comparison are of such


class Words(NamedTuple):
    """The words of a column of texts, one after the other.

    owner: text of each word, ascending. word: index into `texts`. texts: distinct romanised words and marks.
    """

    owner: Integers
    word: Integers
    texts: list[str]

    def are(self, wanted: Collection[str]) -> Flags:
        """Which words are among these."""
        return np.array([text in wanted for text in self.texts], dtype=bool)[self.word]


def split_words(names: pa.Array) -> Words:
    """Romanise and split a column of texts; runs of single letters close up (``S. A.`` is ``sa``)."""
    spaced = pc.replace_substring_regex(names, r"(\p{Ll})(AG|GmbH|GMBH|KG|SE)\b", r"\1 \2")
    spaced = changed(spaced, holding(spaced, _EAST_ASIAN), _without_spaces)
    spaced = pc.utf8_lower(spaced)
    spaced = changed(spaced, holding(spaced, _SIGNS), _marked)
    owner, words = cut(spaced, "".join(MARKS).encode())
    number, distinct = numbered(words)
    known = spell(romanise(distinct))
    folded, texts = numbered(changed(known, among(known, ORDINALS), one_by_one(ORDINALS.__getitem__)))
    word = folded[number]
    vocabulary = texts.to_pylist()
    filled = np.array([text != "" for text in vocabulary], dtype=bool)[word]
    return _close_up(Words(owner[filled], word[filled], vocabulary))


def _without_spaces(texts: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(texts, f"({'|'.join(WITHOUT_SPACES)})", r" \1 ")


def _marked(texts: pa.StringArray) -> pa.StringArray:
    """Lower-case texts with marks for brackets and breaks, without hosts' endings and apostrophes."""
    for pattern, replacement in (
        (r"(\pL{3,})\.(?:com|net|org|de|fr|ch|at|eu)\b", r"\1"),
        (r"(^|[^\pL\pN])[dlns]['’´`]|['’´`]s\b", r"\1 "),
        (r"(\pL)['’´`](\pL)", r"\1\2"),
        (r"(^|\s)/|[(\[{]", f" {OPEN} "),
        (r"/(\s|$)|[)\]}]", f" {CLOSE} "),
        (r"\s[-–—]+\s|[—–,;:|]", f" {BREAK} "),
    ):
        texts = pc.replace_substring_regex(texts, pattern, replacement)
    return texts


def spell(texts: pa.StringArray) -> pa.StringArray:
    """Romanised words as `spelling` has each."""
    long = arrow.as_numbers(pc.utf8_length(texts)) > 3
    return changed(texts, long, lambda some: replaced(some, _SPELT_ALIKE))


def dotted_words(names: pa.Array) -> frozenset[str]:
    """Words that some name writes with a dot, as abbreviations are."""
    some = pc.filter(names, pc.match_substring_regex(names, _DOTTED))
    found = re.findall(r"([^\W\d_]{3,})\.(?=[\s-]|$)", "\n".join(some.to_pylist()))
    return frozenset(spelling(romanised(word.lower())) for word in set(found))


def _close_up(words: Words) -> Words:
    """Join runs of single letters to one word."""
    single = np.array([len(text) == 1 and text.isalpha() for text in words.texts], dtype=bool)[words.word]
    joining = np.array([text in ("and", "und", "et", "u") for text in words.texts], dtype=bool)[words.word]
    between = np.zeros(len(single), bool)  # "H and M" is "H & M"
    between[1:-1] = joining[1:-1] & single[:-2] & single[2:] & (words.owner[:-2] == words.owner[2:])
    words, single = Words(words.owner[~between], words.word[~between], words.texts), single[~between]
    follows = np.zeros(len(single), bool)
    follows[1:] = single[1:] & single[:-1] & (words.owner[1:] == words.owner[:-1])
    if not follows.any():
        return words
    start = np.flatnonzero(~follows)
    several = np.flatnonzero(np.diff(np.append(start, len(follows))) > 1)
    run = np.cumsum(~follows) - 1  # of each word
    joined = follows.copy()
    joined[:-1] |= follows[1:]
    at = np.flatnonzero(joined)
    _, spelt, which = glue(
        words.texts, Words(np.searchsorted(several, run[at]), words.word[at], words.texts), joined[at], len(several)
    )
    numbers, distinct = numbered(pa.concat_arrays([arrow.texts(words.texts), spelt]))
    word = words.word[start]
    word[several] = numbers[len(words.texts) + which]
    return Words(words.owner[start], word, distinct.to_pylist())


class Shapes(NamedTuple):
    """What can be told of texts without comparing them. length: letters. letters: one bit a letter that occurs."""

    length: Lengths
    letters: Hashes


def shapes(texts: pa.StringArray) -> Shapes:
    """Shapes of texts, an empty one at the end for index -1."""
    length = np.append(arrow.as_numbers(pc.utf8_length(texts)).astype(np.int64), 0)
    occurring = np.zeros(len(length), np.uint64)
    for start in range(0, len(texts), TOGETHER):
        part = slice(start, start + TOGETHER)
        occurring[:-1][part] = _letters(texts[part], length[:-1][part])
    return Shapes(np.minimum(length, np.iinfo(np.int16).max).astype(np.int16), occurring)


def _letters(texts: pa.StringArray, length: Integers) -> Hashes:
    """[texts] one bit for each letter that occurs."""
    offsets = arrow.offsets(texts)
    written = bytes(memoryview(texts.buffers()[2] or b"")[int(offsets[0]) : int(offsets[-1])]).decode()
    letters = np.frombuffer(written.encode("utf-32-le"), np.uint32)
    bits = np.left_shift(np.uint64(1), letters.astype(np.uint64) & np.uint64(63))
    occurring = np.zeros(len(length), np.uint64)
    filled = np.flatnonzero(length)
    start = np.cumsum(length)[filled] - length[filled]
    occurring[filled] = np.bitwise_or.reduceat(bits, start) if len(filled) else 0
    return occurring


def glue(texts: Sequence[str], words: Words, flags: Flags, count: int) -> tuple[Hashes, pa.StringArray, Integers]:
    """The flagged texts of each owner written together: hash (0 for nothing), distinct texts, and which is whose."""
    chosen = np.flatnonzero(flags)
    parts = pa.DictionaryArray.from_arrays(arrow.numbers(words.word[chosen]), arrow.texts(texts))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(words.owner[chosen], minlength=count))])
    lists = pa.ListArray.from_arrays(arrow.numbers(offsets.astype(np.int32)), parts.cast(pa.string()))
    encoded = pc.binary_join(lists, arrow.empty_texts(count)).dictionary_encode()
    index = arrow.as_numbers(encoded.indices).astype(np.int64)
    filled = np.diff(arrow.offsets(encoded.dictionary)) > 0
    hashes = np.where(filled, stable_hash(encoded.dictionary), np.uint64(0))
    return hashes[index] if count else np.zeros(0, np.uint64), encoded.dictionary, index
