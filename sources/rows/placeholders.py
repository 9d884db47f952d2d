"""Words that stand where a value should: "unbekannt", "non renseigné", "N/A", "privat".

The list is data in three languages (`data/placeholders.yml`), the same for what platforms say, for tables of records
and for tables of listings. Only a whole value is a placeholder: "Privatbrauerei Zehender" is a name.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sources.rows.text import folded

if TYPE_CHECKING:  # whoever has no table need not wait for it
    import pandas as pd

_LIST = Path(__file__).parent / "data" / "placeholders.yml"
_SIGNS = re.compile(r"[\W_]+")


@cache
def nothing() -> frozenset[str]:
    """What says nothing in any field, as words without accents and signs parted by blanks: "keine angabe", "n a"."""
    return _listed("nothing")


@cache
def nobody() -> frozenset[str]:
    """What names nobody, in the form of `nothing`, which it includes: "privat", "diverse"."""
    return _listed("nobody") | nothing()


def is_nobody(name: str) -> bool:
    """Whether a name names nobody: signs alone or a placeholder. A single letter or digit can be a name."""
    words = " ".join(_SIGNS.sub(" ", folded(name)).split())
    return not words or words in nobody()


def without_nobody(names: "pd.Series") -> "pd.Series":
    """The column with names of nobody missing; each distinct name is looked at once."""
    placeholders = [name for name in names.dropna().unique() if is_nobody(str(name))]
    return names.mask(names.isin(placeholders)) if placeholders else names


def _listed(kind: str) -> frozenset[str]:
    kinds = yaml.load(_LIST.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    by_language = kinds[kind]
    return frozenset(folded(words) for listed in by_language.values() for words in listed)
