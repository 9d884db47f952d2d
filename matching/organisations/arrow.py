"""Arrow arrays from their buffers: `pyarrow.array` and scalars load pandas, a second of CPU, which nothing else needs.

Whoever resolves a table of 10^4 records waits for the start more than for anything else.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def texts(values: Sequence[str]) -> pa.StringArray:
    """An array of texts."""
    encoded = [value.encode() for value in values]
    offsets = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, encoded), np.int32, len(encoded)), out=offsets[1:])
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded)))


def empty_texts(count: int) -> pa.StringArray:
    """So many empty texts."""
    return pa.StringArray.from_buffers(count, pa.py_buffer(np.zeros(count + 1, np.int32)), pa.py_buffer(b""))


def numbers(values: npt.NDArray[Any]) -> pa.Array:
    """An array of whole numbers."""
    whole = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(whole.dtype), len(whole), [None, pa.py_buffer(whole)])


def flags(values: npt.NDArray[np.bool_]) -> pa.BooleanArray:
    """An array of truth values."""
    bits = pa.py_buffer(np.packbits(values, bitorder="little"))
    return pa.BooleanArray.from_buffers(pa.bool_(), len(values), [None, bits])


def as_flags(array: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    """The truth values of an array without nulls."""
    bits = np.frombuffer(array.buffers()[1] or b"", np.uint8)
    return np.unpackbits(bits, count=len(array) + array.offset, bitorder="little")[array.offset :].astype(bool)


def as_numbers(array: pa.Array) -> npt.NDArray[Any]:
    """The whole numbers of an array without nulls."""
    kind = np.dtype(str(array.type))
    if not len(array):
        return np.zeros(0, kind)
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * kind.itemsize)


def offsets(array: pa.StringArray) -> npt.NDArray[np.int32]:
    """[n + 1] where each text begins in the bytes of an array, and where the last one ends."""
    count = len(array) + 1 if len(array) else 0
    return np.frombuffer(array.buffers()[1], np.int32, count, array.offset * 4) if count else np.zeros(1, np.int32)
