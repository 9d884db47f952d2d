"""Statements that say again what was said before: postings are many, needs and capacities are fewer."""

import pandas as pd
from pandera.typing import DataFrame

from matching.schema import ListingConcept, ListingRepeat, OrganisationMember, empty
from sources.listing import Listing

_NOWHERE = 1_000_000  # behind every title


def statements(listings: pd.DataFrame, members: pd.DataFrame, concepts: pd.DataFrame) -> dict[str, str]:
    """Listing id -> id of the earliest listing by which its organisation said the same.

    The same means: same organisation, kind and set of concepts. A listing without a known organisation or without
    concepts speaks for itself. Earliest by posting (else first sight), then by id.
    """
    owner = members.set_index("record_id")["organisation_id"]
    wanted = concepts[concepts["listing_id"].isin(listings["listing_id"])].sort_values(["listing_id", "concept_id"])
    subjects = wanted.drop_duplicates(["listing_id", "concept_id"]).groupby("listing_id")["concept_id"].agg(" ".join)
    said = pd.DataFrame(
        {
            "listing_id": listings["listing_id"].to_numpy(),
            "kind": listings["kind"].to_numpy(),
            "organisation_id": listings["listing_id"].map(owner).to_numpy(),
            "subject": listings["listing_id"].map(subjects).to_numpy(),
            "since": listings["posted_at"]
            .fillna(pd.to_datetime(listings["first_seen_on"], utc=True))
            .to_numpy(dtype="datetime64[us]"),
        }
    ).sort_values(["since", "listing_id"])
    known = said[said["organisation_id"].notna() & said["subject"].notna()]
    earliest = known.groupby(["organisation_id", "kind", "subject"])["listing_id"].transform("first")
    return dict(zip(said["listing_id"], said["listing_id"].where(~said.index.isin(known.index), earliest), strict=True))


def main_concepts(listings: pd.DataFrame, concepts: pd.DataFrame) -> dict[str, str]:
    """Listing id -> the concept that it is about first: the best score, of equals what its title names first."""
    known = concepts.merge(listings[["listing_id", "title"]], on="listing_id")
    texts = (known[name].to_numpy("object") for name in ("title", "matched_text"))  # many times as fast as the columns
    places = [title.casefold().find(words.casefold()) for title, words in zip(*texts, strict=True)]
    ordered = known.assign(place=[place if place >= 0 else _NOWHERE for place in places])
    ordered = ordered.sort_values(["listing_id", "score", "place", "concept_id"], ascending=[True, False, True, True])
    first = ordered.drop_duplicates("listing_id")
    return dict(zip(first["listing_id"], first["concept_id"], strict=True))


def repeats(
    listings: DataFrame[Listing], members: DataFrame[OrganisationMember], concepts: DataFrame[ListingConcept]
) -> DataFrame[ListingRepeat]:
    """Open listings that say again what their organisation already said, sorted by id."""
    said = statements(listings[listings["status"] == "open"], members, concepts)
    rows = sorted((listing_id, first) for listing_id, first in said.items() if listing_id != first)
    if not rows:
        return DataFrame[ListingRepeat](empty(ListingRepeat))
    return DataFrame[ListingRepeat](pd.DataFrame(rows, columns=["listing_id", "repeats_listing_id"]))
