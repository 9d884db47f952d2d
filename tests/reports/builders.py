"""A small week of invented firms in the shapes that `matching` promises, and ways to bend it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from matching.schema import (
    Consortium,
    ConsortiumRole,
    HeldBack,
    KeyFigures,
    ListingConcept,
    ListingRepeat,
    Match,
    Opportunity,
    Organisation,
    OrganisationMember,
    Shortage,
    UnmetNeed,
    empty,
    evidence,
)
from reports.lagebild import Issue
from sources.listing import Listing, SourceState
from sources.platform import Parsed, Platform
from sources.week import Week

WEEK, LAST_WEEK = Week(2020, 17), Week(2020, 16)


class Words:
    """A taxonomy of a few words."""

    CONCEPTS: ClassVar = {
        "gown": ("Schutzkittel", "Blouses de protection", "Protective gowns", "textile"),
        "nonwoven": ("Vliesstoff", "Non-tissé", "Non-woven fabric", "textile"),
        "sterilisation": ("Sterilisation", "Stérilisation", "Sterilisation", "service"),
        "ffp2": ("FFP2-Masken", "Masques FFP2", "FFP2 masks", "mask"),
        "valve": ("Beatmungsventile", "Valves respiratoires", "Ventilator valves", "device"),
        "material": ("Material", "Matière", "Material", "textile"),
        "assembly": ("Konfektion", "Confection", "Assembly", "textile"),
        "supply": ("Lieferung", "Fourniture", "Supply", "service"),
        "textile": ("Textil", "Textile", "Textiles", "textile"),
        "service": ("Dienstleistungen", "Services", "Services", "service"),
        "mask": ("Masken", "Masques", "Masks", "mask"),
        "device": ("Medizintechnik", "Technique médicale", "Medical devices", "device"),
        "protective_equipment": ("Schutzausrüstung", "Équipement de protection", "PPE", "protective_equipment"),
        "diagnostics": ("Diagnostik", "Diagnostic", "Diagnostics", "diagnostics"),
        "medical_devices": ("Medizinprodukte", "Dispositifs médicaux", "Devices", "medical_devices"),
        "hygiene": ("Hygiene", "Hygiène", "Hygiene", "hygiene"),
    }

    def label(self, concept_id: str, language: str) -> str:
        return self.CONCEPTS[concept_id][{"fr": 1, "en": 2}.get(language, 0)]

    def group(self, concept_id: str) -> str:
        return self.CONCEPTS[concept_id][3]


def _platform(name: str, title: str, route: str) -> Platform:
    return Platform(
        name=name,
        title=title,
        operator=title,
        url=f"https://{name}.example/",
        language="de",
        country="DE",
        kind_of_access="page",
        contact_route=route,
        inbox_pattern="*.html",
        expected_rows=(1, 10),
        fetch=lambda client, url: (),
        parse=lambda documents: Parsed(pd.DataFrame(), pd.DataFrame()),
    )


PLATFORMS = (
    _platform("boerse", "BIOPRO Kooperationsbörse", "Corona-Hotline der Taskforce, Stichwort Kooperationsbörse"),
    _platform("drehscheibe", "MedicalMountains Drehscheibe", "Formular auf der Seite der Drehscheibe"),
    _platform("place2tex", "place2tex", "Geschäftsstelle AFBW"),
)
# listing, kind, title, text, language, organisation, quantity, unit, certificate, posted, concept
LISTINGS = (
    (
        "boerse:g1", "request", "5.000 sterile Schutzkittel je Woche",
        "Wir suchen sterile Kittel nach EN 13795. Anfragen an anna@klinikum.example",
        "de", "o1", 5000, "piece", "none", "2020-04-18", "gown",
    ),
    (
        "place2tex:a1", "offer", "Vliesstoff SMS 45 g",
        "SMS-Vlies, 2 Tonnen je Woche",
        "de", "o2", 6000, "piece", "claimed", "2020-04-16", "nonwoven",
    ),
    (
        "drehscheibe:a2", "offer", "Konfektion von Kitteln",
        "Nähkapazität für 4 000 Kittel",
        "de", "o3", 4000, "piece", "shown", "2020-04-10", "gown",
    ),
    (
        "place2tex:a4", "offer", "Nähkapazität frei",
        None,
        "de", "o4", 1500, "piece", "none", "2020-03-20", "gown",
    ),
    (
        "boerse:g2", "request", "FFP2-Masken gesucht",
        "Pflegeheim braucht dringend 800 FFP2-Masken",
        "de", "o5", 800, "piece", "none", "2020-04-19", "ffp2",
    ),
    (
        "drehscheibe:a3", "offer", "Masques FFP2",
        "Nous proposons des masques FFP2, EN 149",
        "fr", "o6", 5000, "piece", "checked", "2020-04-17", "ffp2",
    ),
    (
        "drehscheibe:g3", "request", "Beatmungsventile",
        "Ventile nach ISO 80601",
        "de", "o7", None, None, "none", "2020-04-15", "valve",
    ),
)  # fmt: skip
ORGANISATIONS = (
    ("o1", "Klinikum Beispielstadt", "Tübingen", "BW", "DE"),
    ("o2", "Beispiel Vlies GmbH", "Reutlingen", "BW", "DE"),
    ("o3", "Muster Textil KG", "Albstadt", "BW", "DE"),
    ("o4", "Näherei Probe", "Balingen", "BW", "DE"),
    ("o5", "Pflegeheim Musterhof", "Konstanz", "BW", "DE"),
    ("o6", "Textiles Exemple SARL", "Mulhouse", "GES", "FR"),
    ("o7", "Ventil Beispiel GmbH", "Freiburg", "BW", "DE"),
)


def _time(day: str | None) -> pd.Timestamp | None:
    return None if day is None else pd.Timestamp(day, tz="UTC")


def listing_rows() -> list[dict[str, Any]]:
    """The listings as plain rows, to be changed before they become a frame."""
    organisation = {row[0]: row for row in ORGANISATIONS}
    found = []
    for listing_id, kind, title, text, language, owner, quantity, unit, certificate, posted, _ in LISTINGS:
        platform, _, source_id = listing_id.partition(":")
        row: dict[str, Any] = dict.fromkeys(Listing.to_schema().columns)
        row |= {
            "platform": platform,
            "source_id": source_id,
            "listing_id": listing_id,
            "kind": kind,
            "title": title,
            "text": text,
            "language": language,
            "organisation_name": organisation[owner][1],
            "city": organisation[owner][2],
            "region": organisation[owner][3],
            "country": organisation[owner][4],
            "contact_route": "über die Plattform",
            "quantity": quantity,
            "unit": unit,
            "certificate": certificate,
            "urgency": "normal",
            "vetting": "unchecked",
            "status": "open",
            "posted_at": _time(posted),
            "fingerprint": listing_id,
            "first_seen_on": "2020-04-19",
            "last_seen_on": "2020-04-26",
            "is_carried_over": False,
            "missing_since": None,
            "retrieved_at": pd.Timestamp("2020-04-27T04:00", tz="UTC"),
        }
        found.append(row)
    return found


def _frame(model: Any, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    columns = list(model.to_schema().columns)
    frame = pd.DataFrame([[row.get(name) for name in columns] for row in rows], columns=columns, dtype="object")
    validated: pd.DataFrame = model.validate(frame)
    return validated


def _match(request: str, offer: str, concept: str, score: float, blocked_by: str | None = None) -> dict[str, Any]:
    return {
        "request_id": request,
        "offer_id": offer,
        "concept_id": concept,
        "rank": 1,
        "score": score,
        "blocked_by": blocked_by,
        "distance_km": 38.0,
        "quantity_cover": 0.8,
        "is_cross_platform": True,
        "evidence": evidence(
            {"part": "concept_same", "score": 1.0, "request_concept": concept, "offer_concept": concept},
            {"part": "distance", "score": 0.9, "km": 38.2},
            {"part": "quantity_cover", "score": 0.8, "share": 0.8, "quantity": 4000, "unit": "piece"},
            {"part": "freshness", "score": 0.9, "days": 1},
        ),
    }


CONSORTIA = (
    {
        "consortium_id": "c1",
        "request_id": "boerse:g1",
        "concept_id": "gown",
        "recipe_id": "gown",
        "organisation_id": "o1",
        "region": "BW",
        "country": "DE",
        "roles": 3,
        "roles_filled": 2,
        "is_multi_role": True,
        "is_cross_platform": True,
        "quantity": 5000.0,
        "quantity_covered": 4000.0,
        "unit": "piece",
        "bottleneck_role": "assembly",
        "lead_time_days": 9.0,
        "deadline_on": "2020-04-29",
        "urgency": "high",
        "score": 0.91,
        "method": "rounded",
        "gap": 0.0017,
        "evidence": evidence(
            {"part": "role_filled", "score": None, "role": "material"},
            {"part": "role_missing", "score": None, "role": "sterilisation"},
            {"part": "quantity_covered", "score": 0.8, "share": 0.8},
            {"part": "spread", "score": None, "regions": 1, "countries": 1, "km": 38},
            {"part": "alternative", "score": None, "rank": 1, "recipe": "gown", "organisations": ["o4"], "share": 0.3},
            {"part": "composed_by", "score": None, "state": "rounded", "gap": 0.0017},
        ),
    },
    {
        "consortium_id": "c2",
        "request_id": "boerse:g2",
        "concept_id": "ffp2",
        "recipe_id": "ffp2",
        "organisation_id": "o5",
        "region": "BW",
        "country": "DE",
        "roles": 1,
        "roles_filled": 1,
        "is_multi_role": False,
        "is_cross_platform": True,
        "quantity": 800.0,
        "quantity_covered": 800.0,
        "unit": "piece",
        "bottleneck_role": None,
        "lead_time_days": 2.0,
        "deadline_on": None,
        "urgency": "critical",
        "score": 0.62,
        "method": "greedy",
        "gap": None,
        "evidence": evidence({"part": "quantity_covered", "score": 1.0, "share": 1.0}),
    },
)
ROLES = (
    ("c1", 1, "material", "nonwoven", "filled", "o2", "place2tex:a1", "place2tex", 6000.0, 18.0, "claimed"),
    ("c1", 2, "assembly", "gown", "filled", "o3", "drehscheibe:a2", "drehscheibe", 4000.0, 38.0, "shown"),
    ("c1", 2, "assembly", "gown", "alternate", "o4", "place2tex:a4", "place2tex", 1500.0, 30.0, "none"),
    ("c1", 3, "sterilisation", "sterilisation", "missing", None, None, None, None, None, None),
    ("c2", 1, "supply", "ffp2", "filled", "o6", "drehscheibe:a3", "drehscheibe", 800.0, 90.0, "checked"),
)
SHORTAGES = [
    dict(
        zip(
            ("concept_id", "country", "region", "is_total", "requests", "covered", "partly_covered", "unmet", "offers"),
            row,
            strict=True,
        )
    )
    | {"blocking_role": role, "blocked_by": reason, "nearest_request_id": request, "nearest_offer_id": offer}
    for row, role, reason, request, offer in (
        (("gown", None, None, True, 35, 4, 31, 0, 2), "sterilisation", None, None, None),
        (("gown", "DE", "BW", False, 30, 4, 26, 0, 2), "sterilisation", None, None, None),
        (("gown", None, None, False, 5, 0, 5, 0, 0), "sterilisation", None, None, None),
        (("ffp2", None, None, True, 3, 3, 0, 0, 1), None, None, None, None),
        (("ffp2", "DE", "BW", False, 3, 3, 0, 0, 1), None, None, None, None),
        (("valve", None, None, True, 1, 0, 0, 1, 0), None, "norm", "drehscheibe:g3", "drehscheibe:a2"),
        (("valve", "DE", "BW", False, 1, 0, 0, 1, 0), None, "norm", "drehscheibe:g3", "drehscheibe:a2"),
    )
]
FIGURES = (
    ("2020-W15", 176, 118, 26, 38, 20, 8),
    ("2020-W16", 201, 140, 33, 38, 22, 4),
    ("2020-W17", 214, 146, 41, 35, 23, 1),
)


def opportunity(number: str, consortium: str, state: str, concept: str, rank: int, **more: Any) -> dict[str, Any]:
    """One row of opportunities."""
    return {
        "opportunity_id": number,
        "consortium_id": consortium,
        "state": state,
        "rank": rank,
        "change": "[]",
        "closing_reason": None,
        "first_reported_in": "2020-W17",
        "title_concept_id": concept,
        "content": "{}",
        **more,
    }


OPPORTUNITIES = (
    opportunity("K-2020-17-01", "c1", "new", "gown", 1),
    opportunity(
        "K-2020-16-02",
        "c2",
        "changed",
        "ffp2",
        2,
        first_reported_in="2020-W16",
        change=json.dumps([{"what": "covered", "old": 0.5, "new": 1.0}]),
    ),
    opportunity("K-2020-15-04", "c9", "closed", "valve", 3, closing_reason="fulfilled", first_reported_in="2020-W15"),
)


def sample_issue(
    listings: Sequence[dict[str, Any]] | None = None,
    organisations: Sequence[tuple[Any, ...]] = ORGANISATIONS,
    opportunities: Sequence[dict[str, Any]] = OPPORTUNITIES,
    consortia: Sequence[dict[str, Any]] = CONSORTIA,
    roles: Sequence[tuple[Any, ...]] = ROLES,
    figures: Sequence[tuple[Any, ...]] = FIGURES,
    previous: Week | None = LAST_WEEK,
    stale: Sequence[str] = ("place2tex",),
    is_empty: bool = False,
) -> Issue:
    """The week's issue, with single frames given as rows replaced."""
    listings = listing_rows() if listings is None else listings
    if is_empty:
        listings, organisations, opportunities, consortia, roles = [], (), (), (), ()
    listing_ids = {row["listing_id"] for row in listings}
    known = [row for row in LISTINGS if row[0] in listing_ids]
    role_columns = (
        "consortium_id",
        "position",
        "role_id",
        "concept_id",
        "state",
        "organisation_id",
        "listing_id",
        "platform",
        "quantity",
        "distance_km",
        "certificate",
    )
    matches = [
        _match("boerse:g1", "drehscheibe:a2", "gown", 0.91),
        _match("boerse:g2", "drehscheibe:a3", "ffp2", 0.62),
    ]
    return Issue(
        week=WEEK,
        listings=_frame(Listing, listings),
        concepts=_frame(
            ListingConcept,
            [{"listing_id": row[0], "concept_id": row[10], "matched_text": row[10], "score": 1.0} for row in known],
        ),
        members=_frame(
            OrganisationMember,
            [
                {"record_id": row[0], "organisation_id": row[5], "match_probability": 1.0, "evidence": "[]"}
                for row in known
            ],
        ),
        organisations=_frame(
            Organisation,
            [
                dict(zip(("organisation_id", "name", "city", "region", "country"), row, strict=True))
                | {"records": 1, "platforms": "boerse"}
                for row in organisations
            ],
        ),
        matches=_frame(Match, [] if is_empty else matches),
        consortia=_frame(Consortium, consortia),
        roles=_frame(ConsortiumRole, [dict(zip(role_columns, row, strict=True)) | {"evidence": "[]"} for row in roles]),
        unmet=_frame(
            UnmetNeed,
            []
            if is_empty
            else [
                {
                    "request_id": "drehscheibe:g3",
                    "concept_id": "valve",
                    "organisation_id": "o7",
                    "region": "BW",
                    "nearest_offer_id": "drehscheibe:a2",
                    "blocked_by": "norm",
                }
            ],
        ),
        shortages=_frame(Shortage, [] if is_empty else SHORTAGES),
        opportunities=_frame(Opportunity, opportunities),
        key_figures=_frame(
            KeyFigures, [dict(zip(KeyFigures.to_schema().columns, row, strict=False)) for row in _figures(figures)]
        ),
        source_states=_frame(
            SourceState,
            [
                {
                    "platform": platform.name,
                    "state": "stale" if platform.name in stale else "fresh",
                    "reason": "Unreachable: status 500" if platform.name in stale else None,
                    "retrieved_at": pd.Timestamp("2020-04-27T04:00", tz="UTC"),
                    "age_days": 7 if platform.name in stale else 0,
                    "rows_read": 12,
                    "rows_listed": 9,
                    "rows_quarantined": 2,
                    "rows_later": 1,
                    "input_sha256": "0" * 64,
                }
                for platform in PLATFORMS
            ],
        ),
        taxonomy=Words(),
        platforms=PLATFORMS,
        is_sample=True,
        previous=previous,
        next_issue_on=date(2020, 5, 4),
        repeats=empty(ListingRepeat),
        held=_frame(HeldBack, [] if is_empty else HELD),
        reported=_reported(opportunities if previous else ()),
    )


