"""Acts: concepts that are done to or with a thing, as data (`data/acts.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import TypeAdapter

from matching.taxonomy.concepts import LANGUAGES, Taxonomy
from matching.yaml_files import Count, Stated, Text, Texts, known, read

_FILE = Path(__file__).with_name("data") / "acts.yaml"


@dataclass(frozen=True)
class Act:
    """What doing something makes of its object; explained in `data/acts.yaml`."""

    makes: bool
    rank: int
    names: Mapping[str, tuple[str, ...]]  # language -> words for doing it, beside the names of its concept


class _Act(Stated):
    object: Literal["kept", "made"]
    rank: Count = 1
    de: Texts = ()
    fr: Texts = ()
    en: Texts = ()


@lru_cache(maxsize=8)
def load_acts(taxonomy: Taxonomy) -> Mapping[str, Act]:
    """The acts among a taxonomy's concepts, by id. Raises FileFault where the shipped taxonomy lacks one."""
    shape = TypeAdapter(dict[Annotated[Text, known("concept")], _Act])
    return {
        concept_id: Act(one.object == "made", one.rank, {language: getattr(one, language) for language in LANGUAGES})
        for concept_id, one in read(_FILE, shape, concept=taxonomy.concepts).items()
    }
