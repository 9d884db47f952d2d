"""The optimiser: beside brute force on small weeks, capacities checked from the outputs, options, stability."""

import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from matching.consortia import greedy, robustness
from matching.consortia.candidates import Candidate
from matching.consortia.chains import Chain, Need, Slot
from matching.consortia.optimiser import optimise, worth
from matching.consortia.options import Options
from matching.consortia.plans import claim
from matching.consortia.supply import Supply
from matching.consortia.weights import COVER, FIT, FREE_LOAD, LOAD, PARTNER
from matching.taxonomy.recipes import Role

ROLES = (Role("meltblown", ("meltblown",), 1.0, "piece", 1.0), Role("sewing", ("sewing",), 1.0, "piece", 1.0))
URGENT = ("low", "normal", "high", "critical")


def _supply(capacities: list[float], owners: list[str] | None = None) -> Supply:
    count = len(capacities)
    names = tuple(f"o{number}" for number in range(count))
    nowhere, zeros = np.full(count, np.nan), np.zeros(count)
    nothing: tuple[str | None, ...] = (None,) * count
    return Supply(
        names,
        tuple(owners) if owners else names,
        ("p",) * count,
        ("none",) * count,
        nothing,
        ("DE",) * count,
        np.arange(count),
        np.array(capacities, dtype=float),
        ("litre",) * count,
        zeros,
        zeros,
        zeros,
        nowhere,
        nowhere,
    )


def _need(number: int, quantity: float, urgency: str, supply: Supply, slots: list[list[int]]) -> Need:
    places = tuple(
        Slot(
            (role,),
            tuple(
                Candidate(offer, role, round(0.9 - 0.1 * rank, 2), float("nan"), float(supply.capacity[offer]))
                for rank, offer in enumerate(offers)
            ),
        )
        for role, offers in zip(ROLES, slots, strict=False)
    )
    chain = Chain("x", places, "x")
    name = f"need {number}"
    return Need(name, name, "x", f"asks {number}", "p", None, "DE", quantity, "litre", urgency, None, (chain,))


def _best_by_brute_force(needs: list[Need], supply: Supply) -> float:
    """Every set of promises, each with its best quantities by an own linear program."""
    edges = [
        (number, slot, candidate, *claim(need, candidate, supply))
        for number, need in enumerate(needs)
        for slot, place in enumerate(need.chains[0].slots)
        for candidate in place.candidates
    ]
    # Who cannot give the least that is worth a call is no candidate; a role that only such ones could fill stays open.
    edges = [edge for edge in edges if edge[3] * edge[4] <= 1]
    served = {edge[:2] for edge in edges}
    best = 0.0
    for chosen in itertools.product((False, True), repeat=len(edges)):
        used = [edge for edge, yes in zip(edges, chosen, strict=True) if yes]
        if not used:
            continue
        count = len(needs)
        cost = np.zeros(count + len(used))
        equal, unequal, limits = [], [], []
        for number, need in enumerate(needs):
            slots = need.chains[0].slots
            cost[number] = (
                -COVER[need.urgency] * sum((number, slot) in served for slot in range(len(slots))) / len(slots)
            )
            for slot in range(len(slots)):
                if (number, slot) in served:
                    row = np.zeros(len(cost))
                    row[number] = -1
                    for column, edge in enumerate(used):
                        row[count + column] = float(edge[:2] == (number, slot))
                    equal.append(row)
        for column, (number, _, candidate, _, _) in enumerate(used):
            cost[count + column] = -FIT * candidate.fit / len(needs[number].chains[0].slots)
        for offer in range(len(supply.listing_id)):
            row = np.zeros(len(cost))
            for column, (_, _, candidate, share, _) in enumerate(used):
                row[count + column] = share * (candidate.offer == offer)
            unequal.append(row)
            limits.append(1.0)
        bounds = [(0.0, 1.0)] * count + [(least, 1.0) for *_, least in used]
        solved = linprog(cost, A_ub=unequal, b_ub=limits, A_eq=equal, b_eq=np.zeros(len(equal)), bounds=bounds)
        if solved.success:
            load = [sum(edge[2].offer == offer for edge in used) for offer in range(len(supply.listing_id))]
            price = PARTNER * len(used) + LOAD * sum(max(count - FREE_LOAD, 0) for count in load)
            best = max(best, -solved.fun - price)
    return best


