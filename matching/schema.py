"""What this package promises: one pandera model per table, with its grain.

Every table that carries a judgement has a column ``evidence``: a JSON list of ``{"part": code, "score": number
or null, ...facts}`` (see `Evidence`), in the order a reader should meet them. Codes and facts are language-free;
`reports.sentences` turns them into German, French or English.
"""

import json
from typing import Any, Optional

import pandera.pandas as pa
from pandera.typing import Series

from sources.listing import empty as empty  # every room builds its empty tables the same way

CONSTRAINTS = (
    "kind",
    "concept",
    "norm",
    "medical",
    "sterile",
    "attribute",
    "minimum_quantity",
    "time_window",
    "country",
    "open_for_interest",
    "vetting",
)
# Why a listing is held back before ranking, see `matching.plausibility.rules`.
HOLD_REASONS = (
    "quantity_outlier",
    "huge_in_everything",
    "filler_number",
    "place_contradiction",
    "no_sign_of_life",
    "too_few",
    "by_hand",
)
ORGANISATION_CHANGES = ("created", "merged", "split", "closed")
ROLE_STATES = ("filled", "alternate", "to_clarify", "missing")
METHODS = ("optimal", "rounded", "greedy", "kept")  # how a consortium was found, see `matching.consortia.optimiser`
OPPORTUNITY_STATES = ("baseline", "new", "changed", "unchanged", "closed", "reopened")
# Why an opportunity closed: what its platform says, what became of its request, or what people answered
# (`matching.cases.states`).
CLOSING_REASONS = (
    "fulfilled", "withdrawn", "expired", "no_supply", "held_back", "merged", "no_contact_provider",
    "no_contact_seeker", "no_need", "prefers_other", "test", "done", "delivered",
)  # fmt: skip
CASE_STATES = ("waiting", "answered", "closed")


_EVIDENCE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def evidence(*parts: dict[str, Any]) -> str:
    """Pack evidence parts as JSON: keys sorted, no spaces, so that equal evidence is equal text."""
    return _EVIDENCE.encode(parts)


class _Table(pa.DataFrameModel):
    class Config:
        strict = True
        coerce = True


class OrganisationMember(_Table):
    """Grain: one row per record; a listing is a record of its organisation."""

    record_id: Series[str] = pa.Field(unique=True)
    organisation_id: Series[str]  # the firm or body, for whoever counts firms
    # Its house, and whose it is, see `matching.organisations.sites`; null or absent: stored before they were told.
    site_id: Optional[Series[str]] = pa.Field(nullable=True)  # noqa: UP045 pandera reads no "| None"
    group_id: Optional[Series[str]] = pa.Field(nullable=True)  # noqa: UP045
    match_probability: Series[float] = pa.Field(ge=0, le=1)  # of this record belonging to the organisation
    evidence: Series[str]


class Organisation(_Table):
    """Grain: one row per organisation."""

    organisation_id: Series[str] = pa.Field(unique=True)
    name: Series[str] = pa.Field(nullable=True)  # the spelling most records use; null: no record names it
    city: Series[str] = pa.Field(nullable=True)
    region: Series[str] = pa.Field(nullable=True)
    country: Series[str] = pa.Field(nullable=True)
    latitude: Series[float] = pa.Field(nullable=True)
    longitude: Series[float] = pa.Field(nullable=True)
    records: Series[int] = pa.Field(ge=1)
    platforms: Series[str]  # names joined by "; ", sorted


class OrganisationChange(_Table):
    """Grain: one row per organisation id that began, ended or changed its records against the last stored week."""

    change: Series[str] = pa.Field(isin=ORGANISATION_CHANGES)  # see `identity.changes`
    old_organisation_id: Series[str] = pa.Field(nullable=True)
    organisation_id: Series[str] = pa.Field(nullable=True)
    record_ids: Series[str]  # JSON list of those concerned


class ResolutionFigure(_Table):
    """Grain: one row per figure that tells a sound run of organisation resolution from a damaged one."""

    figure: Series[str] = pa.Field(unique=True)
    value: Series[int] = pa.Field(ge=0)


class ResolutionBlock(_Table):
    """Grain: one row per way to block; records in the same block are compared."""

    key: Series[str] = pa.Field(unique=True)
    blocks: Series[int] = pa.Field(ge=0)
    largest_block: Series[int] = pa.Field(ge=0)  # records
    blocks_too_large: Series[int] = pa.Field(ge=0)
    pairs: Series[int] = pa.Field(ge=0)


