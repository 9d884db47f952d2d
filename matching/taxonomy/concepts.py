"""What a listing can be about: the taxonomy of the health industry's goods, steps and services.

The taxonomy is data (`data/`). Names are kept as stems, so that a name is written once; how texts are searched for them
is the business of `finding`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from matching.taxonomy.spelling import Spellings
from matching.words import split_compound, stem, words
from matching.yaml_files import Expected, FileFault, Stated, Text, Texts, Unit, check, known, load, read

LANGUAGES = ("de", "fr", "en")
FOLDER = Path(__file__).with_name("data")
FUNCTION_WORDS = frozenset(
    words(
        "der die das den dem des für mit von zu zur zum und nach aus im in à de du d l la le les pour par en au aux et "
        "sous the of for to with and from an "
        "nahe implanté implantée implantés"  # near, and set up at: as written not sewing and no implant
    )
)


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
    shows: str  # how an offer shows that it fills one, explained in `data/roles.yaml`
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

    def shows(self, concept_id: str) -> str:
        """How an offer shows that it has or does a concept, see `Role.shows`."""
        return next(role.shows for role in self.roles if role.id == self.concepts[concept_id].role)

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

    def is_kin(self, concept_id: str, others: Iterable[str]) -> bool:
        """Whether a concept is one of the others, or a kind of one, or one is a kind of it."""
        above = self.ancestors(concept_id)
        return any(one == concept_id or one in above or concept_id in self.ancestors(one) for one in others)

    def group(self, concept_id: str) -> str:
        """The product group a concept belongs to."""
        return (concept_id, *self.ancestors(concept_id))[-1]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(concept.id for concept in self.concepts.values() if concept.parent is None)

    @cached_property
    def _vocabulary_of(self) -> Mapping[str, frozenset[str]]:
        return {
            language: frozenset(
                stem(word)
                for concept in self.concepts.values()
                for name in concept.names.get(language, ())
                for word in words(name)
            )
            for language in LANGUAGES
        }

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Stems of single words in names; compounds are split by them."""
        return frozenset().union(*self._vocabulary_of.values())

    def stems(self, text: str, language: str | None) -> tuple[str, ...]:
        """Stems of a text in order, German compounds split, function words left out."""
        return tuple(part for word in words(text) if word not in FUNCTION_WORDS for part in self.parts(word, language))

    @cached_property
    def _parts_cache(self) -> dict[tuple[str, str | None], tuple[str, ...]]:
        return {}

    def parts(self, word: str, language: str | None) -> tuple[str, ...]:
        """Stems of one folded word, more than one of a German compound.

        language: None where it is not known; then a word of another language's names is left whole.
        """
        parts = self._parts_cache.get((word, language))
        if parts is None:
            parts = self._parts_cache[word, language] = self._taken_apart(word, language)
        return parts

    def _taken_apart(self, word: str, language: str | None) -> tuple[str, ...]:
        whole = stem(word)
        is_foreign = language is None and any(whole in self._vocabulary_of[other] for other in ("fr", "en"))
        if language in ("de", None) and not is_foreign:
            parts = split_compound(word, self.vocabulary)
            if len(parts) > 1:
                return parts
        return (whole,)

    @cached_property
    def spellings(self) -> Spellings:
        return Spellings(self.vocabulary)


ConceptId = Annotated[Text, known("concept")]
Names = Annotated[tuple[Text, ...], Field(min_length=1), Expected("a list of at least one name")]


class _Concept(Stated):
    """A concept as files state it; its fields are explained in `Concept`."""

    parent: ConceptId | None = None
    role: Annotated[Text, known("role")]
    de: Names
    fr: Names
    en: Names
    cpv: Annotated[str, Field(strict=True, pattern="^[0-9]{8}$"), Expected("a text of eight digits")] | None = None
    norms: Texts = ()
    unit: Unit | None = None
    not_: Annotated[tuple[ConceptId, ...], Expected("a list of texts")] = ()
    accepts: Annotated[tuple[ConceptId, ...], Expected("a list of texts")] = ()


class _Role(Stated):
    """A role as the file states it: what it is called in each language, and how it is shown."""

    shows: Literal["thing", "act", "norm"] = "thing"
    de: Text
    fr: Text
    en: Text


_CONCEPTS, _ROLES = TypeAdapter(dict[Text, _Concept]), TypeAdapter(dict[Text, _Role])


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The taxonomy that the project ships; raises FileFault with every finding."""
    return read_taxonomy(FOLDER)


def read_taxonomy(folder: Path) -> Taxonomy:
    """Read and check the YAML files of a folder: `roles.yaml`, and in `concepts/` one file per product group."""
    roles = read(folder / "roles.yaml", _ROLES)
    files = {path: load(path) for path in sorted((folder / "concepts").glob("*.yaml"))}
    ids = {concept_id for stated in files.values() if isinstance(stated, dict) for concept_id in stated}
    concepts: dict[str, Concept] = {}
    findings: list[str] = []
    for path, stated in files.items():
        try:
            entries = check(path, stated, _CONCEPTS, concept=ids, role=roles)
        except FileFault as fault:
            findings.append(str(fault))
            continue
        findings.extend(f"{path.name}: {name}: defined twice" for name in entries if name in concepts)
        concepts |= {name: _as_concept(name, entry) for name, entry in entries.items()}
    chain = tuple(
        Role(role_id, stated.shows, stated.model_dump(include=set(LANGUAGES))) for role_id, stated in roles.items()
    )
    taxonomy = Taxonomy(concepts, chain)
    if findings := findings or _shared_names(taxonomy):
        raise FileFault("\n".join(findings))
    return taxonomy


def _as_concept(concept_id: str, stated: _Concept) -> Concept:
    return Concept(
        id=concept_id,
        parent=stated.parent,
        role=stated.role,
        names={language: getattr(stated, language) for language in LANGUAGES},
        cpv=stated.cpv,
        norms=stated.norms,
        unit=stated.unit,
        look_alikes=frozenset(stated.not_),
        accepts=frozenset(stated.accepts),
    )


def _shared_names(taxonomy: Taxonomy) -> list[str]:
    """Names that would lead to two concepts."""
    owners: dict[frozenset[str], set[str]] = defaultdict(set)
    for concept in taxonomy.concepts.values():
        for language, variants in concept.names.items():
            for variant in variants:
                owners[frozenset(taxonomy.stems(variant, language))].add(concept.id)
    return [
        f"{' '.join(sorted(stems))}: leads to {', '.join(sorted(ids))}" for stems, ids in owners.items() if len(ids) > 1
    ]
