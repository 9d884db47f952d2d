"""How one concept of the taxonomy stands to another: whether an offer of the one can serve a request for the other."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matching.concepts import Taxonomy

# What an offer's concept is worth to a request. The last two cannot serve it, but show what stands in the way.
WORTH = {"same": 1.0, "narrower": 0.9, "substitute": 0.75, "wider": 0.5, "look_alike": 0.5, "sibling": 0.5}
INCOMPATIBLE = frozenset({"look_alike", "sibling"})


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


def affinities(taxonomy: Taxonomy) -> npt.NDArray[np.float32]:
    """Requested concepts x offered concepts: what the offered one is worth, 0 where it cannot serve."""
    compatible = {name: worth for name, worth in WORTH.items() if name not in INCOMPATIBLE}
    ids = tuple(taxonomy.concepts)
    rows = [[compatible.get(relation(asked, offered, taxonomy) or "", 0.0) for offered in ids] for asked in ids]
    return np.array(rows, dtype=np.float32)
