"""Which concepts a listing is about: how words lead to the taxonomy, in text and table.

Words meet names on stems that ignore case, diacritics, number and case endings; German compounds are taken apart by the
taxonomy's own vocabulary. What a text names only in passing ("for", "maker of") is found aside.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.schema import ListingConcept, empty
from matching.taxonomy.concepts import FUNCTION_WORDS, Taxonomy
from matching.words import words
from sources.listing import Listing

# What a find in a field is worth; a later field only counts where it makes an earlier find more precise, or alone.
FIELD_SCORES = {"category": 1.0, "title": 0.9, "manufacturing_step": 0.8, "text": 0.6}
_FREE_WORDS = 2  # words that may stand between the words of a name: "Komponenten für unsere Beatmungsgeräte"
# What follows a word of purpose, or stands before the word of seeking or offering, is not what the listing is about:
# "PET-Folie für Visiere", "Hersteller von Masken sucht Vlies".
_PURPOSE_WORDS = frozenset(words("für zur zum pour for"))
_PURPOSE_REACH = 4
_PURPOSE_OPENERS = frozenset(  # "Partner für Sterilisation" is about sterilisation
    words(
        "dienstleister partner anbieter hersteller lieferant lieferanten zulieferer betrieb kapazität kapazitäten "
        "bedarf lösung suche look looking search need needs provider supplier suppliers solution capacity service "
        "services prestataire fournisseur fournisseurs fabricant capacité besoin outil tool"
    )
)
_SEEKING_WORDS = frozenset(
    words(
        "sucht suchen suche gesucht benötigt benötigen braucht brauchen bietet bieten liefert liefern produziert "
        "fertigt cherche cherchons cherchent recherche recherchons besoin propose proposons offre offrons fabrique "
        "need needs seek seeks looking require requires want wants wanted lacks offers offer supplies provides produces"
    )
)
_CLAUSE_END = re.compile(r"[.;:!?\n()]|,\s")
ASIDE = 0.5  # worth of a find that the listing is not about
_PROCESSES = ("manufacturing_step", "assembly", "sterilisation", "test", "logistics")  # roles that do, not make


class Find(NamedTuple):
    """A concept named in a text: the words that led there, and whether the text is about it or mentions it aside."""

    words: str
    is_focus: bool


@dataclass(frozen=True)
class _Name:
    """A name as a listing may write it: its stems, and where it leads."""

    stems: tuple[str, ...]
    concept_id: str


@dataclass(frozen=True, eq=False)
class _Finder:
    """The names of a taxonomy, ready to be found in texts."""

    taxonomy: Taxonomy

    @cached_property
    def _names_by_rarest_stem(self) -> Mapping[str, tuple[_Name, ...]]:
        names = {
            _Name(stems, concept.id)
            for concept in self.taxonomy.concepts.values()
            for variants in concept.names.values()
            for variant in variants
            if (stems := self.taxonomy.stems(variant))
        }
        frequency = Counter(part for name in names for part in set(name.stems))
        by_stem: dict[str, list[_Name]] = defaultdict(list)
        for name in sorted(names, key=lambda name: (name.concept_id, name.stems)):
            by_stem[min(name.stems, key=lambda part: (frequency[part], part))].append(name)
        return {part: tuple(found) for part, found in by_stem.items()}

    def _read(self, text: str) -> tuple[list[str], list[bool]]:
        """Stems of a text as in `stems`, and for each whether it stands aside."""
        parts: list[str] = []
        aside: list[bool] = []
        for clause in _CLAUSE_END.split(text):
            start, reach, previous = len(parts), 0, ""
            for word in words(clause):
                if word in _SEEKING_WORDS:
                    aside[start:] = [True] * (len(parts) - start)
                    reach = 0
                if word in _PURPOSE_WORDS:
                    reach = 0 if previous in _PURPOSE_OPENERS else _PURPOSE_REACH
                elif word not in FUNCTION_WORDS:
                    found = self.taxonomy.parts(word)
                    parts.extend(found)
                    aside.extend([reach > 0] * len(found))
                    reach -= 1
                previous = word
        return parts, aside

    def find(self, text: str) -> dict[str, Find]:
        """Concepts that a text names. A longer name hides the shorter ones inside it."""
        parts, aside = self._read(text)
        finds: list[tuple[frozenset[int], str]] = []
        positions: dict[str, list[int]] = defaultdict(list)
        for position, part in enumerate(parts):
            positions[part].append(position)
        for part, anchors in positions.items():
            for name in self._names_by_rarest_stem.get(part, ()):
                finds.extend((places, name.concept_id) for places in _occurrences(name.stems, part, anchors, positions))
        kept: dict[str, list[frozenset[int]]] = defaultdict(list)
        for places, concept_id in sorted(finds, key=lambda find: (min(find[0]), -len(find[0]), find[1])):
            if not any(self._hides(other, longer, concept_id, places) for longer, other in finds):
                kept[concept_id].append(places)
        for concept_id in list(kept):
            for ancestor in self.taxonomy.ancestors(concept_id):
                kept.pop(ancestor, None)
        focused = {
            concept_id
            for concept_id, found in kept.items()
            if any(not all(aside[place] for place in places) for places in found)
        }
        return {
            concept_id: Find(" ".join(parts[place] for place in sorted(found[0])), not focused or concept_id in focused)
            for concept_id, found in kept.items()
        }

    def _hides(self, one: str, one_places: frozenset[int], other: str, other_places: frozenset[int]) -> bool:
        """Whether a find leaves no room for another: it is longer, or says what is done with the thing named."""
        if one == other:
            return False
        if self.taxonomy.concepts[one].role in _PROCESSES and self.taxonomy.concepts[other].role not in _PROCESSES:
            span = frozenset(range(min(one_places), max(one_places) + 1))  # "Prüfung von FFP2-Masken": all of it
            return bool(span & other_places) and not one_places < other_places
        return other_places < one_places


def _occurrences(
    stems: tuple[str, ...], anchor: str, anchors: Iterable[int], positions: Mapping[str, list[int]]
) -> Iterable[frozenset[int]]:
    """Where all stems of a name stand close together, in any order."""
    reach = len(stems) - 1 + _FREE_WORDS
    for position in anchors:
        places = {position}
        for part in stems:
            if part == anchor:
                continue
            near = [
                place for place in positions.get(part, ()) if abs(place - position) <= reach and place not in places
            ]
            if not near:
                break
            places.add(min(near, key=lambda place: (abs(place - position), place)))
        else:
            yield frozenset(places)


@lru_cache(maxsize=8)
def _finder(taxonomy: Taxonomy) -> _Finder:
    return _Finder(taxonomy)


def find(taxonomy: Taxonomy, text: str) -> Mapping[str, Find]:
    """Concepts that a text names, by id, in the order of the text. A longer name hides the shorter ones inside it."""
    return _finder(taxonomy).find(text)


def classify(listings: DataFrame[Listing], taxonomy: Taxonomy) -> DataFrame[ListingConcept]:
    """The concepts that each listing asks for or offers, most telling field first; listings without any have no row.

    Only offers, requests and ideas are read; information has no concept. Column `score` is the field's worth,
    halved where the listing names a concept only aside.
    """
    rows: list[tuple[str, str, str, float]] = []
    fields = [field for field in FIELD_SCORES if field in listings.columns]
    wanted = listings.loc[listings["kind"] != "information", ["listing_id", *fields]]
    cache: dict[str, Mapping[str, Find]] = {}
    for listing_id, *texts in wanted.itertuples(index=False, name=None):
        found: dict[str, tuple[str, float]] = {}
        for field, text in zip(fields, texts, strict=True):
            if not isinstance(text, str) or not text:
                continue
            if text not in cache:
                cache[text] = find(taxonomy, text)
            earlier = set(found)
            for concept_id, (matched, is_focus) in cache[text].items():
                above = taxonomy.ancestors(concept_id)
                if field == "text" and earlier and not earlier.intersection(above):
                    continue
                if concept_id not in found and not any(concept_id in taxonomy.ancestors(other) for other in found):
                    inherited = [found.pop(ancestor)[1] for ancestor in above if ancestor in found]
                    score = FIELD_SCORES[field] * (1.0 if is_focus else ASIDE)
                    found[concept_id] = (matched, max([score, *inherited]))
        rows.extend((listing_id, concept_id, matched, score) for concept_id, (matched, score) in found.items())
    if not rows:
        return DataFrame[ListingConcept](empty(ListingConcept))
    table = pd.DataFrame(rows, columns=["listing_id", "concept_id", "matched_text", "score"])
    return DataFrame[ListingConcept](table.sort_values(["listing_id", "concept_id"], ignore_index=True))


def unmapped(listings: DataFrame[Listing], concepts: DataFrame[ListingConcept]) -> pd.DataFrame:
    """Category texts of listings that led to no concept. Grain: one row per platform and category text.

    Columns platform, category, listings (count), example_listing_id; most frequent first.
    """
    lost = listings[(listings["kind"] != "information") & ~listings["listing_id"].isin(concepts["listing_id"])]
    lost = lost.assign(category=lost["category"].fillna(lost["title"])).sort_values("listing_id")
    counted = lost.groupby(["platform", "category"], as_index=False, sort=True).agg(
        listings=("listing_id", "size"), example_listing_id=("listing_id", "first")
    )
    return counted.sort_values(["listings", "platform", "category"], ascending=[False, True, True], ignore_index=True)
