"""What this package promises: one pandera model per table, with its grain.

Every table that carries a judgement has a column ``evidence``: a JSON list of ``{"part": code, "score": number
or null, ...facts}`` (see `Evidence`), in the order a reader should meet them. Codes and facts are language-free;
`reports.sentences` turns them into German, French or English.
"""

import json
from typing import Any, Optional

import pandera.pandas as pa
from pandera.typing import Series

from sources.listing import FREE_TEXT, MAY_BE_A_HOME, MAY_BE_A_NAME, column
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

EVIDENCE = "why: a JSON list of parts with their scores and facts"
A_NOTE = "free text of whoever decided, contacts masked"

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

    record_id: Series[str] = column("a `listing_id`, or `platform`:`member_id` of a directory", unique=True)
    organisation_id: Series[str] = column("the firm or body, for whoever counts firms")
    site_id: Optional[Series[str]] = column(  # noqa: UP045 pandera reads no "| None"
        "its house, see `matching/organisations/sites.py`; null or absent: stored before it was told", nullable=True
    )
    group_id: Optional[Series[str]] = column("whose firm it is; null or absent likewise", nullable=True)  # noqa: UP045
    match_probability: Series[float] = column("of this record belonging to the organisation", ge=0, le=1)
    evidence: Series[str] = column(EVIDENCE)


class Organisation(_Table):
    """Grain: one row per organisation."""

    organisation_id: Series[str] = column("the firm or body", unique=True)
    name: Series[str] = column(
        "the spelling most records use; null: no record names it", personal=MAY_BE_A_NAME, nullable=True
    )
    city: Series[str] = column("the one most records state", nullable=True)
    region: Series[str] = column("likewise, its code", nullable=True)
    country: Series[str] = column("likewise, ISO 3166-1, two letters", nullable=True)
    latitude: Series[float] = column(
        "of the place most records state, WGS 84", unit="degrees", personal=MAY_BE_A_HOME, nullable=True
    )
    longitude: Series[float] = column("WGS 84", unit="degrees", personal=MAY_BE_A_HOME, nullable=True)
    records: Series[int] = column("listings and directory entries", ge=1)
    platforms: Series[str] = column('names joined by "; ", sorted')


class OrganisationChange(_Table):
    """Grain: one row per organisation id that began, ended or changed its records against the last stored week."""

    change: Series[str] = column("see `changes` in `matching/organisations/identity.py`", isin=ORGANISATION_CHANGES)
    old_organisation_id: Series[str] = column("of the last stored week; null: there was none", nullable=True)
    organisation_id: Series[str] = column("of this week; null: there is none", nullable=True)
    record_ids: Series[str] = column("JSON list of those concerned")


class ResolutionFigure(_Table):
    """Grain: one row per figure that tells a sound run of organisation resolution from a damaged one."""

    figure: Series[str] = column("name of the figure", unique=True)
    value: Series[int] = column("its count", ge=0)


class ResolutionBlock(_Table):
    """Grain: one row per way to block; records in the same block are compared."""

    key: Series[str] = column("the way to block", unique=True)
    blocks: Series[int] = column("their number", ge=0)
    largest_block: Series[int] = column("size of the largest", unit="records", ge=0)
    blocks_too_large: Series[int] = column("blocks that were left out for their size", ge=0)
    pairs: Series[int] = column("pairs that this way brings together", ge=0)


class ResolutionDigest(_Table):
    """Grain: one row per thing a resolution followed from, and one for what was found, see `organisations.reuse`."""

    subject: Series[str] = column("records, judgements, program, results", unique=True)
    sha256: Series[str] = column("its digest")


class ListingConcept(_Table):
    """Grain: one row per listing and concept it asks for or offers; a listing may name several."""

    listing_id: Series[str] = column("the listing")
    concept_id: Series[str] = column("a concept of the taxonomy")
    matched_text: Series[str] = column("the words that led there")
    score: Series[float] = column("how clearly they name it", ge=0, le=1)


class TextVector(_Table):
    """Grain: one row per text that a week compares: listings, their sentences and words, names of the taxonomy.

    No rows where no sentence encoder works.
    """

    text_key: Series[str] = column("fingerprint of encoder and text: equal keys have equal vectors", unique=True)
    vector: Series[object] = column("int16, whole numbers on the grid of `matching/texts/grid.py`; zero without text")


class ListingRepeat(_Table):
    """Grain: one row per listing that says again what its organisation already said with an earlier one."""

    listing_id: Series[str] = column("the listing that repeats", unique=True)
    repeats_listing_id: Series[str] = column("the earliest listing of same organisation, kind and concepts")