class ResolutionDigest(_Table):
    """Grain: one row per thing a resolution followed from, and one for what was found, see `organisations.reuse`."""

    subject: Series[str] = pa.Field(unique=True)  # records, judgements, program, results
    sha256: Series[str]


class ListingConcept(_Table):
    """Grain: one row per listing and concept it asks for or offers; a listing may name several."""

    listing_id: Series[str]
    concept_id: Series[str]
    matched_text: Series[str]  # the words that led there
    score: Series[float] = pa.Field(ge=0, le=1)


class TextVector(_Table):
    """Grain: one row per text that a week compares: listings, their sentences and words, names of the taxonomy.

    No rows where no sentence encoder works.
    """

    text_key: Series[str] = pa.Field(unique=True)  # fingerprint of encoder and text: equal keys have equal vectors
    vector: Series[object]  # int16, whole numbers on the grid of `texts.grid`; zero without text


class ListingRepeat(_Table):
    """Grain: one row per listing that says again what its organisation already said with an earlier one."""

    listing_id: Series[str] = pa.Field(unique=True)
    repeats_listing_id: Series[str]  # the earliest listing of same organisation, kind and concepts


class HeldBack(_Table):
    """Grain: one row per listing that is held back before ranking, and reason; the listing itself stays a listing."""

    listing_id: Series[str]
    platform: Series[str]
    kind: Series[str]
    reason: Series[str] = pa.Field(isin=HOLD_REASONS)
    concept_id: Series[str] = pa.Field(nullable=True)  # what it is about, for reasons of quantity
    quantity: Series[float] = pa.Field(nullable=True)  # in `unit`, a rate over four weeks; in days: no_sign_of_life
    unit: Series[str] = pa.Field(nullable=True)
    usual: Series[float] = pa.Field(nullable=True)  # of the product on the platform, in `unit`
    limit: Series[float] = pa.Field(nullable=True)  # that is exceeded, or not reached by too_few
    stated: Series[str] = pa.Field(nullable=True)  # the place as stated that contradicts
    found: Series[str] = pa.Field(nullable=True)  # what town or postcode say instead
    note: Series[str] = pa.Field(nullable=True)  # why people hold it back


class Match(_Table):
    """Grain: one row per request, offer and the request's concept. Blocked pairs are near-misses, never matches."""

    request_id: Series[str]
    offer_id: Series[str]
    concept_id: Series[str] = pa.Field(nullable=True)  # null: texts alone brought the pair together
    rank: Series[int] = pa.Field(ge=1)  # within request, concept and blocked or not
    score: Series[float] = pa.Field(ge=0, le=1)
    blocked_by: Series[str] = pa.Field(nullable=True, isin=CONSTRAINTS)  # the one constraint a near-miss breaks
    distance_km: Series[float] = pa.Field(nullable=True, ge=0)
    quantity_cover: Series[float] = pa.Field(nullable=True, ge=0, le=1)  # share of the need this offer alone covers
    is_cross_platform: Series[bool]
    evidence: Series[str]


class Consortium(_Table):
    """Grain: one row per consortium; it serves one request's need for one concept."""

    consortium_id: Series[str] = pa.Field(unique=True)  # content key: concept, organisation, region, first quarter
    request_id: Series[str]
    concept_id: Series[str]
    recipe_id: Series[str]  # the chain of roles; equals the concept for a ready product
    organisation_id: Series[str]  # who asks
    region: Series[str] = pa.Field(nullable=True)
    country: Series[str] = pa.Field(nullable=True)
    roles: Series[int] = pa.Field(ge=1)
    roles_filled: Series[int] = pa.Field(ge=0)
    # Share of the need that the weakest necessary role allows: 0 while one is missing or to be clarified, null where
    # nobody states a quantity. And how certain the seats are (`matching.consortia.certainty`). Absent: stored before.
    coverage: Optional[Series[float]] = pa.Field(nullable=True, ge=0, le=1)  # noqa: UP045
    certainty: Optional[Series[float]] = pa.Field(nullable=True, ge=0, le=1)  # noqa: UP045
    is_multi_role: Series[bool]
    is_cross_platform: Series[bool]
    quantity: Series[float] = pa.Field(nullable=True)  # asked for, in `unit`
    quantity_covered: Series[float] = pa.Field(nullable=True)  # `coverage` in `unit`, by what the listings say
    unit: Series[str] = pa.Field(nullable=True)
    bottleneck_role: Series[str] = pa.Field(nullable=True)
    lead_time_days: Series[float] = pa.Field(nullable=True)
    deadline_on: Series[str] = pa.Field(nullable=True)  # ISO day
    urgency: Series[str]
    score: Series[float] = pa.Field(ge=0, le=1)
    method: Series[str] = pa.Field(isin=METHODS)
    gap: Series[float] = pa.Field(nullable=True, ge=0, le=1)  # to the best that is possible; null: without a bound
    evidence: Series[str]


