"""What a text says now: struck-out pieces and values that the text itself replaces are gone."""

import re

_STRUCK_OUT = re.compile(
    r"~~.*?~~|<(s|del|strike)\b[^>]*>.*?</\1\s*>|(?:\S[\u0335-\u0338]+)+", re.IGNORECASE | re.DOTALL
)
# Each pattern ends where the valid value begins; what it matches goes.
_REPLACED = re.compile(
    r"^.*?\d.*?(?:->|→|=>)\s*(?=\D{0,12}\d)"
    r"|^.*?\d.*?\b(?:Korrektur|korrigiert|erratum|correctif|rectificatif|corrigé|correction|corrected)\b"
    r"(?:\s+(?:auf|to|à|en))?[\s:]*(?=\D{0,12}\d)"
    r"|^.*?\d.*?(?:verschoben|verlegt|reportée?|décalée?|postponed|moved)\s+(?:auf(?: den)?|au|to)\s+(?=.*\d)"
    r"|^.*?\d.*?(?:verlängert|prolongée?|extended)\s+(?=(?:bis|auf|jusqu|until|to)\b.*\d)"
    r"|\bnicht\s[^.;]{0,20}?\d[^;]{0,20}?\bsondern\s|\b(?:et\s+)?non\s+(?:pas\s+)?\d[^;]{0,20}?\bmais\s"
    r"|\bnot\s+\d[^;]{0,20}?\bbut\s"
    r"|\(?\b(?:was|war|waren|vorher|zuvor|previously|formerly|statt|anstatt|instead of|au lieu de)\s+\d[\d.,'\s]*\)?",
    re.IGNORECASE,
)
_MAY_CORRECT = re.compile(
    r"~~|</|[\u0335-\u0338]|[-=]>|→|korr|err?at|rect|corr|versch|verle|verl|report|décal|postp|moved|prolong|extend"
    r"|sondern|mais|\bbut\b|\bwas\b|\bwar|vorher|zuvor|previo|former|statt|lieu|instead",
    re.IGNORECASE,
)


def current(text: str) -> str:
    """The text without what it strikes out or corrects itself.

    >>> current("~~5.000~~ 3.000 Stück")
    ' 3.000 Stück'
    >>> current("bis 24.04., verlängert bis 30.04.")
    'bis 30.04.'
    """
    if _MAY_CORRECT.search(text) is None:  # spares most texts the costly searches
        return text
    return _REPLACED.sub("", _STRUCK_OUT.sub("", text))
