"""Which concepts a listing is about: how words lead to the taxonomy, in text and table.

Words meet names on stems that ignore case, diacritics, number and case endings; German compounds are taken apart by the
taxonomy's own vocabulary. What a sentence does with a thing it names is told by `reading` (denied, aside) and by
`acts`: a thing that something is done to is neither asked for nor offered, the act is.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

import pandas as pd
from pandera.typing import DataFrame

from matching.schema import ListingConcept, empty
from matching.taxonomy import reading
from matching.taxonomy.acts import Act, load_acts
from matching.taxonomy.concepts import FUNCTION_WORDS, LANGUAGES, Taxonomy
from matching.taxonomy.reading import Word
from matching.taxonomy.spelling import is_word
from matching.words import fold, stem, words
from sources.listing import Listing

# What a find in a field is worth; a later field only counts where it makes an earlier find more precise, or alone. A
# platform's category is a hint: it counts beside a text, never against a title.
FIELD_SCORES = {"title": 0.9, "manufacturing_step": 0.8, "text": 0.6, "category": 0.6}
ASIDE = 0.5  # worth of a find that the listing is not about
_PARTICIPLE = re.compile("e?e?s?$")  # French, folded
_FREE_WORDS = 2  # words that may stand between the words of a name: "Komponenten für unsere Beatmungsgeräte"
_PROCESSES = ("manufacturing_step", "assembly", "sterilisation", "test", "logistics")  # roles that do, not make
_SOURCES = ("material", "equipment")  # roles of what a thing is made of, or on
_CONTAINERS = frozenset({"bottle", "cardboard", "packaging", "pallets"})  # how a thing comes, where both are named

_PACKED = _CONTAINERS | {"labels", "secondary_packaging"}  # what containers are beside, not around
_EMPTY = frozenset({"leere", "leer", "leeren", "vide", "vides", "empty"})


class Find(NamedTuple):
    """A concept named in a text: the words that led there, and whether the text is about it or mentions it aside."""

    words: str
    is_focus: bool


@dataclass(frozen=True)
class Mention:
    """A concept as one place of a text names it.

    words: as written; of an act with its object, "sterilisieren + Kittel". role: "focus", "aside" (what something is
    for, or who speaks), "object" (of an act), "denied".
    """

    concept_id: str
    words: str
    role: str
    clause: int
    places: tuple[int, ...]


@dataclass(frozen=True)
class _Name:
    """A name as a listing may write it: its stems, and where it leads."""

    stems: tuple[str, ...]
    concept_id: str
    parting: int  # marks that all of its words bear, or none: not PURPOSE in "parts for ventilators"
    spans: bool  # has a comma
    language: (
        str | None
    )  # of a word for doing, which other languages read otherwise: to sterilise, "stériliser", a steriliser


@dataclass(frozen=True, eq=False)
class _Parts:
    """A text as stems of the parts of its words; of each its word, and the places of each stem."""

    stems: list[str]
    words: list[Word]
    is_head: list[bool]  # the last part of its word, which says what the thing is
    language: str | None

    @cached_property
    def positions(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for position, part in enumerate(self.stems):
            found[part].append(position)
        return found

    def may_name(self, name: _Name) -> bool:
        """Whether all stems of a name occur, in a language in which it is one."""
        if name.language is not None and self.language is not None and name.language != self.language:
            return False
        return all(map(self.positions.__contains__, name.stems))

    def written(self, places: Iterable[int]) -> str:
        return " ".join(dict.fromkeys(self.words[place].written for place in sorted(places)))


@dataclass(frozen=True, eq=False)
class _Finder:
    """The names of a taxonomy, ready to be found in texts."""

    taxonomy: Taxonomy

    @cached_property
    def _acts(self) -> Mapping[str, Act]:
        return load_acts(self.taxonomy)

    @cached_property
    def _names_by_rarest_stem(self) -> Mapping[str, tuple[_Name, ...]]:
        names = self._names({concept.id: concept.names for concept in self.taxonomy.concepts.values()})
        names |= self._names({concept_id: act.names for concept_id, act in self._acts.items()}, are_verbs=True)
        frequency = Counter(part for name in names for part in set(name.stems))
        by_stem: dict[str, list[_Name]] = defaultdict(list)
        for name in sorted(names, key=lambda name: (name.concept_id, name.stems, name.language or "")):
            by_stem[min(name.stems, key=lambda part: (frequency[part], part))].append(name)
        return {part: tuple(found) for part, found in by_stem.items()}

    def _names(self, stated: Mapping[str, Mapping[str, Iterable[str]]], *, are_verbs: bool = False) -> set[_Name]:
        return {
            _Name(
                stems,
                concept_id,
                self._parting(concept_id, variant),
                "," in variant,
                language if are_verbs else None,
            )
            for concept_id, by_language in stated.items()
            for language, variants in by_language.items()
            for variant in variants
            if (stems := self.taxonomy.stems(variant, language))
        }

    def _parting(self, concept_id: str, variant: str) -> int:
        marks = reading.ASIDE
        if not reading.PURPOSE_WORDS.isdisjoint(words(variant)):
            marks &= ~reading.PURPOSE
        if self.taxonomy.concepts[concept_id].role == "equipment":
            marks |= reading.MADE_OF  # "masks from our new line" name no line of masks
        return marks

    @cached_property
    def _act_stems(self) -> frozenset[str]:
        """All stems in the names of acts."""
        names = chain.from_iterable(self._names_by_rarest_stem.values())
        return frozenset(chain.from_iterable(name.stems for name in names if name.concept_id in self._acts))

    @cached_property
    def _verbs(self) -> frozenset[str]:
        """Stems of acts that one word names, and French infinitives without their ending."""
        names = chain.from_iterable(self._names_by_rarest_stem.values())
        single = {name.stems[0] for name in names if name.concept_id in self._acts and len(name.stems) == 1}
        first = {fold(name).split()[0] for act in self._acts.values() for name in act.names["fr"]}
        return frozenset(single | {word[:-2] for word in first if word.endswith("er")})

    @cached_property
    def _known_parts(self) -> dict[tuple[str, bool, str | None], tuple[str, ...]]:
        return {}

    def _parts_of(self, word: Word, language: str | None) -> tuple[str, ...]:
        key = (word.written, bool(word.marks & reading.MODAL), language)
        parts = self._known_parts.get(key)
        if parts is None:
            parts = self._known_parts[key] = self._taken_apart(word, language)
        return parts

    def _taken_apart(self, word: Word, language: str | None) -> tuple[str, ...]:
        """Stems of a word as meant: a participle before a noun is no act, a slip of the pen is the word meant."""
        parts = self.taxonomy.parts(word.folded, language)
        if not word.marks & reading.MODAL and self._verbs.intersection((*parts, _PARTICIPLE.sub("", word.folded))):
            return (f"{word.folded}·",)
        if all(part in self.taxonomy.vocabulary or part in self._act_stems for part in parts):
            return parts
        if (
            language == "en"
            and word.marks & reading.MODAL
            and word.folded.endswith("ed")
            and (base := stem(word.folded[:-2])) in self._act_stems
        ):
            return (base,)
        meant = self.taxonomy.spellings.nearest(stem(word.folded))
        known = (language,) if language is not None else LANGUAGES
        if meant is None or is_word(word.written, known):
            return parts
        return self.taxonomy.parts(meant, language)

    def _read(self, text: str, asks: bool) -> _Parts:
        told, found = reading.read_words(text, asks=asks)
        read = _Parts([], [], [], told)
        for word in found:
            if word.folded not in FUNCTION_WORDS:
                parts = self._parts_of(word, told)
                read.stems.extend(parts)
                read.words.extend([word] * len(parts))
                read.is_head.extend([False] * (len(parts) - 1) + [True])
        return read

    def mentions(self, text: str, *, asks: bool) -> tuple[Mention, ...]:
        """Every place of a text that names a concept, in order. A longer name hides the shorter ones inside it."""
        parts = self._read(text, asks)
        finds: list[tuple[frozenset[int], str]] = []
        for part, anchors in parts.positions.items():
            for name in self._names_by_rarest_stem.get(part, ()):
                if not parts.may_name(name):
                    continue
                finds.extend((places, name.concept_id) for places in _occurrences(name, part, anchors, parts))
        kept = [
            self._mention(concept_id, places, parts, asks)
            for places, concept_id in sorted(finds, key=lambda find: (min(find[0]), -len(find[0]), find[1]))
            if not any(self._hides(other, longer, concept_id, places) for longer, other in finds)
        ]
        return tuple(self._with_objects(_without_containers(kept, parts), asks))

    def _mention(self, concept_id: str, places: frozenset[int], parts: _Parts, asks: bool) -> Mention:
        words = [parts.words[place] for place in sorted(places)]
        is_trade = not asks and concept_id in self._acts  # "Näherei fertigt Kittel" offers sewing
        offered = reading.SPEAKER | reading.BESIDE  # "Spedition mit Kühlfahrzeugen" offers both
        aside = reading.ASIDE & ~offered if is_trade else reading.ASIDE
        role = "focus"
        if any(word.marks & reading.DENIED for word in words):
            role = "denied"
        elif all(word.marks & aside for word in words) or not any(parts.is_head[place] for place in places):
            role = "aside"  # "Textilbetrieb" is no textile
        elif self.taxonomy.concepts[concept_id].role in _SOURCES and all(
            word.marks & reading.MADE_OF for word in words
        ):
            role = "aside"  # "Masken aus Vlies" are no nonwoven
        return Mention(concept_id, parts.written(places), role, words[0].clause, tuple(sorted(places)))

    def _with_objects(self, mentions: Sequence[Mention], asks: bool) -> Iterable[Mention]:
        """The mentions with the objects of acts marked: all that an act's clause names beside acts of its rank."""
        for one in mentions:
            doing = [act for act in mentions if act.clause == one.clause and self._takes(act, one)]
            if any(act.role == "denied" for act in doing) and one.role != "denied":
                yield replace(one, role="denied")
            elif any(asks or not self._acts[act.concept_id].makes for act in doing):
                yield replace(one, role="object")
            elif one.concept_id in self._acts and one.role == "focus":
                things = [thing.words for thing in mentions if thing.clause == one.clause and self._takes(one, thing)]
                yield replace(one, words=" + ".join(dict.fromkeys((one.words, *things))))
            else:
                yield one

    def _takes(self, act: Mention, thing: Mention) -> bool:
        """Whether one mention is an act and the other what it is done to."""
        if act.concept_id not in self._acts or act.role not in ("focus", "denied") or act.places == thing.places:
            return False
        rank = self._acts[act.concept_id].rank
        other = self._acts[thing.concept_id].rank if thing.concept_id in self._acts else 0
        return rank > other

    def find(self, text: str, *, asks: bool) -> dict[str, Find]:
        """Concepts that a text names and does not deny; a kind of thing stands for its wider kinds."""
        found: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.mentions(text, asks=asks):
            if mention.role != "denied":
                found[mention.concept_id].append(mention)
        for concept_id in list(found):
            for ancestor in self.taxonomy.ancestors(concept_id):
                found.pop(ancestor, None)
        focused = {concept_id for concept_id, places in found.items() if any(one.role == "focus" for one in places)}
        return {
            concept_id: Find(max(places, key=lambda one: one.role == "focus").words, concept_id in focused)
            for concept_id, places in found.items()
        }

    def _hides(self, one: str, one_places: frozenset[int], other: str, other_places: frozenset[int]) -> bool:
        """Whether a find leaves no room for another: it is longer, or says what is done with the thing named."""
        if one == other:
            return False
        if self.taxonomy.concepts[one].role in _PROCESSES and self.taxonomy.concepts[other].role not in _PROCESSES:
            span = frozenset(range(min(one_places), max(one_places) + 1))  # "Prüfung von FFP2-Masken": all of it
            return bool(span & other_places) and not one_places < other_places
        return other_places < one_places


