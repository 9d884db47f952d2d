"""A person who wrote to several platforms asks to be forgotten: nothing is left, others stay, she does not come back.

What is left is looked for by other means than those of the product: every byte below the store, and every layer of
archives, mails, tables, databases and sealed snapshots.
"""

import base64
import os
import quopri
import re
import shutil
import sqlite3
import subprocess
import zlib
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest

from pipelines.seal import Seal

Run = Callable[..., "subprocess.CompletedProcess[str]"]
NAME, STREET = "Rosalinde Achterberg", "Wacholderstieg 17"
EMAIL, PHONE = "rosalinde.achterberg@achterberg-naehen.example", "0711 8937264"
SAID = f"Rückfragen an {NAME}, {STREET}, Tel. {PHONE}, {EMAIL}."
PLATFORMS = (
    "biopro_boerse", "biovalley_france", "cebr", "cyberlago", "lifescience_nord", "logistik_mitteldeutschland",
    "sammelordner",
)  # fmt: skip
HERS = ("title", "text", "street", "fingerprint", "email_domain")  # columns in which her words stood
WEEKS = ("2020-W13", "2020-W14", "2020-W15")
LISTING = "biopro_boerse:KB-2020-002"
QUOTED = quopri.encodestring(SAID.encode("cp1252")).decode().replace("=\n", "")
# File below the week's inbox -> what stands there -> what she put there.
PLANTED = {
    "biopro_boerse/KB-2020-001.html": {
        "Gewerbestraße 12": STREET,
        "einkauf@heubergtex.example": EMAIL,
        "<p>Wir stellen": f"<p>{SAID} Wir stellen",
        "Meltblown-Vlies für": f"{NAME}: Meltblown-Vlies für",
    },
    "lifescience_nord.mbox": {
        "Name: Erika Mustermann\nTelefon: 040 555 01 77": f"Name: {NAME}\nTelefon: {PHONE}",
        "Nachricht: F=FCr Wartezimmer": f"Nachricht: {QUOTED} F=FCr Wartezimmer",
    },
    "cyberlago_projects.json": {
        '"pitch": "Zwei': f'"pitch": "{SAID.replace("ü", chr(92) + "u00fc")} Zwei',
        '"A. Beispiel"': f'"{NAME}"',
    },
    "biovalley_france/annonces.xml": {
        "&lt;p&gt;Pièces": f"&lt;p&gt;{SAID.replace(' Ach', '&amp;nbsp;Ach')}&lt;/p&gt;&lt;p&gt;Pièces"
    },
    "biovalley_france/participants.csv": {"Frau Beispiel;13 rue des Tisserands": f"{NAME};{STREET}"},
    "cebr/events.ics": {"SUMMARY:Partnering": "SUMMARY:Rosalinde Achter\n berg: Partnering"},
    "logistik_mitteldeutschland.csv": {"Beflockt": f"{SAID} Beflockt"},
}


NO_LETTERS = bytes(sign for sign in range(128) if not chr(sign).isalnum())
BARE = {value: re.sub(rb"[^a-z0-9]|^0711", b"", value.lower().encode()) for value in (NAME, STREET, EMAIL, PHONE)}


class Case(NamedTuple):
    store: Path
    inbox: Path
    before: Mapping[str, pd.DataFrame]
    dry: str
    done: str
    again: tuple[str, ...]


@pytest.fixture(scope="module", autouse=True)
def own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is erased here must not be kept out of the stores of other tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERBUNDRADAR_KEYS", str(tmp_path_factory.mktemp("erased")))
        yield


