"""A store in one file, and back: nothing damaged, foreign or leading elsewhere is written, and erased stays erased."""

import json
import os
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.backup import KEYS, STORE, BackupFault, _seal, back_up, restore
from pipelines.commands.backup import command as backup_command
from pipelines.commands.restore import command as restore_command
from pipelines.erasure.suppressed import Suppressed
from pipelines.erasure.values import value_of
from pipelines.keys import secret
from pipelines.seal import Seal
from pipelines.storage import SnapshotFolder
from sources.platform import RawDocument
from sources.week import Week

NOW = datetime(2026, 11, 29, tzinfo=UTC)
WRITTEN_NS = 1_587_000_000_123_456_789
FILES = {
    "cases.csv": b"number,note\nK-2020-15-01,erika@clinic.example\n",
    "reports/lagebild/2020-W15/lagebild.de.html": b"<p>Handschuhe</p>",
    "answers/mail.eml": b"Subject: K-2020-15-01\n\n",
}


NOT_KEPT = {".running.json", "answers.key"}


def contents(store: Path) -> dict[str, bytes]:
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def said(_line: object) -> None:
    return None


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a file of each kind, whose keys lie elsewhere."""
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(tmp_path / "keys"))
    store = tmp_path / "store"
    for name, content in FILES.items():
        path = store / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    SnapshotFolder(store).keep(
        "ted", Week(2020, 15), [RawDocument("notice.xml", b"<p>erika@clinic.example</p>", "", NOW)]
    )
    for path in store.rglob("*"):
        os.utime(path, ns=(WRITTEN_NS, WRITTEN_NS))
    (store / ".running.json").write_text("{}", "utf-8")
    (store / "answers.key").write_text("never in the open", "utf-8")
    (store / "dagster").mkdir()
    return store


@pytest.fixture
def archive(store: Path, tmp_path: Path) -> Path:
    target = tmp_path / "away" / "store.zip"
    back_up(store, target, STORE, NOW)
    return target


def test_a_store_comes_back_with_bytes_times_and_modes(archive: Path, tmp_path: Path) -> None:
    kept = {name: content for name, content in contents(tmp_path / "store").items() if name not in NOT_KEPT}
    assert kept.keys() > FILES.keys()
    assert restore(new_store(tmp_path), archive, STORE, said) == len(kept)
    assert contents(tmp_path / "new") == kept
    found = [path.stat() for path in (tmp_path / "new").rglob("*")]
    assert {one.st_mtime_ns for one in found if stat.S_ISREG(one.st_mode)} == {WRITTEN_NS}
    assert {stat.S_IMODE(one.st_mode) & 0o077 for one in found} == {0}


def test_keys_are_in_no_archive_of_a_store(archive: Path, store: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        held = b"".join(opened.read(name) for name in opened.namelist())
        assert not [name for name in opened.namelist() if name.endswith(".key") or "/." in name]
    for key in (*(tmp_path / "keys").glob("*.key"), store / "answers.key"):
        assert key.read_bytes() not in held
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir()] == ["store.zip"]


def test_records_are_copied_as_of_one_moment_though_a_service_writes(store: Path, tmp_path: Path) -> None:
    path = store / "dagster" / "runs.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE runs (number)")
        database.execute("INSERT INTO runs VALUES (1)")
        database.commit()  # stands in the -wal file beside it
        database.execute("INSERT INTO runs VALUES (2)")
        back_up(store, tmp_path / "store.zip", STORE, NOW)
    restore(new_store(tmp_path), tmp_path / "store.zip", STORE, said)
    with closing(sqlite3.connect(tmp_path / "new" / "dagster" / "runs.db")) as database:
        assert database.execute("SELECT number FROM runs").fetchall() == [(1,)]


def test_a_link_in_a_store_stops_a_backup(store: Path, tmp_path: Path) -> None:
    (store / "judgements.csv").symlink_to("/etc/hostname")
    with pytest.raises(BackupFault, match=r"judgements.csv is a link"):
        back_up(store, tmp_path / "store.zip", STORE, NOW)
    assert not (tmp_path / "store.zip").exists()


def test_a_store_that_is_not_empty_is_left_alone(archive: Path, tmp_path: Path) -> None:
    mine = new_store(tmp_path) / "muted.csv"
    mine.write_text("mine", "utf-8")
    with pytest.raises(BackupFault, match=r"not empty, it holds muted.csv"):
        restore(tmp_path / "new", archive, STORE, said)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["muted.csv"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-300])


def flip(path: Path) -> None:
    with zipfile.ZipFile(path) as opened:
        info = opened.getinfo("store/cases.csv")
    content = bytearray(path.read_bytes())
    name, extra = (int.from_bytes(content[info.header_offset + at :][:2], "little") for at in (26, 28))
    content[info.header_offset + 30 + name + extra + info.compress_size // 2] ^= 1  # behind the member's own header
    path.write_bytes(bytes(content))


def other_kind(path: Path) -> None:
    path.write_bytes(b"PK or not, this is a letter")


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None], mode: int = 0o100600) -> None:
    """Write an archive again with other members."""
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as written:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode if name.startswith("store/") else 0o100600) << 16
            written.writestr(info, content)


def add_member(path: Path) -> None:
    rewrite(path, lambda members: members.update({"store/more.csv": b"1"}))


def change_decision(path: Path) -> None:
    rewrite(path, lambda members: members.update({"store/cases.csv": b"number,note\nK-2020-15-01,forged\n"}))


def change_manifest(path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = members["manifest.json"].replace(b"1587000000", b"1487000000")

    rewrite(path, change)


def turn_into_links(path: Path) -> None:
    rewrite(path, lambda _: None, mode=stat.S_IFLNK | 0o777)


@pytest.mark.parametrize(
    "damage", [cut, flip, other_kind, add_member, change_decision, change_manifest, turn_into_links]
)
def test_nothing_is_written_from_an_archive_that_was_damaged_or_changed(
    archive: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(archive)
    ended = CliRunner().invoke(restore_command, [str(archive), "--store", str(tmp_path / "new")])
    assert ended.exit_code == 1
    assert ended.output.startswith("Error: ")
    assert len(ended.output.splitlines()) == 1
    assert [path.name for path in (tmp_path / "new").iterdir() if path.name != ".lock"] == []


@pytest.mark.parametrize("name", ["../outside.csv", "/tmp/outside.csv", "a/../../outside.csv", "a\\..\\outside.csv"])  # noqa: S108
def test_names_that_lead_elsewhere_are_refused_even_under_the_right_key(
    archive: Path, tmp_path: Path, name: str
) -> None:
    """Whoever has the key could write such an archive; ours never does."""

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["files"][name] = manifest["files"].pop("cases.csv")
        members["manifest.json"] = json.dumps(manifest).encode()
        members["seal"] = _seal(secret(tmp_path / "keys" / "raw.key"), members["manifest.json"])
        members[f"store/{name}"] = members.pop("store/cases.csv")

    rewrite(archive, change)
    with pytest.raises(BackupFault, match="leads out of the store"):
        restore(new_store(tmp_path), archive, STORE, said)
    assert not (tmp_path / "outside.csv").exists()


@pytest.mark.parametrize("keys", ["none", "others"])
def test_a_store_comes_back_only_with_its_keys(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(tmp_path / keys))
    if keys == "others":
        Seal(tmp_path / keys / "raw.key").closed(b"")
    with pytest.raises(BackupFault, match=r"put the keys back first|belongs to other keys"):
        restore(new_store(tmp_path), archive, STORE, said)
    assert (tmp_path / keys / "raw.key").exists() == (keys == "others")  # none was made


def test_keys_come_back_and_nobody_who_was_erased_since(
    archive: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One archive of keys from before an erasure, one from after; the list that is longer stays, and is applied."""
    runner = CliRunner()
    erase(tmp_path / "keys", "phone", "+49 711 123456")
    assert back_up(store, tmp_path / "before.zip", KEYS, NOW) == 4  # raw.key, erased.key, erased.csv, answers.key
    erase(tmp_path / "keys", "email", "erika@clinic.example")
    back_up(store, tmp_path / "after.zip", KEYS, NOW)
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(tmp_path / "elsewhere"))
    for name, entries in (("after.zip", "2 entries, 2 of"), ("before.zip", "2 entries, 0 of")):
        told = runner.invoke(restore_command, ["--keys", str(tmp_path / name), "--store", str(tmp_path / "new")])
        assert told.exit_code == 0
        assert entries in told.output
    for path in (tmp_path / "keys").iterdir():
        assert (tmp_path / "elsewhere" / path.name).read_bytes() == path.read_bytes()
    assert (tmp_path / "new" / "answers.key").read_text("utf-8") == "never in the open"

    told = runner.invoke(restore_command, [str(archive), "--store", str(tmp_path / "new")])
    assert told.exit_code == 0, told.output
    assert told.output.endswith("2 places held what was erased and hold it no more\n")
    (document,) = SnapshotFolder(tmp_path / "new").documents(SnapshotFolder(tmp_path / "new").all()[0])
    assert b"erika" not in document.content
    assert b"erika" not in (tmp_path / "new" / "cases.csv").read_bytes()


def test_other_keys_are_never_overwritten(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret(tmp_path / "keys" / "raw.key")
    back_up(store, tmp_path / "keys.zip", KEYS, NOW)
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(tmp_path / "others"))
    secret(tmp_path / "others" / "raw.key")
    with pytest.raises(BackupFault, match=r"another raw.key already"):
        restore(new_store(tmp_path), tmp_path / "keys.zip", KEYS, said)


def test_an_archive_is_restored_as_what_it_is(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFault, match="holds store: restore it without --keys"):
        restore(new_store(tmp_path), archive, KEYS, said)


def test_a_backup_lies_outside_its_store(store: Path) -> None:
    told = CliRunner().invoke(backup_command, [str(store / "backup.zip"), "--store", str(store)])
    assert told.output == "Error: a back-up in the store itself would be lost with it; name another place\n"


def new_store(tmp_path: Path) -> Path:
    (tmp_path / "new").mkdir(exist_ok=True)
    return tmp_path / "new"


def erase(keys: Path, kind: str, value: str) -> None:
    Suppressed(keys).added((value_of(kind, value),), (), date(2026, 11, 29)).kept()