def _occurrences(name: _Name, anchor: str, anchors: Iterable[int], parts: _Parts) -> Iterable[frozenset[int]]:
    """Where all stems of a name stand close together in one clause, in any order, all or none of them aside."""
    reach = len(name.stems) - 1 + _FREE_WORDS
    if len(name.stems) == 1:
        yield from (frozenset((position,)) for position in anchors)
        return
    for position in anchors:
        word, places = parts.words[position], {position}
        for part in name.stems:
            if part == anchor:
                continue
            near = [
                place
                for place in parts.positions.get(part, ())
                if abs(place - position) <= reach
                and place not in places
                and (name.spans or parts.words[place].clause == word.clause)
            ]
            if not near:
                break
            places.add(min(near, key=lambda place: (abs(place - position), place)))
        else:
            if len({parts.words[place].marks & name.parting for place in places}) == 1:
                yield frozenset(places)


def _without_containers(mentions: Sequence[Mention], parts: _Parts) -> list[Mention]:
    """Mentions without the bottles and boxes that a thing comes in: "hand rub, bottles of 500 ml"."""
    kept: list[Mention] = []
    for one in mentions:
        sentence = parts.words[one.places[0]].sentence
        if (
            one.concept_id in _CONTAINERS
            and not _is_empty(one.words)
            and any(
                other.concept_id not in _PACKED
                and other.role == "focus"
                and parts.words[other.places[0]].sentence == sentence
                and (other.clause == one.clause or _has_number(parts, one.clause))
                for other in mentions
            )
        ):
            continue
        kept.append(one)
    return kept


