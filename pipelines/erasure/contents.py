"""Files of any kind without what is to be erased: texts, mails, workbooks and other archives, whatever lies in them.

A file into which nobody can look as a text is left as it is, unless a value stands in its bytes: then nothing of it is
kept, because a shorter one would be broken.
"""

import base64
import binascii
import codecs
import io
import re
import zlib
from collections.abc import Callable
from zipfile import BadZipFile, ZipFile

from sources import limits

Clean = Callable[[str], str]

_ZIP = b"PK\x03\x04"
_DEEPEST = 5  # archives in mails in archives
_CODED_WORD = re.compile(r"(=\?([\w-]+)\?[bB]\?)([A-Za-z0-9+/=]+)(\?=)")  # RFC 2047
# Whole lines, as in mails, or what stands between quotes and behind a comma, as in pages and JSON.
_BASE64 = re.compile(
    r"^[A-Za-z0-9+/]{8,}={0,2}(?:\r?\n[A-Za-z0-9+/]+={0,2})*(?=\r?\n|\Z)"
    r"|(?<=[\"'>,])[A-Za-z0-9+/]{16,}={0,2}(?=[\"'<)])",
    re.MULTILINE,
)


def cleaned(content: bytes, clean: Clean, depth: int = 0) -> bytes:
    """The file without what `clean` takes out of texts; the very same bytes if that is nothing."""
    if depth > _DEEPEST:
        return content
    if content.startswith(_ZIP):
        try:
            return _archive(content, clean, depth)
        except (BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
            return _binary(content, clean)  # damaged, encrypted or too large
    codec = _codec_of(content)
    if codec is None:
        return _binary(content, clean)
    text = content.decode(codec)
    changed = clean(_unpacked(text, clean, depth))
    return content if changed == text else changed.encode(codec, "xmlcharrefreplace")


def _codec_of(content: bytes) -> str | None:
    """How a text is written, None for what is none. Latin-1 reads and writes every byte back."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark) and _is(content, codec):
            return codec
    if b"\0" in content:
        return None
    return "utf-8" if _is(content, "utf-8") else "latin-1"


def _is(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _archive(content: bytes, clean: Clean, depth: int) -> bytes:
    packed = io.BytesIO()
    is_changed = False
    with ZipFile(io.BytesIO(content)) as archive, ZipFile(packed, "w") as written:
        if sum(entry.file_size for entry in archive.infolist()) > limits.UNPACKED_BYTES:
            raise ValueError("too large")
        for entry in archive.infolist():
            before = archive.read(entry)
            after, name = cleaned(before, clean, depth + 1), clean(entry.filename)
            is_changed |= after != before or name != entry.filename
            entry.filename = name
            written.writestr(entry, after)
    return packed.getvalue() if is_changed else content


def _binary(content: bytes, clean: Clean) -> bytes:
    texts = (content.decode("latin-1"), *(content[at:].decode("utf-16-le", "replace") for at in (0, 1)))
    return content if all(clean(text) == text for text in texts) else b""


def _unpacked(text: str, clean: Clean, depth: int) -> str:
    """The text with what is packed in it, such as attachments of a mail, cleaned as files of their own."""

    def word(match: re.Match[str]) -> str:
        try:
            before = base64.b64decode(match[3], validate=True).decode(match[2])
        except (ValueError, LookupError):
            return match[0]
        after = clean(before)
        return match[0] if after == before else match[1] + base64.b64encode(after.encode(match[2])).decode() + match[4]

    def block(match: re.Match[str]) -> str:
        try:
            before = base64.b64decode(re.sub(r"\s", "", match[0]), validate=True)
        except (binascii.Error, ValueError):
            return match[0]
        after = cleaned(before, clean, depth + 1)
        return match[0] if after == before else _packed(after, match[0])

    return _BASE64.sub(block, _CODED_WORD.sub(word, text))


def _packed(content: bytes, like: str) -> str:
    """Base64 in lines as long as those of another."""
    ends = re.search(r"\r?\n", like)
    code = base64.b64encode(content).decode()
    if ends is None:
        return code
    lines = [code[at : at + ends.start()] for at in range(0, len(code), ends.start())]
    return ends[0].join(lines)