WEEK = st.tuples(
    st.lists(st.integers(1, 20), min_size=2, max_size=3),
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from(URGENT)), min_size=1, max_size=2),
    st.booleans(),
)


@settings(deadline=None, max_examples=15)
@given(WEEK)
def test_small_weeks_are_solved_to_optimality(week: Any) -> None:
    capacities, asked, is_chain = week
    supply = _supply([float(capacity) for capacity in capacities])
    offers = list(range(len(capacities)))
    slots = [offers[:1], offers[1:]] if is_chain else [offers]
    needs = [_need(number, float(size), urgency, supply, slots) for number, (size, urgency) in enumerate(asked)]
    outcome = optimise(needs, supply, Options(least_certainty=0))
    best = _best_by_brute_force(needs, supply)
    assert outcome.value == pytest.approx(best, abs=1e-5)
    assert outcome.bound == pytest.approx(best, abs=1e-5)
    optimal = [plan for plan in outcome.plans if plan.method == "optimal"]
    assert worth(optimal, needs, supply) == pytest.approx(best, abs=1e-5)


def test_large_components_keep_within_a_percent_of_their_bound() -> None:
    supply = _supply([float(50 + 7 * (number % 11)) for number in range(60)])
    needs = [
        _need(
            number,
            float(20 + 13 * (number % 17)),
            URGENT[number % 4],
            supply,
            [[(number + step) % 30 for step in (0, 1, 5, 7)], [30 + (number + step) % 30 for step in (0, 2, 3, 11)]],
        )
        for number in range(60)
    ]
    outcome = optimise(needs, supply, Options())
    assert {plan.method for plan in outcome.plans} <= {"rounded", "greedy"}
    assert outcome.bound >= outcome.value
    assert outcome.gap <= 0.02
    greedy = optimise(needs, supply, Options(program_size=1))
    assert {plan.method for plan in greedy.plans} == {"greedy"}


def _busy(world: Any) -> Any:
    for number in range(8):
        quantity = None if number % 4 == 0 else 200 + 50 * number
        world.say("request", f"Klinik {number}", "surgical_mask", quantity, is_sterile=bool(number % 2))
    for number in range(3):
        world.say("offer", f"Vlies {number}", "meltblown", 1.5, unit="kilogram", city="Leipzig")
        world.say("offer", f"Schweisser {number}", "ultrasonic_welding", 400 + number)
        world.say("offer", f"Fertig {number}", "surgical_mask", 150, city="Stuttgart")
    world.say("offer", "Steril", "sterilisation", 500, city="Strasbourg")
    world.say("offer", "Prüfer", "mask_testing", 1, unit="test")
    return world


def test_no_capacity_is_promised_twice_by_the_outputs(world: Any) -> None:
    _, roles, _ = _busy(world).compose()
    amount = {"meltblown": 2.0, "mask_testing": 0.001}
    stated = {row["listing_id"]: (row["quantity"], row["unit"]) for row in world.listings}
    filled = roles[(roles["state"] == "filled") & roles["quantity"].notna()]
    for listing_id, rows in filled.groupby("listing_id"):
        quantity, unit = stated[listing_id]
        capacity = quantity * (1000 if unit == "kilogram" else 1)
        used = (rows["quantity"] * rows["role_id"].map(amount).fillna(1.0)).sum()
        assert used <= capacity * (1 + 1e-6), listing_id


def test_alternates_are_others_with_room(world: Any) -> None:
    _, roles, _ = _busy(world).compose()
    for _, rows in roles.groupby(["consortium_id", "position"]):
        filled = set(rows.loc[rows["state"] == "filled", "organisation_id"])
        assert not filled & set(rows.loc[rows["state"] == "alternate", "organisation_id"])