def _has_number(parts: _Parts, clause: int) -> bool:
    return any(word.clause == clause and word.folded[0].isdigit() for word in parts.words)


@lru_cache(maxsize=8)
def _finder(taxonomy: Taxonomy) -> _Finder:
    return _Finder(taxonomy)


def find(taxonomy: Taxonomy, text: str, *, asks: bool = False) -> Mapping[str, Find]:
    """Concepts that a text names, by id, in the order of the text. A longer name hides the shorter ones inside it.

    asks: whether somebody seeks, not offers.
    """
    return _finder(taxonomy).find(text, asks=asks)


def mentions(taxonomy: Taxonomy, text: str, *, asks: bool = False) -> tuple[Mention, ...]:
    """Every place of a text that names a concept, with the role it has there; parameters as of `find`."""
    return _finder(taxonomy).mentions(text, asks=asks)


def refused(taxonomy: Taxonomy, text: str) -> frozenset[str]:
    """Concepts that a request's text says are not wanted, with all their kinds: "masks, no cloth masks".

    Of the kinds above a concept the nearest one that the text names decides: "FFP2, no other masks" wants FFP2.
    """
    if not any(word.marks & reading.DENIED for word in reading.read_words(text, asks=True)[1]):
        return frozenset()  # most requests, in half of the time
    roles: dict[str, set[str]] = defaultdict(set)
    for one in mentions(taxonomy, text, asks=True):
        roles[one.concept_id].add(one.role)
    denied = {concept_id for concept_id, found in roles.items() if found == {"denied"}}
    if not denied:
        return frozenset()

    def nearest_named(one: str) -> str | None:
        return next((kind for kind in (one, *taxonomy.ancestors(one)) if kind in roles), None)

    wider = {above for one in roles.keys() - denied for above in taxonomy.ancestors(one)}
    return frozenset(one for one in taxonomy.concepts if nearest_named(one) in denied and one not in wider)


