"""``verbundradar match`` on small files: ranks, names what blocks, explains, and refuses what it cannot read."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main

REQUESTS = (
    "listing_id,description,quantity,unit,available_until,city,country\n"
    "r1,Klinik sucht FFP2-Masken,1000,piece,2020-04-15,Kehl,DE\n"
)
OFFERS = (
    "listing_id,title,language,quantity,unit,city,country,certificate,norms,colour\n"
    "o1,masques FFP2,fr,600,piece,Strasbourg,FR,shown,EN 149,blanc\n"
    "o2,OP-Masken,de,5000,piece,Kehl,DE,none,,blau\n"
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # The words-only path: fast, and what a machine without the encoder runs.
    monkeypatch.setattr("pipelines.commands.match.load_encoder", lambda notice, directory=None: None)
    (tmp_path / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (tmp_path / "offers.csv").write_text(OFFERS, encoding="utf-8")
    return tmp_path


def run(files: Path, *options: str) -> Result:
    paths = [str(files / name) for name in ("requests.csv", "offers.csv")]
    return CliRunner().invoke(
        main, ["match", *paths, "--output", str(files / "matches.csv"), "--on", "2020-04-05", *options]
    )


def test_a_match_is_explained_as_a_lead_reads_it(files: Path) -> None:
    result = run(files)
    assert result.exit_code == 0, result.output
    assert "ignored columns: colour" in result.stderr
    table = pd.read_csv(files / "matches.csv")
    assert list(table.columns) == ["request_id", "offer_id", "rank", "score", "blocked_by", "why"]
    assert table[["offer_id", "rank", "blocked_by"]].fillna("").to_numpy().tolist() == [
        ["o1", 1, ""],
        ["o2", 1, "concept"],
    ]
    why = table["why"][0]
    for words in ("FFP2-Maske ↔ masque FFP2 (gleiches Produkt)", "EN 149 nachgewiesen", "km", "der Menge bis", "60"):
        assert words in why


def test_parquet_gives_the_same_as_csv(files: Path) -> None:
    assert run(files).exit_code == 0
    from_csv = pd.read_csv(files / "matches.csv")
    output = files / "matches.parquet"
    paths = [str(files / "requests.csv"), str(files / "offers.csv")]
    assert CliRunner().invoke(main, ["match", *paths, "--output", str(output), "--on", "2020-04-05"]).exit_code == 0
    assert pd.read_parquet(output)["why"].tolist() == from_csv["why"].tolist()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("listing_id,city\nr1,Kehl\n", "missing column title or description"),
        ("title\nMasken\n", "missing column listing_id"),
        ("listing_id,title\nr1,Masken\nr1,Kittel\n", "every row needs an id of its own"),
        ("listing_id,title,quantity\nr1,Masken,viele\n", "column quantity"),
        ("listing_id,title,unit\nr1,Masken,boxes\n", "'boxes' is none of"),
    ],
)
def test_what_cannot_be_read_is_named(files: Path, text: str, complaint: str) -> None:
    (files / "requests.csv").write_text(text, encoding="utf-8")
    result = run(files)
    assert result.exit_code == 1
    assert complaint in result.output


def test_feedback_moves_the_order_within_bounds(files: Path) -> None:
    (files / "feedback.csv").write_text("verdict,reason\n" + "declined,distance\n" * 40, encoding="utf-8")
    assert run(files).exit_code == 0
    before = pd.read_csv(files / "matches.csv")["score"][0]
    assert run(files, "--feedback", str(files / "feedback.csv")).exit_code == 0
    after = pd.read_csv(files / "matches.csv")["score"][0]
    assert before < after < before * 1.5  # they are neighbours, and distance now counts more