class HeldBack(_Table):
    """Grain: one row per listing that is held back before ranking, and reason; the listing itself stays a listing."""

    listing_id: Series[str] = column("the listing")
    platform: Series[str] = column("name of the platform")
    kind: Series[str] = column("what it is, as in `listings`")
    reason: Series[str] = column("see docs/plausibility.md", isin=HOLD_REASONS)
    concept_id: Series[str] = column("what it is about, for reasons of quantity", nullable=True)
    quantity: Series[float] = column(
        "a rate over four weeks; for `no_sign_of_life` the days of silence", unit="`unit`", nullable=True
    )
    unit: Series[str] = column("of the quantities", nullable=True)
    usual: Series[float] = column("of the product on the platform", unit="`unit`", nullable=True)
    limit: Series[float] = column("that is exceeded, or not reached by `too_few`", unit="`unit`", nullable=True)
    stated: Series[str] = column("the place as stated that contradicts", nullable=True)
    found: Series[str] = column("what town or postcode say instead", nullable=True)
    note: Series[str] = column("why people hold it back", personal=A_NOTE, nullable=True)


class Match(_Table):
    """Grain: one row per request, offer and the request's concept. Blocked pairs are near-misses, never matches."""

    request_id: Series[str] = column("`listing_id` of the request")
    offer_id: Series[str] = column("`listing_id` of the offer")
    concept_id: Series[str] = column("asked for; null: texts alone brought the pair together", nullable=True)
    rank: Series[int] = column("within request, concept and blocked or not, best first", ge=1)
    score: Series[float] = column("weighted sum of the parts in `evidence`, see docs/needs.md", ge=0, le=1)
    blocked_by: Series[str] = column("the one constraint a near-miss breaks", nullable=True, isin=CONSTRAINTS)
    distance_km: Series[float] = column("as the crow flies; null: not known", nullable=True, ge=0)
    quantity_cover: Series[float] = column("share of the need this offer alone covers", nullable=True, ge=0, le=1)
    is_cross_platform: Series[bool] = column("the two stand on two platforms")
    evidence: Series[str] = column(EVIDENCE)


class Consortium(_Table):
    """Grain: one row per consortium; it serves one request's need for one concept."""

    consortium_id: Series[str] = column("content key: concept, organisation, region, first quarter", unique=True)
    request_id: Series[str] = column("`listing_id` of the request")
    concept_id: Series[str] = column("what is asked for")
    recipe_id: Series[str] = column("the chain of roles; equals the concept for a ready product")
    organisation_id: Series[str] = column("who asks")
    region: Series[str] = column("of who asks, its code", nullable=True)
    country: Series[str] = column("of who asks, ISO 3166-1, two letters", nullable=True)
    roles: Series[int] = column("roles of the chain that are needed", ge=1)
    roles_filled: Series[int] = column("of them filled", ge=0)
    coverage: Optional[Series[float]] = column(  # noqa: UP045
        "share of the need that the weakest necessary role allows: 0 while one is missing or to be clarified; null: "
        "nobody states a quantity; absent: stored before",
        nullable=True,
        ge=0,
        le=1,
    )
    certainty: Optional[Series[float]] = column(  # noqa: UP045
        "how certain the seats are (`matching/consortia/certainty.py`); absent: stored before",
        nullable=True,
        ge=0,
        le=1,
    )
    is_multi_role: Series[bool] = column("more than one role is needed")
    is_cross_platform: Series[bool] = column("somebody in it comes from another platform than the request")
    quantity: Series[float] = column("asked for", unit="`unit`", nullable=True)
    quantity_covered: Series[float] = column(
        "`coverage` by what the listings say; null: they do not say for how much they suffice",
        unit="`unit`",
        nullable=True,
    )
    unit: Series[str] = column("of the quantities", nullable=True)
    bottleneck_role: Series[str] = column("role that allows least", nullable=True)
    lead_time_days: Series[float] = column("of the whole chain", nullable=True)
    deadline_on: Series[str] = column("ISO day of the request", nullable=True)
    urgency: Series[str] = column("of the request, as in `listings`")
    score: Series[float] = column("mean fit of its partners times the share of the roles filled", ge=0, le=1)
    method: Series[str] = column("how it was found, see `matching/consortia/optimiser.py`", isin=METHODS)
    gap: Series[float] = column("to the best that is possible; null: without a bound", nullable=True, ge=0, le=1)
    evidence: Series[str] = column(EVIDENCE)


