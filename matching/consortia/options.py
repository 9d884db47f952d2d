"""What data staff may prescribe to the composer: a YAML file, checked entry by entry with errors that name the place.

`docs/options.yaml` shows every field with its meaning.
"""

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo

from matching.consortia.certainty import LEAST_CERTAINTY
from matching.yaml_files import AboveZero, Count, Expected, Stated, Text, Texts, is_known, known, read

EU_ENTITIES = EU_STATES = 3  # Regulation (EU) 2021/695 (Horizon Europe), article 22
LARGEST_SCORE = 2.0


def _concept_or_request(name: str, info: ValidationInfo) -> str:
    return name if ":" in name else is_known("concept", name, info)  # a request's id has a colon


Pair = Annotated[frozenset[Text], Field(min_length=2, max_length=2), Expected("a pair of two organisations")]
Score = Annotated[float, Field(strict=True, ge=0, le=LARGEST_SCORE), Expected(f"a number from 0 to {LARGEST_SCORE:g}")]
Certainty = Annotated[float, Field(strict=True, ge=0, le=1), Expected("a number from 0 to 1")]


class Options(Stated):
    """The defaults prescribe nothing."""

    # Organisations that must not stand in one consortium.
    forbidden_pairs: Annotated[frozenset[Pair], Expected("a list of pairs")] = frozenset()
    # Concept or request -> organisations.
    required: Mapping[Annotated[Text, AfterValidator(_concept_or_request)], Texts] = {}
    maximum_partners: Count | None = None  # organisations beside the one that asks
    maximum_distance_km: AboveZero = math.inf  # from demand to partner; partners without a known place stay
    maximum_countries: Count | None = None  # of partners and demand
    # Concepts whose consortia need three entities from three states.
    eu_rule: Annotated[tuple[Annotated[Text, known("concept")], ...], Expected("a list of texts")] = ()
    scores: Mapping[Text, Score] = {}  # organisation -> factor on its fit
    least_certainty: Certainty = LEAST_CERTAINTY  # below, no consortium is proposed and the need stays open
    # Possible promises solved as one program; the greedy cover stands in beyond. 2,000 requests make 124,661 and take
    # 8 to 35 s (`benchmarks/results/consortia.md`, "Composition at scale").
    program_size: Count = 150_000

    @property
    def prescribed(self) -> tuple[str, ...]:
        """Names of the fields that are not at their default."""
        return tuple(name for name, field in Options.model_fields.items() if getattr(self, name) != field.default)


_FILE = TypeAdapter(Options)


def read_options(path: Path, concepts: Collection[str]) -> Options:
    """Read a file; raises FileFault for whatever is not understood, and for concepts that do not exist."""
    return read(path, _FILE, concept=concepts)
