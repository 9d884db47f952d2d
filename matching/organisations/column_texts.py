"""Texts of a column folded and cut at once, which is what reading a table of names takes most of its time for."""

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Flags, Integers
from matching.organisations import arrow
from matching.words import in_latin_letters

_VOWELS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_NO_LETTER = r"[^\x00-\x7F\pL\pN\pM]+"  # of those beyond ASCII
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + bytes(range(0x80, 0x100))
BEYOND_ASCII = bytes(range(0x80, 0x100))


def holding(texts: pa.StringArray, wanted: bytes) -> Flags:
    """[texts] which ones hold one of these bytes of UTF-8."""
    offsets, held = _among(texts, wanted)
    found = np.zeros(len(texts), bool)
    found[np.searchsorted(offsets, np.flatnonzero(held), side="right") - 1] = True
    return found


def among(texts: pa.StringArray, wanted: Iterable[str]) -> Flags:
    """[texts] which ones are wanted."""
    return arrow.as_flags(pc.is_in(texts, arrow.texts(sorted(wanted))))


def matching(texts: pa.StringArray, pattern: str) -> Flags:
    """[texts] where a pattern (RE2) is found."""
    return arrow.as_flags(pc.match_substring_regex(texts, pattern))


def changed(texts: pa.StringArray, some: Flags, change: Callable[[pa.StringArray], pa.StringArray]) -> pa.StringArray:
    """The texts, some of them as ``change`` makes them."""
    if not some.any():
        return texts
    mask = arrow.flags(some)
    return pc.replace_with_mask(texts, mask, change(texts.filter(mask)))


def one_by_one(change: Callable[[str], str]) -> Callable[[pa.StringArray], pa.StringArray]:
    """What changes one text, for columns."""
    return lambda texts: arrow.texts([change(text) for text in texts.to_pylist()])


def romanise(texts: pa.StringArray) -> pa.StringArray:
    """Each word as `matching.words.romanised` has it."""
    latin = changed(pc.ascii_lower(texts), holding(texts, BEYOND_ASCII), _latin)
    return changed(latin, arrow.as_numbers(pc.utf8_length(latin)) > 3, lambda long: replaced(long, _VOWELS))


def _latin(words: pa.StringArray) -> pa.StringArray:
    """Words in Latin letters, all of them as the lines of one text: a third of the time of one by one."""
    return arrow.texts(in_latin_letters("\n".join(words.to_pylist())).split("\n"))


def replaced(texts: pa.StringArray, substitutes: tuple[tuple[str, str], ...]) -> pa.StringArray:
    """The texts with parts of them replaced, one after the other."""
    for old, new in substitutes:
        texts = pc.replace_substring(texts, old, new)
    return texts


def cut(texts: pa.StringArray, also: bytes = b"") -> tuple[Integers, pa.StringArray]:
    """The runs of letters and digits of each text, none of them empty: text of each, ascending, and the run itself.

    also: further bytes that belong to a run.
    """
    spaced = changed(
        texts, holding(texts, BEYOND_ASCII), lambda some: pc.replace_substring_regex(some, _NO_LETTER, " ")
    )
    offsets, inside = _among(spaced, _LETTERS + also)
    begins, ends = inside.copy(), inside.copy()
    bounds = offsets[(offsets > 0) & (offsets < len(inside))]
    begins[1:] &= ~inside[:-1]
    begins[bounds] = inside[bounds]
    ends[:-1] &= ~inside[1:]
    ends[bounds - 1] = inside[bounds - 1]
    start, end = np.flatnonzero(begins), np.flatnonzero(ends)
    letters = np.frombuffer(spaced.buffers()[2] or b"", np.uint8)[_extent(spaced)][inside]
    length = np.zeros(len(start) + 1, np.int32)
    np.cumsum(end - start + 1, out=length[1:])
    runs = pa.StringArray.from_buffers(len(start), pa.py_buffer(length), pa.py_buffer(letters))
    return np.searchsorted(offsets, start, side="right") - 1, runs


def _among(texts: pa.StringArray, wanted: bytes) -> tuple[Integers, Flags]:
    """[texts + 1] where each text begins, from 0, and [bytes] which bytes are among those wanted."""
    table = bytes(byte in wanted for byte in range(256))
    letters = memoryview(texts.buffers()[2] or b"")[_extent(texts)]
    offsets = arrow.offsets(texts).astype(np.int64)
    return offsets - offsets[0], np.frombuffer(bytes(letters).translate(table), bool)


def _extent(texts: pa.StringArray) -> slice:
    offsets = arrow.offsets(texts)
    return slice(int(offsets[0]), int(offsets[-1]))
