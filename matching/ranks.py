"""The best cells of a table of scores, ties settled by place: rows and columns stand in the order of their ids."""

import numpy as np
import numpy.typing as npt

from matching.arrays import Integers

SCORE_DIGITS = 6  # of a score that decides: what lies closer together is a tie
_GROUP = 32  # columns looked at together when the best of a row are sought


def best_cells(scores: npt.NDArray[np.floating], wanted: int) -> tuple[Integers, Integers, Integers]:
    """Rows, columns and ranks of the best cells per row, -inf left out; ties go to the lower column.

    No row is sorted or searched as a whole: at least `wanted` cells reach the smallest of a row's `wanted` largest
    group maxima, and they lie in groups whose maximum does.
    """
    height, width = scores.shape
    if not scores.size or wanted < 1:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    groups = max(width // _GROUP, min(width, wanted))
    depth = width // groups
    # A group is every `groups`-th column, so that maxima are taken over whole stretches of memory at a time.
    cells = scores[:, : groups * depth].reshape(height, depth, groups)
    maxima = cells.max(axis=1)
    place = max(groups - wanted, 0)
    border = np.partition(maxima, place, axis=1)[:, place]
    rows, group = np.nonzero((maxima >= border[:, None]) & (maxima > -np.inf))
    found, level = np.nonzero(cells[rows, :, group] >= border[rows][:, None])
    rest_row, rest = np.nonzero(scores[:, groups * depth :] >= border[:, None])
    row = np.concatenate([rows[found], rest_row])
    column = np.concatenate([level * groups + group[found], groups * depth + rest])
    row, column = (values[scores[row, column] > -np.inf] for values in (row, column))
    order, rank = ranks(row, column, scores[row, column])
    keep = rank <= wanted
    return row[order][keep], column[order][keep], rank[keep]


def ranks(row: Integers, column: Integers, score: npt.NDArray[np.floating]) -> tuple[Integers, Integers]:
    """Order of cells by row and falling score, ties by column; and each cell's rank within its row in that order."""
    order = np.lexsort((column, -score, row))
    ordered = row[order]
    return order, np.arange(len(order)) - np.searchsorted(ordered, ordered) + 1
