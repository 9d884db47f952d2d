"""A whole store without what was erased: raw snapshots, tables, documents, answers, decisions and Dagster's records."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines import memory, unchanged
from pipelines.erasure.contents import cleaned
from pipelines.erasure.records import MAGIC, clean_database
from pipelines.erasure.snapshots import Phrase, phrase_cleaner
from pipelines.erasure.suppressed import Suppressed
from pipelines.erasure.tables import TableCleaner
from pipelines.storage import SnapshotFolder
from pipelines.whole_files import write_whole

_LEFT_ALONE = (".lock", ".key", ".running.json", "-wal", "-shm", "-journal")
_PARQUET = b"PAR1"
_PDF = ".pdf"
_MADE_ANEW = (memory.FOLDER, unchanged.FOLDER)


class StoreCleaner:
    """Takes what is on the list out of one store; `found` counts files by place."""

    def __init__(self, store: Path, suppressed: Suppressed, is_dry: bool) -> None:
        self._store = store
        self._suppressed = suppressed
        self._is_dry = is_dry
        self.found: Counter[str] = Counter()

    def clean(self) -> None:
        """Go through all files, raw snapshots first: what an erased listing said stands there."""
        for name in () if self._is_dry else _MADE_ANEW:
            shutil.rmtree(self._store / name, ignore_errors=True)
        replaced, phrases = self._raw()
        words = phrase_cleaner(phrases)

        def clean(text: str) -> str:
            return words(self._suppressed.clean(text))

        self._cleaner = TableCleaner(clean, self._suppressed.is_erased, replaced)
        # Listings first: what their contents are called afterwards is needed in the other tables.
        for path in sorted(self._files(), key=lambda path: (path.parts[-3:-1].count("listings") == 0, path)):
            self._file(path, clean)
        self._copies()

    def _raw(self) -> tuple[dict[str, str], frozenset[Phrase]]:
        """Rewrite raw snapshots: the digests that changed, and what erased listings said."""
        snapshots = SnapshotFolder(self._store, self._suppressed)
        replaced, phrases = {}, frozenset[Phrase]()
        for folder in snapshots.all():
            change = snapshots.rewritten(folder, self._is_dry)
            phrases |= change.phrases
            if change.sha256 != change.before:
                replaced[change.before] = change.sha256
                self.found[f"raw/{folder.parts[-3]}"] += 1
        return replaced, phrases

    def _files(self) -> Iterator[Path]:
        others = {self._store / name for name in ("raw", "keys", *_MADE_ANEW)}
        for folder, folders, names in os.walk(self._store):
            folders[:] = [name for name in folders if Path(folder) / name not in others]
            yield from (Path(folder) / name for name in names if not name.endswith(_LEFT_ALONE))

    def _file(self, path: Path, clean: Callable[[str], str]) -> None:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
        if start == MAGIC:
            is_found = clean_database(path, lambda text: self._renamed(clean(text)), self._is_dry) > 0
        else:
            before = path.read_bytes()
            after = self._cleaned(before, clean)
            is_found = after != before
            if is_found and not self._is_dry:
                _rewrite(path, after)
        name = clean(path.name)
        if name != path.name and not self._is_dry:
            path.rename(path.with_name(name))
        if is_found or name != path.name:
            self.found[self._place(path)] += 1

    def _cleaned(self, content: bytes, clean: Callable[[str], str]) -> bytes:
        if content.startswith(_PARQUET):
            return self._cleaner.cleaned(content)
        return cleaned(content, lambda text: self._renamed(clean(text)))

    def _renamed(self, text: str) -> str:
        for old, new in self._cleaner.replaced.items():
            text = text.replace(old, new)
        return text

    def _copies(self) -> None:
        """PDF copies hold glyphs, not letters: those beside a page that changed go, `archive` makes them anew."""
        for path in sorted(self._store.rglob(f"*{_PDF}")):
            pages = [page for page in path.parent.glob("*.html") if page.stat().st_ctime > path.stat().st_ctime]
            if pages and not self._is_dry:
                path.unlink()
                self.found["reports (PDF copies, made anew by archive)"] += 1

    def _place(self, path: Path) -> str:
        parts = path.relative_to(self._store).parts
        return "/".join(parts[:2]) if parts[0] in ("reports", "tables") else parts[0]


def _rewrite(path: Path, content: bytes) -> None:
    """Another content under the same name and time: how long it is kept does not begin anew."""
    status = path.stat()
    write_whole(path, content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
