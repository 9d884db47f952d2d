"""How alike two records are: one small integer per part of the record (comparison levels).

Every level is symmetric and has a name; the names are the codes of the evidence that readers meet.
`weights` says what a level is worth, `reports.sentences` how it is worded.
"""

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.columns import Columns
from matching.organisations.frequencies import Frequencies
from matching.organisations.name_comparison import LEVELS as NAME_LEVELS
from matching.organisations.name_comparison import WordTable, compare_names, word_table
from matching.organisations.names import COMPANIES, UNSPECIFIC

Levels = npt.NDArray[np.int8]

# Part -> its levels; the first level says nothing (a value is missing).
LEVELS = {
    "name": NAME_LEVELS,
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
# Levels that say that several names share the value.
SHARED = (("place", "shared_address"), ("domain", "hub"), ("domain", "shared"), ("phone", "shared"))

_MANY = 10**6
_CHUNK = 50_000  # pairs at once: what they need stays within the cache, and memory does not grow with the table
_LOOSE = [
    LEVELS["name"].index(name)
    for name in ("weak_overlap", "overlap", "strong_overlap", "contained", "generic_words_more")
]


def level(part: str, name: str) -> int:
    """The number of a level."""
    return LEVELS[part].index(name)


def compare(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> Levels:
    """[pairs, parts] levels of the pairs of records ``left[i], right[i]`` (row numbers, left < right).

    Rows of tables are fetched with take(), which takes a third of the time of indexing.
    """
    levels = np.zeros((len(left), len(PARTS)), np.int8)
    words = word_table(columns.names, known)
    size = np.minimum(columns.names.size, columns.names.words.shape[1]).astype(np.uint8)[columns.name]
    # Short names first: most pairs are compared in narrow tables of words.
    order = np.argsort(np.maximum(size[left], size[right]), kind="stable")
    for start in range(0, len(left), _CHUNK):
        part = order[start : start + _CHUNK]
        levels[part] = _levels(columns, known, words, left[part], right[part])
    return levels


def _levels(columns: Columns, known: Frequencies, words: WordTable, left: Integers, right: Integers) -> Levels:
    levels = np.zeros((len(left), len(PARTS)), np.int8)
    names, a, b = columns.names, columns.name[left], columns.name[right]
    form_a, form_b, family_a, family_b = names.form[a], names.form[b], names.family[a], names.family[b]
    both = (form_a > 0) & (form_b > 0) & (family_a != UNSPECIFIC) & (family_b != UNSPECIFIC)
    name = compare_names(names, words, known.size, a, b)
    # Two full legal names, one with a word more, are two firms of a group.
    name = np.where(both & np.isin(name, _LOOSE), level("name", "sister"), name)
    levels[:, PARTS.index("name")] = name
    alike = np.select([form_a == form_b, family_a == family_b], [3, 2], 1)
    form = np.where(both, alike, np.where((form_a > 0) != (form_b > 0), 4, 0))
    # A company and a body that is none are two, whatever house they share.
    company = (np.minimum(family_a, family_b) == 0) & np.isin(np.maximum(family_a, family_b), COMPANIES)
    form = np.where(
        name >= level("name", "near_common"), form, (company & (name == level("name", "different"))).astype(int)
    )
    levels[:, PARTS.index("legal_form")] = form
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


def _equal(values: Hashes, left: Integers, right: Integers) -> Levels:
    one, other = values[left], values[right]
    return np.where((one == 0) | (other == 0), 0, np.where(one == other, 2, 1)).astype(np.int8)


def _overlap(one: Hashes, other: Hashes) -> tuple[Integers, Flags]:
    """How many hashes two rows share, and whether one row holds all of the other's."""
    shared = np.zeros(len(one), np.int64)
    # Column by column: reducing over a short last axis is several times slower.
    for column in one.T:
        found = np.zeros(len(one), bool)
        for candidate in other.T:
            found |= column == candidate
        shared += found & (column != 0)
    smaller = np.minimum(_count(one), _count(other))
    return shared, (shared > 0) & (shared == smaller)


def _count(hashes: Hashes) -> Integers:
    """[n] how many of a row are filled."""
    count = np.zeros(len(hashes), np.int64)
    for column in hashes.T:
        count += column != 0
    return count


def _place_levels(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> Levels:
    def same(values: Hashes) -> Flags:
        return np.asarray((values[left] == values[right]) & (values[left] != 0))

    def unknown(values: Hashes) -> Flags:
        return np.asarray((values[left] == 0) | (values[right] == 0))

    _, one_city = _overlap(columns.city_words.take(left, axis=0), columns.city_words.take(right, axis=0))
    street_a, street_b = columns.street.take(left, axis=0), columns.street.take(right, axis=0)
    street, _ = _overlap(street_a, street_b)
    postcode, number = same(columns.postal_code), same(columns.house_number)
    city = same(columns.city) | one_city
    near = postcode | city
    address = near & number & (street > 0)
    crowded = known.address_names[left] > 3
    streets = (street_a[:, 0] != 0) & (street_b[:, 0] != 0)
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


def _domain_levels(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> Levels:
    """A shared host counts by how few names share it, be it the registered domain or a host below it."""
    fewest = np.full(len(left), _MANY)
    for values, names in ((columns.domain, known.domain_names), (columns.host, known.host_names)):
        one, other = values.take(left, axis=0), values.take(right, axis=0)
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            same = np.flatnonzero((one[:, i] == other[:, j]) & (one[:, i] != 0))
            fewest[same] = np.minimum(fewest[same], names[left[same], i])
    # Both loops end with hosts, which are stated where domains are.
    stated = ((one[:, 0] | one[:, 1]) != 0) & ((other[:, 0] | other[:, 1]) != 0)
    return np.select([fewest <= 2, fewest <= 5, fewest < _MANY, stated], [4, 3, 2, 1], 0).astype(np.int8)
