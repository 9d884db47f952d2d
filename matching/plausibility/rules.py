"""The rules by which listings are held back before ranking, each with the facts that a reader needs to judge it.

| reason | holds back |
| --- | --- |
| quantity_outlier | a quantity far above what is usual of the product on its platform |
| huge_in_everything | one organisation's huge offers, where it makes them of many products |
| filler_number | one organisation's large quantities, where it types the same filler number for many products |
| place_contradiction | a postcode or large town that does not lie in the region or country stated |
| no_sign_of_life | what nobody has touched for long, unless its platform says that it still holds |
| too_few | a piece or two of a mass product, few more of what is used up; of machines one is worth a call |

A rule takes open listings (see `gate`) and its limit, and returns the columns of `schema.HeldBack` that it fills, one
row per listing held back. Limits and where they come from: `choices.LIMITS`.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from matching.places.geography import LARGE_TOWN, lies_elsewhere, namesakes, region_code
from matching.places.postcodes import regions_of_postcode
from matching.taxonomy.concepts import Taxonomy

HUGE = 2.0  # deviations: above are 8 % of the real board's offers
LARGE = 1.5  # deviations, of quantities that may be fillers
_FILLER = re.compile(r"1|9{2,}|123(?:4(?:5(?:6(?:7(?:89?)?)?)?)?)?|(\d)\1{2,}")  # digits before the last zeros
# Who asks for or gives masses of what: the kinds of products that are counted in pieces.
_MASS_GROUPS = frozenset({"protective_equipment", "hygiene", "diagnostics", "materials"})
_MASS_ROLES = frozenset({"product", "material", "part"})
_MASS_UNITS = frozenset({"piece", "pair", "test"})
# Devices among them, of which one is worth a call.
_DEVICES = frozenset(
    "air_purifier uv_disinfection handwashing_station disinfectant_dispenser biosensor breath_analysis papr "
    "sneeze_guard".split()
)

# Unit -> what is used up of which fewer are no offer, with all its kinds; from a judged sample of November 2026.
_LEAST_OFFERED: Mapping[str, float] = {"piece": 10, "pair": 10, "litre": 5}
_CONSUMABLES = {
    "piece": frozenset(
        "mask gloves gown coverall apron face_shield safety_goggles safety_glasses disinfecting_wipes".split()
    ),
    "pair": frozenset({"gloves"}),
    "litre": frozenset({"disinfectant"}),
}


class Facts(NamedTuple):
    """What rules judge.

    open: all open listings with organisation_id and concept_id (their first; missing where nobody knows) and age_days,
    days since the last sign of life. scaled: those with a quantity, with the columns of `scale.on_scale`. named: every
    concept of every listing.
    """

    open: pd.DataFrame
    scaled: pd.DataFrame
    named: pd.DataFrame
    taxonomy: Taxonomy
    today: pd.Timestamp


def quantity_outlier(facts: Facts, limit: float) -> pd.DataFrame:
    """Far above what is usual."""
    return _quantities(facts.scaled[facts.scaled["deviations"] > limit], limit)


def huge_in_everything(facts: Facts, limit: float) -> pd.DataFrame:
    """Huge offers of many products by one organisation."""
    offers = facts.scaled[facts.scaled["kind"] == "offer"]
    return _quantities(_of_many_products(offers[offers["deviations"] >= HUGE], ["organisation_id"], limit), HUGE)


def filler_number(facts: Facts, limit: float) -> pd.DataFrame:
    """The same round number typed for many products by one organisation."""
    large = facts.scaled[facts.scaled["deviations"] >= LARGE]
    is_filler = [_FILLER.fullmatch(f"{quantity:.0f}".rstrip("0")) is not None for quantity in large["quantity"]]
    same = ["organisation_id", "kind", "quantity"]
    return _quantities(_of_many_products(large[np.array(is_filler, dtype=bool)], same, limit), LARGE)


def too_few(facts: Facts, limit: float) -> pd.DataFrame:
    """A piece or two of a mass product, or an offer of few consumables, by everything that the listing is about."""
    concepts = facts.taxonomy.concepts
    scaled = facts.scaled
    mass = {one for one in concepts if _is_mass(one, facts.taxonomy)}
    is_few = (scaled["total"] <= limit) & scaled["unit"].isin(_MASS_UNITS) & _is_only(facts, mass)
    limits = pd.Series(float(limit), index=scaled.index)
    for unit, least in _LEAST_OFFERED.items():
        used_up = {one for one in concepts if _CONSUMABLES[unit] & {one, *facts.taxonomy.ancestors(one)}}
        is_offer = (scaled["kind"] == "offer") & (scaled["unit"] == unit)
        is_fewer = is_offer & (scaled["total"] < least) & _is_only(facts, used_up)
        limits = limits.mask(is_fewer & ~is_few, least)
        is_few |= is_fewer
    found = scaled[is_few]
    return found.assign(quantity=found["total"], limit=limits[is_few])


def _is_only(facts: Facts, concepts: set[str]) -> pd.Series:
    """Of each scaled listing, whether it is about these concepts and names no other."""
    others = facts.named.loc[~facts.named["concept_id"].isin(concepts), "listing_id"]
    return facts.scaled["concept_id"].isin(concepts) & ~facts.scaled["listing_id"].isin(others)


def _is_mass(concept_id: str, taxonomy: Taxonomy) -> bool:
    concept = taxonomy.concepts[concept_id]
    return (
        taxonomy.group(concept_id) in _MASS_GROUPS
        and concept.role in _MASS_ROLES
        and concept.unit in _MASS_UNITS
        and concept_id not in _DEVICES
    )


def no_sign_of_life(facts: Facts, limit: float) -> pd.DataFrame:
    """Long untouched, and no last day stated that is still to come."""
    until = facts.open["available_until"]
    still_holds = until.notna() & (until >= facts.today)
    found = facts.open[(facts.open["age_days"] > limit) & ~still_holds]
    return found.assign(quantity=found["age_days"], unit=None, concept_id=None, limit=limit)


def place_contradiction(facts: Facts, _: float) -> pd.DataFrame:
    """A postcode or large town elsewhere than the region or country stated."""
    columns = ["country", "region", "city", "postal_code"]
    places = facts.open[columns].astype("object")
    places = places.where(places.notna(), None)
    known = {place: _contradiction(*place) for place in set(places.itertuples(index=False, name=None))}
    told = [known[place] for place in places.itertuples(index=False, name=None)]
    found = facts.open[np.array([one is not None for one in told], dtype=bool)]
    contradictions = [one for one in told if one is not None]
    return found.assign(
        quantity=np.nan,
        unit=None,
        concept_id=None,
        stated=[stated for stated, _ in contradictions],
        found=[elsewhere for _, elsewhere in contradictions],
    )


def _contradiction(
    country: str | None, region: str | None, city: str | None, postal_code: str | None
) -> tuple[str, str] | None:
    """The place as stated, and what town or postcode say; None where they agree or nobody can tell."""
    if country is None:
        return None
    code = region_code(country, region)
    if code is None:
        other = lies_elsewhere(country, city) if city else None
        return (country, f"{city}: {other}") if other else None
    zone = regions_of_postcode(country, postal_code.split()[0]) if postal_code and postal_code.split() else frozenset()
    if zone and code not in zone:
        return f"{country}-{code}", f"{postal_code}: {', '.join(sorted(zone))}"
    # The towns of the United States share their names with villages too small to be known.
    so_called = namesakes(country, city) if city and country != "US" and not zone else None
    if so_called and so_called.largest >= LARGE_TOWN and code not in so_called.regions and "" not in so_called.regions:
        return f"{country}-{code}", f"{city}: {', '.join(sorted(so_called.regions))}"
    return None


def _of_many_products(listings: pd.DataFrame, by: list[str], least: float) -> pd.DataFrame:
    """Listings of groups that are about at least so many products."""
    known = listings.dropna(subset=["organisation_id", "concept_id"])
    return known[known.groupby(by, sort=False)["concept_id"].transform("nunique") >= least]


def _quantities(found: pd.DataFrame, deviations: float) -> pd.DataFrame:
    """With the limit in the listing's unit: so many deviations above what is usual."""
    return found.assign(quantity=found["total"], limit=found["usual"] * 10 ** (deviations * found["spread"]))


RULES: Mapping[str, Callable[[Facts, float], pd.DataFrame]] = {
    rule.__name__: rule
    for rule in (
        quantity_outlier,
        huge_in_everything,
        filler_number,
        place_contradiction,
        no_sign_of_life,
        too_few,
    )
}