class ConsortiumRole(_Table):
    """Grain: one row per consortium, role and partner; a missing role has one row without partner."""

    consortium_id: Series[str]
    position: Series[int] = pa.Field(ge=1)  # place in the chain
    role_id: Series[str]
    concept_id: Series[str]  # what this role supplies
    state: Series[str] = pa.Field(isin=ROLE_STATES)
    organisation_id: Series[str] = pa.Field(nullable=True)
    listing_id: Series[str] = pa.Field(nullable=True)
    platform: Series[str] = pa.Field(nullable=True)
    quantity: Series[float] = pa.Field(nullable=True, ge=0)  # planned here, in the request's unit; null: it states none
    share: Series[float] = pa.Field(nullable=True, ge=0)  # of the listing's capacity that the promise takes, 0 to 1
    distance_km: Series[float] = pa.Field(nullable=True)
    certificate: Series[str] = pa.Field(nullable=True)
    # The words of the listing's title or text that show that it fills the role, null where they leave it open; how
    # certain that is; the share of the need that the role covers. Absent: stored before.
    quote: Optional[Series[str]] = pa.Field(nullable=True, str_length={"max_value": 200})  # noqa: UP045
    certainty: Optional[Series[float]] = pa.Field(nullable=True, ge=0, le=1)  # noqa: UP045
    coverage: Optional[Series[float]] = pa.Field(nullable=True, ge=0, le=1)  # noqa: UP045
    evidence: Series[str]


class UnmetNeed(_Table):
    """Grain: one row per request and concept that no consortium serves."""

    request_id: Series[str]
    concept_id: Series[str]
    organisation_id: Series[str]
    region: Series[str] = pa.Field(nullable=True)
    country: Series[str] = pa.Field(nullable=True)
    nearest_offer_id: Series[str] = pa.Field(nullable=True)
    # A constraint, "capacity", "to_clarify" (the offer's words leave open whether it serves), "missing_role" or null:
    # nothing near.
    blocked_by: Series[str] = pa.Field(nullable=True)
    evidence: Optional[Series[str]] = pa.Field(nullable=True)  # noqa: UP045 what is missing; absent: stored before


class Shortage(_Table):
    """Grain: one row per concept asked for and region, and one per concept for all regions together (`is_total`)."""

    concept_id: Series[str]
    country: Series[str] = pa.Field(nullable=True)  # null: not known, or all of them
    region: Series[str] = pa.Field(nullable=True)
    is_total: Series[bool]
    requests: Series[int] = pa.Field(ge=1)  # needs: one per concept, organisation and region
    covered: Series[int] = pa.Field(ge=0)  # all roles, nearly all of the quantity
    partly_covered: Series[int] = pa.Field(ge=0)  # a consortium lacks a role or quantity
    unmet: Series[int] = pa.Field(ge=0)  # no consortium
    offers: Series[int] = pa.Field(ge=0)  # of the concept or a narrower one, there
    blocking_role: Series[str] = pa.Field(nullable=True)  # missing or too narrow in most consortia
    blocked_by: Series[str] = pa.Field(nullable=True)  # what blocks the nearest offers of most unmet needs
    nearest_request_id: Series[str] = pa.Field(nullable=True)  # the unmet need and ...
    nearest_offer_id: Series[str] = pa.Field(nullable=True)  # ... the offer that come nearest to each other


class Opportunity(_Table):
    """Grain: one row per opportunity and week; closed ones appear once, in the week they close."""

    opportunity_id: Series[str] = pa.Field(unique=True)  # K-<ISO year>-<week>-<nn>, never used again
    consortium_id: Series[str] = pa.Field(unique=True)
    state: Series[str] = pa.Field(isin=OPPORTUNITY_STATES)
    rank: Series[int] = pa.Field(ge=1)
    change: Series[str]  # JSON list of {"what", "old", "new"}; "[]" unless changed
    closing_reason: Series[str] = pa.Field(nullable=True, isin=CLOSING_REASONS)
    first_reported_in: Series[str]  # ISO week
    title_concept_id: Series[str]
    content: Series[str]  # JSON of what decides "changed": partners by role, covered share, deadline


