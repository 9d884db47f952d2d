"""Recipes: which roles a product needs, in order, read from YAML beside the taxonomy and checked entry by entry.

A recipe says what a chain consists of; who fills it is the business of `consortia`. Product and role ids are concept
ids of the taxonomy: a role is named after the concept that fills it best, so it needs no labels of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sources.listing import UNITS

RECIPE_FOLDER = Path(__file__).with_name("data") / "recipes"
CONDITIONS = ("sterile", "medical")  # beside these, a condition names a norm that the request asks for


class RecipeError(ValueError):
    """A recipe file does not say what a recipe must say; names file, product, role and field."""


@dataclass(frozen=True)
class Role:
    """One role of a chain.

    `amount` of `unit` goes into one unit of the product. Roles that share a `one_of` are alternatives: one of them is
    needed. A role with `only_if` is needed for sterile or medical goods, or where the request names that norm.
    """

    role_id: str
    concepts: tuple[str, ...]  # that can fill it, the best first; starts with role_id
    amount: float
    unit: str
    lead_time_days: float  # from order to delivery of the first lot
    norms: tuple[str, ...] = ()
    only_if: str | None = None
    one_of: str | None = None


@dataclass(frozen=True)
class Recipe:
    """How one product or service comes about; roles in the order of the chain."""

    recipe_id: str
    concept_id: str  # the product
    unit: str
    note: str  # where amounts and lead times come from
    roles: tuple[Role, ...]


@cache
def load_recipes(folder: Path = RECIPE_FOLDER) -> tuple[Recipe, ...]:
    """All recipes of a folder, sorted by id; raises RecipeError with the place of the first fault."""
    recipes: dict[str, Recipe] = {}
    for path in sorted(folder.glob("*.yaml")):
        entries = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for concept_id, entry in _mapping(entries, path.name).items():
            if concept_id in recipes:
                raise RecipeError(f"{path.name}: {concept_id}: the product has a recipe already")
            recipes[concept_id] = _recipe(concept_id, _mapping(entry, f"{path.name}: {concept_id}"), path.name)
    return tuple(recipes[recipe_id] for recipe_id in sorted(recipes))


def _recipe(concept_id: str, entry: Mapping[str, Any], file: str) -> Recipe:
    place = f"{file}: {concept_id}"
    _fields(entry, place, required=("unit", "note", "roles"), optional=())
    if not isinstance(entry["roles"], list) or not entry["roles"]:
        raise RecipeError(f"{place}: roles: must be a list of at least one role")
    roles = tuple(_role(role, place) for role in entry["roles"])
    names = [role.role_id for role in roles]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise RecipeError(f"{place}: roles: {', '.join(doubled)} stands twice")
    return Recipe(concept_id, concept_id, _unit(entry, place), str(entry["note"]), roles)


def _role(entry: Any, place: str) -> Role:
    role = _mapping(entry, f"{place}: roles")
    _fields(
        role,
        place,
        required=("role", "amount", "unit", "lead_time_days"),
        optional=("concepts", "norms", "only_if", "one_of"),
    )
    place = f"{place}: {role['role']}"
    return Role(
        role_id=str(role["role"]),
        concepts=(str(role["role"]), *_texts(role, "concepts", place)),
        amount=_positive(role, "amount", place),
        unit=_unit(role, place),
        lead_time_days=_positive(role, "lead_time_days", place),
        norms=_texts(role, "norms", place),
        only_if=_condition(role, place),
        one_of=str(role["one_of"]) if "one_of" in role else None,
    )


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RecipeError(f"{place}: must be a mapping")
    return value


def _fields(entry: Mapping[str, Any], place: str, *, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    missing = [name for name in required if name not in entry]
    unknown = [name for name in entry if name not in required + optional]
    if missing or unknown:
        raise RecipeError(f"{place}: {entry.get('role', '')}: missing {missing}, unknown {unknown}")


def _unit(entry: Mapping[str, Any], place: str) -> str:
    if entry["unit"] not in UNITS:
        raise RecipeError(f"{place}: unit: {entry['unit']!r} is none of {', '.join(UNITS)}")
    return str(entry["unit"])


def _positive(entry: Mapping[str, Any], name: str, place: str) -> float:
    value = entry[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise RecipeError(f"{place}: {name}: {value!r} is not a number above zero")
    return float(value)


def _texts(entry: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    value = entry.get(name, [])
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise RecipeError(f"{place}: {name}: must be a list of texts")
    return tuple(value)


def _condition(entry: Mapping[str, Any], place: str) -> str | None:
    condition = entry.get("only_if")
    if condition is None or condition in CONDITIONS:
        return condition
    if not isinstance(condition, str) or not any(character.isdigit() for character in condition):
        raise RecipeError(f"{place}: only_if: {condition!r} is neither a norm nor one of {', '.join(CONDITIONS)}")
    return condition
