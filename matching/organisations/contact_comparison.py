"""Whether two records are reached or registered alike: hosts, telephone, register number, account at a platform."""

from typing import NamedTuple

import numpy as np

from matching.arrays import Flags, Hashes, Integers
from matching.messages import N_
from matching.organisations.columns import Columns
from matching.organisations.frequencies import Frequencies
from matching.organisations.levels import Comparison, Level, otherwise, unstated

_NOBODY = 10**6  # names, more than any host has: no host is shared


class HostPairs(NamedTuple):
    """fewest: [pairs] how few names share a host that both records state. stated: [pairs] both state one."""

    fewest: Integers
    stated: Flags


class ValuePairs(NamedTuple):
    """equal, stated: [pairs] whether both records state a value, and the same. crowded: more than two names do."""

    equal: Flags
    stated: Flags
    crowded: Flags


DOMAIN: Comparison[HostPairs] = Comparison(
    "domain",
    (
        Level(
            "own",
            lambda pair: pair.fewest <= 2,
            10.6,
            N_("gleiche eigene Internetadresse"),
            "by hand; measured 13.3 (public buyers), 15.5 (generated)",
            true_pairs=0.65,
        ),
        Level(
            "shared",
            lambda pair: pair.fewest <= 5,
            6.0,
            N_("gleiche Internetadresse, die wenige teilen"),
            "by hand; measured 9.2 (public buyers), 12.2 (generated)",
            true_pairs=0.15,
            by_crowd=True,
        ),
        Level(
            "hub",
            lambda pair: pair.fewest < _NOBODY,
            2.0,
            N_("gleiche Internetadresse, die viele teilen"),
            "by hand; measured 6.3 (public buyers), 9.8 (generated)",
            true_pairs=0.10,
            by_crowd=True,
        ),
        Level(
            "different",
            lambda pair: pair.stated,
            -2.0,
            N_("andere Internetadresse"),
            "by hand; measured -4.3 (public buyers)",
            true_pairs=0.10,
        ),
        unstated(otherwise),
    ),
)
REGISTRATION_NUMBER: Comparison[ValuePairs] = Comparison(
    "registration_number",
    (
        Level("equal", lambda pair: pair.equal, 18.0, N_("gleiche Registernummer"), "by hand: a number is given once"),
        Level(
            "different",
            lambda pair: pair.stated,
            -12.0,
            N_("andere Registernummer"),
            "by hand: two numbers are two firms, whatever else agrees",
        ),
        unstated(otherwise),
    ),
)
PHONE: Comparison[ValuePairs] = Comparison(
    "phone",
    (
        Level(
            "equal",
            lambda pair: pair.equal & ~pair.crowded,
            10.0,
            N_("gleiche Telefonnummer"),
            "by hand; no public table with gold states telephone numbers",
            true_pairs=0.80,
        ),
        Level(
            "shared",
            lambda pair: pair.equal,
            5.0,
            N_("gleiche Telefonnummer, die mehrere teilen"),
            "by hand; no public table with gold states telephone numbers",
            true_pairs=0.05,
            by_crowd=True,
        ),
        Level(
            "different",
            lambda pair: pair.stated,
            -1.0,
            N_("andere Telefonnummer"),
            "by hand: firms have several numbers",
            true_pairs=0.15,
        ),
        unstated(otherwise),
    ),
)
ACCOUNT: Comparison[ValuePairs] = Comparison(
    "account",
    (
        Level(
            "equal",
            lambda pair: pair.equal,
            20.0,
            N_("gleiche Kennung auf der Plattform"),
            "by hand: the platform itself says so",
        ),
        Level(
            "different",
            lambda pair: pair.stated,
            0.0,
            N_("andere Kennung auf der Plattform"),
            "by hand: on one platform a firm may register twice",
        ),
        unstated(otherwise),
    ),
)


def host_pairs(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> HostPairs:
    """A shared host counts by how few names share it, be it the registered domain or a host below it."""
    fewest = np.full(len(left), _NOBODY)
    for values, names in ((columns.domain, known.domain_names), (columns.host, known.host_names)):
        one, other = values.take(left, axis=0), values.take(right, axis=0)
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            same = np.flatnonzero((one[:, i] == other[:, j]) & (one[:, i] != 0))
            fewest[same] = np.minimum(fewest[same], names[left[same], i])
    # Both loops end with hosts, which are stated where domains are.
    return HostPairs(fewest, ((one[:, 0] | one[:, 1]) != 0) & ((other[:, 0] | other[:, 1]) != 0))


def phone_pairs(columns: Columns, known: Frequencies, left: Integers, right: Integers) -> ValuePairs:
    """What is seen of the telephone numbers of the records ``left[i], right[i]``."""
    return value_pairs(columns.phone, left, right)._replace(crowded=known.phone_names[left] > 2)


def account_pairs(columns: Columns, left: Integers, right: Integers) -> ValuePairs:
    """Accounts are beside each other on one platform only."""
    pairs = value_pairs(columns.account, left, right)
    one_platform = columns.source[left] == columns.source[right]
    return pairs._replace(equal=pairs.equal & one_platform, stated=pairs.stated & one_platform)


def value_pairs(values: Hashes, left: Integers, right: Integers) -> ValuePairs:
    """What is seen of a column of the records ``left[i], right[i]``, be it shared by however many."""
    one, other = values.take(left), values.take(right)
    stated = (one != 0) & (other != 0)
    return ValuePairs(stated & (one == other), stated, np.zeros(len(left), bool))
