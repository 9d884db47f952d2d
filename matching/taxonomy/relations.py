"""How one concept of the taxonomy stands to another: whether an offer of the one can serve a request for the other."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matching.taxonomy.concepts import Taxonomy

# What an offer's concept is worth to a request. The last two cannot serve it, but show what stands in the way.
WORTH = {"same": 1.0, "narrower": 0.9, "substitute": 0.75, "wider": 0.5, "look_alike": 0.5, "sibling": 0.5}
INCOMPATIBLE = frozenset({"look_alike", "sibling"})
RELATIONS = tuple(WORTH)


@lru_cache(maxsize=200_000)
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
def relation_codes(taxonomy: Taxonomy) -> npt.NDArray[np.int8]:
    """Requested concepts x offered concepts, in the taxonomy's order: position in RELATIONS, -1 for none."""
    ids = tuple(taxonomy.concepts)
    code = {None: -1} | {name: number for number, name in enumerate(RELATIONS)}
    return np.array([[code[relation(asked, offered, taxonomy)] for offered in ids] for asked in ids], dtype=np.int8)


def affinities(taxonomy: Taxonomy) -> npt.NDArray[np.float32]:
    """Requested concepts x offered concepts: what the offered one is worth, 0 where it cannot serve."""
    worth = np.array([0.0 if name in INCOMPATIBLE else WORTH[name] for name in RELATIONS] + [0.0], dtype=np.float32)
    return worth[relation_codes(taxonomy)]
