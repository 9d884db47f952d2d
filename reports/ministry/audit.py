"""Attacks a release as it goes out, before it goes out: reads the written files, not the objects they were made from.

Shares no code with `reports.disclosure`, which decided what is withheld. What is tried:

- whoever reads everything published solves for the whole numbers that each withheld cell could be (integer programs);
- every contributor, and every two who pool what they know, try to tell a withheld cell exactly;
- against earlier releases: a change that too few made; an earlier withheld cell that the new release gives away to
  someone who knows which listings came and went;
- with bounds that the Lagebild tells: a cell at the edge of a class is as open as the class itself leaves it.

`page_audit` holds the pages to the file. Not tried: three who pool, groups of firms that nobody knows to be one.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Cell = tuple[str, ...]
Sums = Mapping[str, Sequence[str]]  # of one axis: code -> the codes that it is the sum of
Known = tuple[int, int | None]  # at least, at most; None where there is no upper end
Vector = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
WITHHELD = "."
# Of one integer program, counted since seconds differ from machine to machine; what is not answered counts as found.
_MOST_NODES = 2_000
_MOST_PROGRAMS = 20_000  # of one attack: a month with its weeks takes some hundred, more would take an hour
_SECONDS = 60.0  # of one integer program, the last resort: nothing is released then


class UnansweredError(RuntimeError):
    """An attack takes too long for anything to be said of a release, by whatever rules it is protected."""


class Statement(NamedTuple):
    """One listing that was counted: its leaf on every axis, its id and who stands behind it ("" nobody)."""

    leaves: Cell
    listing_id: str
    group: str


@dataclass(frozen=True)
class Limits:
    """What a release must keep to: see `reports.disclosure.rules` for the meaning of the parameters."""

    threshold: int = 3
    dominance: tuple[int, int] = (2, 85)
    p: int = 10
    protection_percent: int = 10


@dataclass(frozen=True)
class Released:
    """A table as published (None: withheld), and the truth behind it, which only the office has."""

    sums: tuple[Sums, ...]
    published: Mapping[Cell, int | None]
    truth: tuple[Statement, ...]
    bounds: Mapping[Cell, Known] = field(default_factory=dict)  # bounds that other documents tell
    below: tuple[tuple[Cell, Cell], ...] = ()  # cells of which everybody knows that the first is not the larger one

    @cached_property
    def behind(self) -> Mapping[Cell, Sequence[Statement]]:
        """What was counted in each cell."""
        above = [_ancestors(one) for one in self.sums]
        found: dict[Cell, list[Statement]] = {cell: [] for cell in self.published}
        for one in self.truth:
            for cell in product(*(over.get(leaf, (leaf,)) for over, leaf in zip(above, one.leaves, strict=True))):
                if cell in found:
                    found[cell].append(one)
        return found


def read_release(file: bytes, sums: Sequence[Sums], truth: Iterable[Statement]) -> Released:
    """The listings of a long CSV file as written. Raises ValueError where number and sign contradict each other."""
    published: dict[Cell, int | None] = {}
    for row in csv.DictReader(io.StringIO(file.decode())):
        if row["measure"] == "listings":
            cell = tuple(row[axis] for axis in ("product", "region", "kind") if axis in row)
            if (row["value"] == "") != (row["sign"] == WITHHELD):
                raise ValueError(f"{_name(cell)}: number and sign contradict each other")
            published[cell] = int(row["value"]) if row["value"] else None
    return Released(tuple(sums), published, tuple(truth))


def findings(release: Released, earlier: Sequence[Released] = (), limits: Limits | None = None) -> list[str]:
    """What must not go out, naming the cells; empty: the release may be written. earlier: oldest first."""
    limits = limits or Limits()
    found = attacked(release, telling_changes(release, earlier, limits), limits)
    return found or list(opened_again(release, earlier, limits))


def attacked(release: Released, changed: Sequence[Cell] = (), limits: Limits | None = None) -> list[str]:
    """What a release tells by itself. changed: cells whose change against an earlier release too few made."""
    limits = limits or Limits()
    attack = _Attack(release)
    found = list(attack.untrue())
    if not found:  # else there is nothing to solve: no table fits the published numbers
        found.extend(_open_cells(attack, limits))
        found.extend(
            f"{_name(cell)}: its change is the doing of too few" for cell in changed if cell not in attack.place
        )
        found.extend(attack.too_close(limits, changed))
        found.extend(attack.told_to_insiders(limits))
    return found


def findings_beside(release: Released, known: Mapping[Cell, Known], limits: Limits | None = None) -> list[str]:
    """What whoever also reads another document can tell, who knows bounds of cells from it."""
    limits = limits or Limits()
    attack = _Attack(replace(release, bounds=known))
    return list(attack.untrue()) or [*attack.too_close(limits), *attack.told_to_insiders(limits)]


def told_to_watchers(release: Released, known: Collection[Cell], limits: Limits | None = None) -> list[str]:
    """What a release tells whoever has some of its withheld cells from elsewhere."""
    return [f"to watchers: {finding}" for finding in _Attack(release, known).too_close(limits or Limits())]


def _groups(statements: Iterable[Statement]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in statements:
        if one.group:
            found[one.group] = found.get(one.group, 0) + 1
    return found


def breaks(groups: Mapping[str, int], limits: Limits) -> bool:
    """Whether a number tells of too few groups, or too much of one."""
    largest = sorted(groups.values(), reverse=True)
    if len(largest) < limits.threshold:
        return True
    number, percent = limits.dominance
    rest = sum(largest) - sum(largest[:2])
    return 100 * sum(largest[:number]) > percent * sum(largest) or 100 * rest < limits.p * largest[0]


class _Attack:
    """A release, and everything that follows from the sums alone."""

    def __init__(self, release: Released, known: Collection[Cell] = ()) -> None:
        self.release = release
        self.behind = release.behind
        self.value = {cell: len(found) for cell, found in self.behind.items()}
        self.hidden = [
            cell for cell, value in sorted(release.published.items(), key=lambda item: item[0])
            if value is None and cell not in known
        ]  # fmt: skip
        self.place = {cell: number for number, cell in enumerate(self.hidden)}
        self._programs = 0
        self._seen = [self._vector()]  # tables that fit: the true one, then all that were found
        self._matrix, self._least, self._most = self._conditions()

    def _vector(self) -> Vector:
        return np.array([self.value[cell] for cell in self.hidden], dtype=np.int64)

    def _conditions(self) -> tuple[csr_array[np.float64, tuple[int, int]], Floats, Floats]:
        """Rows over the hidden cells, and between what they must lie."""
        rows, least, most = [], [], []
        equal = ((parts, total, 0.0) for parts, total in _equations(self.release))
        for parts, total, low in (*equal, *(([small], large, -np.inf) for small, large in self.release.below)):
            if any(cell in self.place for cell in (*parts, total)):
                row, rest = np.zeros(len(self.hidden)), 0
                for cell, sign in (*((part, 1) for part in parts), (total, -1)):
                    if cell in self.place:
                        row[self.place[cell]] += sign
                    else:
                        rest -= sign * self.value[cell]
                rows.append(row)
                least.append(low + rest)
                most.append(rest)
        matrix = csr_array(np.array(rows).reshape(len(rows), len(self.hidden)))
        return matrix, np.array(least, dtype=np.float64), np.array(most, dtype=np.float64)

    def untrue(self) -> Iterator[str]:
        """Published numbers that are not what was counted: an error of ours, and one would solve for nonsense."""
        for cell, value in self.release.published.items():
            if value is not None and value != self.value[cell]:
                yield f"{_name(cell)}: published {value}, counted {self.value[cell]}"
        for cell, (least, most) in self.release.bounds.items():
            if cell in self.value and not least <= self.value[cell] <= (self.value[cell] if most is None else most):
                yield f"{_name(cell)}: the other document tells {least} to {most}, counted {self.value[cell]}"

    def at_risk(self, limits: Limits) -> list[Cell]:
        """Withheld cells that must not be calculated."""
        return [cell for cell in self.hidden if self.value[cell] and breaks(_groups(self.behind[cell]), limits)]

    def too_close(self, limits: Limits, also: Sequence[Cell] = ()) -> Iterator[str]:
        """Sensitive cells, and others, that everybody can tell exactly, or more closely than the protection level."""
        least = np.minimum(self._vector(), 1)
        for cell in dict.fromkeys((*self.at_risk(limits), *(one for one in also if one in self.place))):
            value = self.value[cell]
            need = max(1, -(-value * limits.protection_percent // 100))
            low, high = self._range(cell, least, {}, value - need, value + need)
            most = self.release.bounds.get(cell, (0, None))[1]
            is_open_below = low <= max(self._inner(cell), value - need)
            is_open_above = high >= min(value + need, value + need if most is None else most)
            if low == high or not is_open_below or not is_open_above:
                kind = "exact" if low == high else "inside the protection interval"
                yield f"{_name(cell)}: {kind} ({low} to {high})"

    @cached_property
    def _parts(self) -> Mapping[Cell, Sequence[Sequence[Cell]]]:
        """The ways in which a cell is a sum, or no smaller than another."""
        found: dict[Cell, list[Sequence[Cell]]] = {}
        for parts, total in _equations(self.release):
            found.setdefault(total, []).append(parts)
        for small, large in self.release.below:
            found.setdefault(large, []).append([small])
        return found

    def _inner(self, cell: Cell) -> int:
        """What everybody knows a cell to hold at least: parts that are not empty count one, what was told counts."""
        if self.release.published[cell] is not None:
            return self.value[cell]
        least = max(min(self.value[cell], 1), self.release.bounds.get(cell, (0, None))[0])
        return max(least, *(sum(map(self._inner, parts)) for parts in self._parts.get(cell, ())), 0)

    def told_to_insiders(self, limits: Limits) -> Iterator[str]:
        """Sensitive cells whose rest one or two contributors can tell exactly from what they know to be their own."""
        targets = self.at_risk(limits)
        own: dict[str, Vector] = {}
        for cell in self.hidden:
            for group, amount in _groups(self.behind[cell]).items():
                own.setdefault(group, np.zeros(len(self.hidden), dtype=np.int64))[self.place[cell]] = amount
        # A pair learns more than each alone where the two know a withheld cell wholly.
        few = [found for cell in self.hidden if len(found := _groups(self.behind[cell])) <= 2]
        pairs = combinations(sorted({group for found in few for group in found}), 2)
        shares: dict[bytes, tuple[int, Vector]] = {}  # who has as much as another in every cell learns the same
        for who in (*((one,) for one in sorted(own)), *pairs):
            share = sum((own[one] for one in who[1:]), start=own[who[0]])
            shares.setdefault(share.tobytes(), (len(who), share))
        for number, share in shares.values():
            yield from (f"{_name(cell)}: exact to {number} contributor(s) of other cells"
                        for cell in self._told(targets, share))  # fmt: skip

    def _told(self, targets: Sequence[Cell], share: Vector) -> Iterator[Cell]:
        """The targets that somebody with this share in each cell, but none in them, can tell."""
        truth = self._seen[0]
        least = np.maximum(share, np.minimum(truth, 1))
        mine = share == truth  # nothing of anybody else: the cell holds no secret from them
        fixed = {int(at): int(truth[at]) for at in np.flatnonzero(mine)}
        places = np.array([self.place[cell] for cell in targets], dtype=np.int64)
        seen = np.array(self._seen)
        fits = seen[(seen >= least).all(axis=1) & (seen == truth)[:, mine].all(axis=1)]
        is_told = (share[places] == 0) & (fits[:, places] == truth[places]).all(axis=0)
        for cell in [cell for cell, is_one in zip(targets, is_told, strict=True) if is_one]:
            low, high = self._range(cell, least, fixed, -1, -1)
            if low == high:
                yield cell

    def _range(
        self, cell: Cell, least: Vector, fixed: Mapping[int, int], enough_low: int, enough_high: int
    ) -> tuple[int, int]:
        """Smallest and largest value of a cell in any table that fits; found no further than is enough."""
        place, truth = self.place[cell], int(self._seen[0][self.place[cell]])
        ends = [truth, truth]
        upper = np.full(len(self.hidden), 2.0 * max(self.value.values()) + 10.0)
        lower = least.astype(np.float64)
        for one, (at_least, at_most) in self.release.bounds.items():
            if one in self.place:
                lower[self.place[one]] = max(lower[self.place[one]], at_least)
                upper[self.place[one]] = min(upper[self.place[one]], np.inf if at_most is None else at_most)
        for at, value in fixed.items():
            lower[at] = upper[at] = value
        is_free = not fixed and enough_low >= 0
        for end, sign, enough in ((0, 1, enough_low), (1, -1, enough_high)):
            if is_free and any(sign * int(seen[place]) <= sign * enough for seen in self._seen):
                ends[end] = enough
                continue
            for table in self._extremes(place, sign, lower, upper):
                self._seen.append(table)
                ends[end] = sign * min(sign * ends[end], sign * int(table[place]))
                if sign * ends[end] <= sign * enough:
                    break
        return ends[0], ends[1]

    def _extremes(self, place: int, sign: int, lower: Floats, upper: Floats) -> Iterator[Vector]:
        """Tables that fit and in which a cell is smallest (sign 1) or largest (-1), as the solver believes.

        Only a table in hand is evidence that a cell is safe, so each is held to the conditions. HiGHS 1.12 was seen to
        call 19 the least where 1 is possible, unless its presolve is left out: a second opinion.
        """
        objective = np.zeros(len(self.hidden))
        objective[place] = sign
        for presolve in (True, False):
            self._programs += 1
            if self._programs > _MOST_PROGRAMS:
                raise UnansweredError(f"the audit takes more than {_MOST_PROGRAMS} integer programs")
            solved = milp(
                objective,
                integrality=np.ones(len(self.hidden), dtype=np.int64),
                bounds=Bounds(lower, upper),
                constraints=LinearConstraint(self._matrix, self._least, self._most) if len(self._most) else (),
                options={"node_limit": _MOST_NODES, "time_limit": _SECONDS, "presolve": presolve},
            )
            if "time limit" in solved.message.lower():
                raise UnansweredError(f"an integer program of the audit took more than {_SECONDS:.0f} s")
            if solved.x is not None:
                table = np.round(solved.x).astype(np.int64)
                sums = self._matrix @ table
                is_inside = (table >= lower).all() and (table <= upper).all()
                if is_inside and (sums >= self._least).all() and (sums <= self._most).all():
                    yield table


def _open_cells(attack: _Attack, limits: Limits) -> Iterator[str]:
    for cell, value in attack.release.published.items():
        if value and breaks(_groups(attack.behind[cell]), limits):
            yield f"{_name(cell)}: published, and too few stand behind it"


def telling_changes(release: Released, earlier: Sequence[Released], limits: Limits | None = None) -> list[Cell]:
    """Cells whose difference from their last published value is the doing of fewer groups than the threshold."""
    limits = limits or Limits()
    found = []
    for cell, now in release.behind.items():
        then = next((one.behind[cell] for one in reversed(earlier) if one.published.get(cell) is not None), None)
        if then is not None:
            group_of = {one.listing_id: one.group for one in (*then, *now)}
            moved = {one.listing_id for one in then} ^ {one.listing_id for one in now}
            if moved and len({group_of[listing] for listing in moved} - {""}) < limits.threshold:
                found.append(cell)
    return found


def opened_again(release: Released, earlier: Sequence[Released], limits: Limits | None = None) -> Iterator[str]:
    """Cells withheld earlier that a reader who knows what came and went can now tell."""
    limits = limits or Limits()
    known = {cell for cell, value in release.published.items() if value is not None}
    for number, before in enumerate(earlier):
        later = known.union(*({c for c, v in one.published.items() if v is not None} for one in earlier[number + 1 :]))
        attack = _Attack(before, later)
        for cell in _Attack(before).at_risk(limits):
            if cell in later:
                yield f"{_name(cell)}: withheld in an earlier release, and told by this one and what came and went"
        for finding in attack.too_close(limits):
            yield f"earlier release, with this one: {finding}"


def _ancestors(sums: Sums) -> dict[str, list[str]]:
    """Each code with itself and all the sums that hold it."""
    codes = set(sums).union(*sums.values())
    found = {}
    for code in codes:
        over, fresh = [code], [code]
        while fresh:
            fresh = sorted({total for total, parts in sums.items() if not set(fresh).isdisjoint(parts)} - set(over))
            over.extend(fresh)
        found[code] = over
    return found


def _equations(release: Released) -> Iterator[tuple[list[Cell], Cell]]:
    for axis, sums in enumerate(release.sums):
        for cell in release.published:
            if cell[axis] in sums:
                parts = [(*cell[:axis], part, *cell[axis + 1 :]) for part in sums[cell[axis]]]
                if release.published.keys() >= set(parts):  # a release need not break down every cell alike
                    yield parts, cell


def _name(cell: Cell) -> str:
    return " × ".join(cell)