class ConsortiumRole(_Table):
    """Grain: one row per consortium, role and partner; a missing role has one row without partner."""

    consortium_id: Series[str] = column("the consortium")
    position: Series[int] = column("place in the chain", ge=1)
    role_id: Series[str] = column("role of the recipe")
    concept_id: Series[str] = column("what this role supplies")
    state: Series[str] = column("how far it is filled", isin=ROLE_STATES)
    organisation_id: Series[str] = column("the partner", nullable=True)
    listing_id: Series[str] = column("the partner's offer", nullable=True)
    platform: Series[str] = column("where that stands", nullable=True)
    quantity: Series[float] = column(
        "planned here; null: the offer states none that can be compared",
        unit="`unit` of the request",
        nullable=True,
        ge=0,
    )
    share: Series[float] = column("of the listing's capacity that the promise takes, 0 to 1", nullable=True, ge=0)
    distance_km: Series[float] = column("to who asks, as the crow flies", nullable=True)
    certificate: Series[str] = column("of the offer, as in `listings`", nullable=True)
    quote: Optional[Series[str]] = column(  # noqa: UP045
        "words of title or text that show that it fills the role; null: they leave it open; absent: stored before",
        personal=FREE_TEXT,
        nullable=True,
        str_length={"max_value": 200},
    )
    certainty: Optional[Series[float]] = column(  # noqa: UP045
        "how certain that is; absent: stored before", nullable=True, ge=0, le=1
    )
    coverage: Optional[Series[float]] = column(  # noqa: UP045
        "share of the need that the role covers; absent: stored before", nullable=True, ge=0, le=1
    )
    evidence: Series[str] = column(EVIDENCE)


class UnmetNeed(_Table):
    """Grain: one row per request and concept that no consortium serves."""

    request_id: Series[str] = column("`listing_id` of the request")
    concept_id: Series[str] = column("what is asked for")
    organisation_id: Series[str] = column("who asks")
    region: Series[str] = column("of who asks, its code", nullable=True)
    country: Series[str] = column("of who asks, ISO 3166-1, two letters", nullable=True)
    nearest_offer_id: Series[str] = column("`listing_id` of the offer that comes nearest", nullable=True)
    blocked_by: Series[str] = column(
        "a constraint, capacity, begins_late, to_clarify (the offer's words leave open whether it serves), "
        "missing_role; null: nothing is near",
        nullable=True,
    )
    evidence: Optional[Series[str]] = column("what is missing; absent: stored before", nullable=True)  # noqa: UP045


class Shortage(_Table):
    """Grain: one row per concept asked for and region, and one per concept for all regions together (`is_total`)."""

    concept_id: Series[str] = column("what is asked for")
    country: Series[str] = column("ISO 3166-1, two letters; null: not known, or all of them", nullable=True)
    region: Series[str] = column("its code; null: not known, or all of them", nullable=True)
    is_total: Series[bool] = column("of all regions together")
    requests: Series[int] = column("needs: one per concept, organisation and region", ge=1)
    covered: Series[int] = column("of them with all roles and nearly all of the quantity", ge=0)
    partly_covered: Series[int] = column("of them whose consortium lacks a role or quantity", ge=0)
    unmet: Series[int] = column("of them without a consortium", ge=0)
    offers: Series[int] = column("of the concept or a narrower one, there", ge=0)
    blocking_role: Series[str] = column("missing or too narrow in most consortia", nullable=True)
    blocked_by: Series[str] = column("what blocks the nearest offers of most unmet needs", nullable=True)
    nearest_request_id: Series[str] = column("the unmet need and …", nullable=True)
    nearest_offer_id: Series[str] = column("… the offer that come nearest to each other", nullable=True)


class Opportunity(_Table):
    """Grain: one row per opportunity and week; closed ones appear once, in the week they close."""

    opportunity_id: Series[str] = column("`K-<ISO year>-<week>-<nn>`, never used again", unique=True)
    consortium_id: Series[str] = column("the consortium that it tells", unique=True)
    state: Series[str] = column("against all stored weeks", isin=OPPORTUNITY_STATES)
    rank: Series[int] = column("best first", ge=1)
    change: Series[str] = column('JSON list of {"what", "old", "new"}; "[]" unless changed')
    closing_reason: Series[str] = column("why it closed", nullable=True, isin=CLOSING_REASONS)
    first_reported_in: Series[str] = column("ISO week")
    title_concept_id: Series[str] = column("what it is called after")
    content: Series[str] = column('JSON of what decides "changed": partners by role, covered share, deadline')


class OpportunityNumber(_Table):
    """Grain: one row per number that a week gave out, whether or not its opportunity is still in the newest edition."""

    opportunity_id: Series[str] = column("`K-<ISO year>-<week>-<nn>`", unique=True)
    consortium_id: Series[str] = column("whose it stays", unique=True)
    first_reported_in: Series[str] = column("ISO week that gave it out")


