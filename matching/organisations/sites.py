"""Three levels of who somebody is: the firm or body (an organisation), where it sits (sites), whose it is (groups).

Whoever counts firms counts organisations; what must not give anybody away counts groups, because the firms of one group
know of each other; who travels or delivers goes to a site.
"""

import numpy as np
import pandas as pd

from matching.arrays import Flags, Hashes, Integers
from matching.organisations.clusters import components
from matching.organisations.columns import Columns
from matching.organisations.comparison import COMPARISONS
from matching.organisations.frequencies import address
from matching.organisations.hashes import mix
from matching.organisations.levels import Levels

# What says that two organisations belong together though they are two: part of the record and level.
_OF_ONE_GROUP = (("domain", "own"), ("domain", "shared"))
_DAUGHTER = (("name", "sister"), ("place", "same_address"))


def sites(columns: Columns, clusters: Integers) -> Integers:
    """[n] the site of each record: the number of its first record.

    A site is one house of one organisation. A record that names only a town belongs to the house there that most
    records name, one that names no place to the site with most records; of equally many the first one counts.
    """
    organisation = mix(clusters.astype(np.uint64) + np.uint64(1))
    house = address(columns)
    town = np.where(columns.city != 0, columns.city, columns.postal_code)
    in_town = np.where(town == 0, np.uint64(0), mix(organisation ^ town))
    at_house = np.where(house == 0, np.uint64(0), mix(organisation ^ mix(house)))
    site = np.where(at_house != 0, at_house, _most_frequent(in_town, at_house))
    site = np.where(site != 0, site, in_town)
    site = np.where(site != 0, site, _most_frequent(organisation, site))
    site = np.where(site != 0, site, organisation)
    return _first(site)


def groups(levels: Levels, left: Integers, right: Integers, clusters: Integers) -> Integers:
    """[n] the group of each record: the number of its first record.

    Organisations are of one group when they share an own host, or are sister firms in one house.
    """
    shows = np.zeros(len(left), bool)
    for part, level in _OF_ONE_GROUP:
        shows |= _has(levels, part, level)
    shows |= np.logical_and.reduce([_has(levels, part, level) for part, level in _DAUGHTER])
    record = np.arange(len(clusters))
    one, other = np.concatenate([left[shows], clusters]), np.concatenate([right[shows], record])
    return _first(components(len(clusters), one, other, np.ones(len(one))).astype(np.uint64))


def _has(levels: Levels, part: str, level: str) -> Flags:
    column = [comparison.part for comparison in COMPARISONS].index(part)
    return np.asarray(levels[:, column] == COMPARISONS[column].place(level))


def _most_frequent(group: Hashes, value: Hashes) -> Hashes:
    """[n] the value that most records of the same group state, 0 where none does or there is no group."""
    stated = np.flatnonzero((group != 0) & (value != 0))
    table = pd.DataFrame({"group": group[stated], "value": value[stated], "place": stated})
    counts = table.groupby(["group", "value"]).agg(records=("place", "size"), first=("place", "min")).reset_index()
    best = counts.sort_values(["records", "first"], ascending=[False, True]).drop_duplicates("group")
    found = pd.Index(best["group"]).get_indexer(group)
    return np.asarray(np.append(best["value"].to_numpy(np.uint64), np.uint64(0))[found])  # -1: nothing found


def _first(values: Hashes) -> Integers:
    """[n] the number of the first record with the same value."""
    _, first, number = np.unique(values, return_index=True, return_inverse=True)
    return np.asarray(first[number], np.int64)
