"""What data staff may prescribe to the composer: a YAML file, checked entry by entry with errors that name the place.

`docs/options.yaml` shows every field with its meaning.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

EU_ENTITIES = EU_STATES = 3  # Regulation (EU) 2021/695 (Horizon Europe), article 22
LARGEST_SCORE = 2.0


class OptionsError(ValueError):
    """The options file cannot be used; the message names field, value and what was expected."""


@dataclass(frozen=True)
class Options:
    """The defaults prescribe nothing."""

    forbidden_pairs: frozenset[frozenset[str]] = frozenset()  # organisations that must not stand in one consortium
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # concept or request -> organisations
    maximum_partners: int | None = None  # organisations beside the one that asks
    maximum_distance_km: float = math.inf  # from demand to partner; partners without a known place stay
    maximum_countries: int | None = None  # of partners and demand
    eu_rule: tuple[str, ...] = ()  # concepts whose consortia need three entities from three states
    scores: Mapping[str, float] = field(default_factory=dict)  # organisation -> factor on its fit
    program_size: int = 150_000  # possible promises solved as one program; the greedy cover stands in beyond

    @property
    def prescribed(self) -> tuple[str, ...]:
        """Names of the fields that are not at their default."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != getattr(Options(), one.name))


def read_options(path: Path, concepts: Collection[str]) -> Options:
    """Read a file; raises OptionsError for whatever is not understood, and for concepts that do not exist."""
    try:
        stated = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506 -- a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise OptionsError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(stated, dict | None):
        raise OptionsError(f"{path.name}: must be a mapping of field to value")
    stated = stated or {}
    known = [one.name for one in fields(Options)]
    unknown = sorted(str(name) for name in stated if name not in known)
    if unknown:
        raise OptionsError(f"{path.name}: unknown field {', '.join(unknown)}; known are {', '.join(known)}")
    try:
        read: dict[str, Any] = {name: _READERS[name](name, value) for name, value in stated.items()}
    except OptionsError as error:
        raise OptionsError(f"{path.name}: {error}") from error
    named = [("required", one) for one in read.get("required", ()) if ":" not in one]  # a request's id has a colon
    named += [("eu_rule", one) for one in read.get("eu_rule", ())]
    for name, concept in named:
        if concept not in concepts:
            raise OptionsError(f"{path.name}: {name}: {concept!r} is no concept of the taxonomy")
    return Options(**read)


class _UniqueKeys(yaml.SafeLoader):
    """YAML lets the second of two equal keys win in silence; here it is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key} stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def _pairs(name: str, value: Any) -> frozenset[frozenset[str]]:
    if not isinstance(value, list):
        raise OptionsError(f"{name}: must be a list of pairs")
    pairs = set()
    for entry in value:
        pair = _names(name, entry)
        if len(pair) != 2 or pair[0] == pair[1]:
            raise OptionsError(f"{name}: {entry!r} is not a pair of two organisations")
        pairs.add(frozenset(pair))
    return frozenset(pairs)


def _names(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) and entry for entry in value):
        raise OptionsError(f"{name}: {value!r} is not a list of texts")
    return tuple(value)


def _names_by_text(name: str, value: Any) -> dict[str, tuple[str, ...]]:
    return {key: _names(f"{name}: {key}", entry) for key, entry in _mapping(name, value).items()}


def _mapping(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise OptionsError(f"{name}: must be a mapping of texts to values")
    return value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise OptionsError(f"{name}: {value!r} is not a number above zero")
    return float(value)


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise OptionsError(f"{name}: {value!r} is not a whole number above zero")
    return value


def _scores(name: str, value: Any) -> dict[str, float]:
    for key, score in _mapping(name, value).items():
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= LARGEST_SCORE:
            raise OptionsError(f"{name}: {key}: {score!r} is not a number from 0 to {LARGEST_SCORE:g}")
    return {key: float(score) for key, score in value.items()}


_READERS = {
    "forbidden_pairs": _pairs,
    "required": _names_by_text,
    "maximum_partners": _count,
    "maximum_distance_km": _number,
    "maximum_countries": _count,
    "eu_rule": _names,
    "scores": _scores,
    "program_size": _count,
}
