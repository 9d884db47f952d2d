"""What a listing can be about: the taxonomy of the health industry's goods, steps and services.

The taxonomy is data (`data/`). Names are kept as stems, so that a name is written once; how texts are searched for them
is the business of `finding`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from matching.words import split_compound, stem, words
from sources.listing import UNITS

LANGUAGES = ("de", "fr", "en")
FOLDER = Path(__file__).with_name("data")
FUNCTION_WORDS = frozenset(
    words(
        "der die das den dem des für mit von zu zur zum und nach aus im in à de du d l la le les pour par en au aux et "
        "sous the of for to with and from an "
        "nahe implanté implantée implantés"  # near, and set up at: as written not sewing and no implant
    )
)


class TaxonomyError(Exception):
    """The taxonomy files contradict themselves; the message lists every finding."""


@dataclass(frozen=True)
class Concept:
    """One kind of good, step or service."""

    id: str
    parent: str | None  # None: one of the product groups
    role: str  # what it is in a chain, an id of `Taxonomy.roles`
    names: Mapping[str, tuple[str, ...]]  # language -> label, synonyms
    cpv: str | None  # eight digits of the Common Procurement Vocabulary 2008
    norms: tuple[str, ...]
    unit: str | None  # one of sources.listing.UNITS
    look_alikes: frozenset[str]  # cannot stand in, whatever the words suggest
    accepts: frozenset[str]  # may stand in


@dataclass(frozen=True)
class Role:
    """One place in the chain that makes and delivers a product."""

    id: str
    labels: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """All concepts, in the order of the files, and the roles in the order of the chain."""

    concepts: Mapping[str, Concept]
    roles: tuple[Role, ...]

    def label(self, concept_id: str, language: str) -> str:
        """The first name, typeset: the files hold the apostrophe of typewriters, as boards write it.

        Readers of a language in which concepts have no names get the one of the first of `LANGUAGES`.
        """
        names = self.concepts[concept_id].names
        return names.get(language, names[LANGUAGES[0]])[0].replace("'", "’")

    def role_label(self, role_id: str, language: str) -> str:
        return next(role.labels[language] for role in self.roles if role.id == role_id)

    def ancestors(self, concept_id: str) -> tuple[str, ...]:
        """From the parent up to the product group; empty for a group."""
        return self._ancestors[concept_id]

    @cached_property
    def _ancestors(self) -> Mapping[str, tuple[str, ...]]:
        chains: dict[str, tuple[str, ...]] = {}
        for concept in self.concepts.values():
            chain: list[str] = []
            parent = concept.parent
            while parent is not None:
                chain.append(parent)
                parent = self.concepts[parent].parent
            chains[concept.id] = tuple(chain)
        return chains

    def group(self, concept_id: str) -> str:
        """The product group a concept belongs to."""
        return (concept_id, *self.ancestors(concept_id))[-1]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(concept.id for concept in self.concepts.values() if concept.parent is None)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Stems of single words in names; compounds are split by them."""
        return frozenset(
            stem(word)
            for concept in self.concepts.values()
            for names in concept.names.values()
            for name in names
            for word in words(name)
        )

    def stems(self, text: str) -> tuple[str, ...]:
        """Stems of a text in order, compounds split, function words left out."""
        return tuple(part for word in words(text) if word not in FUNCTION_WORDS for part in self.parts(word))

    @cached_property
    def _parts_cache(self) -> dict[str, tuple[str, ...]]:
        return {}

    def parts(self, word: str) -> tuple[str, ...]:
        """Stems of one word, more than one of a compound."""
        parts = self._parts_cache.get(word)
        if parts is None:
            parts = self._parts_cache[word] = split_compound(word, self.vocabulary)
        return parts


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The taxonomy that the project ships; raises TaxonomyError with every finding."""
    return read_taxonomy(FOLDER)


def read_taxonomy(folder: Path) -> Taxonomy:
    """Read and check the YAML files of a folder: `roles.yaml`, and in `concepts/` one file per product group."""
    roles = yaml.load((folder / "roles.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    entries: dict[str, dict[str, Any]] = {}
    findings: list[str] = []
    for path in sorted((folder / "concepts").glob("*.yaml")):
        for concept_id, entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            if concept_id in entries:
                findings.append(f"{path.name}: {concept_id}: defined twice")
            entries[concept_id] = entry
    for concept_id, entry in entries.items():
        findings.extend(f"{concept_id}: {finding}" for finding in _check_entry(entry, entries, roles))
    if findings:
        raise TaxonomyError("\n".join(findings))
    taxonomy = Taxonomy(
        concepts={
            concept_id: Concept(
                id=concept_id,
                parent=entry.get("parent"),
                role=entry["role"],
                names={language: tuple(entry[language]) for language in LANGUAGES},
                cpv=entry.get("cpv"),
                norms=tuple(entry.get("norms", ())),
                unit=entry.get("unit"),
                look_alikes=frozenset(entry.get("not", ())),
                accepts=frozenset(entry.get("accepts", ())),
            )
            for concept_id, entry in entries.items()
        },
        roles=tuple(Role(role_id, labels) for role_id, labels in roles.items()),
    )
    if doubles := _shared_names(taxonomy):
        raise TaxonomyError("\n".join(doubles))
    return taxonomy


_KEYS = frozenset({"parent", "role", *LANGUAGES, "cpv", "norms", "unit", "not", "accepts"})


def _check_entry(entry: Mapping[str, Any], entries: Mapping[str, Any], roles: Mapping[str, Any]) -> Iterable[str]:
    yield from (f"unknown key {key}" for key in sorted(entry.keys() - _KEYS))
    if entry.get("role") not in roles:
        yield f"unknown role {entry.get('role')}"
    for language in LANGUAGES:
        names = entry.get(language)
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            yield f"{language}: at least one name, all texts"
    referred = [*entry.get("not", ()), *entry.get("accepts", ())]
    if entry.get("parent") is not None:
        referred.append(entry["parent"])
    yield from (f"unknown concept {other}" for other in referred if other not in entries)
    if entry.get("unit", UNITS[0]) not in UNITS:
        yield f"unknown unit {entry['unit']}"
    cpv = entry.get("cpv", "00000000")
    if not (isinstance(cpv, str) and len(cpv) == 8 and cpv.isdigit()):
        yield f"cpv {cpv!r} is not a text of eight digits"


def _shared_names(taxonomy: Taxonomy) -> list[str]:
    """Names that would lead to two concepts."""
    owners: dict[frozenset[str], set[str]] = defaultdict(set)
    for concept in taxonomy.concepts.values():
        for variants in concept.names.values():
            for variant in variants:
                owners[frozenset(taxonomy.stems(variant))].add(concept.id)
    return [
        f"{' '.join(sorted(stems))}: leads to {', '.join(sorted(ids))}" for stems, ids in owners.items() if len(ids) > 1
    ]
