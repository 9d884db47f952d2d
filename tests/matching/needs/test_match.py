"""Requests meet the offers that can serve them; what stands in the way of the others is named."""

import json
from datetime import date
from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.typing import DataFrame

from matching.needs.match import Known, Wanted, by_pair, match, match_block, prepare
from matching.schema import Match, Organisation, OrganisationMember, empty
from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.finding import classify, unmapped
from matching.texts.similarity import Means
from sources.listing import UNITS, Listing

ON = date(2020, 4, 5)
DEFAULTS: dict[str, Any] = {
    "platform": "board_a",
    "kind": "request",
    "contact_route": "office@board-a.example",
    "certificate": "none",
    "urgency": "normal",
    "vetting": "unchecked",
    "status": "open",
    "fingerprint": "f",
    "first_seen_on": "2020-04-05",
    "last_seen_on": "2020-04-05",
    "is_carried_over": False,
    "missing_since": None,
    "retrieved_at": pd.Timestamp("2020-04-05", tz="UTC"),
}


NO_LISTINGS = empty(Listing)
NO_ORGANISATIONS = DataFrame[Organisation](empty(Organisation))
NO_MEMBERS = DataFrame[OrganisationMember](empty(OrganisationMember))


def listings(*rows: dict[str, Any]) -> DataFrame[Listing]:
    """Listings of the columns given; the types are those of Listing, validated once for all tests to save time."""
    filled = [{**DEFAULTS, "source_id": row["listing_id"], "title": row.get("category", "-"), **row} for row in rows]
    table = pd.DataFrame(filled).reindex(columns=NO_LISTINGS.columns)
    return cast("DataFrame[Listing]", table.astype(NO_LISTINGS.dtypes))


def matched(
    requests: DataFrame[Listing], offers: DataFrame[Listing], members: dict[str, str] | None = None, **options: Any
) -> DataFrame[Match]:
    taxonomy = load_taxonomy()
    both = cast("DataFrame[Listing]", pd.concat([requests, offers]))
    grouped = NO_MEMBERS
    if members:
        rows = [
            {"record_id": record, "organisation_id": organisation, "match_probability": 1.0, "evidence": "[]"}
            for record, organisation in members.items()
        ]
        grouped = DataFrame[OrganisationMember](pd.DataFrame(rows).reindex(columns=NO_MEMBERS.columns))
    concepts = classify(both, taxonomy)
    return match(
        requests, offers, on=ON, taxonomy=taxonomy, known=Known(concepts, NO_ORGANISATIONS, grouped), **options
    )


REQUEST = {
    "listing_id": "r",
    "category": "FFP2-Masken",
    "quantity": 1000,
    "unit": "piece",
    "norms": "EN 149",
    "is_medical": True,
    "is_sterile": True,
    "available_until": pd.Timestamp("2020-04-20", tz="UTC"),
    "city": "Freiburg im Breisgau",
    "country": "DE",
    "language": "de",
}
OFFER = {
    **REQUEST,
    "listing_id": "o",
    "kind": "offer",
    "category": "masques FFP2",
    "city": "Strasbourg",
    "country": "FR",
}


def test_a_pair_without_contradiction_is_a_match_with_its_reasons() -> None:
    offer = {
        **OFFER,
        "quantity": 40,
        "period": "day",
        "platform": "board_b",
        "certificate": "shown",
        "available_until": None,
    }
    table = matched(listings(REQUEST), listings(offer))
    assert table[["request_id", "offer_id", "concept_id", "rank"]].to_numpy().tolist() == [["r", "o", "ffp2_mask", 1]]
    assert table["blocked_by"].isna().all()
    assert table["is_cross_platform"].all()
    assert table["quantity_cover"][0] == pytest.approx(0.6)  # 15 days of 40 pieces
    assert 55 < table["distance_km"][0] < 75
    parts = {part["part"]: part for part in json.loads(table["evidence"][0])}
    assert parts["concept_same"]["offer_concept"] == "ffp2_mask"
    assert (parts["quantity_cover"]["quantity"], parts["quantity_cover"]["unit"]) == (600, "piece")
    assert parts["certificate"] == {"part": "certificate", "score": None, "state": "shown", "norm": "EN 149"}
    assert parts["quantity_cover"]["until"] == "2020-04-20"


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


