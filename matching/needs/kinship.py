"""How the concepts of any two listings stand to each other: what one asks for beside what the other offers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from matching.arrays import Flags, Floats, Integers
from matching.needs.pairs import Kinship
from matching.needs.sides import Side
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import ASIDE, FIELD_SCORES, refused
from matching.taxonomy.relations import INCOMPATIBLE, RELATIONS, WORTH, relation_codes

_SIBLING, _LOOK_ALIKE = RELATIONS.index("sibling"), RELATIONS.index("look_alike")
_INCOMPATIBLE = np.array([name in INCOMPATIBLE for name in RELATIONS])


@dataclass(frozen=True, eq=False)
class Kin:
    """Pairs with one concept asked for each, and the most useful relation to it of what is offered.

    All arrays have one entry per pair and concept, concepts and relations by their position in the taxonomy and in
    RELATIONS; -1: nothing in common, then `asked` and `offered` are -1 too.
    """

    pair: Integers  # position of the pair
    asked: Integers
    offered: Integers
    relation: Integers
    worth: Floats

    @property
    def is_incompatible(self) -> Flags:
        found: Flags = (self.relation >= 0) & _INCOMPATIBLE[self.relation]
        return found

    def at(self, entry: int, ids: Sequence[str]) -> Kinship | None:
        if self.relation[entry] < 0:
            return None
        asked, offered = ids[self.asked[entry]], ids[self.offered[entry]]
        return Kinship(asked, offered, RELATIONS[self.relation[entry]], float(self.worth[entry]))


class Kinships:
    """The concepts of both sides; what a listing mentions aside neither serves nor blocks.

    What a request says it does not want looks alike: it is shown as blocked, never as a match.
    """

    def __init__(self, asked: Side, offered: Side, concepts: pd.DataFrame, taxonomy: Taxonomy) -> None:
        self.ids = tuple(taxonomy.concepts)
        best = concepts.groupby("listing_id")["score"].transform("max")
        in_focus = (concepts["score"] > ASIDE) | (concepts["score"] >= best)
        focus = concepts[in_focus].sort_values(["listing_id", "concept_id"])
        self._asked, self._asked_scores = _padded(asked, focus, self.ids)
        self._offered, self._offered_scores = _padded(offered, focus, self.ids)
        self._codes = relation_codes(taxonomy)
        self._worth = np.array([*WORTH.values(), 0.0])
        self._related = sparse.csr_matrix(self._codes >= 0, dtype=np.float32)
        self._is_refused = _refused(asked, taxonomy)

    def kin(self, requests: Integers) -> sparse.csr_matrix:
        """Some requests x all offers: more than zero where any of their concepts are related."""
        size = len(self.ids)
        asked, offered = (_indicators(rows, size) for rows in (self._asked[requests], self._offered))
        return sparse.csr_matrix((asked @ self._related) @ offered.T)

    def are_strangers(self, requests: Integers, offers: Integers) -> Flags:
        """Pairs of which both sides name something that we know, but nothing that is related to the other's."""
        named, related = np.zeros(len(requests), dtype=bool), np.zeros(len(requests), dtype=bool)
        for left, right in np.ndindex(self._asked.shape[1], self._offered.shape[1]):
            asked, offered = self._asked[requests, left], self._offered[offers, right]
            both = (asked >= 0) & (offered >= 0)
            named |= both
            related |= both & (self._codes[asked, offered] >= 0)
        return named & ~related

    def between(self, requests: Integers, offers: Integers) -> Kin:
        """One entry per pair and related concept asked for; one for a pair whose concepts have nothing in common."""
        entries = [self._to(left, requests, offers) for left in range(self._asked.shape[1])]
        related = np.zeros(len(requests), dtype=bool)
        for entry in entries:
            related[entry.pair] = True
        alone = np.nonzero(~related)[0]
        nothing = np.full(len(alone), -1)
        entries.append(Kin(alone, nothing, nothing, nothing, np.zeros(len(alone))))
        pair, asked, offered, relation = (
            np.concatenate([getattr(entry, name) for entry in entries])
            for name in ("pair", "asked", "offered", "relation")
        )
        return Kin(pair, asked, offered, relation, np.concatenate([entry.worth for entry in entries]))

    def _to(self, place: int, requests: Integers, offers: Integers) -> Kin:
        """The best of all that is offered for the concept at one place of each request, an incompatible one last."""
        pair = np.nonzero(self._asked[requests, place] >= 0)[0]
        asked, asked_score = self._asked[requests[pair], place], self._asked_scores[requests[pair], place]
        offered, relation = np.full(len(pair), -1), np.full(len(pair), -1)
        worth, value = np.zeros(len(pair)), np.zeros(len(pair))
        for right in range(self._offered.shape[1]):
            other = self._offered[offers[pair], right]
            score = self._offered_scores[offers[pair], right]
            code = np.where(other >= 0, self._codes[asked, other], -1).astype(np.int64)
            code[(code >= 0) & self._is_refused[requests[pair], other]] = _LOOK_ALIKE
            # Text alone is too unsure to rule a sibling out.
            unsure = np.minimum(asked_score, score) < FIELD_SCORES["title"]
            code[(code == _SIBLING) & unsure] = -1
            own = self._worth[code] * score
            preferred = own + np.where(code >= 0, ~_INCOMPATIBLE[code], 0.0)
            better = (code >= 0) & (preferred > value)
            value[better], worth[better] = preferred[better], own[better]
            offered[better], relation[better] = other[better], code[better]
        found = relation >= 0
        return Kin(pair[found], asked[found], offered[found], relation[found], worth[found])


def _padded(side: Side, focus: pd.DataFrame, ids: Sequence[str]) -> tuple[Integers, Floats]:
    """Concepts of each listing, by position in the taxonomy, and their scores: listings x most concepts of one, -1."""
    row = pd.Index(side.listing_id).get_indexer(pd.Index(focus["listing_id"]))
    own = focus[row >= 0]
    row, place = row[row >= 0], own.groupby("listing_id").cumcount().to_numpy()
    shape = (len(side.listing_id), int(place.max(initial=-1)) + 1)
    concepts, scores = np.full(shape, -1), np.zeros(shape)
    concepts[row, place] = pd.Index(ids).get_indexer(pd.Index(own["concept_id"]))
    scores[row, place] = own["score"]
    return concepts, scores


def _refused(asked: Side, taxonomy: Taxonomy) -> Flags:
    """Requests x concepts: what each says it does not want."""
    place = {concept_id: number for number, concept_id in enumerate(taxonomy.concepts)}
    found = np.zeros((len(asked.listing_id), len(place)), dtype=bool)
    for row, words in enumerate(asked.words):
        found[row, [place[one] for one in refused(taxonomy, words)]] = True
    return found


def _indicators(padded: Integers, size: int) -> sparse.csr_matrix:
    row, place = np.nonzero(padded >= 0)
    cells = (np.ones(len(row), dtype=np.float32), (row, padded[row, place]))
    return sparse.csr_matrix(cells, shape=(len(padded), size))
