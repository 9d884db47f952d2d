"""What consortia are composed from: the week's tables that belong together."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.cases.experience import Moves
from matching.places.home import at_home
from matching.schema import ListingConcept, Match, Organisation, OrganisationMember
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import ASIDE
from sources.listing import Listing


@dataclass(frozen=True, eq=False)
class Board:
    """What is asked for and offered as of a day, what it is about, by whom, and who can serve whom."""

    listings: DataFrame[Listing]
    concepts: DataFrame[ListingConcept]
    members: DataFrame[OrganisationMember]
    organisations: DataFrame[Organisation]
    matches: DataFrame[Match]
    on: date
    moves: Moves = field(default_factory=Moves)  # of the scores of roles; those of `matches` have moved already
    living: frozenset[str] = frozenset()  # consortium ids of cases that earlier weeks told and none closed
    home: frozenset[str] = frozenset()  # countries whose needs are served before others; none: all are served alike

    def placed(self, listings: pd.DataFrame) -> pd.DataFrame:
        """Some of the listings, those whose organisation is known, with it and the place where they stand."""
        owner = self.members.set_index("record_id")["organisation_id"]
        known = listings.assign(organisation_id=listings["listing_id"].map(owner))
        return at_home(known[known["organisation_id"].notna()], self.organisations, ("region", "country"))

    def without_asides(self, taxonomy: Taxonomy) -> "Board":
        """The same without what listings name only aside: non-woven "for gowns" is no gown.

        What texts alone bring together is no partner of a chain either: it takes a concept to fill a role.
        """
        matches = self.matches.dropna(subset="concept_id")
        is_aside = self.concepts["score"] <= ASIDE
        aside, about = (
            self.concepts[mask].groupby("listing_id")["concept_id"].agg(list).to_dict()
            for mask in (is_aside, ~is_aside)
        )
        keep = [
            offer_id not in aside
            or not taxonomy.is_kin(concept_id, aside[offer_id])
            or taxonomy.is_kin(concept_id, about.get(offer_id, ()))
            for offer_id, concept_id in zip(matches["offer_id"], matches["concept_id"], strict=True)
        ]
        return replace(
            self,
            concepts=DataFrame[ListingConcept](self.concepts[~is_aside]),
            matches=DataFrame[Match](matches[np.array(keep, dtype=bool)]),
        )
