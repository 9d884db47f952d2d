"""Candidates by concept: the best of each request, whatever the number of related offers."""

import numpy as np

from matching.needs.candidates import _reaching


def test_of_each_stretch_what_reaches_the_wanted_place_is_kept() -> None:
    draw = np.random.default_rng(1)
    counts = np.array([5, 40, 3])
    value = np.round(draw.random(counts.sum()), 1)  # with ties
    value[7] = -np.inf
    kept = _reaching(value, counts, 3)
    start = 0
    for count in counts.tolist():
        own = value[start : start + count]
        expected = start + np.nonzero(own >= np.sort(own)[-3])[0]
        assert kept[(kept >= start) & (kept < start + count)].tolist() == expected.tolist()
        start += count