def classify(listings: DataFrame[Listing], taxonomy: Taxonomy) -> DataFrame[ListingConcept]:
    """The concepts that each listing asks for or offers, most telling field first; listings without any have no row.

    Only offers, requests and ideas are read; information has no concept. Column `score` is the field's worth,
    halved where the listing names a concept only aside.
    """
    rows: list[tuple[str, str, str, float]] = []
    fields = [field for field in FIELD_SCORES if field in listings.columns]
    wanted = listings.loc[listings["kind"] != "information", ["listing_id", "kind", "period", *fields]]
    cache: dict[tuple[str, bool], Mapping[str, Find]] = {}
    for listing_id, kind, period, *texts in wanted.itertuples(index=False, name=None):
        found: dict[str, tuple[str, float]] = {}
        for field, text in zip(fields, texts, strict=True):
            if not isinstance(text, str) or not text:
                continue
            key = (text, kind == "request")
            if key not in cache:
                cache[key] = find(taxonomy, text, asks=kind == "request")
            _take_up(found, cache[key], field, taxonomy)
        meant = _meant(found, period, taxonomy)
        rows.extend((listing_id, concept_id, matched, score) for concept_id, (matched, score) in meant.items())
    if not rows:
        return DataFrame[ListingConcept](empty(ListingConcept))
    table = pd.DataFrame(rows, columns=["listing_id", "concept_id", "matched_text", "score"])
    return DataFrame[ListingConcept](table.sort_values(["listing_id", "concept_id"], ignore_index=True))