class OpportunityNumber(_Table):
    """Grain: one row per number that a week gave out, whether or not its opportunity is still in the newest edition."""

    opportunity_id: Series[str] = pa.Field(unique=True)  # K-<ISO year>-<week>-<nn>
    consortium_id: Series[str] = pa.Field(unique=True)  # whose it stays
    first_reported_in: Series[str]  # ISO week that gave it out


class KeyFigures(_Table):
    """Grain: one row per week. All counts are of open, de-duplicated listings as of the week's end."""

    week: Series[str] = pa.Field(unique=True)
    offers: Series[int]
    requests: Series[int]
    organisations: Series[int]
    cross_platform_matches: Series[int]
    requests_unmet: Series[int]
    opportunities: Series[int]
    opportunities_new: Series[int]


class Allocation(_Table):
    """Grain: one row per round, offer and request."""

    allocated_on: Series[str]  # ISO day on which the round ends; what was said before it is known
    offer_id: Series[str]
    request_id: Series[str]
    item: Series[str]
    quantity: Series[float] = pa.Field(gt=0)
    distance: Series[float] = pa.Field(ge=0)  # in the unit of the distances given


class CaseEntry(_Table):
    """Grain: one row per answer or outcome that people gave before the week's end, in the order of time."""

    opportunity_id: Series[str]
    state: Series[str]  # `matching.cases.states.STATES`
    reason: Series[str]  # empty unless declined or closed
    role: Series[str]
    way: Series[str]
    said_at: Series[str]  # moment in UTC
    note: Series[str]  # contact data masked


class RefusedAnswer(_Table):
    """Grain: one row per answer that changed nothing because it was wrong, refused before the week's end."""

    said_at: Series[str]  # moment in UTC
    way: Series[str]
    opportunity_id: Series[str] = pa.Field(nullable=True)  # null: none could be read
    rule: Series[str]
    source: Series[str]  # digest of what was refused


class Case(_Table):
    """Grain: one row per opportunity that was ever told, as it stands at the week's end."""

    opportunity_id: Series[str] = pa.Field(unique=True)
    consortium_id: Series[str]
    state: Series[str] = pa.Field(isin=CASE_STATES)  # waiting: nobody answered since it was told or opened again
    waiting_since: Series[str] = pa.Field(nullable=True)  # ISO week that told it or opened it again; null if closed
    answer: Series[str] = pa.Field(nullable=True)  # state of the last entry that holds; null: none
    reason: Series[str] = pa.Field(nullable=True)  # why it closed
    answered_on: Series[str] = pa.Field(nullable=True)  # ISO day
    role: Series[str] = pa.Field(nullable=True)
    way: Series[str] = pa.Field(nullable=True)
    note: Series[str] = pa.Field(nullable=True)
    is_disputed: Series[bool]  # of the last week with entries: different roles or ways said different things
    request_id: Series[str]
    request_fingerprint: Series[str] = pa.Field(nullable=True)
    concept_id: Series[str]
    organisation_id: Series[str] = pa.Field(nullable=True)  # who asks
    offers: Series[str] = pa.Field(nullable=True)  # JSON list of {"offer_id", "fingerprint", "organisation_id"}


class MatchScores(_Table):
    """Grain: one row, how well the best match of each request and concept fits: quantiles of their scores."""

    requests: Series[int] = pa.Field(ge=0)
    lowest_tenth: Series[float] = pa.Field(nullable=True)
    lower_quartile: Series[float] = pa.Field(nullable=True)
    median: Series[float] = pa.Field(nullable=True)
    upper_quartile: Series[float] = pa.Field(nullable=True)
    highest_tenth: Series[float] = pa.Field(nullable=True)


class ReviewVerdict(_Table):
    """Grain: one row per match that somebody judged without seeing its score, before the week's end."""

    week: Series[str]  # ISO week whose matches were judged
    request_id: Series[str]
    offer_id: Series[str]
    verdict: Series[str]  # `matching.cases.review.VERDICTS`
    role: Series[str]
    said_at: Series[str]  # moment in UTC
