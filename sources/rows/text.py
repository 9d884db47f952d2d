"""Cleaning that many platforms need: white space, absent values, contact data.

Numbers and units are read in `amounts.py`, dates in `dates.py`. Nothing here knows a platform or a column.
"""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urljoin

ERASED = "[erased]"
ERASED_LISTING = "[erased listing]"
"""What stands where somebody's words were taken out of a stored page; a row with the second is no listing any more."""

# Written for "nothing": forms that people type into fields they may not leave empty.
ABSENT = frozenset(
    {"", "-", "--", "–", "—", ".", "?", "n/a", "na", "n. a.", "n.a.", "k. a.", "k.a.", "null", "none", "tbd"}
)

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SPACES_IN_LINE = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n\s*\n+")
_TEST_ENTRY = re.compile(r"(?:test|tests|testing|essai|asdf+|xxx+)(?:[\s_-]*(?:\d+|eintrag|entry))?", re.IGNORECASE)
# Lines that software adds below a text and nobody wrote: blogs below an item, forms and telephones below a mail.
_FOOT_LINE = re.compile(
    r"^[ \t]*(?:(?:Der Beitrag|Dieser Beitrag|The post|L['’]article|Cet article)\b.{1,300}"
    r"\b(?:erschien zuerst|appeared first|est apparu en premier)\b.*"
    r"|(?:Diese E-?Mail|Diese Nachricht|This e-?mail|This message|Cet e-?mail|Ce message)\b.{1,80}"
    r"\b(?:Kontaktformular|contact form|formulaire de contact)\b.*"
    r"|(?:Von meinem .{2,30} gesendet"
    r"|(?:Holen Sie sich|Laden Sie|Get|Download|Obtenez|Obtenir|Télécharger) Outlook .{2,90}"
    r"|(?:Diese Nachricht|This message|Ce message) (?:wurde|was|a été) .{2,40}(?:gesendet|sent from|envoyé) ?.{0,40}"
    r"|Gesendet (?:von|mit) .{2,60}|Sent from my .{2,30}"
    r"|Envoyé (?:de|depuis) (?:mon|ma) .{2,30}))[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_AT = re.compile(r"@|[(\[]at[)\]]", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%'-]+\s?(?:@|\(at\)|\[at\]|\(@\))\s?((?:[\w-]+\.)+[^\W\d_]{2,})", re.IGNORECASE)
# A telephone number starts with +, 00 or 0 (or a US area code in brackets) and holds at least seven digits.
_TELEPHONE = re.compile(
    r"(?<![\w.,/-])(?!\d{1,2}[./]\d{1,2}[./]\d{2})(?:(?:\+|00)[1-9]\d{0,2}|\(?0[1-9]\d{0,4}\)?|\(\d{3}\)|\d{3}(?=[-.]\d{3}[-.]\d{4}))"
    r"(?:[\s./()–-]{0,3}\d){5,12}(?![\w€%])"
)
_FIVE_DIGITS = re.compile(r"\d(?:[\s./()+–-]{0,3}\d){4}")
_LABELLED_TELEPHONE = re.compile(
    r"\b(Tel(?:efon|\.)?|Fax|Mobil|Handy|Durchwahl|Tél(?:éphone|\.)?|Portable|Phone|Call)\s*[.:]*\s*((?:[\s./()+–-]{0,3}\d){5,15})",
    re.IGNORECASE,
)


def collapse(text: str) -> str:
    """One line: invisible characters gone, runs of white space one blank, composed letters (NFC)."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if " " in text else text  # codes and numbers are one word
    composed = unicodedata.normalize("NFC", text)
    # Most texts hold nothing invisible; to see that first halves the cost of all cleaning.
    visible = composed if composed.isprintable() else _INVISIBLE.sub("", composed)
    return " ".join(visible.split())


def collapse_lines(text: str) -> str:
    """As `collapse`, but line breaks stay, at most one blank line in a row."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n".join(line.strip() for line in _SPACES_IN_LINE.sub(" ", visible).split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def without_foot_lines(text: str) -> str:
    """The text without what blogs, forms and telephones add below it."""
    return _FOOT_LINE.sub("", text).strip()


def folded(text: str) -> str:
    """As written without accents, capitals, umlauts or typographic apostrophes: "À partir du" is "a partir du"."""
    plain = collapse(text).casefold().replace("’", "'").replace("œ", "oe").replace("æ", "ae")
    return "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))


def joined_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Labels and values as a mapping; several values under one label are all kept, parted by "; "."""
    values: dict[str, list[str]] = {}
    for label, value in pairs:
        said = values.setdefault(label, [])
        if value and value not in said:
            said.append(value)
    return {label: "; ".join(said) for label, said in values.items()}


def address(base: str, link: str) -> str:
    """A link in full; "" for none and for one that is no address ("http://[")."""
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def present(text: str | None) -> str | None:
    """The collapsed text, or None if it says nothing ("", "N/A", "k. A.", "–" …)."""
    clean = collapse(text or "")
    return None if clean.casefold() in ABSENT else clean


def is_test_entry(text: str) -> bool:
    """Whether a name or title is what people type to try a form: "test", "Test 1", "TEST-Eintrag", "asdf"."""
    return _TEST_ENTRY.fullmatch(collapse(text)) is not None


def mask_contacts(text: str) -> str:
    """The text with e-mail addresses and telephone numbers replaced by ``[e-mail]`` and ``[telephone]``.

    Listings are shown to more people than their authors wrote them for; the contact route is the platform.
    """
    without_emails = _EMAIL.sub("[e-mail]", text) if _AT.search(text) else text
    if _FIVE_DIGITS.search(without_emails) is None:  # what these two ask first spares most texts three searches
        return without_emails
    return _TELEPHONE.sub("[telephone]", _LABELLED_TELEPHONE.sub(r"\1 [telephone]", without_emails))


def described(text: str | None) -> str | None:
    """A listing's free text: lines kept, contact data masked, None if it says nothing."""
    return None if present(text) is None else mask_contacts(collapse_lines(text or ""))


def email_domain(text: str | None) -> str | None:
    """The domain of the first e-mail address in the text, lower case; the mailbox is a person's and is not kept."""
    match = _EMAIL.search(text or "")
    return match[1].lower() if match else None
