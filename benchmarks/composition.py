"""Composition at scale: value, gap, time and memory on generated needs and offers with the shipped recipes.

    python benchmarks/composition.py [REQUESTS OFFERS] ...

    python benchmarks/composition.py following [REQUESTS OFFERS] ...

The second form composes a week and then the following one, in which one offer in a hundred is gone.

Half the requests state a quantity; offers are ready products or roles of recipes. Weeks are plentiful (five offers a
request, each like a request in size) or scarce (a tenth of that). A component of any size is solved as a linear program
here; by default the greedy cover stands in for the largest.
"""

import random
import resource
import sys
import time
from collections import defaultdict
from dataclasses import replace
from importlib.metadata import version

import numpy as np

from matching.consortia import greedy, kept
from matching.consortia.candidates import KNOWN, Candidate
from matching.consortia.chains import Chain, Need, Slot
from matching.consortia.optimiser import optimise, worth
from matching.consortia.options import Options
from matching.consortia.supply import Supply
from matching.consortia.tables import Ledger, role_table
from matching.taxonomy.recipes import Recipe, Role, load_recipes

SIZES = ((250, 1250), (500, 2500), (1000, 5000), (2000, 10_000))
WEEKS = {"plentiful": 1.0, "scarce": 0.1}  # capacity of an offer beside the quantity of a request
URGENCIES = ("low", "normal", "high", "critical")


def world(requests: int, offers: int, plenty: float, recipes: tuple[Recipe, ...]) -> tuple[list[Need], Supply]:
    """One need a request, with its ready offers and its recipe's chain; the same for the same sizes."""
    draw = random.Random(requests * offers)  # noqa: S311 - a sample, not a secret
    products = [recipe.recipe_id for recipe in recipes]
    steps = sorted({role.role_id for recipe in recipes for role in recipe.roles})
    by_concept: dict[str, list[int]] = defaultdict(list)
    for number in range(offers):
        by_concept[draw.choice(products if number % 3 == 0 else steps)].append(number)
    names = tuple(f"o{number}" for number in range(offers))
    nothing: tuple[str | None, ...] = (None,) * offers
    zeros, nowhere = np.zeros(offers), np.full(offers, np.nan)
    capacity = np.array([plenty * draw.randint(50, 20_000) for _ in names])
    supply = Supply(
        names, names, ("p",) * offers, ("none",) * offers, nothing, nothing, np.arange(offers), capacity,
        ("piece",) * offers, zeros, zeros, zeros, nowhere, nowhere,
    )  # fmt: skip

    def slot(role: Role, amount: float) -> Slot:
        pool = [offer for concept in role.concepts for offer in by_concept[concept]]
        chosen = draw.sample(pool, min(KNOWN, len(pool)))
        fits = sorted((round(draw.random(), 3) for _ in chosen), reverse=True)
        found = zip(chosen, fits, strict=True)
        return Slot((role,), tuple(Candidate(o, role, fit, float("nan"), capacity[o] / amount) for o, fit in found))

    needs = []
    for number in range(requests):
        recipe = draw.choice(recipes)
        ready = Role(recipe.recipe_id, (recipe.recipe_id,), 1.0, "piece", 0.0)
        chains = (
            Chain(recipe.recipe_id, (slot(ready, 1.0),), recipe.recipe_id),
            Chain(recipe.recipe_id, tuple(slot(role, 1.0) for role in recipe.roles), recipe.recipe_id),
        )
        quantity = float(draw.randint(50, 20_000)) if number % 2 else float("nan")
        name = f"need {number:05d}"
        needs.append(
            Need(
                name,
                name,
                recipe.recipe_id,
                f"asks {number}",
                "p",
                None,
                None,
                quantity,
                "piece",
                draw.choice(URGENCIES),
                None,
                chains,
            )
        )
    return needs, supply


def following(needs: list[Need], supply: Supply) -> str:
    """Cells: CPU seconds of a week and of the next one, plans that stand in it, and those that are new."""
    options, start = Options(program_size=10_000_000), time.process_time()
    first = optimise(needs, supply, options).plans
    middle = time.process_time()
    left = np.ones(supply.accounts)
    for plan in first:
        greedy.spend(plan, supply, left)
    previous = role_table(Ledger(needs, first, supply, left))
    gone = {offer for offer in range(len(supply.listing_id)) if offer % 100 == 0}
    later = [without(need, gone) for need in needs]
    begin = time.process_time()
    held, withheld = kept.stand(previous, later, supply, options)
    plans = optimise(later, supply, options, held).plans
    left = np.ones(supply.accounts)
    for plan in plans:
        greedy.spend(plan, supply, left)
    plans = kept.settled(plans, {one.need: withheld for one in held}, later, supply, left, options)
    seconds = middle - start, time.process_time() - begin
    return f"{seconds[0]:.1f} | {seconds[1]:.1f} | {seconds[1] / seconds[0]:.0%} | {len(held):,} | {len(plans):,}"


def without(need: Need, gone: set[int]) -> Need:
    """A need without some of the offers."""

    def kept_ones(slot: Slot) -> Slot:
        return replace(slot, candidates=tuple(one for one in slot.candidates if one.offer not in gone))

    chains = tuple(replace(chain, slots=tuple(map(kept_ones, chain.slots))) for chain in need.chains)
    return replace(need, chains=chains)


def main() -> None:
    is_following = sys.argv[1:2] == ["following"]
    given = [int(argument) for argument in sys.argv[1 + is_following :]]
    sizes = tuple(zip(given[::2], given[1::2], strict=True)) or SIZES
    if is_following:
        print("| week | requests | offers | first, s CPU | following | share | stand | plans |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for week, plenty in WEEKS.items():
            for requests, offers in sizes:
                cells = following(*world(requests, offers, plenty, load_recipes()))
                print(f"| {week} | {requests:,} | {offers:,} | {cells} |", flush=True)
        return
    print(f"scipy {version('scipy')} (HiGHS), numpy {version('numpy')}\n")
    print("| week | requests | offers | method | served | value | bound | gap | s wall (CPU) | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for week, plenty in WEEKS.items():
        for requests, offers in sizes:
            needs, supply = world(requests, offers, plenty, load_recipes())
            for method, size in (("program", 10_000_000), ("greedy", 1)):
                print(
                    f"| {week} | {requests:,} | {offers:,} | {method} | {measured(needs, supply, size)} |", flush=True
                )


def measured(needs: list[Need], supply: Supply, program_size: int) -> str:
    """Cells: served, value, bound, gap, seconds, memory. The value is of all plans, also of those without a bound."""
    start = time.perf_counter(), time.process_time()
    outcome = optimise(needs, supply, Options(program_size=program_size))
    wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    left = supply.untouched()
    for plan in outcome.plans:
        for promise in plan.promises:
            left[promise.account] -= promise.share
    assert left.min() >= -1e-6, "a capacity is promised twice"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bound = f"{outcome.bound:.1f} | {outcome.gap:.2%}" if outcome.bound else " | "
    value = worth(outcome.plans, needs, supply)
    return f"{len(outcome.plans):,} | {value:.1f} | {bound} | {wall:.1f} ({cpu:.1f}) | {peak:,.0f}"


if __name__ == "__main__":
    main()
