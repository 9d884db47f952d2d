"""How urgent a request is by its own words: "Dringend", "en urgence", "needed ASAP", but not "eilt nicht".

Boards without a field for it, and boards whose field few fill in, leave it to the text. The words are data in three
languages (`data/urgency.yml`). What denies them, quotes them or means something else ("urgent care") raises nothing.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from sources.rows.text import folded

if TYPE_CHECKING:  # whoever has no table need not wait for it
    import pandas as pd

_WORDS = Path(__file__).parent / "data" / "urgency.yml"
_RAISED = {"low": "high", "normal": "high"}
_TOKENS = re.compile(r"[^\W_]+|[.,;:!?()\n|–—]|[\"“”„«»‚‘]")  # words, ends of clauses, quotation marks
_QUOTES = frozenset('"“”„«»‚‘')
_AT_MOST = 3  # words between what is urgent and a "nicht" that ends the clause: "dringend ist das nicht"


class _Patterns(NamedTuple):
    """Of texts as `_laid_out` writes them: what says nothing of urgency, and what says it."""

    aside: re.Pattern[str]
    pressing: re.Pattern[str]


def is_pressing(text: str) -> bool:
    """Whether a request's own words say that it is urgent."""
    patterns = _patterns()
    laid_out = _laid_out(text)
    return bool(patterns.pressing.search(laid_out) and patterns.pressing.search(patterns.aside.sub(" . ", laid_out)))


def stated_urgency(listings: "pd.DataFrame") -> "pd.Series":
    """The urgency of listings: requests whose title or text says that they are urgent have at least "high".

    listings: columns kind, title, text, urgency. What a board grades higher stays as it is.
    """
    may_rise = (listings["kind"] == "request") & listings["urgency"].isin(_RAISED)
    # A column in which a board says nothing at all is one of numbers.
    title, text = (listings.loc[may_rise, name].astype("object").fillna("") for name in ("title", "text"))
    said = title + "\n" + text
    urgency: pd.Series = listings["urgency"].copy()
    rising = said.index[[is_pressing(str(text)) for text in said]]
    urgency.loc[rising] = urgency.loc[rising].map(_RAISED)
    return urgency


def _laid_out(text: str) -> str:
    """Folded words parted by one blank, "." for what ends a clause and '"' for quotation marks, a blank at each end."""
    found = [
        '"' if token in _QUOTES else token if token.isalnum() else "."
        for line in text.splitlines()
        for token in (*_TOKENS.findall(folded(line.replace("a.s.a.p", "asap"))), "\n")
    ]
    return f" {' '.join(found)} "


@cache
def _patterns() -> _Patterns:
    data = yaml.load(_WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    pressing, otherwise, denials, between, after = (
        _any_of([_form(phrase) for listed in data[name].values() for phrase in listed])
        for name in ("pressing", "otherwise", "denials", "between", "afterwards")
    )
    aside = (
        rf' (?:{otherwise})(?= )|(?<= ") ?(?:{pressing})(?= ")'
        rf"| (?:{denials}) (?:(?:{between}) )*(?:{pressing})(?= )"
        rf"| (?:{pressing})(?: \w+){{0,{_AT_MOST}}} (?:{after})(?= \.)"
    )
    return _Patterns(re.compile(aside), re.compile(rf" (?:{pressing})(?= )"))


def _form(phrase: str) -> str:
    return re.escape(folded(phrase)).replace(r"\ ", " ").replace(r"\*", r"\w*")


def _any_of(forms: list[str]) -> str:
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))
