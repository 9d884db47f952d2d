"""What an offer's own words show: that this firm has this thing, or can do this step to this thing, by this norm.

Title and text count, never a platform's category. Which words a role takes is data: `Role.of` and `Role.shown_by` of
the recipes, `shows` in `data/roles.yaml`, and `data/evidence.yaml`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from matching.taxonomy.acts import Act, load_acts
from matching.taxonomy.concepts import Taxonomy
from matching.taxonomy.finding import Mention, mentions
from matching.taxonomy.recipes import Role
from matching.words import fold, stem, words
from matching.yaml_files import Stated, Texts, read

_FILE = Path(__file__).with_name("data") / "evidence.yaml"
LONGEST_QUOTE = 200  # characters
# How certain a seat is by where the words stand: in the title, in the text below a title that names nothing, or beside
# what the title names; see `benchmarks/results/consortia.md`, "Judged by people".
IN_TITLE, ALONE, BESIDE, OPEN = 0.9, 0.7, 0.5, 0.0
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_NORM = re.compile(r"\b(?:EN|ISO|IEC)[-\s]*(?:ISO|IEC)?[-\s]*(\d{3,5})\b", re.IGNORECASE)
_LONG = 5  # letters: shorter ones occur within words of another meaning ("eo" in "video")
_GOODS = ("material", "part", "product")  # roles of what an act can be done to


class Evidence(NamedTuple):
    """What shows that an offer fills a role."""

    quote: str  # of its title or text, at most LONGEST_QUOTE characters; empty where its words leave it open
    certainty: float  # 0 to 1; OPEN: to be clarified


TO_CLARIFY = Evidence("", OPEN)


class _Words(Stated):
    """Words as the file states them; explained there."""

    asks: Texts
    sold: Texts
    management: Texts
    unproven: Texts
    to_order: Texts
    made_for_one_purpose: Texts


@lru_cache(maxsize=1)
def _words() -> _Words:
    return read(_FILE, TypeAdapter(_Words))


class Offer(NamedTuple):
    """The words of an offer."""

    title: str
    text: str
    norms: str


@dataclass(frozen=True, eq=False)
class _Field:
    """A title or a text, and what it names."""

    written: str
    named: tuple[Mention, ...]
    certainty: float

    @cached_property
    def sentences(self) -> Sequence[str]:
        return [one for part in _SENTENCE.split(self.written) if (one := " ".join(part.split()))]

    def sentence(self, mention: Mention) -> str:
        """The sentence in which a mention stands."""
        wanted = mention.words.partition(" + ")[0].split()
        found = max(self.sentences, key=lambda sentence: sum(word in sentence for word in wanted), default="")
        return found if wanted and wanted[0] in found else ""


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads offers for what they show; an offer is read once, whatever is asked of it."""

    taxonomy: Taxonomy

    @cached_property
    def _acts(self) -> Mapping[str, Act]:
        return load_acts(self.taxonomy)

    @cached_property
    def _read(self) -> dict[Offer, tuple[_Field, ...]]:
        return {}

    @cached_property
    def _shown(self) -> dict[tuple[Role, Offer], Evidence | None]:
        return {}

    def shown(self, role: Role, offer: Offer) -> Evidence | None:
        """What shows that an offer fills a role, TO_CLARIFY where that is left open, None where its words deny it."""
        key = (role, offer)
        if key not in self._shown:
            self._shown[key] = self._evidence(role, offer)
        return self._shown[key]

    def is_asked_for(self, concept_id: str, words: Iterable[str]) -> bool:
        """Whether a request asks for a concept, and does not only name it: who seeks a test of masks seeks no masks.

        A request whose words name nothing asks for what its category says.
        """
        fields = [mentions(self.taxonomy, written, asks=True) for written in words]
        asked = [
            one
            for field in fields
            for one in field
            if one.role in ("focus", "aside")
            and not any(other.clause == one.clause and self._is_served(one, other) for other in field)
        ]
        focus = [one for one in asked if one.role == "focus"] or asked  # what is only mentioned may be all there is
        return not any(fields) or self.taxonomy.is_kin(concept_id, [one.concept_id for one in focus])

    def is_for_purpose(self, concept_id: str, title: str, offer: Offer) -> bool:
        """Whether an offer shares a word with a request's title, where a concept serves one purpose alone."""
        if concept_id not in _words().made_for_one_purpose:
            return True
        names = " ".join(name for one in self.taxonomy.concepts[concept_id].names.values() for name in one)
        wanted = {stem(word) for word in words(title) if len(word) >= _LONG} - set(map(stem, words(names)))
        return not wanted.isdisjoint(map(stem, words(f"{offer.title} {offer.text}")))

    def _fields(self, offer: Offer) -> tuple[_Field, ...]:
        if offer not in self._read:
            title, text = (mentions(self.taxonomy, written) for written in (offer.title, offer.text))
            below = BESIDE if title else ALONE
            self._read[offer] = (_Field(offer.title, title, IN_TITLE), _Field(offer.text, text, below))
        return self._read[offer]

    def _evidence(self, role: Role, offer: Offer) -> Evidence | None:
        fields = self._fields(offer)
        named = [(field, one) for field in fields for one in field.named if self._is_meant(role, one.concept_id)]
        if self._is_about_another_product(role, fields[0].named):
            return None
        if not named:
            return TO_CLARIFY if self._may_be_meant(role, fields) else None
        found = [self._of_mention(role, one, field, fields) for field, one in named if one.role == "focus"]
        best = max((one for one in found if one is not None), key=lambda one: one.certainty, default=None)
        if best is None or best == TO_CLARIFY:
            return best
        said = "; ".join(offer)
        is_unproven = any(_stands(word, said) for word in _words().unproven)
        if is_unproven or (role.shown_by and not any(_stands(word, said) for word in role.shown_by)):
            return TO_CLARIFY
        return self._within_scope(role, offer, best, [one.concept_id for _, one in named])

    def _is_meant(self, role: Role, concept_id: str) -> bool:
        """Whether a concept is that of a role, a kind of it, or one that can stand in."""
        return concept_id in role.concepts or role.concepts[0] in self.taxonomy.ancestors(concept_id)

    def _may_be_meant(self, role: Role, fields: Iterable[_Field]) -> bool:
        """Whether an offer that does not name a role's concept names a wider one, or nothing but by its category."""
        named = {one.concept_id for field in fields for one in field.named}
        above = self.taxonomy.ancestors(role.concepts[0])
        return not named or not named.isdisjoint(above[:-1])  # a whole product group is no hint

    def _is_about_another_product(self, role: Role, title: Sequence[Mention]) -> bool:
        """Whether a title names a product that is not the role's, or its machine, before any act that is done to it."""
        for one in title:
            if one.role == "focus" or self._is_made_by_another_machine(role, one, title):
                if self.taxonomy.concepts[one.concept_id].role == "product":
                    return not self.taxonomy.is_kin(one.concept_id, role.concepts)
                if self.taxonomy.shows(one.concept_id) != "thing":
                    return False
        return False

    def _is_made_by_another_machine(self, role: Role, one: Mention, title: Iterable[Mention]) -> bool:
        """Whether a mention says what a machine that is not the role's is for: a line for masks assembles no visors."""
        return one.role == "object" and any(
            other.clause == one.clause
            and other.role == "focus"
            and self.taxonomy.concepts[other.concept_id].role == "equipment"
            and not self._is_meant(role, other.concept_id)
            for other in title
        )

    def _of_mention(self, role: Role, one: Mention, field: _Field, fields: Sequence[_Field]) -> Evidence | None:
        """What one mention of a role's concept shows."""
        sentence = field.sentence(one)
        is_act = self.taxonomy.shows(one.concept_id) != "thing"
        if not sentence or _says(sentence, _words().asks) or (is_act and _says(sentence, _words().sold)):
            return None
        beside = [other for other in field.named if other.clause == one.clause and other.places != one.places]
        said = [other for other in beside if other.role != "denied"]
        title = () if field is fields[0] else fields[0].named
        is_shown = self._does(role, one, said, fields) if is_act else self._has(one, said, title)
        if not is_shown:
            return None if is_shown is False else TO_CLARIFY
        return Evidence(_cut(sentence, one.words), field.certainty)

    def _does(self, role: Role, one: Mention, beside: Sequence[Mention], fields: Sequence[_Field]) -> bool | None:
        """Whether an act named is the role's; None where a stand-in does not name the thing that it is done to."""
        is_done_to = self._is_done_to(role, beside, fields)
        is_stand_in = one.concept_id in role.concepts[1:]
        return is_done_to if is_stand_in or is_done_to is False else True

    def _has(self, one: Mention, beside: Sequence[Mention], title: Sequence[Mention]) -> bool | None:
        """Whether a thing named is there to be had; None below the title of a service, or where it is made to order."""
        if self._is_worked_on(one, [*beside, *title]):
            return False
        if any(self._is_served(one, other) or self._is_mistaken_for(one, other) for other in beside):
            return False
        is_to_order = any(other.role == "focus" and other.concept_id in _words().to_order for other in beside)
        return None if is_to_order or any(self._is_served(one, other) for other in title) else True

    def _is_done_to(self, role: Role, beside: Iterable[Mention], fields: Iterable[_Field]) -> bool | None:
        """Whether an act is done to what a role needs it for: None where the offer names nothing that it is done to."""
        if not role.of:
            return True
        everywhere = [one for field in fields for one in field.named if one.role != "denied"]
        for named in (beside, everywhere):
            goods = [one.concept_id for one in named if self.taxonomy.concepts[one.concept_id].role in _GOODS]
            if goods:
                return any(self.taxonomy.is_kin(thing, role.of) for thing in goods)
        return None

    def _is_worked_on(self, one: Mention, beside: Iterable[Mention]) -> bool:
        """Whether a material is only what an act is done to, or what a thing is made of."""
        if self.taxonomy.concepts[one.concept_id].role != "material":
            return False
        others = [other for other in beside if other.role == "focus" and other.concept_id != one.concept_id]
        return any(
            self.taxonomy.shows(other.concept_id) != "thing"
            or (
                self.taxonomy.concepts[other.concept_id].role in ("part", "product")
                and not self.taxonomy.is_kin(other.concept_id, (one.concept_id,))
            )
            for other in others
        )

    def _is_served(self, one: Mention, other: Mention) -> bool:
        """Whether a thing is what a service is about: capacity for PCR tests is no test kit."""
        if other.role != "focus" or self.taxonomy.concepts[one.concept_id].role not in ("part", "product"):
            return False
        makes = other.concept_id in self._acts and self._acts[other.concept_id].makes
        return self.taxonomy.shows(other.concept_id) != "thing" and not makes

    def _is_mistaken_for(self, one: Mention, other: Mention) -> bool:
        """Whether what stands beside a mention says that it is only a look-alike: SMS laminate is no meltblown."""
        concepts = self.taxonomy.concepts
        is_alike = other.concept_id in concepts[one.concept_id].look_alikes
        return other.role == "focus" and (is_alike or one.concept_id in concepts[other.concept_id].look_alikes)

    def _within_scope(self, role: Role, offer: Offer, found: Evidence, named: Iterable[str]) -> Evidence | None:
        """The evidence of a test, if the offer names a norm of the role; another norm is another test."""
        wanted = _numbers("; ".join(role.norms))
        if not wanted or self.taxonomy.shows(role.role_id) != "norm":
            return found
        stated = _numbers("; ".join(offer)) - _numbers("; ".join(_words().management))
        if stated:
            return found if wanted & stated else None
        norms = [_numbers("; ".join(self.taxonomy.concepts[one].norms)) for one in named]
        return found if any(own and own <= wanted for own in norms) else TO_CLARIFY


def _says(sentence: str, phrases: Iterable[str]) -> bool:
    padded = f" {fold(sentence)} "
    return any(f" {fold(phrase)} " in padded for phrase in phrases)


def _stands(word: str, said: str) -> bool:
    """Whether a word stands in a text: at the beginning of a word, a long one also within."""
    word, said = fold(word), fold(said)
    return f" {word}" in f" {said}" if len(word) < _LONG else word in said


def _numbers(norms: str) -> set[str]:
    return set(_NORM.findall(norms))


def _cut(sentence: str, words: str) -> str:
    """A sentence, or what stands around the words in one that is too long for a quote."""
    if len(sentence) <= LONGEST_QUOTE:
        return sentence
    first = words.split()[0]
    start = max(min(sentence.find(first) - LONGEST_QUOTE // 4, len(sentence) - LONGEST_QUOTE), 0)
    kept = sentence[start : start + LONGEST_QUOTE]
    return kept.partition(" ")[2].rpartition(" ")[0] if start else kept.rpartition(" ")[0]
