"""The archive command brings the site up to date, twice the same."""

import json
from pathlib import Path

from click.testing import CliRunner

from pipelines.commands.archive import command
from reports.language import LANGUAGES


def store(root: Path) -> Path:
    for week in ("2020-W09", "2020-W17"):
        folder = root / "reports" / "lagebild" / week
        folder.mkdir(parents=True)
        told = {language: [f"1 {week}"] for language in LANGUAGES}
        (folder / "issue.json").write_text(json.dumps({"week": week, "headlines": told}))
        for language in LANGUAGES:
            (folder / f"lagebild.{language}.html").write_text(week)
    return root


def test_the_site_is_written_and_written_again_the_same(tmp_path: Path) -> None:
    options = ["--no-pdf", "--store", str(store(tmp_path))]
    result = CliRunner().invoke(command, options)
    site = tmp_path / "reports" / "lagebild"
    assert result.output.splitlines()[-1] == str(site / "index.html")
    assert (site / "latest.html").read_text() == "2020-W17"
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert CliRunner().invoke(command, options).exit_code == 0
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_without_issues_it_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--store", str(tmp_path)])
    assert result.exit_code == 1
    assert "verbundradar run" in result.output