NEAR_MISSES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    # what the request says otherwise, what the offer says otherwise, what stands in the way
    ({}, {"kind": "idea"}, "kind"),
    ({}, {"kind": "request"}, "kind"),
    ({}, {"category": "OP-Masken"}, "concept"),
    ({}, {"category": "Beatmungsmasken"}, "concept"),
    ({"title": "Masken, keine Stoffmasken"}, {"title": "Stoffmasken", "category": "Stoffmasken"}, "concept"),
    ({"title": "masques, sauf masques FFP2"}, {"title": "masques FFP2"}, "concept"),
    ({"title": "500 masques FFP2", "quantity": None, "unit": None}, {"text": "MOQ 50 000"}, "minimum_quantity"),
    ({}, {"category": "Stoffmasken"}, "concept"),
    ({"category": "OP-Masken"}, {"category": "FFP2-Masken"}, "concept"),
    ({"category": "masques chirurgicaux"}, {"category": "masques en tissu"}, "concept"),
    ({"category": "OP-Handschuhe"}, {"category": "Haushaltshandschuhe"}, "concept"),
    ({"category": "gants d'examen"}, {"category": "gants de ménage"}, "concept"),
    ({"category": "OP-Handschuhe"}, {"category": "Laborhandschuhe"}, "concept"),
    ({"category": "Maskenprüfung"}, {"category": "Antigentest"}, "concept"),
    ({"category": "Maskenprüfung"}, {"category": "Softwaretest"}, "concept"),
    ({"category": "Maskenprüfung"}, {"category": "Testkapazität"}, "concept"),
    ({"category": "PCR-Test"}, {"category": "Antigen-Schnelltest"}, "concept"),
    ({"category": "test antigénique"}, {"category": "test sérologique"}, "concept"),
    ({"category": "Beatmungsgerät"}, {"category": "Beatmungsgeräteteile"}, "concept"),
    ({"category": "ventilators"}, {"category": "air purifier"}, "concept"),
    ({"category": "Meltblown"}, {"category": "Spinnvlies"}, "concept"),
    ({"category": "EO-Sterilisation"}, {"category": "Dampfsterilisation"}, "concept"),
    ({"category": "hand sanitizer"}, {"category": "surface disinfectant"}, "concept"),
    ({"category": "Händedesinfektionsmittel"}, {"category": "Desinfektionsmittelspender"}, "concept"),
    ({"category": "Zuschnitt"}, {"category": "Laserschneiden"}, "concept"),
    ({"category": "Schutzkittel"}, {"category": "Schutzanzug"}, "concept"),
    ({}, {"norms": "EN 14683"}, "norm"),
    ({"norms": "EN 149; EN 14683"}, {"norms": "GB 2626"}, "norm"),
    ({"norms": "DIN EN 13795", "category": "OP-Mantel"}, {"norms": "EN 14126", "category": "OP-Mantel"}, "norm"),
    ({}, {"is_medical": False}, "medical"),
    ({"is_sterile": False}, {"is_medical": False}, "medical"),
    ({}, {"is_sterile": False}, "sterile"),
    ({"category": "Tupfer"}, {"category": "écouvillons", "is_sterile": False}, "sterile"),
    ({}, {"minimum_quantity": 5000}, "minimum_quantity"),
    ({"quantity": 100, "unit": "pair"}, {"minimum_quantity": 500, "unit": "piece"}, "minimum_quantity"),
    ({"quantity": 900, "unit": "gram"}, {"minimum_quantity": 1, "unit": "kilogram"}, "minimum_quantity"),
    ({"quantity": 20, "unit": "litre"}, {"minimum_quantity": 1, "unit": "cubic_metre"}, "minimum_quantity"),
    ({}, {"available_from": day("2020-05-01"), "available_until": None}, "time_window"),
    ({}, {"available_from": day("2020-04-21"), "available_until": day("2020-06-01")}, "time_window"),
    ({}, {"available_until": day("2020-04-01")}, "time_window"),
    ({"available_from": day("2020-04-15")}, {"available_until": day("2020-04-10")}, "time_window"),
    ({}, {"status": "fulfilled"}, "open_for_interest"),
    ({}, {"status": "withdrawn"}, "open_for_interest"),
    ({}, {"status": "expired"}, "open_for_interest"),
    ({}, {"vetting": "rejected"}, "vetting"),
    ({"category": "PCR-Reagenzien"}, {"category": "réactifs PCR", "vetting": "rejected"}, "vetting"),
    ({"country": "DE"}, {"country": "US", "city": "Seattle"}, "country"),
]


