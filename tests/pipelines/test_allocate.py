"""The command ``allocate`` from file to file."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from pipelines.cli import main

REQUESTS = "request_id,receiver_id,item,quantity,date\nr1,h1,masks,40,2020-04-01\nr2,h2,masks,x,2020-04-01\n"
OFFERS = "offer_id,donor_id,item,quantity,date,colour\n1,d1,masks,100,2020-04-02T10:00:00Z,blue\n"
DISTANCES = "donor_id,receiver_id,distance\nd1,h1,12.5\nd1,h2,\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("requests", REQUESTS), ("offers", OFFERS), ("distances", DISTANCES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def _run(folder: Path, output: str, *more: str) -> tuple[int, str]:
    names = [
        part for name in ("requests", "offers", "distances") for part in (f"--{name}", str(folder / f"{name}.csv"))
    ]
    done = CliRunner().invoke(main, ["allocate", *names, "--output", str(folder / output), *more])
    return done.exit_code, done.output


@pytest.mark.parametrize("more", [(), ("--round", "weekly"), ("--round", "daily", "--fair")])
def test_allocates_and_names_what_it_left_out(files: Path, more: tuple[str, ...]) -> None:
    code, said = _run(files, "a.csv", *more)
    assert code == 0, said
    assert "r2" in said
    assert "colour" in said
    assert "1 rows without a usable distance" in said
    table = pd.read_csv(files / "a.csv")
    assert list(table.columns) == ["allocated_on", "offer_id", "request_id", "item", "quantity", "distance"]
    assert table[["offer_id", "request_id", "quantity", "distance"]].to_numpy().tolist() == [[1, "r1", 40.0, 12.5]]


def test_parquet_and_csv_agree(files: Path) -> None:
    _run(files, "a.csv")
    code, _ = _run(files, "a.parquet")
    assert code == 0
    assert (
        pd.read_parquet(files / "a.parquet")["quantity"].tolist() == pd.read_csv(files / "a.csv")["quantity"].tolist()
    )


def test_missing_column_is_named(files: Path) -> None:
    (files / "offers.csv").write_text("offer_id,item\n1,masks\n", encoding="utf-8")
    code, said = _run(files, "a.csv")
    assert code == 1
    assert "donor_id" in said
