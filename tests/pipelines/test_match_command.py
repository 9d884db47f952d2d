"""``verbundradar match`` on small files: ranks, names what blocks, explains, and refuses what it cannot read."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from matching.texts.encoder import load_encoder
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
    for words in ("FFP2-Maske ↔ masque FFP2 (gleiches Produkt)", "EN 149 nachgewiesen", "km", "Menge reicht bis", "60"):
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


def test_both_contact_routes_and_the_crossing_of_platforms_are_named_where_given(files: Path) -> None:
    for name, route in (("requests", "Office of board A, anna.muster@a.example"), ("offers", "Office of board B")):
        table = pd.read_csv(files / f"{name}.csv").assign(platform=f"board_{name[0]}", contact_route=route)
        table.to_csv(files / f"{name}.csv", index=False)
    assert run(files).exit_code == 0
    found = pd.read_csv(files / "matches.csv")
    assert found["is_cross_platform"].all()
    assert set(found["request_contact_route"]) == {"Office of board A, [e-mail]"}
    assert set(found["offer_contact_route"]) == {"Office of board B"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A real model2vec directory of a few words in two languages that no concept has."""
    from model2vec import StaticModel
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {"[UNK]": 0, "Apfel": 1, "pommes": 2, "Birne": 3, "poires": 4, "Klinik": 5}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))  # noqa: S106 a word, no secret
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    vectors = np.array([[0.1, 0.1], [1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9], [0.1, 0.1]], dtype=np.float32)
    StaticModel(vectors, tokenizer).save_pretrained(str(tmp_path / "model"))
    return tmp_path / "model"


@pytest.mark.parametrize("option", ["--model", "--reranker"])
def test_a_model_directory_of_the_user_ranks_texts(
    files: Path, model: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipelines.commands.match.load_encoder",
        lambda notice, directory=None: load_encoder(notice, directory) if directory else None,
    )
    (files / "requests.csv").write_text("listing_id,title,language\nr1,Apfel xyz,de\n", encoding="utf-8")
    (files / "offers.csv").write_text(
        "listing_id,title,language\no1,poires abc,fr\no2,pommes def,fr\n", encoding="utf-8"
    )
    result = run(files, option, str(model), "--vectors", str(files / "vectors.parquet"))
    assert result.exit_code == 0, result.output
    assert "not usable" not in result.stderr
    assert pd.read_csv(files / "matches.csv")["offer_id"][0] == "o2"
    assert len(pd.read_parquet(files / "vectors.parquet"))


def test_a_directory_without_a_model_is_said_and_words_do(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.commands.match.load_encoder", load_encoder)
    result = run(files, "--model", str(files))
    assert result.exit_code == 0, result.output
    assert "not usable" in result.stderr
