"""What rows hold stays in tables and rejects: events, logs and what the command says are free of it.

Of one platform each: a row whose fields break a rule, a label that nobody knows, a table without its header, bytes that
a library stumbles over, a file named after somebody.
"""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SECRETS = ("Achterberg", "8937264", "achterberg-naehen", "Wacholderstieg")
SAID = "Rosalinde Achterberg, Wacholderstieg 17, 0711 8937264, ra@achterberg-naehen.example"


@pytest.fixture(scope="module")
def ran(samples: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("bad")
    inbox, store = root / "inbox", root / "store"
    inbox.mkdir()
    week = samples / "2020-W14"
    page = (week / "biopro_boerse" / "KB-2020-001.html").read_text("utf-8")
    shutil.copytree(week / "biopro_boerse", inbox / "biopro_boerse")
    bad = page.replace("1,2 t/Woche", f"-5 {SAID}").replace("25.03.2020", SAID).replace("Gesuch<", f"{SAID}<")
    (inbox / "biopro_boerse" / "KB-2020-001.html").write_text(bad, encoding="utf-8")
    strange = page.replace("Normen:", f"{SAID.split(',')[2]}:")
    (inbox / "biopro_boerse" / "KB-2020-002.html").write_text(strange, encoding="utf-8")
    (inbox / "getusppe_offers.csv").write_text(f"{SAID},x,y,z\n" * 9, encoding="utf-8")
    (inbox / "cyberlago_projects.json").write_text(f'[{{"name": "{SAID}", {SAID}}}]', encoding="utf-8")
    (inbox / "place2tex_kompetenzliste.xlsx").write_bytes(b"PK\x03\x04" + SAID.encode() * 40)
    names = ("biopro_boerse", "getusppe", "cyberlago", "place2tex")
    follow = [part for name in names for part in ("--platform", name)]
    done = run("run", "--week", "2020-W14", "--inbox", inbox, "--store", store, *follow)
    assert done.returncode == 2, done.stderr
    return store, done.stdout + done.stderr


def test_the_bad_rows_were_seen(ran: tuple[Path, str]) -> None:
    quarantine = pd.read_parquet(ran[0] / "tables" / "quarantine" / "2020-W14.parquet")
    assert {"biopro_boerse"} <= set(quarantine["platform"])
    states = pd.read_parquet(ran[0] / "tables" / "source_states" / "2020-W14.parquet").set_index("platform")["state"]
    assert states[["getusppe", "cyberlago", "place2tex"]].tolist() == ["missing"] * 3


def test_events_and_logs_are_free_of_values(ran: tuple[Path, str]) -> None:
    store, told = ran
    assert [secret for secret in SECRETS if secret in told] == []
    databases = sorted((store / "dagster").rglob("*.db"))
    assert len(databases) >= 3
    for path in (path for path in (store / "dagster").rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert [secret for secret in SECRETS if secret.encode() in content] == [], path.name
    with sqlite3.connect(next(path for path in databases if len(path.stem) == 36)) as database:
        events = "\n".join(event for (event,) in database.execute("SELECT event FROM event_logs"))
    assert "rows_quarantined" in events
    assert [secret for secret in SECRETS if secret in events] == []


def test_states_and_the_monitor_are_free_of_values(ran: tuple[Path, str]) -> None:
    states = pd.read_parquet(ran[0] / "tables" / "source_states" / "2020-W14.parquet").to_csv()
    monitor = "".join(path.read_text("utf-8") for path in (ran[0] / "reports" / "monitor").rglob("*.html"))
    assert [secret for secret in SECRETS if secret in states + monitor] == []


def test_everything_below_the_store_is_its_owners_alone(ran: tuple[Path, str]) -> None:
    paths = [ran[0], *ran[0].rglob("*")]
    assert len(paths) > 100
    # SQLite removes its -shm and -wal files when the last connection is collected, also between listing and asking.
    assert [path for path in paths if path.exists() and path.stat().st_mode & 0o077] == []