def _figures(figures: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [
        (week, offers, requests, 100, matches, unmet, opportunities, new)
        for week, offers, requests, matches, unmet, opportunities, new in figures
    ]


def _reported(opportunities: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """What the issue before told about the opportunities that are not new this week."""
    known = [row for row in opportunities if row["first_reported_in"] != str(WEEK)]
    told = [row | {"state": "new", "change": "[]", "closing_reason": None, "week": str(LAST_WEEK)} for row in known]
    return pd.DataFrame(told)


_WILD = {"listing_id": "boerse:w1", "platform": "boerse", "kind": "offer", "reason": "quantity_outlier"}
_AWAY = {"listing_id": "drehscheibe:w2", "platform": "drehscheibe", "kind": "request", "reason": "place_contradiction"}
HELD = [
    _WILD | {"concept_id": "gown", "quantity": 1e7, "unit": "piece", "usual": 100.0, "limit": 45200.0},
    _AWAY | {"stated": "DE-BW", "found": "Hamburg: HH"},
    _AWAY | {"reason": "by_hand", "note": "Niemand weiß davon, anna@firma.example"},
]
IDS = ("listing_id", "record_id", "request_id", "offer_id", "nearest_offer_id", "source_id", "fingerprint")


def hostile_issue(text: str) -> Issue:
    """The week with a text in everything that a platform writes: fields, ids, facts in evidence, names in changes."""
    free = (
        "title", "text", "category", "organisation_name", "organisation_type", "street", "postal_code", "city",
        "region", "norms", "url", "contact_route",
    )  # fmt: skip
    issue = sample_issue()
    facts = evidence(
        {"part": "certificate", "score": None, "state": "claimed", "norm": text},
        {"part": "same_region", "score": None, "region": text},
        {"part": "blocked", "score": None, "constraint": "norm", "wanted": text, "found": text},
        {"part": "information", "score": None, "listing_id": f"boerse:g1{text}"},
        {"part": text, "score": None, "fact": text},
    )
    changes = json.dumps(
        [{"what": "partners", "role": "supply", "old": [text], "new": [text]}, {"what": text, "old": text, "new": text}]
    )

    def with_ids(frame: pd.DataFrame) -> pd.DataFrame:
        known = [name for name in IDS if name in frame]
        return frame.assign(**{name: frame[name].map(lambda cell: cell + text, na_action="ignore") for name in known})

    return replace(
        issue,
        listings=with_ids(issue.listings).assign(**dict.fromkeys(free, text)),
        concepts=with_ids(issue.concepts),
        members=with_ids(issue.members),
        matches=with_ids(issue.matches).assign(evidence=facts),
        organisations=issue.organisations.assign(name=text, city=text, region=text),
        consortia=with_ids(issue.consortia).assign(evidence=facts, region=text, unit=text),
        roles=with_ids(issue.roles).assign(evidence=facts),
        unmet=with_ids(issue.unmet),
        held=with_ids(issue.held).assign(stated=text, found=text, note=text),
        opportunities=issue.opportunities.assign(change=changes),
        source_states=issue.source_states.assign(reason=text),
    )


def crowded_issue() -> Issue:
    """A week with 200 new opportunities."""
    numbers = range(1, 201)
    return sample_issue(
        opportunities=[opportunity(f"K-2020-17-{n:02d}", f"c{n}", "new", "gown", n) for n in numbers],
        consortia=[CONSORTIA[0] | {"consortium_id": f"c{n}"} for n in numbers],
        roles=[(f"c{n}", *row[1:]) for n in numbers for row in ROLES if row[0] == "c1"],
    )
