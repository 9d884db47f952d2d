"""How alike two records are: one small integer per part of the record (comparison levels).

Every level is symmetric and has a name; the names are the codes of the evidence that readers meet.
`weights` says what a level is worth, `reports.sentences` how it is worded.
"""

import jellyfish
import numpy as np
import numpy.typing as npt

from matching.columns import Columns
from matching.frequencies import Bits, Frequencies
from matching.names import UNSPECIFIC, Flags, Hashes, Ints, Names

Levels = npt.NDArray[np.int8]

# Part -> its levels; the first level says nothing (a value is missing).
LEVELS = {
    "name": (
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
    ),
    "legal_form": ("missing", "different", "same_family", "equal", "one_sided"),
    "place": (
        "missing",
        "other_country",
        "other_city",
        "same_area",
        "other_address",
        "same_city",
        "same_postal_code",
        "same_house_number",
        "shared_address",
        "same_address",
    ),
    "domain": ("missing", "different", "hub", "shared", "own"),
    "registration_number": ("missing", "different", "equal"),
    "phone": ("missing", "different", "shared", "equal"),
    "account": ("missing", "different", "equal"),
}
PARTS = tuple(LEVELS)

# One of these on one side only tells two firms of a group apart.
SISTER_WORDS = frozenset(
    "holding holdings verwaltung verwaltungs verwaltungsgesellschaft beteiligung beteiligungs "
    "beteiligungsgesellschaft beteiligungen besitz besitzgesellschaft participation participations finance finanz "
    "leasing immobilien immobiliere grundstucks vermogensverwaltung vermogensverwaltungs stiftung fondation "
    "foundation forderverein pensionskasse unterstutzungskasse fonds fund trust vertrieb vertriebs systems "
    "capital ventures investment investments financiere patrimoine gestion liegenschaften forderkreis "
    "komplementar geschaftsfuhrungs".split()
)
_MANY = 10**6
_LOOSE = [LEVELS["name"].index(name) for name in ("weak_overlap", "overlap", "strong_overlap", "contained")]
_ENDINGS = ("s", "x", "n", "e", "en", "es")


def level(part: str, name: str) -> int:
    """The number of a level."""
    return LEVELS[part].index(name)


def compare(columns: Columns, known: Frequencies, left: Ints, right: Ints) -> Levels:
    """[pairs, parts] levels of the pairs of records ``left[i], right[i]`` (row numbers, left < right)."""
    levels = np.zeros((len(left), len(PARTS)), np.int8)
    names, a, b = columns.names, columns.name[left], columns.name[right]
    form_a, form_b, family_a, family_b = names.form[a], names.form[b], names.family[a], names.family[b]
    both = (form_a > 0) & (form_b > 0) & (family_a != UNSPECIFIC) & (family_b != UNSPECIFIC)
    name = _name_levels(columns, known, left, right)
    # Two full legal names, one with a word more, are two firms of a group.
    name = np.where(both & np.isin(name, _LOOSE), level("name", "sister"), name)
    levels[:, PARTS.index("name")] = name
    alike = np.select([form_a == form_b, family_a == family_b], [3, 2], 1)
    form = np.where(both, alike, np.where((form_a > 0) != (form_b > 0), 4, 0))
    levels[:, PARTS.index("legal_form")] = np.where(name >= level("name", "near_common"), form, 0)
    levels[:, PARTS.index("place")] = _place_levels(columns, known, left, right)
    levels[:, PARTS.index("domain")] = _domain_levels(columns, known, left, right)
    levels[:, PARTS.index("registration_number")] = _equal(columns.registration_number, left, right)
    phone = _equal(columns.phone, left, right)
    crowd = known.phone_names[left] > 2
    levels[:, PARTS.index("phone")] = np.where(phone == 2, np.where(crowd, 2, 3), phone)
    levels[:, PARTS.index("account")] = _equal(columns.account, left, right) * (
        columns.source[left] == columns.source[right]
    )
    return levels


def _equal(values: Hashes, left: Ints, right: Ints) -> Levels:
    one, other = values[left], values[right]
    return np.where((one == 0) | (other == 0), 0, np.where(one == other, 2, 1)).astype(np.int8)


def _overlap(one: Hashes, other: Hashes) -> tuple[Ints, Flags]:
    """How many hashes two rows share, and whether one row holds all of the other's."""
    same = (one[:, :, None] == other[:, None, :]) & (one[:, :, None] != 0)
    shared = same.any(axis=2).sum(axis=1)
    smaller = np.minimum((one != 0).sum(axis=1), (other != 0).sum(axis=1))
    return shared, (shared > 0) & (shared == smaller)


