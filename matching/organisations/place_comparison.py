"""How near two addresses are, from another country to the same house number."""

from typing import NamedTuple

import numpy as np

from matching.arrays import Flags, Hashes, Integers
from matching.messages import N_
from matching.organisations.columns import Columns
from matching.organisations.frequencies import Frequencies
from matching.organisations.levels import Comparison, Level, otherwise, unstated


class PlacePairs(NamedTuple):
    """What is seen of pairs of addresses. All [pairs]; each says that both state it and that it is the same.

    abroad: two countries. address: house number, a word of the street, postcode or town. crowded: more than three
    names share the address. apart: one postcode or town, another street or number. unknown: a side states neither
    postcode nor town. other_host: both state hosts, and none is the same.
    """

    abroad: Flags
    address: Flags
    crowded: Flags
    postal_code: Flags
    house_number: Flags
    apart: Flags
    city: Flags
    postal_area: Flags
    unknown: Flags
    other_host: Flags


PLACE: Comparison[PlacePairs] = Comparison(
    "place",
    (
        Level(
            "other_country",
            lambda pair: pair.abroad,
            -7.0,
            N_("anderes Land"),
            "by hand; too rare in both tables to be measured",
            true_pairs=0.01,
        ),
        Level(
            "same_address",
            lambda pair: pair.address & ~pair.crowded,
            8.0,
            N_("gleiche Anschrift"),
            "by hand; measured 12.5 (public buyers), 14.3 (generated)",
            true_pairs=0.44,
        ),
        Level(
            "shared_address",
            lambda pair: pair.address,
            5.0,
            N_("gleiche Anschrift, die viele teilen"),
            "by hand; measured 9.6 (public buyers), 11.7 (generated)",
            true_pairs=0.05,
            by_crowd=True,
        ),
        Level(
            "same_house_number",
            lambda pair: pair.postal_code & pair.house_number,
            9.0,
            N_("gleiche Postleitzahl und Hausnummer"),
            "by hand; measured 12.1 (public buyers)",
            true_pairs=0.03,
        ),
        Level(
            "other_address",
            lambda pair: pair.apart,
            2.0,
            N_("gleicher Ort, andere Anschrift"),
            "by hand; measured 3.2 (public buyers), 6.2 (generated)",
            true_pairs=0.06,
        ),
        Level(
            "same_postal_code",
            lambda pair: pair.postal_code,
            5.0,
            N_("gleiche Postleitzahl"),
            "by hand; measured 10.9 (public buyers), 13.0 (generated)",
            true_pairs=0.15,
        ),
        Level(
            "same_city",
            lambda pair: pair.city,
            3.0,
            N_("gleicher Ort"),
            "by hand; measured 5.0 (public buyers), 9.7 (generated)",
            true_pairs=0.14,
        ),
        Level(
            "same_area",
            lambda pair: pair.postal_area,
            1.0,
            N_("gleiche Postleitregion"),
            "by hand; measured 4.9 (generated)",
            true_pairs=0.02,
        ),
        unstated(lambda pair: pair.unknown),
        # Everything that says where somebody is says two, so that an equal name is not enough.
        Level(
            "other_city_and_host",
            lambda pair: pair.other_host,
            -5.0,
            N_("anderer Ort und andere Internetadresse"),
            "by hand, so that it outweighs a rare name of one legal form with the -2 of the host itself",
            true_pairs=0.01,
        ),
        Level(
            "other_city",
            otherwise,
            -2.0,
            N_("anderer Ort"),
            "by hand; -1 was tried: F1 of public buyers in four countries 0.909 to 0.836; measured 1.1, generated -2.1",
            true_pairs=0.09,
        ),
    ),
)


def place_pairs(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> PlacePairs:
    """What is seen of the addresses of the records ``left[i], right[i]``.

    Of streets only where the town is the same, of hosts only where nothing says how near two records are.
    """
    countries, country = _both(columns.country, left, right)
    cities, city = _both(columns.city, left, right)
    postal_codes, postal_code = _both(columns.postal_code, left, right)
    house_numbers, house_number = _both(columns.house_number, left, right)
    _, postal_area = _both(columns.postal_area, left, right)
    other = np.flatnonzero(~city)
    _, city[other] = _overlap(columns.city_words, left[other], right[other])
    near = postal_code | city
    street, streets = np.zeros(len(left), np.int64), np.zeros(len(left), bool)
    rows = np.flatnonzero(near)
    street[rows], _ = _overlap(columns.street, left[rows], right[rows])
    streets[rows] = (columns.street[left[rows], 0] != 0) & (columns.street[right[rows], 0] != 0)
    abroad, unknown = countries & ~country, ~cities & ~postal_codes
    other_host = np.zeros(len(left), bool)
    rows = np.flatnonzero(~(abroad | near | postal_area | unknown))
    other_host[rows] = _other_host(columns, left[rows], right[rows])
    return PlacePairs(
        abroad=abroad,
        address=near & house_number & (street > 0),
        crowded=known.address_names[left] > 3,
        postal_code=postal_code,
        house_number=house_number,
        apart=near & streets & ((street == 0) | (house_numbers & ~house_number)),
        city=city,
        postal_area=postal_area,
        unknown=unknown,
        other_host=other_host,
    )


def _both(values: Hashes, left: Integers, right: Integers) -> tuple[Flags, Flags]:
    """[pairs] whether both records state a value, and whether it is the same."""
    one, other = values.take(left), values.take(right)
    stated = (one != 0) & (other != 0)
    return stated, stated & (one == other)


def _other_host(columns: Columns, left: Integers, right: Integers) -> Flags:
    """Whether both state an own domain, and no one of one is one of the other's."""
    shared, _ = _overlap(columns.domain, left, right)
    stated = [_count(columns.domain.take(side, axis=0)) > 0 for side in (left, right)]
    return np.asarray((shared == 0) & stated[0] & stated[1])


def _overlap(values: Hashes, left: Integers, right: Integers) -> tuple[Integers, Flags]:
    """How many hashes two rows of [records, k] share, and whether one row holds all of the other's."""
    one, other = values.take(left, axis=0), values.take(right, axis=0)
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
