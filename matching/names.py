"""Names of organisations: str -> canonical value. Any script keeps its letters; only case, marks and order go."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case without diacritics, in any script; ``ß`` becomes ``ss``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words and numbers of a text, in order."""
    return _WORD.findall(fold(text))


def canonical_name(name: str) -> str:
    """Folded words in sorted order; empty when the name holds neither letter nor digit."""
    return " ".join(sorted(words(name)))
