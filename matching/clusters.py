"""From weighted pairs to clusters: average linkage, so that one doubtful bridge does not join two crowds.

Two groups join while the mean weight between all their records is positive; a pair that was never a candidate counts
against. Connected components would chain (Hassanzadeh et al. 2009, "Framework for evaluating clustering algorithms
in duplicate detection").
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.names import Ints

Weights = npt.NDArray[np.float64]

ABSENT = -6.0  # bits of a pair that shares no block
CANNOT, MUST = -1e6, 1e6  # bits of a judgement


def cluster(count: int, left: Ints, right: Ints, weight: Weights) -> Ints:
    """Cluster of each of ``count`` records: the smallest record number in it.

    Pairs are unique, left < right; weight in bits above the threshold: positive joins.
    """
    component = components(count, left, right, weight)
    result = _smallest(component)
    inside = component[left] == component[right]
    left, right, weight = left[inside], right[inside], weight[inside]
    # A component all of whose pairs are positive is one cluster; only the others need linkage.
    size = np.bincount(component, minlength=component.max(initial=-1) + 1)
    links = np.bincount(component[left[weight > 0]], minlength=len(size))
    doubtful = links < size * (size - 1) // 2
    chosen = doubtful[component[left]]
    order = np.lexsort((right[chosen], left[chosen], component[left[chosen]]))
    left, right, weight = left[chosen][order], right[chosen][order], weight[chosen][order]
    start = np.flatnonzero(np.diff(component[left], prepend=-1))
    for begin, end in zip(start, np.append(start, len(left))[1:], strict=True):
        _link(left[begin:end], right[begin:end], weight[begin:end], result)
    return result


def components(count: int, left: Ints, right: Ints, weight: Weights) -> Ints:
    """[count] which records positive weights connect, be it through others."""
    positive = weight > 0
    joined = coo_matrix((np.ones(positive.sum()), (left[positive], right[positive])), shape=(count, count))
    return np.asarray(connected_components(joined, directed=False)[1], np.int64)


def _smallest(component: Ints) -> Ints:
    first = np.full(component.max(initial=-1) + 1, len(component), np.int64)
    np.minimum.at(first, component, np.arange(len(component)))
    return first[component]


def _link(left: Ints, right: Ints, weight: Weights, result: Ints) -> None:
    """Average linkage inside one component; writes the smallest record of each cluster into ``result``."""
    records = np.unique(np.concatenate([left, right]))
    a, b = np.searchsorted(records, left), np.searchsorted(records, right)
    between = np.full((len(records), len(records)), ABSENT)
    between[a, b] = between[b, a] = weight
    np.fill_diagonal(between, 0)
    members = np.ones(len(records))
    label = np.arange(len(records))
    total = between  # sum of weights between clusters
    while True:
        mean = total / np.outer(members, members)
        np.fill_diagonal(mean, -np.inf)
        # Of equally good pairs the first in record order: argmax is stable.
        one, other = divmod(int(mean.argmax()), len(records))
        if mean[one, other] <= 0:
            break
        keep, gone = min(one, other), max(one, other)
        total[keep] += total[gone]
        total[:, keep] = total[keep]
        total[gone] = total[:, gone] = -np.inf
        total[keep, keep] = 0
        members[keep] += members[gone]
        members[gone] = 1
        label[label == gone] = keep
    result[records] = records[label]
