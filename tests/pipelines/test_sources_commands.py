"""The commands around platforms: the simulated server as a process, the template as a file."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import httpx
import pandas as pd
from click.testing import CliRunner

from pipelines.cli import main
from sources.access.inbox import read_export
from sources.platforms import PLATFORMS
from sources.platforms.sammelordner import CHOICES, COLUMNS
from sources.platforms.sammelordner_template import filled_template
from sources.readers.sheets import read_workbook

SAMMELORDNER = next(platform for platform in PLATFORMS if platform.name == "sammelordner")
NOW = datetime(2020, 4, 20, tzinfo=UTC)


def test_simulate_serves_the_sample_world_with_faults_on_demand() -> None:
    command = [
        sys.executable,
        "-c",
        "from pipelines.cli import main; main()",
        "simulate",
        "--port",
        "0",
        "--week",
        "2020-W16",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # the words are ours
        assert server.stdout is not None
        try:
            base = server.stdout.readline().strip()
            address = f"{base}/een/api/profiles?limit=25"
            assert httpx.get(address).json()["total"] > 25
            assert httpx.get(f"{base}/-/fault/een/error_500").text == "done\n"
            assert httpx.get(address).status_code == 500
            assert httpx.get(f"{base}/-/fault/een").text == "done\n"
            assert httpx.get(address).status_code == 200
        finally:
            server.kill()  # it serves until it is stopped


def test_simulate_names_the_weeks_that_there_are() -> None:
    result = CliRunner().invoke(main, ["simulate", "--port", "0", "--week", "2020-W30"])
    assert result.exit_code == 1
    assert "the samples cover 2020-W13 to 2020-W18, not 2020-W30" in result.output


def test_template_is_written_read_and_filled(tmp_path: Path) -> None:
    folder = tmp_path / "sammelordner"
    folder.mkdir()
    path = folder / "netz-nord.xlsx"
    result = CliRunner().invoke(main, ["template", "--network", "netz-nord", "--output", str(path)])
    assert (result.exit_code, result.output.strip()) == (0, str(path))
    documents = read_export(SAMMELORDNER, tmp_path, NOW)
    assert read_workbook(documents[0])["Einträge"][0] == (1, list(COLUMNS))
    assert SAMMELORDNER.parse(documents).listings.empty  # the example is no listing
    row = {
        "Nr.": "1",
        "Art": "Gesuch",
        "Titel": "Masken",
        "Menge": "20 Boxen à 50 Stück",
        "Eingestellt am": "01.04.2020",
    }
    path.write_bytes(filled_template("netz-nord", [[row.get(name, "") for name in COLUMNS]]))
    [listing] = SAMMELORDNER.parse(read_export(SAMMELORDNER, tmp_path, NOW)).listings.to_dict("records")
    assert (listing["source_id"], listing["kind"], listing["quantity"]) == ("netz-nord:1", "request", 1000)


def test_template_offers_every_choice(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    CliRunner().invoke(main, ["template", "--network", "x", "--output", str(path)])
    sheet = ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    for options in CHOICES.values():
        assert ",".join(options) in sheet


def test_template_refuses_odd_names_and_existing_files(tmp_path: Path) -> None:
    odd = CliRunner().invoke(main, ["template", "--network", "../etc"])
    assert odd.exit_code == 1
    assert "letters, digits and hyphens" in odd.output
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"mine")
    again = CliRunner().invoke(main, ["template", "--network", "x", "--output", str(path)])
    assert again.exit_code == 1
    assert path.read_bytes() == b"mine"


def test_platforms_lists_all_with_their_last_good_state(tmp_path: Path) -> None:
    folder = tmp_path / "tables" / "source_states"
    folder.mkdir(parents=True)
    rest = {"age_days": 0, "rows_read": 0, "rows_later": 0}
    good = {"platform": "een", "state": "fresh", "rows_listed": 1234, "rows_quarantined": 5, **rest}
    other = {"platform": "ted", "state": "fresh", "rows_listed": 7, "rows_quarantined": 0, **rest}
    pd.DataFrame([good, other]).to_parquet(folder / "2020-W15.parquet")
    pd.DataFrame([{**good, "state": "stale", "rows_listed": 1000}]).to_parquet(folder / "2020-W16.parquet")
    result = CliRunner().invoke(main, ["platforms", "--store", str(tmp_path)])
    header, *lines, summary = result.output.splitlines()
    assert header.split() == "name access language now last good state listings quarantined title".split()
    found = {line.split()[0]: line for line in lines}
    assert list(found) == [platform.name for platform in PLATFORMS]
    assert found["een"].split()[1:7] == ["api", "en", "stale", "2020-W15", "1,234", "5"]
    assert found["ted"].split()[3:5] == ["–", "2020-W15"]  # not followed any more
    assert found["getusppe"].split()[3:7] == ["–", "never", "–", "–"]
    assert all(platform.title in found[platform.name] for platform in PLATFORMS)
    assert summary == f"{len(PLATFORMS)} platforms; 2020-W16 in {tmp_path}"
