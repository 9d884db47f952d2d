"""How alike two names are: one of the levels below, from the words they share, weighted by rarity.

Words are aligned exactly or, by jellyfish, as spellings of one another; what stays alone on either side counts
against, less so after a dash or in brackets. Everything is symmetric in the two names.
"""

import jellyfish
import numpy as np
import numpy.typing as npt

from matching.frequencies import Frequencies
from matching.names import Flags, Ints, Names

LEVELS = (
    "missing",
    "different",
    "weak_overlap",
    "overlap",
    "strong_overlap",
    "numbers_differ",
    "sister",
    "contained",
    "acronym",
    "same_head",
    "department",
    "near_common",
    "near_glued",
    "near",
    "equal_common",
    "equal",
    "equal_rare",
)
# One of these on one side only tells two firms of a group apart.
SISTER_WORDS = frozenset(
    "holding holdings verwaltung verwaltungs verwaltungsgesellschaft beteiligung beteiligungs "
    "beteiligungsgesellschaft beteiligungen besitz besitzgesellschaft participation participations finance finanz "
    "leasing immobilien immobiliere grundstucks vermogensverwaltung vermogensverwaltungs stiftung fondation "
    "foundation forderverein pensionskasse unterstutzungskasse fonds fund trust vertrieb vertriebs systems "
    "capital ventures investment investments financiere patrimoine gestion liegenschaften forderkreis "
    "komplementar geschaftsfuhrungs".split()
)
_ENDINGS = ("s", "x", "n", "e", "en", "es")
_ASIDE = 0.6  # weight of a word in brackets or after the first break
_CHUNK = 50_000  # pairs at once; keeps the tables of words within the cache


def compare_names(names: Names, known: Frequencies, a: Ints, b: Ints) -> npt.NDArray[np.int8]:
    """[pairs] level of the names ``a[i], b[i]`` (rows of `names`)."""
    levels = np.zeros(len(a), np.int8)
    telling = np.array([text in SISTER_WORDS for text in names.texts] + [False], dtype=bool)
    bits = np.append(known.word_bits, 0).astype(np.float32)
    # Short names first, so that most pairs are compared in narrow tables.
    longest = np.minimum(np.maximum(names.size[a], names.size[b]), names.words.shape[1])
    order = np.argsort(longest, kind="stable")
    for start in range(0, len(a), _CHUNK):
        part = order[start : start + _CHUNK]
        width = max(int(longest[part[-1]]), 1)
        levels[part] = _levels(names, bits, telling, known.size, width, a[part], b[part])
    return levels


def _levels(
    names: Names, bits: npt.NDArray[np.float32], telling: Flags, size: int, width: int, a: Ints, b: Ints
) -> npt.NDArray[np.int8]:
    known = (names.size[a] > 0) & (names.size[b] > 0)
    words_a, words_b = names.words[a, :width], names.words[b, :width]
    factor_a = np.where(names.aside[a, :width], np.float32(_ASIDE), np.float32(1))
    factor_b = np.where(names.aside[b, :width], np.float32(_ASIDE), np.float32(1))
    bits_a, bits_b = bits[words_a] * factor_a, bits[words_b] * factor_b
    same = (words_a[:, :, None] == words_b[:, None, :]) & (words_a[:, :, None] >= 0)
    near = _near_words(names, words_a, words_b, same)
    exact_a, exact_b = same.any(axis=2), same.any(axis=1)
    near_a, near_b = near.any(axis=2) & ~exact_a, near.any(axis=1) & ~exact_b
    shared = (bits_a * exact_a).sum(1) / 2 + (bits_b * exact_b).sum(1) / 2
    shared_near = (bits_a * near_a).sum(1) / 2 + (bits_b * near_b).sum(1) / 2
    alone_a = (bits_a * ~(exact_a | near_a)).sum(1)
    alone_b = (bits_b * ~(exact_b | near_b)).sum(1)
    total = shared + shared_near
    jaccard = total / np.maximum(total + alone_a + alone_b, 0.1)
    whole = np.log2(size)
    equal = names.core[a] == names.core[b]
    glued = (names.glued[a] == names.glued[b]) & (names.glued[a] != 0)
    core_bits = bits_a.sum(1)
    numbers = names.numbers[a] != names.numbers[b]
    all_near = (alone_a == 0) & (alone_b == 0) & (near_a.any(1) | near_b.any(1))
    head = (names.head[a] == names.core[b]) | (names.head[b] == names.core[a])
    same_head = (names.head[a] == names.head[b]) & (names.head[a] != 0)
    head_bits = np.minimum((bits_a * (factor_a == 1)).sum(1), (bits_b * (factor_b == 1)).sum(1))
    acronym = (names.initials[a] == names.glued[b]) & (names.size[b] == 1) & (names.size[a] >= 3) | (
        names.initials[b] == names.glued[a]
    ) & (names.size[a] == 1) & (names.size[b] >= 3)
    one_sided = np.minimum(alone_a, alone_b) == 0
    sister = (telling[words_a] & ~exact_a & ~near_a).any(1) ^ (telling[words_b] & ~exact_b & ~near_b).any(1)
    levels = np.select(
        [
            ~known,
            equal & (core_bits >= np.where(glued, 0.9, 1.8) * whole),
            equal & (core_bits >= 0.5 * whole),
            equal,
            numbers & (jaccard > 0.4),
            glued,
            all_near & (total >= 0.9 * whole),
            all_near,
            _near_glued(names, a, b, open_=(jaccard < 1) & ~numbers),
            acronym,
            sister & (jaccard > 0.3),
            one_sided & head & (total > 0.5 * whole),
            same_head & (head_bits > 0.5 * whole),
            one_sided & (total > 0.5 * whole),
            jaccard >= 0.7,
            jaccard >= 0.45,
            jaccard >= 0.2,
        ],
        [
            LEVELS.index(code)
            for code in (
                "missing equal_rare equal equal_common numbers_differ near near near_common near_glued acronym sister "
                "department same_head contained strong_overlap overlap weak_overlap"
            ).split()
        ],
        LEVELS.index("different"),
    )
    return levels.astype(np.int8)


