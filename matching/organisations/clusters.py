"""From weighted pairs to clusters: average linkage, so that one doubtful bridge does not join two crowds.

Two groups join while the mean weight between all their records is positive; a pair that was never a candidate counts
against. Connected components would chain (Hassanzadeh et al. 2009, "Framework for evaluating clustering algorithms
in duplicate detection").
"""

import numpy as np

from matching.arrays import Floats, Integers

ABSENT = -6.0  # bits of a pair that shares no block
CANNOT, MUST = -1e6, 1e6  # bits of a judgement


def cluster(count: int, left: Integers, right: Integers, weight: Floats) -> Integers:
    """Cluster of each of ``count`` records: the smallest record number in it.

    Pairs are unique, left < right; weight in bits above the threshold: positive joins.
    """
    component = components(count, left, right, weight)
    result = component.copy()
    inside = component[left] == component[right]
    left, right, weight = left[inside], right[inside], weight[inside]
    # A component all of whose pairs are positive is one cluster; only the others need linkage.
    size = np.bincount(component, minlength=component.max(initial=-1) + 1)
    links = np.bincount(component[left[weight > 0]], minlength=len(size))
    doubtful = links < size * (size - 1) // 2
    chosen = doubtful[component[left]]
    left, right, weight = left[chosen], right[chosen], weight[chosen]
    # Components of one size are linked together, as layers of one table: most have three or four records.
    order = np.argsort(component, kind="stable")
    start = np.cumsum(size) - size
    place = np.empty(count, np.int64)
    place[order] = np.arange(count) - start[component[order]]
    for length in np.unique(size[doubtful]):
        layers = np.flatnonzero(doubtful & (size == length))
        pairs = np.flatnonzero(size[component[left]] == length)
        layer = np.searchsorted(layers, component[left[pairs]])
        label = _link(len(layers), int(length), layer, place[left[pairs]], place[right[pairs]], weight[pairs])
        records = order[start[layers][:, None] + np.arange(length)]
        result[records] = np.take_along_axis(records, label, axis=1)
    return result


def components(count: int, left: Integers, right: Integers, weight: Floats) -> Integers:
    """[count] the smallest of the records that positive weights connect, be it through others.

    By hooking roots to smaller ones and jumping over parents (Shiloach and Vishkin 1982); starting scipy for it takes
    longer than a table of 10^4 records.
    """
    positive = weight > 0
    one, other = left[positive], right[positive]
    root = np.arange(count)
    while len(one):
        larger, smaller = np.maximum(root[one], root[other]), np.minimum(root[one], root[other])
        np.minimum.at(root, larger, smaller)
        while (root[root] != root).any():
            root = root[root]
        apart = root[one] != root[other]
        one, other = one[apart], other[apart]
    return root


def _link(layers: int, count: int, layer: Integers, a: Integers, b: Integers, weight: Floats) -> Integers:
    """[layers, count] label of each record by average linkage inside its layer: the smallest record of its cluster.

    weight: of the records ``a[i], b[i]`` of ``layer[i]``.
    """
    total = np.full((layers, count, count), ABSENT)  # sum of weights between clusters
    total[layer, a, b] = total[layer, b, a] = weight
    members = np.ones((layers, count))
    label = np.tile(np.arange(count), (layers, 1))
    busy = np.arange(layers)
    while len(busy):
        mean = total[busy] / (members[busy, :, None] * members[busy, None, :])
        mean[:, np.arange(count), np.arange(count)] = -np.inf
        # Of equally good pairs the first in record order.
        best = mean.reshape(len(busy), -1).argmax(axis=1)
        keep, gone = best // count, best % count
        joined = mean[np.arange(len(busy)), keep, gone] > 0
        busy, keep, gone = busy[joined], keep[joined], gone[joined]
        total[busy, keep] += total[busy, gone]
        total[busy, :, keep] = total[busy, keep]
        total[busy, gone] = total[busy, :, gone] = -np.inf
        members[busy, keep] += members[busy, gone]
        members[busy, gone] = 1
        label[busy] = np.where(label[busy] == gone[:, None], keep[:, None], label[busy])
    return label