def _place_levels(columns: Columns, known: Frequencies, left: Ints, right: Ints) -> Levels:
    def same(values: Hashes) -> Flags:
        return np.asarray((values[left] == values[right]) & (values[left] != 0))

    def unknown(values: Hashes) -> Flags:
        return np.asarray((values[left] == 0) | (values[right] == 0))

    _, one_city = _overlap(columns.city_words[left], columns.city_words[right])
    street, _ = _overlap(columns.street[left], columns.street[right])
    postcode, number = same(columns.postal_code), same(columns.house_number)
    city = same(columns.city) | one_city
    near = postcode | city
    address = near & number & (street > 0)
    crowded = known.address_names[left] > 3
    streets = (columns.street[left, 0] != 0) & (columns.street[right, 0] != 0)
    numbers = ~unknown(columns.house_number)
    apart = near & streets & ((street == 0) | (numbers & ~number))
    nothing = unknown(columns.city) & unknown(columns.postal_code)
    return np.select(
        [
            (columns.country[left] != columns.country[right]) & ~unknown(columns.country),
            address & ~crowded,
            address,
            postcode & number,
            apart,
            postcode,
            city,
            same(columns.postal_area),
            nothing,
        ],
        [1, 9, 8, 7, 4, 6, 5, 3, 0],
        2,
    ).astype(np.int8)


def _domain_levels(columns: Columns, known: Frequencies, left: Ints, right: Ints) -> Levels:
    """A shared host counts by how few names share it, be it the registered domain or a host below it."""
    fewest = np.full(len(left), _MANY)
    for values, names in ((columns.domain, known.domain_names), (columns.host, known.host_names)):
        one, other = values[left], values[right]
        same = (one[:, :, None] == other[:, None, :]) & (one[:, :, None] != 0)
        fewest = np.minimum(fewest, np.where(same.any(axis=2), names[left], _MANY).min(axis=1))
    stated = (columns.domain[left] != 0).any(axis=1) & (columns.domain[right] != 0).any(axis=1)
    return np.select([fewest <= 2, fewest <= 5, fewest < _MANY, stated], [4, 3, 2, 1], 0).astype(np.int8)


def _name_levels(columns: Columns, known: Frequencies, left: Ints, right: Ints) -> Levels:
    """Levels of the names, each pair of distinct names looked at once."""
    a, b = columns.name[left], columns.name[right]
    packed, back = np.unique(np.minimum(a, b) << 32 | np.maximum(a, b), return_inverse=True)
    levels = np.zeros(len(packed), np.int8)
    for start in range(0, len(packed), 100_000):
        part = packed[start : start + 100_000]
        levels[start : start + 100_000] = _compare_names(
            columns.names, known.word_bits, known.size, part >> 32, part & 0xFFFFFFFF
        )
    return levels[back]


def _compare_names(names: Names, weights: Bits, size: int, a: Ints, b: Ints) -> Levels:
    result = np.zeros(len(a), np.int8)
    known = (names.size[a] > 0) & (names.size[b] > 0)
    width = int(max(names.size[a].max(initial=1), names.size[b].max(initial=1)))
    words_a, words_b = names.words[a, :width], names.words[b, :width]
    factor_a = np.where(names.aside[a, :width], 0.6, 1.0)
    factor_b = np.where(names.aside[b, :width], 0.6, 1.0)
    bits = np.append(weights, 0).astype(np.float32)
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
    sister = _sister(names, words_a, exact_a | near_a) ^ _sister(names, words_b, exact_b | near_b)
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
            level("name", code)
            for code in (
                "missing equal_rare equal equal_common numbers_differ near near near_common near_glued acronym sister "
                "department same_head contained strong_overlap overlap weak_overlap"
            ).split()
        ],
        level("name", "different"),
    )
    result[:] = levels
    return result


def _near_glued(names: Names, a: Ints, b: Ints, open_: Flags) -> Flags:
    """Names that differ by one letter when written together."""
    length = np.array([len(text) for text in names.glued_texts])
    one, other = names.glued_index[a], names.glued_index[b]
    chosen = np.flatnonzero(
        open_ & (abs(length[one] - length[other]) <= 1) & (np.minimum(length[one], length[other]) >= 6)
    )
    near = np.zeros(len(a), bool)
    for index in chosen:
        pair = names.glued_texts[one[index]], names.glued_texts[other[index]]
        near[index] = jellyfish.damerau_levenshtein_distance(*pair) <= 1
    return near


def _sister(names: Names, words: np.ndarray, matched: Flags) -> Flags:
    telling = np.array([text in SISTER_WORDS for text in names.texts] + [False], dtype=bool)
    return np.asarray((telling[words] & (words >= 0) & ~matched).any(axis=1))


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
    length = np.array([len(text) for text in names.texts])
    letters = np.array([_letters(text) for text in names.texts], dtype=np.uint64)
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


def _letters(text: str) -> int:
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) & 63)
    return bits


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