def _near_glued(names: Names, a: Ints, b: Ints, open_: Flags) -> Flags:
    """Names that differ by one letter when written together."""
    one, other = names.glued_index[a], names.glued_index[b]
    length, letters = names.glued_shape
    few = np.bitwise_count(letters[one] ^ letters[other]) <= 2
    near_length = (abs(length[one] - length[other]) <= 1) & (np.minimum(length[one], length[other]) >= 6)
    chosen = np.flatnonzero(open_ & few & near_length)
    near = np.zeros(len(a), bool)
    for index in chosen:
        pair = names.glued_texts[one[index]], names.glued_texts[other[index]]
        near[index] = jellyfish.damerau_levenshtein_distance(*pair) <= 1
    return near


def _near_words(names: Names, words_a: np.ndarray, words_b: np.ndarray, same: Flags) -> Flags:
    """[pairs, words, words] unequal words that are spellings of one another; jellyfish decides, letters filter."""
    open_a = (words_a >= 0) & ~same.any(axis=2)
    open_b = (words_b >= 0) & ~same.any(axis=1)
    pair, i, j = np.nonzero(open_a[:, :, None] & open_b[:, None, :])
    near = np.zeros(same.shape, bool)
    if not len(pair):
        return near
    one, other = words_a[pair, i].astype(np.int64), words_b[pair, j].astype(np.int64)
    distinct, back = np.unique(np.minimum(one, other) << 32 | np.maximum(one, other), return_inverse=True)
    one, other = distinct >> 32, distinct & 0xFFFFFFFF
    length, letters = names.word_shape
    shorter = np.minimum(length[one], length[other])
    maybe = (
        (shorter >= 5)
        & (np.bitwise_count(letters[one] ^ letters[other]) <= 4)
        & (abs(length[one] - length[other]) <= 2)
    )
    prefix = (
        (shorter >= 3)
        & (np.bitwise_count(letters[one] & ~letters[other]) * np.bitwise_count(letters[other] & ~letters[one]) == 0)
        & (length[one] != length[other])
    )
    alike = np.zeros(len(distinct), bool)
    texts = names.texts
    for index in np.flatnonzero(maybe | prefix):
        alike[index] = near_words(texts[one[index]], texts[other[index]])
    near[pair, i, j] = alike[back]
    return near


def near_words(one: str, other: str) -> bool:
    """Two words are spellings of one another: a slip or two, an ending, or an abbreviation of the other."""
    if one.isdigit() or other.isdigit():
        return False
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and (longer[len(shorter) :] in _ENDINGS or len(shorter) >= 5):
        return True
    if len(shorter) < 5:
        return False
    distance = jellyfish.damerau_levenshtein_distance(one, other)
    return distance <= 1 or (
        distance == 2 and len(shorter) >= 8 and jellyfish.jaro_winkler_similarity(one, other) >= 0.9
    )
