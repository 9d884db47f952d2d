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
    """What is seen of the addresses of the records ``left[i], right[i]``."""

    def same(values: Hashes) -> Flags:
        return np.asarray((values[left] == values[right]) & (values[left] != 0))

    def unknown(values: Hashes) -> Flags:
        return np.asarray((values[left] == 0) | (values[right] == 0))

    _, one_city = _overlap(columns.city_words.take(left, axis=0), columns.city_words.take(right, axis=0))
    street_a, street_b = columns.street.take(left, axis=0), columns.street.take(right, axis=0)
    street, _ = _overlap(street_a, street_b)
    postal_code, house_number = same(columns.postal_code), same(columns.house_number)
    city = same(columns.city) | one_city
    near = postal_code | city
    streets = (street_a[:, 0] != 0) & (street_b[:, 0] != 0)
    numbers = ~unknown(columns.house_number)
    return PlacePairs(
        abroad=(columns.country[left] != columns.country[right]) & ~unknown(columns.country),
        address=near & house_number & (street > 0),
        crowded=known.address_names[left] > 3,
        postal_code=postal_code,
        house_number=house_number,
        apart=near & streets & ((street == 0) | (numbers & ~house_number)),
        city=city,
        postal_area=same(columns.postal_area),
        unknown=unknown(columns.city) & unknown(columns.postal_code),
        other_host=_other_host(columns, left, right),
    )


def _other_host(columns: Columns, left: Integers, right: Integers) -> Flags:
    """Whether both state an own domain, and no one of one is one of the other's."""
    one, other = columns.domain.take(left, axis=0), columns.domain.take(right, axis=0)
    shared, _ = _overlap(one, other)
    return np.asarray((shared == 0) & ((one[:, 0] | one[:, 1]) != 0) & ((other[:, 0] | other[:, 1]) != 0))


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