def _meant(
    found: Mapping[str, tuple[str, float]], period: object, taxonomy: Taxonomy
) -> Mapping[str, tuple[str, float]]:
    """Of what a listing names, what it asks for or offers: matched words and score by concept."""
    if isinstance(period, str):  # "line for masks", 50,000 a week: nobody has so many lines
        roles = {one: taxonomy.concepts[one].role for one in found}
        made = [matched for one, (matched, _) in found.items() if roles[one] == "product"]
        lines = [one for one in found if roles[one] == "equipment" and any(name in found[one][0] for name in made)]
        found = {one: told for one, told in found.items() if one not in lines}
    if found and max(score for _, score in found.values()) <= ASIDE:  # what is only mentioned is all there is
        return {one: (matched, score / ASIDE) for one, (matched, score) in found.items()}
    things = max((score for one, (_, score) in found.items() if one not in _PACKED), default=0.0)
    return {
        one: told for one, told in found.items() if one not in _CONTAINERS or _is_empty(told[0]) or told[1] > things
    }


def _is_empty(matched: str) -> bool:
    """Whether the words for a container say that it is the thing meant."""
    return not _EMPTY.isdisjoint(words(matched)) or fold(matched).startswith("leer")


def _take_up(found: dict[str, tuple[str, float]], finds: Mapping[str, Find], field: str, taxonomy: Taxonomy) -> None:
    """Add what a field names to what earlier ones do: a narrower kind of what is known, what is new where little is.

    Product groups, containers, staff and acts that make tell little: a text says which thing.
    """
    acts = load_acts(taxonomy)
    known = {concept_id for concept_id, (_, score) in found.items() if score > ASIDE}
    vague = {
        one
        for one in known
        if not (above := taxonomy.ancestors(one))
        or one in _CONTAINERS
        or (one in acts and acts[one].makes)
        or "personnel" in above  # who does it; a text says what
        or one == "automation"  # likewise: which machine
    }
    is_told = bool(known - vague) if field != "category" else any(found[one][1] > FIELD_SCORES["text"] for one in known)
    for concept_id, (matched, is_focus) in finds.items():
        above = taxonomy.ancestors(concept_id)
        if field in ("text", "category") and is_told and not known.intersection(above):
            continue
        if concept_id not in found and not any(concept_id in taxonomy.ancestors(other) for other in found):
            inherited = [found.pop(ancestor)[1] for ancestor in above if ancestor in found]
            score = FIELD_SCORES[field] * (1.0 if is_focus else ASIDE)
            found[concept_id] = (matched, max([score, *inherited]))
        elif concept_id in found and is_focus and found[concept_id][1] <= ASIDE:
            found[concept_id] = (matched, FIELD_SCORES[field])


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
