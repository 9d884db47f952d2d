"""Bytes to text by what the bytes say; what a label claims decides only where the bytes leave it open.

How charset-normalizer does on the same texts stands in benchmarks/results/reading.md.
"""

import codecs
import re
from collections.abc import Sequence

from ftfy import TextFixerConfig, fix_encoding_and_explain
from ftfy.badness import is_bad

# What an export of Windows, of an old Mac and of MS-DOS is written in; a tie goes to the first.
_EIGHT_BIT = ("cp1252", "mac_roman", "cp850")
# Labels that programs write without looking: they say no more than "some text".
_SAYS_NOTHING = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252"})
# What German and French texts hold beyond ASCII; the wrong one of two encodings gives other signs.
_EXPECTED = frozenset("äöüßÄÖÜéèêëàâáçîïíóôúûùñœŒæÉÈÊÀÂÇ\u00a0–—…„“”‚‘’«»€£°²³µ§½¼·•™®©×±´")
# Such signs where no text has them: inside a word, or a capital behind a small letter.
_MISPLACED = re.compile(r"(?<=[^\W\d_])[–—…„“”‚‘«»€£°²³µ§½¼·•™®©×±´\u00a0](?=[a-zß-ÿ])|(?<=[a-zß-ÿ])[ÄÖÜÉÈÊÀÂÇŒ]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINES = re.compile(rb"[^\n]*\n?")
_NO_TEXT = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f]")
# The first of two signs that were one: ftfy's own search takes a fifth of the time of reading a page.
_SUSPICIOUS = re.compile("[Â-ô√≈¬├┬╬ÐÑГРСВ](?:[^\\x00-\\x7f]|(?<=Ã) )")
_MOJIBAKE = TextFixerConfig(unescape_html=False, replace_lossy_sequences=False)


def decoded(content: bytes, declared: str = "", *, keeps_broken: bool = False) -> str:
    """The text, each line by itself where a file mixes encodings; never with a replacement character of ours.

    UTF-8 wherever the bytes are UTF-8, whatever the label; else the label if it names more than a default, else the
    8-bit encoding that gives the most letters and signs of German and French. UTF-8 that was taken for Windows-1252
    and saved again ("MÃ¼ller") is mended, zeros that fill a field up are left out.
    keeps_broken: a byte that is no sign in the encoding of the text becomes a lone surrogate, so that its line can be
    refused alone; else its line is read in the next encoding that knows it. Raises ValueError for bytes that are no
    text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, "surrogateescape" if keeps_broken else "strict")
            return mended(text.removeprefix("\ufeff"))
    if content.endswith(b"\0\0\0\0"):  # what a crash while saving leaves; the last sign of UTF-16 may end in one
        content = content.rstrip(b"\0")
        content += b"\0" * (len(content) % 2 and content.count(0) * 4 >= len(content))
    if b"\0" in content:
        if (zeros := content.count(0)) * 4 >= len(content):
            return _without_mark(content)
        if _NO_TEXT.search(content) or zeros * 4 > len(content):
            raise ValueError("no text: it holds zero bytes")
        content = content.replace(b"\0", b"")
    if declared.lower() == "utf-7" or (b"\x1b" in content and declared.lower().startswith("iso-2022")):
        return content.decode(declared)
    try:
        return mended(content.decode("utf-8"))
    except UnicodeDecodeError:
        encoding = _eight_bit(content, declared)
    return mended("".join(_line(line, encoding, keeps_broken) for line in _LINES.findall(content)))


def mended(text: str) -> str:
    """The text with the lines mended whose UTF-8 was once read as another encoding."""
    if text.isascii() or _SUSPICIOUS.search(text) is None:
        return text
    return "".join(
        fix_encoding_and_explain(line, _MOJIBAKE)[0] if _SUSPICIOUS.search(line) and is_bad(line) else line
        for line in text.splitlines(keepends=True)
    )


def _without_mark(content: bytes) -> str:
    """UTF-16 without a mark, told by the side on which the zeros of plain letters stand."""
    encoding = "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"
    text = content.decode(encoding)
    if "\0" in text:
        raise ValueError("no text: it holds zero bytes")
    return text


def _eight_bit(content: bytes, declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
        if name not in _SAYS_NOTHING:
            content.decode(name)
            return name
    except (LookupError, ValueError):
        pass
    foreign = [line for line in _LINES.findall(content) if not _is_utf8(line)]
    likeness = {encoding: sum(_likeness(line, encoding) for line in foreign) for encoding in _EIGHT_BIT}
    best = max(_EIGHT_BIT, key=likeness.__getitem__)
    return best if likeness[best] > 0 else _EIGHT_BIT[0]


def _likeness(line: bytes, encoding: str) -> int:
    """Expected less unexpected signs beyond ASCII; where a byte has no meaning all of them count as unexpected."""
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return -sum(byte > 127 for byte in line)
    signs = [sign for sign in text if not sign.isascii()]
    return sum(1 if sign in _EXPECTED else -1 for sign in signs) - 2 * len(_MISPLACED.findall(text))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line(line: bytes, encoding: str, keeps_broken: bool) -> str:
    fallbacks: Sequence[str] = () if keeps_broken else _EIGHT_BIT
    for known in ("utf-8", encoding, *fallbacks):
        try:
            return line.decode(known)
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", "surrogateescape")
