"""Tables and reports of a store once more, for readers elsewhere: in a bucket of any S3-compatible store, or a folder.

    <address>/tables/, <address>/reports/   as in the store
    <address>/SHA256SUMS                     of each of them, written last

The store itself stays a folder on the disk of one machine: runs need its locks and its renaming of whole files, which
object stores do not have. What leaves the store (`purge`, `erase`) leaves the bucket with the next copy.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pyarrow.fs

from pipelines.whole_files import write_whole

ROOMS = ("tables", "reports")
SUMS = "SHA256SUMS"


class MirrorFault(Exception):
    """The copy could not be finished; the next one goes on. The message says why."""


class Copied(NamedTuple):
    """Numbers of files."""

    written: int
    deleted: int
    unchanged: int


@dataclass(frozen=True)
class Mirror:
    """The copy of one store."""

    store: Path
    address: str  # as `pipelines.resources.mirror_address` gives it; "": no copy is wanted

    def state(self) -> str:
        """What changes whenever a file to copy does."""
        told = [
            (name, status.st_size, status.st_mtime_ns, status.st_ino)
            for name, path in sorted(self._files().items())
            for status in (path.stat(),)
        ]
        return hashlib.sha256(repr((self.address, told)).encode()).hexdigest()

    def must_copy(self) -> bool:
        """Whether a copy is wanted and the last one shows another state."""
        noted = self.store / ".mirrored"
        return bool(self.address) and not (noted.exists() and noted.read_text("utf-8") == self.state())

    def copy(self) -> Copied:
        """Bring the bucket up to date; the caller holds the store. Raises MirrorFault."""
        state = self.state()
        try:
            copied = self._copy(*_opened(self.address))
        except OSError as error:
            raise MirrorFault(f"{self.address}: {error}") from error
        write_whole(self.store / ".mirrored", state.encode())
        return copied

    def _copy(self, bucket: Any, folder: str) -> Copied:
        files = self._files()
        there = _names(bucket, folder)
        sums = _sums(bucket, folder) if SUMS in there else {}
        written, now = 0, {}
        for name, path in sorted(files.items()):
            content = path.read_bytes()
            now[name] = hashlib.sha256(content).hexdigest()
            if name not in there or sums.get(name) != now[name]:
                _write(bucket, f"{folder}/{name}", content)
                written += 1
        gone = sorted(name for name in there - files.keys() if name.partition("/")[0] in ROOMS)
        for name in gone:
            bucket.delete_file(f"{folder}/{name}")
        if now != sums:
            _write(bucket, f"{folder}/{SUMS}", "".join(f"{sha}  {name}\n" for name, sha in now.items()).encode())
        return Copied(written, len(gone), len(files) - written)

    def _files(self) -> dict[str, Path]:
        found = (path for room in ROOMS for path in (self.store / room).rglob("*"))
        return {
            path.relative_to(self.store).as_posix(): path
            for path in found
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
        }


def _opened(address: str) -> tuple[Any, str]:
    parts = urlsplit(address)
    if parts.scheme == "file":
        return pyarrow.fs.LocalFileSystem(), parts.path
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    place = {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme} if endpoint.netloc else {}
    authorities = os.environ.get("AWS_CA_BUNDLE")
    region = os.environ.get("AWS_REGION", "us-east-1")  # as most S3-compatible stores call their only one
    bucket = pyarrow.fs.S3FileSystem(region=region, tls_ca_file_path=authorities, allow_delayed_open=True, **place)
    return bucket, f"{parts.netloc}{parts.path}"


def _names(bucket: Any, folder: str) -> set[str]:
    found = bucket.get_file_info(pyarrow.fs.FileSelector(folder, allow_not_found=True, recursive=True))
    return {one.path.removeprefix(f"{folder}/") for one in found if one.is_file}


def _sums(bucket: Any, folder: str) -> dict[str, str]:
    """What the last copy wrote, by name."""
    with bucket.open_input_stream(f"{folder}/{SUMS}") as stream:
        lines = stream.read().decode().splitlines()
    return {name: sha for sha, _, name in (line.partition("  ") for line in lines)}


def _write(bucket: Any, path: str, content: bytes) -> None:
    if isinstance(bucket, pyarrow.fs.LocalFileSystem):
        bucket.create_dir(path.rpartition("/")[0])
    with bucket.open_output_stream(path) as stream:
        stream.write(content)
