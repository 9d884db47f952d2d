"""How one concept of the taxonomy stands to another: whether an offer of the one can serve a request for the other."""

from collections.abc import Callable, Collection
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags
from matching.taxonomy.concepts import Taxonomy

# What an offer's concept is worth to a request. The last two cannot serve it, but show what stands in the way.
# narrower: the offer is a kind of what is asked for; wider: what is asked for is a kind of the offer.
WORTH = {"same": 1.0, "narrower": 0.9, "substitute": 0.75, "wider": 0.5, "look_alike": 0.5, "sibling": 0.5}
INCOMPATIBLE = frozenset({"look_alike", "sibling"})
RELATIONS = tuple(WORTH)


@lru_cache(maxsize=4)
def relation_codes(taxonomy: Taxonomy) -> npt.NDArray[np.int8]:
    """Requested concepts x offered concepts, in the taxonomy's order: position in RELATIONS, -1 for none.

    Whole tables at a time: 559 concepts have 312,000 pairs, which one by one took a second.
    """
    concepts = taxonomy.concepts
    above = _table(taxonomy, taxonomy.ancestors)
    own = above | np.eye(len(concepts), dtype=bool)
    looks_like = _table(taxonomy, lambda one: concepts[one].look_alikes).astype(np.float32)
    parents = [concept.parent for concept in concepts.values()]
    # Children of a product group (gowns, visors …) are too different to be mistaken for each other.
    is_close_family = [parent is not None and concepts[parent].parent is not None for parent in parents]
    found = {  # the later ones win
        "sibling": (_objects(parents)[:, None] == _objects(parents)[None, :]) & np.array(is_close_family)[:, None],
        "wider": above,
        "look_alike": (looks_like @ own.T > 0) | (own @ looks_like.T > 0),
        "narrower": above.T,
        "substitute": _table(taxonomy, lambda one: concepts[one].accepts),
        "same": np.eye(len(concepts), dtype=bool),
    }
    codes = np.full(above.shape, -1, dtype=np.int8)
    for name, pairs in found.items():
        codes[pairs] = RELATIONS.index(name)
    return codes


def _table(taxonomy: Taxonomy, related: Callable[[str], Collection[str]]) -> Flags:
    """Concepts x concepts: whether the second is among those related to the first."""
    place = {concept_id: number for number, concept_id in enumerate(taxonomy.concepts)}
    found = np.zeros((len(place), len(place)), dtype=bool)
    for concept_id, row in place.items():
        found[row, [place[other] for other in related(concept_id)]] = True
    return found


def _objects(values: list[str | None]) -> npt.NDArray[np.object_]:
    return np.array(values, dtype=object)


def affinities(taxonomy: Taxonomy) -> npt.NDArray[np.float32]:
    """Requested concepts x offered concepts: what the offered one is worth, 0 where it cannot serve."""
    worth = np.array([0.0 if name in INCOMPATIBLE else WORTH[name] for name in RELATIONS] + [0.0], dtype=np.float32)
    return worth[relation_codes(taxonomy)]
