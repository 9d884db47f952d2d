"""Raw snapshots say nothing without their key; what was kept before there was a seal stays readable."""

import stat
from pathlib import Path

import pytest

from pipelines.keys import secret
from pipelines.seal import Seal, Unopened
from pipelines.storage import SnapshotFolder
from sources.platform import RawDocument
from sources.week import Week

WEEK = Week(2020, 16)


@pytest.mark.parametrize("content", [b"", b"Erika Musterfrau, 0711 123456", b"\x00\xff" * 1000])
def test_what_is_sealed_comes_back_and_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    closed = Seal(tmp_path / "raw.key").closed(content)
    assert Seal(tmp_path / "raw.key").opened(closed) == content
    assert not content or content not in closed
    assert Seal(tmp_path / "raw.key").closed(content) == closed


def test_another_key_or_a_damaged_file_is_said(tmp_path: Path) -> None:
    closed = Seal(tmp_path / "raw.key").closed(b"Erika")
    with pytest.raises(Unopened, match=r"raw\.key"):
        Seal(tmp_path / "other.key").opened(closed)
    with pytest.raises(Unopened):
        Seal(tmp_path / "raw.key").opened(closed[:-1])


def test_a_snapshot_kept_before_there_was_a_seal_is_read(tmp_path: Path) -> None:
    store = SnapshotFolder(tmp_path)
    store.keep("board", WEEK, [RawDocument("list.csv", b"a;b", "list.csv", WEEK.ends_at)])
    (file,) = tmp_path.glob("raw/board/2020-W16/*/0001")
    assert b"a;b" not in file.read_bytes()
    file.write_bytes(b"a;b")
    (snapshot,) = store.newest_first("board", WEEK)
    assert snapshot.documents()[0].content == b"a;b"


def test_a_secret_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    made = secret(tmp_path / "keys" / "raw.key")
    assert secret(tmp_path / "keys" / "raw.key") == made
    assert len(made) == 64
    assert stat.S_IMODE((tmp_path / "keys" / "raw.key").stat().st_mode) == 0o600