class KeyFigures(_Table):
    """Grain: one row per week. All counts are of open, de-duplicated listings as of the week's end."""

    week: Series[str] = column("ISO week", unique=True)
    offers: Series[int] = column("offers")
    requests: Series[int] = column("requests")
    organisations: Series[int] = column("firms and bodies that they name")
    cross_platform_matches: Series[int] = column("pairs of a request and an offer of two platforms that nothing blocks")
    requests_unmet: Series[int] = column("requests without a consortium")
    opportunities: Series[int] = column("opportunities that are not closed")
    opportunities_new: Series[int] = column("of them new this week")


class Allocation(_Table):
    """Grain: one row per round, offer and request."""

    allocated_on: Series[str] = column("ISO day on which the round ends; what was said before it is known")
    offer_id: Series[str] = column("as in the table of offers")
    request_id: Series[str] = column("as in the table of requests")
    item: Series[str] = column("what is shared out")
    quantity: Series[float] = column("that goes from offer to request", unit="that of the tables given", gt=0)
    distance: Series[float] = column("between the two", unit="that of the distances given", ge=0)


class CaseEntry(_Table):
    """Grain: one row per answer or outcome that people gave before the week's end, in the order of time."""

    opportunity_id: Series[str] = column("number of the case")
    state: Series[str] = column("one of docs/cases.md (`matching/cases/states.py`)")
    reason: Series[str] = column("empty unless declined or closed")
    role: Series[str] = column("who said it: lead or data_staff, never a person")
    way: Series[str] = column("how it was said: mail, workbook, command")
    said_at: Series[str] = column("moment in UTC")
    note: Series[str] = column("in words", personal=A_NOTE)


class RefusedAnswer(_Table):
    """Grain: one row per answer that changed nothing because it was wrong, refused before the week's end."""

    said_at: Series[str] = column("moment in UTC")
    way: Series[str] = column("how it was said: mail, workbook, command")
    opportunity_id: Series[str] = column("number of the case; null: none could be read", nullable=True)
    rule: Series[str] = column("that it broke")
    source: Series[str] = column("digest of what was refused")


class Case(_Table):
    """Grain: one row per opportunity that was ever told, as it stands at the week's end."""

    opportunity_id: Series[str] = column("number of the case", unique=True)
    consortium_id: Series[str] = column("whose number it is")
    state: Series[str] = column("waiting: nobody answered since it was told or opened again", isin=CASE_STATES)
    waiting_since: Series[str] = column("ISO week that told it or opened it again; null if closed", nullable=True)
    answer: Series[str] = column("state of the last entry that holds; null: none", nullable=True)
    reason: Series[str] = column("why it closed", nullable=True)
    answered_on: Series[str] = column("ISO day", nullable=True)
    role: Series[str] = column("who answered: lead or data_staff, never a person", nullable=True)
    way: Series[str] = column("how: mail, workbook, command", nullable=True)
    note: Series[str] = column("of that answer", personal=A_NOTE, nullable=True)
    is_disputed: Series[bool] = column("of the last week with entries: different roles or ways said different things")
    request_id: Series[str] = column("`listing_id` of the request")
    request_fingerprint: Series[str] = column("of what the request said, as in `listings`", nullable=True)
    concept_id: Series[str] = column("what is asked for")
    organisation_id: Series[str] = column("who asks", nullable=True)
    offers: Series[str] = column('JSON list of {"offer_id", "fingerprint", "organisation_id"}', nullable=True)


class MatchScores(_Table):
    """Grain: one row, how well the best match of each request and concept fits: quantiles of their scores."""

    requests: Series[int] = column("best matches that are counted", ge=0)
    lowest_tenth: Series[float] = column("quantile 0.1 of their scores", nullable=True)
    lower_quartile: Series[float] = column("quantile 0.25", nullable=True)
    median: Series[float] = column("quantile 0.5", nullable=True)
    upper_quartile: Series[float] = column("quantile 0.75", nullable=True)
    highest_tenth: Series[float] = column("quantile 0.9", nullable=True)


class ReviewVerdict(_Table):
    """Grain: one row per match that somebody judged without seeing its score, before the week's end."""

    week: Series[str] = column("ISO week whose matches were judged")
    request_id: Series[str] = column("`listing_id` of the request")
    offer_id: Series[str] = column("`listing_id` of the offer")
    verdict: Series[str] = column("see `matching/cases/review.py`")
    role: Series[str] = column("who judged: lead or data_staff, never a person")
    said_at: Series[str] = column("moment in UTC")
