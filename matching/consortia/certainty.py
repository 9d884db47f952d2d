"""How certain a consortium is: from the words that show that each seat can be filled by whoever sits there."""

from collections.abc import Sequence

# Of the judged consortia of the tuning half (`benchmarks/consortia_judged.csv`) whose seats are all right, those with
# two thirds of the roles filled and more were judged callable, those with less not but one. The test half holds none
# whose seats were all right before; what it says of those proposed now is in `benchmarks/results/consortia.md`.
LEAST_CERTAINTY = 0.6


def certainty(seats: Sequence[float], roles: int) -> float:
    """That of the least certain seat, times the share of the roles that are filled; 0 without a seat.

    seats: of each filled role of a chain the certainty of the least certain who fills it. roles: of the chain.
    """
    return round(min(seats) * len(seats) / roles, 4) if seats else 0.0
