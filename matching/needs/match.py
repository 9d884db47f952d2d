"""Which offer can serve which request: the one matcher of the weekly run, of `verbundradar match` and of benchmarks.

    texts, concepts, facts ─► candidates ─► rules block ─► relevance, facts rank ─► the best of each request and concept

`prepare` reads both sides once; `match_block` is a pure function of a block of requests and a block of offers in what
it made, and compares each pair as if it stood alone. A pair that breaks no constraint is a match; one that breaks
exactly one is a near-miss with that constraint named; all others are dropped, and so is what is not relevant: then
nothing fits. An organisation is never matched with itself. Chains of several partners are `matching.consortia`'s
business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.arrays import Flags, Floats, Integers
from matching.curves import OPEN_STATUSES
from matching.needs.candidates import Candidates, candidates
from matching.needs.constraints import first_broken, violations
from matching.needs.feedback import weights_after
from matching.needs.kinship import Kin, Kinships
from matching.needs.pairs import Pairs, facts, pair_table, soft_score
from matching.needs.relevance import is_relevant, relevance
from matching.needs.sides import Side, sides
from matching.ranks import SCORE_DIGITS, ranks
from matching.schema import ListingConcept, Match, Organisation, OrganisationMember, empty
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import classify
from matching.texts.reading import readings
from matching.texts.similarity import Likeness, Means, blocks, compare
from sources.listing import Listing

NEAR_MISSES = 3  # kept per request and concept: enough to see what stands in the way


class Known(NamedTuple):
    """What is known of listings beside what they say; everything may be missing.

    concepts: what each listing is about; None: what its texts name. postcodes: see `geography.locate`. feedback: see
    `feedback.read_feedback`.
    """

    concepts: DataFrame[ListingConcept] | None = None
    organisations: DataFrame[Organisation] | None = None
    members: DataFrame[OrganisationMember] | None = None
    postcodes: pd.DataFrame | None = None
    feedback: pd.DataFrame | None = None


@dataclass(frozen=True)
class Wanted:
    """How many offers a request gets per concept, and which: those in another language, those of any relevance."""

    top: int = 10
    cross_language_only: bool = False
    at_any_relevance: bool = False  # for those who measure rankings


@dataclass(frozen=True, eq=False)
class Prepared:
    """Both sides, ready to be compared, and what is wanted of their pairs: all that every block needs."""

    asked: Side
    offered: Side
    likeness: Likeness
    kinships: Kinships
    weights: Mapping[str, float]
    wanted: Wanted


def match(
    requests: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    on: date,
    taxonomy: Taxonomy,
    means: Means | None = None,
    known: Known | None = None,
    wanted: Wanted = Wanted(),
) -> DataFrame[Match]:
    """The best offers per request and concept, and up to NEAR_MISSES blocked ones.

    requests, offers: columns of Listing, one row per listing_id; title or text may be missing. Closed requests are
    left out, closed offers can only be near-misses. on: the day as of which windows and ages count. means: what texts
    are compared with, words alone by default; its stores know the new vectors afterwards.
    """
    is_asking = requests["kind"].eq("request") & requests["status"].isin(OPEN_STATUSES)
    requests = requests[is_asking].sort_values("listing_id", ignore_index=True)
    offers = offers.sort_values("listing_id", ignore_index=True)
    if requests.empty or offers.empty:
        return DataFrame[Match](empty(Match))
    prepared = prepare(
        requests,
        offers,
        on=on,
        taxonomy=taxonomy,
        means=means or Means(),
        known=known or Known(),
        wanted=wanted,
    )
    found = [match_block(block, prepared) for block in blocks(len(requests), len(offers))]
    return DataFrame[Match](pd.concat(found, ignore_index=True).astype(empty(Match).dtypes))


def prepare(
    requests: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    on: date,
    taxonomy: Taxonomy,
    means: Means,
    known: Known,
    wanted: Wanted,
) -> Prepared:
    """Everything that is worked out once for all listings: what they are about, where and when they are, what they say.

    requests, offers: sorted by listing_id, neither of them empty.
    """
    read = readings(pd.concat([requests, offers], ignore_index=True), taxonomy, means.store)
    left, right = read.iloc[: len(requests)].reset_index(drop=True), read.iloc[len(requests) :].reset_index(drop=True)
    asking, offering = _as_read(requests, left), _as_read(offers, right)
    concepts = known.concepts
    if concepts is None:
        found = pd.concat([classify(side, taxonomy) for side in (asking, offering)], ignore_index=True)
        concepts = DataFrame[ListingConcept](found.drop_duplicates(["listing_id", "concept_id"], ignore_index=True))
    likeness = compare((requests, offers), (left, right), concepts, taxonomy, means)
    organisations = known.organisations
    if organisations is None:
        organisations = DataFrame[Organisation](empty(Organisation))
    members = known.members
    if members is None:
        members = DataFrame[OrganisationMember](empty(OrganisationMember))
    asked, offered = sides(asking, offering, organisations, members, known.postcodes, on)
    kinships = Kinships(asked, offered, concepts, taxonomy)
    return Prepared(asked, offered, likeness, kinships, weights_after(known.feedback), wanted)


def _as_read(listings: pd.DataFrame, read: pd.DataFrame) -> DataFrame[Listing]:
    """Listings with boilerplate out of the text and the language filled in; not validated, see `match`."""
    return cast("DataFrame[Listing]", listings.assign(text=read["body"], language=read["language"]))


def match_block(rows: slice, prepared: Prepared) -> pd.DataFrame:
    """The matches and near-misses of a block of requests, in the columns of Match."""
    looked_at = _looked_at(rows, prepared)
    kin = prepared.kinships.between(looked_at.request, looked_at.offer)
    judged = _Judged.of(looked_at, kin, prepared)
    frames = [judged.table(breaks) for breaks in (0, 1)]
    found = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    found = found.sort_values(["request_id", "concept_id", "_is_near_miss", "rank"], ignore_index=True)
    return found[[*Match.to_schema().columns]]


def _looked_at(rows: slice, prepared: Prepared) -> Candidates:
    """The candidates of a block of requests; an organisation is no candidate for itself."""
    asked, offered, wanted = prepared.asked, prepared.offered, prepared.wanted
    owner = asked.organisation[rows][:, None]
    allowed = (owner != offered.organisation[None, :]) | (owner < 0)
    if wanted.cross_language_only:
        allowed &= asked.language[rows][:, None] != offered.language[None, :]
    return candidates(
        rows, prepared.likeness, prepared.kinships, (asked, offered), None if allowed.all() else allowed, wanted.top
    )


@dataclass(frozen=True, eq=False)
class _Judged:
    """Candidates, one entry per pair and concept asked for, with all that rules and facts say of them."""

    prepared: Prepared
    kin: Kin
    request: Integers
    offer: Integers
    relevance: Floats
    score: Floats
    known: Mapping[str, Floats]
    broken: Mapping[str, Flags]

    @classmethod
    def of(cls, pairs: Candidates, kin: Kin, prepared: Prepared) -> "_Judged":
        known = facts(prepared.asked, prepared.offered, pairs.request, pairs.offer)
        broken = violations(prepared.asked, prepared.offered, pairs.request, pairs.offer)
        near = relevance(pairs.likeness)[kin.pair]
        known = {name: values[kin.pair] for name, values in known.items()}
        broken = {name: mask[kin.pair] for name, mask in broken.items()} | {"concept": kin.is_incompatible}
        broken["attribute"] &= ~kin.is_incompatible  # another thing differs in more than one way; that counts once
        return cls(
            prepared,
            kin,
            pairs.request[kin.pair],
            pairs.offer[kin.pair],
            near,
            np.round(soft_score(known, near, prepared.weights), SCORE_DIGITS),
            known,
            broken,
        )

    def table(self, breaks: int) -> pd.DataFrame:
        """The best of all that break so many constraints, in the columns of Match, and `_is_near_miss`."""
        count = np.sum([*self.broken.values()], axis=0)
        # What looks alike is shown as blocked however little it has in common otherwise.
        is_near = (
            is_relevant(
                self.relevance, self.kin.relation >= 0, self.prepared.kinships.are_strangers(self.request, self.offer)
            )
            | self.broken["concept"]
        )
        is_near |= self.prepared.wanted.at_any_relevance
        entry = np.nonzero((count == breaks) & is_near)[0]
        group = self.request * (len(self.prepared.kinships.ids) + 1) + self.kin.asked + 1
        order, place = ranks(group[entry], self.offer[entry], self.score[entry])
        kept = place <= (NEAR_MISSES if breaks else self.prepared.wanted.top)
        return self._described(entry[order][kept], place[kept], is_near_miss=bool(breaks))

    def _described(self, entry: Integers, place: Integers, *, is_near_miss: bool) -> pd.DataFrame:
        asked, offered, ids = self.prepared.asked, self.prepared.offered, self.prepared.kinships.ids
        known = {name: values[entry] for name, values in self.known.items()}
        request, offer = self.request[entry], self.offer[entry]
        chosen = Pairs(
            request=request,
            offer=offer,
            rank=place,
            score=self.score[entry],
            known=known,
            kinships=[self.kin.at(number, ids) for number in entry.tolist()],
            likeness=self.relevance[entry],
            blocked_by=first_broken(self.broken, entry) if is_near_miss else [None] * len(entry),
        )
        concepts = [ids[number] if number >= 0 else None for number in self.kin.asked[entry].tolist()]
        return pair_table(chosen, asked, offered, is_near_miss).assign(
            concept_id=pd.Series(concepts, dtype="object"),
            distance_km=np.round(known["km"], 1),
            quantity_cover=np.round(known["cover"], 4),
            is_cross_platform=asked.platform[request] != offered.platform[offer],
        )


def by_pair(found: DataFrame[Match], wanted: Wanted = Wanted()) -> pd.DataFrame:
    """Matches without regard to concepts: each pair once with its best concept, ranked within the request.

    Columns request_id, offer_id, rank (within request and blocked or not), score, blocked_by, evidence.
    """
    is_blocked = found["blocked_by"].notna()
    pairs = found.assign(_is_near_miss=is_blocked).sort_values(
        ["request_id", "_is_near_miss", "score", "offer_id", "concept_id"], ascending=[True, True, False, True, True]
    )
    pairs = pairs.drop_duplicates(["request_id", "offer_id"])
    place = pairs.groupby(["request_id", "_is_near_miss"]).cumcount() + 1
    kept = place <= np.where(pairs["_is_near_miss"], NEAR_MISSES, wanted.top)
    columns = ["request_id", "offer_id", "rank", "score", "blocked_by", "evidence"]
    return pairs.assign(rank=place)[kept][columns].reset_index(drop=True)