@pytest.mark.parametrize(("wanted", "change", "constraint"), NEAR_MISSES)
def test_a_near_miss_names_the_one_constraint(wanted: dict[str, Any], change: dict[str, Any], constraint: str) -> None:
    request = {**REQUEST, **wanted}
    same = {name: request[name] for name in ("category", "norms", "quantity", "unit")}
    table = matched(listings(request), listings({**OFFER, **same, **change}))
    assert table["blocked_by"].tolist() == [constraint]
    assert json.loads(table["evidence"][0])[0]["constraint"] == constraint


def test_a_last_day_counts_to_its_end() -> None:
    until = {"available_until": pd.Timestamp("2020-05-07T22:00", tz="UTC")}  # "bis 08.05."
    same_day = {"available_from": pd.Timestamp("2020-05-08T08:00", tz="UTC"), "available_until": None}
    day_after = {"available_from": pd.Timestamp("2020-05-08T22:00", tz="UTC"), "available_until": None}
    matching = matched(listings({**REQUEST, **until}), listings({**OFFER, **same_day}))
    assert matching["blocked_by"].isna().all()
    [missed] = matched(listings({**REQUEST, **until}), listings({**OFFER, **day_after})).to_dict("records")
    assert missed["blocked_by"] == "time_window"
    [fact] = [part for part in json.loads(missed["evidence"]) if part.get("constraint") == "time_window"]
    assert {"2020-05-08", "2020-05-09"} <= set(map(str, fact.values()))


def test_two_broken_constraints_are_no_near_miss() -> None:
    assert matched(listings(REQUEST), listings({**OFFER, "norms": "EN 14683", "vetting": "rejected"})).empty


def test_what_nobody_stated_rules_nothing_out() -> None:
    bare = {"listing_id": "o", "kind": "offer", "category": "FFP2 masks"}
    assert matched(listings(REQUEST), listings(bare))["blocked_by"].isna().all()


def test_an_organisation_is_not_matched_with_itself() -> None:
    requests, offers = listings(REQUEST), listings(OFFER)
    assert matched(requests, offers, {"r": "org-1", "o": "org-1"}).empty
    assert len(matched(requests, offers, {"r": "org-1", "o": "org-2"})) == 1


def test_order_of_rows_does_not_matter_and_ties_follow_the_id() -> None:
    offers = listings(*({**OFFER, "listing_id": f"o{number}"} for number in range(9)))
    table = matched(listings(REQUEST), offers, wanted=Wanted(4))
    assert table["offer_id"].tolist() == ["o0", "o1", "o2", "o3"]
    pd.testing.assert_frame_equal(table, matched(listings(REQUEST), offers.iloc[::-1], wanted=Wanted(4)))


def test_texts_part_what_concepts_cannot(means: Means) -> None:
    request = {**REQUEST, "text": "Für die Intensivstation, mit Ausatemventil"}
    offers = [{**OFFER, "language": "de", "category": "FFP2-Masken", "listing_id": f"o{number}"} for number in (1, 2)]
    said = [{**offers[0], "text": "Kindergrößen, bunt"}, {**offers[1], "text": "mit Ausatemventil, für Kliniken"}]
    assert matched(listings(request), listings(*offers))["offer_id"].tolist() == ["o1", "o2"]
    table = matched(listings(request), listings(*said), means=means)
    assert table["offer_id"].tolist() == ["o2", "o1"]
    assert "text_similarity" in {part["part"] for part in json.loads(table["evidence"][0])}


