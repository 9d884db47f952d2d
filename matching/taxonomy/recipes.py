"""Recipes: which roles a product needs, in order, read from YAML beside the taxonomy and checked entry by entry.

A recipe says what a chain consists of; who fills it is the business of `consortia`. Product and role ids are concept
ids of the taxonomy: a role is named after the concept that fills it best, so it needs no labels of its own.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter

from matching.yaml_files import AboveZero, Expected, FileFault, Stated, Text, Texts, Unit, read

RECIPE_FOLDER = Path(__file__).with_name("data") / "recipes"
CONDITIONS = ("sterile", "medical")  # beside these, a condition names a norm that the request asks for


@dataclass(frozen=True)
class Role:
    """One role of a chain.

    `amount` of `unit` goes into one unit of the product. Roles that share a `one_of` are alternatives: one of them is
    needed. A role with `only_if` is needed for sterile or medical goods, or where the request names that norm; one
    with `unless` is not needed where it names that one.
    `of` and `shown_by` are the evidence that it takes, see `matching.taxonomy.evidence`.
    """

    role_id: str
    concepts: tuple[str, ...]  # that can fill it, the best first; starts with role_id
    amount: float
    unit: str
    lead_time_days: float  # from order to delivery of the first lot
    norms: tuple[str, ...] = ()
    only_if: str | None = None
    unless: str | None = None
    one_of: str | None = None
    of: tuple[str, ...] = ()  # concepts of what the act is done to; a listing that names other things does not do it
    shown_by: tuple[str, ...] = ()  # words of which a listing must say one, any language


@dataclass(frozen=True)
class Recipe:
    """How one product or service comes about; roles in the order of the chain."""

    recipe_id: str
    concept_id: str  # the product
    unit: str
    note: str  # where amounts and lead times come from
    roles: tuple[Role, ...]


def _condition(condition: str) -> str:
    if condition not in CONDITIONS and not any(character.isdigit() for character in condition):
        raise ValueError(f"{condition!r} is neither a norm nor one of {', '.join(CONDITIONS)}")
    return condition


def _norm(condition: str) -> str:
    if not any(character.isdigit() for character in condition):
        raise ValueError(f"{condition!r} is no norm")
    return condition


class _Role(Stated):
    """A role as files state it; its fields are explained in `Role`."""

    role: Text
    amount: AboveZero
    unit: Unit
    lead_time_days: AboveZero
    concepts: Texts = ()
    norms: Texts = ()
    only_if: Annotated[Text, AfterValidator(_condition)] | None = None
    unless: Annotated[Text, AfterValidator(_norm)] | None = None
    one_of: Text | None = None
    of: Texts = ()
    shown_by: Texts = ()


def _each_once(roles: tuple[_Role, ...]) -> tuple[_Role, ...]:
    names = [role.role for role in roles]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(doubled)} stands twice")
    return roles


class _Recipe(Stated):
    """A recipe as files state it, by its product."""

    unit: Unit
    note: Text
    roles: Annotated[
        tuple[_Role, ...], Field(min_length=1), Expected("a list of at least one role"), AfterValidator(_each_once)
    ]


_FILE = TypeAdapter(dict[Text, _Recipe])


@cache
def load_recipes(folder: Path = RECIPE_FOLDER) -> tuple[Recipe, ...]:
    """All recipes of a folder, sorted by id; raises FileFault with the findings of the first faulty file."""
    recipes: dict[str, Recipe] = {}
    for path in sorted(folder.glob("*.yaml")):
        for concept_id, stated in read(path, _FILE).items():
            if concept_id in recipes:
                raise FileFault(f"{path.name}: {concept_id}: the product has a recipe already")
            roles = tuple(_as_role(role) for role in stated.roles)
            recipes[concept_id] = Recipe(concept_id, concept_id, stated.unit, stated.note, roles)
    return tuple(recipes[recipe_id] for recipe_id in sorted(recipes))


def _as_role(stated: _Role) -> Role:
    return Role(
        role_id=stated.role,
        concepts=(stated.role, *stated.concepts),
        amount=stated.amount,
        unit=stated.unit,
        lead_time_days=stated.lead_time_days,
        norms=stated.norms,
        only_if=stated.only_if,
        unless=stated.unless,
        one_of=stated.one_of,
        of=stated.of,
        shown_by=stated.shown_by,
    )
