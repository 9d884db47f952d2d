"""Stored tables without what was erased: values go out of cells, the rows of an erased listing go whole."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO

import pyarrow
import pyarrow.parquet

from sources.weekly.lifecycle import fingerprints

Clean = Callable[[str], str]


class TableCleaner:
    """Cleans tables one after the other; what a content's new fingerprint is, is remembered for the others."""

    def __init__(self, clean: Clean, is_erased: Callable[[str], bool], replaced: Mapping[str, str]) -> None:
        """replaced: other words, such as digests of snapshots, with what stands for them now."""
        self._clean = lru_cache(200_000)(clean)
        self._is_erased = lru_cache(200_000)(is_erased)
        self.replaced = dict(replaced)

    def cleaned(self, content: bytes) -> bytes:
        """The Parquet file without what was erased; the very same bytes if that is nothing."""
        before = pyarrow.parquet.read_table(BytesIO(content))
        table = before
        for name, column in zip(before.column_names, before.columns, strict=True):
            if pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type):
                table = table.set_column(table.column_names.index(name), before.field(name), self._column(column))
        if "fingerprint" in table.column_names and table != before:
            table = self._marked_anew(before, table)
        table = self._without_listings(table, before)
        if table == before:
            return content
        written = BytesIO()
        pyarrow.parquet.write_table(table, written)
        return written.getvalue()

    def _column(self, column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
        known = column.unique().to_pylist()
        changed = {value: self._value(value) for value in known if value is not None}
        if all(value == after for value, after in changed.items()):
            return column
        values = [changed.get(value) for value in column.to_pylist()]
        return pyarrow.chunked_array([pyarrow.array(values, column.type)])

    def _value(self, value: str) -> str:
        for old, new in self.replaced.items():
            value = value.replace(old, new)
        return self._clean(value)

    def _marked_anew(self, before: pyarrow.Table, table: pyarrow.Table) -> pyarrow.Table:
        """With the fingerprints that a run would give the changed listings."""
        old, new = before.to_pandas(), table.to_pandas()
        at = table.column_names.index("fingerprint")
        try:
            prints = fingerprints(new)
        except KeyError:  # no table of listings
            return table
        is_changed = fingerprints(old) != prints
        self.replaced |= dict(zip(old["fingerprint"][is_changed], prints[is_changed], strict=True))
        values = new["fingerprint"].mask(is_changed, prints).tolist()
        return table.set_column(at, table.field(at), pyarrow.array(values, table.schema.field(at).type))

    def _without_listings(self, table: pyarrow.Table, before: pyarrow.Table) -> pyarrow.Table:
        """Without rows one of whose cells named an erased listing."""
        names = [name for name in before.column_names if name.endswith("_id") or name.startswith("record_id")]
        columns = (before[name].to_pylist() for name in names)
        rows = zip(*columns, strict=True) if names else iter([()] * len(table))
        kept = [
            not any(isinstance(cell, str) and ":" in cell and self._is_erased(cell) for cell in cells) for cells in rows
        ]
        return table if all(kept) else table.filter(pyarrow.array(kept))