SOME = {
    "r1": "Kühltransport für Impfstoffe nach Lyon gesucht",
    "r2": "FFP2-Masken",
    "o1": "Spedition mit Kühlfahrzeugen, 2 bis 8 Grad",
    "o2": "FFP2-Masken ab Lager",
    "o3": "Wir schneiden Filme für Kliniken",
    "o4": "Kühlboxen für Impfstoffe",
}


def some(kind: str) -> DataFrame[Listing]:
    mine = {key: text for key, text in SOME.items() if key[0] == kind[0]}
    return listings(*({"listing_id": key, "kind": kind, "title": text, "language": "de"} for key, text in mine.items()))


def test_what_texts_alone_bring_together_has_no_concept(means: Means) -> None:
    requests = listings(
        {"listing_id": "r", "title": "Wir suchen jemanden, der Filme für uns schneidet", "language": "de"}
    )
    table = matched(requests, some("offer"), means=means)
    assert table[["offer_id", "rank"]].to_numpy().tolist() == [["o3", 1]]
    assert table["concept_id"].isna().all()


def test_nothing_fits_is_an_answer(means: Means) -> None:
    requests = listings({"listing_id": "r", "title": "Dachdecker für ein Einfamilienhaus", "language": "de"})
    for compared_with in (Means(), means):
        assert matched(requests, some("offer"), means=compared_with).empty


def test_a_pair_is_judged_alike_in_whatever_block_it_stands(means: Means) -> None:
    requests, offers = some("request"), some("offer")
    prepared = prepare(
        requests,
        offers,
        on=ON,
        taxonomy=load_taxonomy(),
        means=means,
        known=Known(),
        wanted=Wanted(at_any_relevance=True),
    )
    whole = match_block(slice(0, 2), prepared)
    parts = [match_block(slice(row, row + 1), prepared) for row in range(2)]
    assert len(whole) == 8
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))


def test_pairs_without_regard_to_concepts_stand_once_with_their_best_score() -> None:
    request = {**REQUEST, "category": "FFP2-Masken, Schutzkittel"}
    table = matched(listings(request), listings({**OFFER, "category": "FFP2-Masken; Schutzkittel"}))
    assert sorted(table["concept_id"]) == ["ffp2_mask", "gown"]
    pairs = by_pair(table)
    assert pairs[["request_id", "offer_id", "rank"]].to_numpy().tolist() == [["r", "o", 1]]
    assert pairs["score"][0] == table["score"].max()


@given(
    quantity=st.floats(1, 1e6),
    period=st.sampled_from([None, "day", "week", "month", "year"]),
    unit=st.sampled_from(sorted(UNITS)),
    days=st.integers(0, 400),
)
@settings(max_examples=15, deadline=None)
def test_score_and_cover_stay_within_bounds(quantity: float, period: str | None, unit: str, days: int) -> None:
    until = pd.Timestamp(ON, tz="UTC") + pd.Timedelta(days=days)
    request = {**REQUEST, "quantity": 100, "unit": unit, "available_until": until}
    offer = {**OFFER, "quantity": quantity, "unit": unit, "period": period, "available_until": None}
    table = matched(listings(request), listings(offer))
    assert table["score"].between(0, 1).all()
    assert table["quantity_cover"].dropna().between(0, 1).all()


def test_category_texts_that_lead_nowhere_are_reported() -> None:
    board = listings({**REQUEST, "category": "Sternenstaub"}, {**REQUEST, "listing_id": "r2", "category": "Kittel"})
    lost = unmapped(board, classify(board, load_taxonomy()))
    assert lost[["platform", "category", "listings"]].to_numpy().tolist() == [["board_a", "Sternenstaub", 1]]
