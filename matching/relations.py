"""How one concept of the taxonomy stands to another: whether an offer of the one can serve a request for the other."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matching.concepts import Taxonomy

# What an offer's concept is worth to a request. The last two cannot serve it, but show what stands in the way.
WORTH = {"same": 1.0, "narrower": 0.9, "substitute": 0.75, "wider": 0.5, "look_alike": 0.5, "sibling": 0.5}
INCOMPATIBLE = frozenset({"look_alike", "sibling"})


def relation(request_concept: str, offer_concept: str, taxonomy: Taxonomy) -> str | None:
    """One of WORTH, or None where the two have nothing to do with each other.

    narrower: the offer is a kind of what is asked for; wider: what is asked for is a kind of the offer.
    """
    asked, offered = taxonomy.concepts[request_concept], taxonomy.concepts[offer_concept]
    if request_concept == offer_concept:
        return "same"
    if offer_concept in asked.accepts:
        return "substitute"
    above_request, above_offer = taxonomy.ancestors(request_concept), taxonomy.ancestors(offer_concept)
    if request_concept in above_offer:
        return "narrower"
    if asked.look_alikes & {offer_concept, *above_offer} or offered.look_alikes & {request_concept, *above_request}:
        return "look_alike"
    if offer_concept in above_request:
        return "wider"
    # Children of a product group (gowns, visors …) are too different to be mistaken for each other.
    is_close_family = asked.parent is not None and taxonomy.concepts[asked.parent].parent is not None
    return "sibling" if is_close_family and asked.parent == offered.parent else None


@lru_cache(maxsize=4)
def _relations(taxonomy: Taxonomy) -> npt.NDArray[np.object_]:
    ids = tuple(taxonomy.concepts)
    table = np.empty((len(ids), len(ids)), dtype=object)
    table[:] = [[relation(asked, offered, taxonomy) for offered in ids] for asked in ids]
    return table


def affinities(taxonomy: Taxonomy) -> npt.NDArray[np.float32]:
    """Requested concepts x offered concepts: what the offered one is worth, 0 where it cannot serve."""
    compatible = {name: worth for name, worth in WORTH.items() if name not in INCOMPATIBLE}
    return np.array([[compatible.get(name, 0.0) for name in row] for row in _relations(taxonomy)], dtype=np.float32)


def is_look_alike(request_concepts: Sequence[str], offer_concepts: Sequence[str], taxonomy: Taxonomy) -> bool:
    """Whether two listings are about look-alikes only: no concept of the one can serve any of the other."""
    found = {relation(asked, offered, taxonomy) for asked in request_concepts for offered in offer_concepts}
    return "look_alike" in found and not found & (WORTH.keys() - INCOMPATIBLE)
