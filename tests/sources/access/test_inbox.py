"""An inbox is open to others: what is not followed, not read, and how each file that is left out is told."""

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from sources import limits
from sources.access.inbox import read_export
from sources.platform import NotDelivered, Platform, Unreachable
from sources.platforms import PLATFORMS
from sources.samples.build import FOLDER
from sources.weekly.health import files_taken
from sources.weekly.intake import read_snapshot

NOW = datetime(2020, 4, 20, tzinfo=UTC)
BY_NAME = {platform.name: platform for platform in PLATFORMS}
GETUSPPE, SAMMELORDNER = BY_NAME["getusppe"], BY_NAME["sammelordner"]
WEEK = FOLDER / "2020-W16"
SECRET = b"root:x:0:0"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "outside" / "secret.csv"
    path.parent.mkdir()
    path.write_bytes(SECRET)
    return path


def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "sammelordner").mkdir(parents=True)
    for file in (WEEK / "sammelordner").iterdir():
        old(folder / "sammelordner" / file.name, file.read_bytes())
    return folder


def old(path: Path, content: bytes) -> None:
    """A file that rests since long."""
    path.write_bytes(content)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))


def refusal(platform: Platform, folder: Path) -> str:
    with pytest.raises(Unreachable) as caught:
        read_export(platform, folder, NOW)
    assert not isinstance(caught.value, NotDelivered)
    assert str(folder) not in str(caught.value)
    return str(caught.value)


def test_a_link_is_never_followed(tmp_path: Path, secret: Path) -> None:
    folder = inbox(tmp_path)
    (folder / "getusppe_offers.csv").symlink_to(secret)
    link = "'getusppe_offers.csv' is a link, which is never followed: put the file itself there"
    assert refusal(GETUSPPE, folder) == link
    secret.unlink()
    assert refusal(GETUSPPE, folder) == link  # broken, it is told in the same way


def test_a_linked_folder_is_never_followed(tmp_path: Path, secret: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "sammelordner").symlink_to(secret.parent)
    assert refusal(SAMMELORDNER, folder).startswith("'sammelordner' is a link")


def test_one_link_among_files_is_told_and_the_others_count(tmp_path: Path, secret: Path) -> None:
    folder = inbox(tmp_path)
    (folder / "sammelordner" / "netz-nord.xlsx").symlink_to(secret)
    (folder / "sammelordner" / "more").symlink_to(secret.parent)
    documents = read_export(SAMMELORDNER, folder, NOW)
    assert SECRET not in b"".join(document.content for document in documents)
    refused = [document.name for document in documents if document.refused]
    assert refused == ["sammelordner/more", "sammelordner/netz-nord.xlsx"]
    parsed = read_snapshot(SAMMELORDNER, documents)
    whole = read_snapshot(SAMMELORDNER, read_export(SAMMELORDNER, WEEK, NOW))
    pd.testing.assert_frame_equal(parsed.listings, whole.listings)
    finding = files_taken(SAMMELORDNER, parsed.quarantine)
    assert not finding.passed
    assert finding.facts["files"]["sammelordner/netz-nord.xlsx"].startswith("is a link")
    assert files_taken(SAMMELORDNER, whole.quarantine).passed


@pytest.mark.parametrize(
    ("name", "is_newer"), [("{} (1)", True), ("{} (1)", False), ("{}_final", True), ("{}-alt", False)]
)
def test_of_two_versions_of_a_table_the_one_written_last_counts(tmp_path: Path, name: str, is_newer: bool) -> None:
    folder = inbox(tmp_path)
    whole = next(iter(sorted((folder / "sammelordner").glob("*.xlsx"))))
    other = whole.with_stem(name.format(whole.stem))
    other.write_bytes(next(iter(sorted((folder / "sammelordner").glob("*.xlsx"))[1:])).read_bytes() + b"\0")
    os.utime(whole, (1_586_000_000, 1_586_000_000))
    os.utime(other, (1_586_000_000 + (60 if is_newer else -60),) * 2)
    told = {document.name: document.refused for document in read_export(SAMMELORDNER, folder, NOW) if document.refused}
    older, newer = (whole, other) if is_newer else (other, whole)
    assert told == {
        f"sammelordner/{older.name}": f"is an older version of 'sammelordner/{newer.name}', which counts: take one of "
        "them out"
    }


def test_a_download_beside_the_export_is_told_and_an_empty_folder_is_named(tmp_path: Path) -> None:
    folder = inbox(tmp_path)
    (folder / "sammelordner" / "anrufe.xlsx.part").write_bytes(b"PK")
    told = {document.name: document.refused for document in read_export(SAMMELORDNER, folder, NOW)}
    assert told["sammelordner/anrufe.xlsx.part"].startswith("is a download that has not come to its end")
    shutil.rmtree(folder / "sammelordner")
    (folder / "sammelordner").mkdir()
    assert refusal(SAMMELORDNER, folder) == "the folder 'sammelordner' in the inbox is empty: put the export there"