@pytest.fixture(scope="module")
def case(samples: Path, run: Run, own_keys: None, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Two weeks are run, she is erased with one listing, then the second week is run again and a third comes in."""
    root = tmp_path_factory.mktemp("erase")
    inbox, store = root / "inbox", root / "store"
    _week(samples, inbox, WEEKS[0])
    arguments = ("--inbox", inbox, "--store", store, *(part for name in PLATFORMS for part in ("--platform", name)))
    assert run("run", "--week", WEEKS[0], *arguments).returncode in (0, 2)
    (store / "answers").mkdir()
    (store / "answers" / f"{NAME}.eml").write_text(f"From: {NAME} <{EMAIL}>\nSubject: Antwort\n\n{SAID}\n")
    _week(samples, inbox, WEEKS[1])
    assert run("run", "--week", WEEKS[1], *arguments).returncode in (0, 2)
    before = tables(store)
    person = ("--email", EMAIL, "--phone", "+49 711 8937264", "--name", NAME, "--name", STREET, "--listing", LISTING)
    dry = run("erase", *person, "--dry-run", "--store", store)
    assert len(left(store)) > 50, dry.stderr
    done = run("erase", *person, "--store", store)
    assert done.returncode == 0, done.stderr
    after_erasing = tuple(left(store))
    again = run("run", "--week", WEEKS[1], *arguments)
    _week(samples, inbox, WEEKS[2])
    fresh = run("run", "--week", WEEKS[2], *arguments)
    assert again.returncode in (0, 2), again.stderr
    assert fresh.returncode in (0, 2), fresh.stderr
    return Case(store, inbox, before, dry.stdout, done.stdout, after_erasing)


def test_nothing_is_left_after_erasing(case: Case) -> None:
    assert case.again == ()


def test_she_does_not_come_back(case: Case) -> None:
    assert list(left(case.inbox)), "the platforms still deliver her"
    assert list(left(case.store)) == []


def test_what_is_said_names_places_and_never_her(case: Case) -> None:
    for told in (case.dry, case.done):
        assert not any(value in told for value in (NAME, STREET, EMAIL, PHONE))
        assert {"raw/biopro_boerse: 2", "raw/sammelordner: 2", "tables/listings: 2"} <= set(told.splitlines())
    assert case.dry.splitlines()[:-1] == case.done.splitlines()[:-1]
    assert "reports/lagebild" in case.done


def test_other_records_are_untouched(case: Case) -> None:
    now = tables(case.store)
    for name, old in case.before.items():
        hit = old.map(lambda cell: isinstance(cell, str) and any(values_in(cell.encode()))).any(axis=1)
        others = old[~hit & old["listing_id"].ne(LISTING)].set_index("listing_id")
        assert len(others) > 30
        after = now[name].set_index("listing_id")
        pd.testing.assert_frame_equal(after.loc[others.index], others)
        hers = old[hit].set_index("listing_id").drop(columns=[*HERS])
        assert len(hers) >= 6
        pd.testing.assert_frame_equal(after.loc[hers.index, hers.columns], hers)


def test_an_erased_listing_is_refused_and_told_as_such(case: Case) -> None:
    for week in WEEKS[1:]:
        stored = pd.read_parquet(case.store / "tables" / "listings" / f"{week}.parquet")
        assert LISTING not in set(stored["listing_id"])
        quarantine = pd.read_parquet(case.store / "tables" / "quarantine" / f"{week}.parquet")
        assert (quarantine["rule"] == "erased").sum() == 1
    assert not [path for path in files(case.store) if b"KB-2020-002" in path.read_bytes()]


def test_a_restored_back_up_is_cleaned_by_the_list(case: Case, samples: Path, run: Run, tmp_path: Path) -> None:
    back_up = tmp_path / "store"
    back_up.mkdir()
    (back_up / "answers").mkdir()
    (back_up / "answers" / "note.txt").write_text(SAID, encoding="utf-8")
    done = run("erase", "--store", back_up)
    assert done.stdout.splitlines()[0] == "answers: 1", done.stderr
    assert list(left(back_up)) == []


@pytest.mark.parametrize(
    "wrong", [("--email", "Rosalinde"), ("--phone", "98"), ("--name", "Achterberg"), ("--listing", "KB-2020-002")]
)
def test_what_cannot_be_erased_is_refused_in_one_line(case: Case, run: Run, wrong: tuple[str, str]) -> None:
    done = run("erase", *wrong, "--store", case.store)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {wrong[0]} ")
    assert wrong[1] not in done.stderr


def _week(samples: Path, inbox: Path, week: str) -> None:
    """The week's samples with the person in them."""
    shutil.rmtree(inbox, ignore_errors=True)
    shutil.copytree(samples / week, inbox)
    for name, planted in PLANTED.items():
        path = inbox / name
        content = path.read_bytes()
        for there, hers in planted.items():
            assert there.encode() in content, (week, name, there)
            content = content.replace(there.encode(), hers.encode(), 1)
        path.write_bytes(content)
    path = inbox / "sammelordner" / "netz-seenland.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(3, 4).value = f"{sheet.cell(3, 4).value} {SAID}"
    sheet.cell(3, 7).value = STREET
    book.properties.creator = NAME
    book.save(path)


def tables(store: Path) -> dict[str, pd.DataFrame]:
    """The listings of the weeks that were run before."""
    return {week: pd.read_parquet(store / "tables" / "listings" / f"{week}.parquet") for week in WEEKS[:2]}


def files(store: Path) -> list[Path]:
    return [path for path in sorted(store.rglob("*")) if path.is_file()]


def values_in(layer: bytes) -> Iterator[str]:
    """Her values in bytes of any encoding: letters and digits alone are compared, no sign hides them."""
    bare = layer.lower().translate(None, NO_LETTERS)
    yield from (value for value, looked_for in BARE.items() if looked_for in bare)


def left(root: Path) -> list[str]:
    """Where one of her values stands, by file and value."""
    keys = Path(os.environ["VERBUNDRADAR_KEYS"])
    seal = Seal(keys / "raw.key")
    found = {
        f"{path.relative_to(root)}: {value}"
        for path in files(root)
        for layer in (*layers(seal.opened(path.read_bytes())), str(path).encode())
        for text in texts(layer)
        for value in values_in(text)
    }
    return sorted(found)


def texts(layer: bytes) -> Iterator[bytes]:
    """The bytes as they are, and without the codes of mails, pages and JSON."""
    yield layer
    if not layer.startswith((b"SQLite", b"PAR1", b"PK")):
        yield re.sub(rb"<[^>]*>|&(?:amp;)?nbsp;|%40", b"", layer)
        if b"=" in layer:
            yield quopri.decodestring(layer)
        if b"\\u" in layer:
            yield re.sub(rb"\\u00(..)", lambda code: bytes.fromhex(code[1].decode()), layer)


def layers(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield entry.filename.encode()
                yield from layers(archive.read(entry))
    elif content.startswith(b"PAR1"):
        table = pd.read_parquet(BytesIO(content))
        yield "\n".join(cell for name in table for cell in table[name] if isinstance(cell, str)).encode()
    elif content.startswith(b"SQLite"):
        yield from cells(content)
    elif content.startswith((b"From ", b"From:")):
        for part in message_from_bytes(content).walk():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload
    for block in re.findall(rb"(?:^[A-Za-z0-9+/=]{20,}\r?\n)+", content[:500_000], re.MULTILINE):
        yield base64.b64decode(block + b"==")


def cells(content: bytes) -> Iterator[bytes]:
    database = sqlite3.connect(":memory:")
    database.deserialize(content[:18] + b"\x01\x01" + content[20:])  # its journal is a file that is not here
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
        for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608
            for cell in row:
                if isinstance(cell, bytes) and cell.startswith(b"\x78"):
                    yield zlib.decompress(cell)
                elif isinstance(cell, str) and len(cell) > 20:
                    yield cell.encode()
    database.close()
