"""How alike two names are: one of the levels below, from the words they share, weighted by rarity.

Words are aligned exactly or, by jellyfish, as spellings of one another; what stays alone on either side counts
against, less so after a dash or in brackets. Everything is symmetric in the two names.
"""

import jellyfish
import numpy as np
import numpy.typing as npt

from matching.frequencies import Frequencies
from matching.names import Flags, Ints, Names

Words = npt.NDArray[np.int32]

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
    exact_a, exact_b = _shared(words_a, words_b)
    near_a, near_b = _near_words(names, words_a, words_b, exact_a, exact_b)
    shared_a, shared_b = exact_a | near_a, exact_b | near_b
    total = (_sum(bits_a, shared_a) + _sum(bits_b, shared_b)) / 2
    alone_a, alone_b = _sum(bits_a, ~shared_a), _sum(bits_b, ~shared_b)
    jaccard = total / np.maximum(total + alone_a + alone_b, 0.1)
    whole = np.log2(size)
    equal = names.core[a] == names.core[b]
    in_order = (names.glued[a] == names.glued[b]) | (names.size[a] == 1)
    glued = (names.glued[a] == names.glued[b]) & (names.glued[a] != 0)
    core_bits = _sum(bits_a, words_a >= 0)
    numbers = names.numbers[a] != names.numbers[b]
    all_near = (alone_a == 0) & (alone_b == 0) & near_a.any(1)
    head = (names.head[a] == names.core[b]) | (names.head[b] == names.core[a])
    same_head = (names.head[a] == names.head[b]) & (names.head[a] != 0)
    head_bits = np.minimum(_sum(bits_a, factor_a == 1), _sum(bits_b, factor_b == 1))
    acronym = (names.initials[a] == names.glued[b]) & (names.size[b] == 1) & (names.size[a] >= 3) | (
        names.initials[b] == names.glued[a]
    ) & (names.size[a] == 1) & (names.size[b] >= 3)
    one_sided = np.minimum(alone_a, alone_b) == 0
    sister = (telling[words_a] & ~shared_a).any(1) ^ (telling[words_b] & ~shared_b).any(1)
    levels = np.select(
        [
            ~known,
            equal & (core_bits >= np.where(in_order, 0.9, 1.8) * whole),
            equal & (core_bits >= 0.5 * whole),
            equal,
            numbers & (jaccard > 0.4),
            glued,
            all_near & (total >= 0.9 * whole),
            all_near,
            _near_glued(names, a, b, open_=~(equal | glued | all_near | numbers)),
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


def _sum(bits: npt.NDArray[np.float32], chosen: Flags) -> npt.NDArray[np.float32]:
    """[pairs] bits of the chosen words."""
    return np.asarray(np.einsum("ij,ij->i", bits, chosen.astype(np.float32)))


def _shared(words_a: Words, words_b: Words) -> tuple[Flags, Flags]:
    """Which words of either side stand on the other too. Word by word: short axes reduce slowly."""
    in_b, in_a = np.zeros(words_a.shape, bool), np.zeros(words_b.shape, bool)
    for i, word in enumerate(words_a.T):
        for j, other in enumerate(words_b.T):
            same = (word == other) & (word >= 0)
            in_b[:, i] |= same
            in_a[:, j] |= same
    return in_b, in_a


def _near_words(names: Names, words_a: Words, words_b: Words, exact_a: Flags, exact_b: Flags) -> tuple[Flags, Flags]:
    """Which other words of either side are spellings of one on the other; letters filter, jellyfish decides."""
    near_a, near_b = np.zeros(words_a.shape, bool), np.zeros(words_b.shape, bool)
    open_a, open_b = (words_a >= 0) & ~exact_a, (words_b >= 0) & ~exact_b
    pair, i, j = np.nonzero(open_a[:, :, None] & open_b[:, None, :])
    if not len(pair):
        return near_a, near_b
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
    spelt = alike[back]
    near_a[pair[spelt], i[spelt]] = True
    near_b[pair[spelt], j[spelt]] = True
    return near_a, near_b


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
