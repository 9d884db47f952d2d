"""The key figures of a week: counts of firms and needs instead of counts of postings."""

import pandas as pd
from pandera.typing import DataFrame

from matching.schema import (
    Consortium,
    KeyFigures,
    ListingRepeat,
    Match,
    MatchScores,
    OrganisationMember,
    UnmetNeed,
)
from matching.schema import Opportunity as OpportunityModel
from sources.listing import Listing, is_anonymous
from sources.week import Week


def key_figures(
    week: Week,
    listings: DataFrame[Listing],
    repeats: DataFrame[ListingRepeat],
    members: DataFrame[OrganisationMember],
    matches: DataFrame[Match],
    unmet: DataFrame[UnmetNeed],
    consortia: DataFrame[Consortium],
    opportunities: DataFrame[OpportunityModel],
) -> DataFrame[KeyFigures]:
    """The one row of figures that a report opens with; closed opportunities do not count as opportunities."""
    current = listings[(listings["status"] == "open") & ~listings["listing_id"].isin(repeats["listing_id"])]
    named = listings[(listings["status"] == "open") & ~is_anonymous(listings)]
    speakers = members[members["record_id"].isin(named["listing_id"])]
    crossing = matches[matches["blocked_by"].isna() & matches["is_cross_platform"]]
    for side in ("request_id", "offer_id"):
        crossing = crossing[~crossing[side].isin(repeats["listing_id"])]
    without = set(unmet["request_id"]) - set(consortia["request_id"])  # nothing of what they ask for has a consortium
    figures = {
        "week": str(week),
        "offers": int((current["kind"] == "offer").sum()),
        "requests": int((current["kind"] == "request").sum()),
        "organisations": speakers["organisation_id"].nunique(),
        "cross_platform_matches": len(crossing[["request_id", "offer_id"]].drop_duplicates()),
        "requests_unmet": int((current["kind"] == "request")[current["listing_id"].isin(without)].sum()),
        "opportunities": int((opportunities["state"] != "closed").sum()),
        "opportunities_new": int((opportunities["state"] == "new").sum()),
    }
    return DataFrame[KeyFigures](pd.DataFrame([figures]))


def match_scores(matches: DataFrame[Match]) -> DataFrame[MatchScores]:
    """How well the best match of each request and concept fits; other scores than the weeks before are a drift."""
    best = matches.loc[matches["blocked_by"].isna() & (matches["rank"] == 1), "score"]
    shares = {"lowest_tenth": 0.1, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "highest_tenth": 0.9}
    quantiles = {name: round(float(best.quantile(share)), 4) for name, share in shares.items()}
    return DataFrame[MatchScores](pd.DataFrame([{"requests": len(best), **quantiles}]))