@pytest.mark.parametrize("leaving", ["Vlies 0", "Schweisser 1", "Fertig 2", "Steril", "Prüfer"])
def test_a_partner_that_leaves_changes_only_its_own_consortia(world: Any, leaving: str) -> None:
    before = _busy(world).compose()
    touched = set(before.roles.loc[(before.roles["organisation_id"] == leaving), "consortium_id"])
    for row in world.listings:
        if row["organisation_name"] == leaving:
            row["status"] = "withdrawn"
    after = world.compose(previous=before.roles)

    def promises(roles: pd.DataFrame) -> dict[str, list[Any]]:
        kept = roles[(roles["state"] == "filled") & ~roles["consortium_id"].isin(touched)].round({"quantity": 3})
        columns = ["position", "listing_id", "quantity"]
        return {
            str(key): rows[columns].astype("str").to_numpy().tolist() for key, rows in kept.groupby("consortium_id")
        }

    assert leaving not in set(after.roles["organisation_id"].dropna())
    held, now = promises(before.roles), promises(after.roles)
    assert {key: now.get(key) for key in held} == held


def test_what_breaks_is_named(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "Groß", "face_shield", 80)
    world.say("offer", "Klein", "face_shield", 20)
    consortia, _, _ = world.compose()
    [part] = [one for one in json.loads(consortia["evidence"].item()) if one["part"] == "if_leaves"]
    assert (part["organisation_id"], part["share"], part["alternates"]) == ("Groß", 0.2, 0)


def test_alternatives_are_ranked(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 100)
    for name in ("A", "B", "C"):
        world.say("offer", name, "face_shield", 100)
    parts = json.loads(world.compose().consortia["evidence"].item())
    ways = [(part["rank"], part["organisations"]) for part in parts if part["part"] == "alternative"]
    assert ways == [(1, ["B"]), (2, ["C"])]


@pytest.mark.parametrize(("makers", "told"), [([[1], [2]], [(("o1", "o2"), 1.0)]), ([[], [2]], [])])
def test_who_fills_one_role_of_a_longer_chain_is_no_alternative(makers: list[list[int]], told: list[Any]) -> None:
    """Bottles alone serve nobody who seeks what is filled into them."""
    supply, free = _supply([20.0, 100.0, 100.0]), np.ones(6)
    ready, made = (_need(0, 100.0, "normal", supply, slots).chains[0] for slots in ([[0]], makers))
    need = replace(_need(0, 100.0, "normal", supply, [[0]]), chains=(ready, made))
    found = greedy.fill(0, need, ready, supply, free, frozenset())
    assert found is not None
    left = free.copy()
    left[0] -= found.promises[0].share
    ways = [(part["organisations"], part["share"]) for part in robustness.alternatives(need, found, supply, left)]
    assert ways == told


def test_ideas_compose_by_the_roles_they_seek(world: Any) -> None:
    world.say("idea", "Labor", "ventilator", roles_sought="3D-Druck; Zulassung, Elektronikfertigung")
    world.say("offer", "Drucker", "printing_3d", 10)
    consortia, roles, _ = world.compose(options=Options(least_certainty=0.3))
    assert consortia["recipe_id"].tolist() == ["idea"]
    states = dict(zip(roles["role_id"], roles["state"], strict=True))
    assert states["printing_3d"] == "filled"
    assert states["electronics_manufacturing"] == "missing"


def test_information_is_attached_where_it_fits(world: Any) -> None:
    world.say("request", "Klinik", "face_shield", 100)
    world.say("offer", "Firma", "face_shield", 100)
    item = world.say("information", "Amt", "", title="Förderung für Gesichtsvisiere")
    world.say("information", "Amt", "", title="Förderung für Krankenhausbetten")
    parts = json.loads(world.compose().consortia["evidence"].item())
    assert [part["listing_id"] for part in parts if part["part"] == "information"] == [item]


def test_every_consortium_says_how_it_was_found_and_how_far_from_the_best(world: Any) -> None:
    solved = _busy(world).compose()
    assert (solved.consortia.loc[solved.consortia["method"] == "optimal", "gap"] <= 1e-5).all()
    assert "optimal" in set(solved.consortia["method"])
    greedy = world.compose(options=Options(program_size=1)).consortia
    kept = world.compose(options=Options(program_size=1), previous=solved.roles).consortia
    assert set(greedy["method"]) <= {"optimal", "greedy"}
    assert "kept" in set(kept["method"])
    assert kept.loc[kept["method"] != "optimal", "gap"].isna().all()
    told = [json.loads(text)[-1]["state"] for text in kept["evidence"]]
    assert told == kept["method"].tolist()