def test_a_copy_beside_a_file_is_no_delivery_of_somebody_else(tmp_path: Path) -> None:
    folder = inbox(tmp_path)
    export = min((folder / "sammelordner").glob("*.xlsx"), key=lambda path: len(path.name))
    shutil.copy(export, export.with_name(f"{export.stem} (1).xlsx"))
    (folder / "sammelordner" / f"~${export.name}").write_bytes(b"lock")
    (folder / "sammelordner" / "Thumbs.db").write_bytes(b"pictures")
    documents = {document.name: document for document in read_export(SAMMELORDNER, folder, NOW)}
    refused = {name: document.refused for name, document in documents.items() if document.refused}
    assert refused == {
        f"sammelordner/{export.stem} (1).xlsx": f"is a copy of 'sammelordner/{export.name}': take one of them out"
    }
    whole = read_snapshot(SAMMELORDNER, read_export(SAMMELORDNER, WEEK, NOW))
    pd.testing.assert_frame_equal(read_snapshot(SAMMELORDNER, tuple(documents.values())).listings, whole.listings)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_second_name_of_somebody_elses_file_is_not_read(tmp_path: Path, secret: Path) -> None:
    folder = inbox(tmp_path)
    os.link(secret, folder / "getusppe_offers.csv")
    os.chown(secret, 12345, 12345)
    assert "has a second name and another owner than the inbox" in refusal(GETUSPPE, folder)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = inbox(tmp_path)
    os.mkfifo(folder / "getusppe_offers.csv")
    assert refusal(GETUSPPE, folder) == "'getusppe_offers.csv' is no file: put the export itself there"


GROWER = """
import sys, time
with open(sys.argv[1], "ab", buffering=0) as file:
    while True:
        file.write(b"one line more\\n")
        time.sleep(0.01)
"""


def test_a_file_that_still_grows_is_not_read_and_one_that_rests_is(tmp_path: Path) -> None:
    folder = inbox(tmp_path)
    export = folder / "getusppe_offers.csv"
    with subprocess.Popen([sys.executable, "-c", GROWER, str(export)]) as copying:
        while not export.exists():
            time.sleep(0.01)
        try:
            told = refusal(GETUSPPE, folder)
        finally:
            copying.kill()
    assert told == ("'getusppe_offers.csv' is still being written: it is read when the week is run again after that")
    export.write_bytes((WEEK / "getusppe_offers.csv").read_bytes())  # just now, but whole
    [document] = read_export(GETUSPPE, folder, NOW)
    assert document.content == (WEEK / "getusppe_offers.csv").read_bytes()


def test_a_huge_file_is_not_even_read(tmp_path: Path) -> None:
    folder = inbox(tmp_path)
    export = folder / "getusppe_offers.csv"
    old(export, b"")
    os.truncate(export, 200_000_000)
    os.utime(export, (NOW.timestamp(), NOW.timestamp()))
    assert refusal(GETUSPPE, folder) == (
        "'getusppe_offers.csv' has 200,000,000 bytes, 100,000,000 are read: ask for it in parts"
    )


def test_a_delivery_that_is_too_large_as_a_whole_is_not_read(tmp_path: Path) -> None:
    folder = inbox(tmp_path)
    for number in range(limits.DELIVERY_BYTES // limits.largest("x.xlsx") + 1):
        path = folder / "sammelordner" / f"netz-{number}.xlsx"
        old(path, b"")
        os.truncate(path, limits.largest("x.xlsx"))
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert "at most 5,000 files with 300,000,000 bytes are read: take out what is old" in refusal(SAMMELORDNER, folder)


def test_capital_letters_are_no_other_name(tmp_path: Path) -> None:
    folder = inbox(tmp_path)
    old(folder / "GETUSPPE_OFFERS.CSV", (WEEK / "getusppe_offers.csv").read_bytes())
    parsed = read_snapshot(GETUSPPE, read_export(GETUSPPE, folder, NOW))
    assert len(parsed.listings) > 20


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("getusppe_offers.ods", "save it in the form that is read"),
        ("getusppe_offers.csv.zip", "unpack it there"),
        ("Getusppe_Offers.xlsx", "give it that name and form"),
        ("getusppe_offers.pdf", "ask for the table itself"),
    ],
)
def test_what_was_meant_to_be_the_export_is_named(tmp_path: Path, name: str, remedy: str) -> None:
    folder = inbox(tmp_path)
    old(folder / name, b"PK")
    told = refusal(GETUSPPE, folder)
    assert told == f"the inbox holds '{name}', but no file or folder 'getusppe_offers*.csv': {remedy}"


def test_an_inbox_without_anything_alike_is_no_delivery(tmp_path: Path) -> None:
    with pytest.raises(NotDelivered):
        read_export(GETUSPPE, inbox(tmp_path), NOW)
