"""What data staff decided about plausibility: a YAML file, checked entry by entry with errors that name the place.

`docs/plausible.yaml` shows every field with its meaning.
"""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo

from matching.yaml_files import AboveZero, Expected, Stated, Text, known, read

# Rule -> its limit. Where each comes from stands in docs/plausibility.md; figures are of the matches that people made
# on a real board in 2020 (`getusppe_matches_2020.csv`): 1,713 donations delivered.
LIMITS: Mapping[str, float] = {
    # Robust deviations above what is usual: of all delivered, none was above 4.1; 40 of 4,596 offers are above 4.5.
    "quantity_outlier": 4.5,
    # Products of which one donor offers hugely (2 deviations): none of the eight donors of four or more delivered, one
    # of the eleven of three did.
    "huge_in_everything": 4,
    # Products for which one donor states the same filler number, each large (1.5 deviations): two did, for four and
    # thirteen, and delivered nothing; 100 or 1,000 of three products were delivered and are not large.
    "filler_number": 3,
    # Days: a board asks after 14, an open listing counts as stale after 56; here another 56 in silence. Judgement.
    "no_sign_of_life": 112,
    # Pieces of a mass product: 18 of 1,713 deliveries were of two or fewer.
    "too_few": 2,
}
_LONGEST_REASON = 200


def _is_short(text: str) -> str:
    if len(text) > _LONGEST_REASON:
        raise ValueError(f"the reason has {len(text)} characters, allowed are {_LONGEST_REASON}")
    return text


def _has_limit(rule: str) -> str:
    if rule not in LIMITS:
        raise ValueError(f"{rule!r} is none of {', '.join(LIMITS)}")
    return rule


def _is_platform(name: str, info: ValidationInfo) -> str:
    if info.context is not None and name not in info.context["platform"]:
        raise ValueError(f"{name!r} is no platform that is read")
    return name


Verdict = Annotated[Literal["let_through", "hold"], Expected("let_through or hold")]
Reason = Annotated[Text, AfterValidator(_is_short)]
Day = Annotated[date, Field(strict=True), Expected("a day such as 2020-04-27")]


class _Decided(Stated):
    reason: Reason
    decided_on: Day


class OfListing(_Decided):
    """One listing, against whatever the rules say."""

    listing_id: Text
    verdict: Verdict


class OfProduct(_Decided):
    """All listings of a platform about one concept: nothing of it is held back, or everything is."""

    platform: Annotated[Text, AfterValidator(_is_platform)]
    concept_id: Annotated[Text, known("concept")]
    verdict: Verdict


class OfRule(_Decided):
    """Another limit of a rule that has one."""

    rule: Annotated[Text, AfterValidator(_has_limit)]
    limit: AboveZero


class Choices(Stated):
    """The defaults decide nothing; a later entry about the same thing wins."""

    listings: Annotated[tuple[OfListing, ...], Expected("a list of entries")] = ()
    products: Annotated[tuple[OfProduct, ...], Expected("a list of entries")] = ()
    limits: Annotated[tuple[OfRule, ...], Expected("a list of entries")] = ()

    def until(self, day: date) -> "Choices":
        """What had been decided by a day, so that a week can be computed again as it was."""
        return Choices(
            listings=tuple(one for one in self.listings if one.decided_on <= day),
            products=tuple(one for one in self.products if one.decided_on <= day),
            limits=tuple(one for one in self.limits if one.decided_on <= day),
        )

    def limit(self, rule: str) -> float:
        """The limit of a rule, as decided, else as documented."""
        return {one.rule: one.limit for one in self.limits}.get(rule, LIMITS[rule])


_FILE = TypeAdapter(Choices)


def read_choices(path: Path, concepts: Collection[str], platforms: Collection[str]) -> Choices:
    """Read a file; raises FileFault for whatever is not understood, and for names that do not exist."""
    return read(path, _FILE, concept=concepts, platform=platforms)
