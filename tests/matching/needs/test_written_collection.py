"""The second written collection keeps what its README promises; the matcher is not run here."""

import hashlib
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

NEEDS = Path(__file__).parents[3] / "benchmarks/needs"
FOLDER = NEEDS / "collection_b"
HALVES = ("tuning", "test")
Topics = dict[str, dict[str, list[dict[str, Any]]]]
Judgement = tuple[
    str, str, int, list[int]
]  # concept asked, concept offered, number of the offer there, grade a request


def read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


@pytest.fixture(scope="module")
def halves() -> dict[str, Topics]:
    return {half: read(f"collection_{half}.yaml") for half in HALVES}


@pytest.fixture(scope="module")
def topics(halves: dict[str, Topics]) -> Topics:
    return halves["tuning"] | halves["test"]


@pytest.fixture(scope="module")
def across() -> list[Any]:
    rows: list[Any] = read("collection_across.yaml")
    return rows


@pytest.fixture(scope="module")
def judgements(topics: Topics, across: list[Any]) -> list[Judgement]:
    own = [
        (name, name, number, offer["grade"])
        for name, topic in topics.items()
        for number, offer in enumerate(topic["offers"], start=1)
    ]
    return [
        (asked, offered, number, grade if isinstance(grade, list) else [grade] * len(topics[asked]["requests"]))
        for asked, offered, number, grade in [*own, *across]
    ]


def entries(topics: Topics, side: str) -> list[dict[str, Any]]:
    return [entry for topic in topics.values() for entry in topic[side]]


def test_halves_follow_from_the_names_of_the_concepts(halves: dict[str, Topics]) -> None:
    for half, topics in halves.items():
        parities = {hashlib.sha256(name.encode()).digest()[0] % 2 for name in topics}
        assert parities == {HALVES.index(half)}


def test_counts(topics: Topics) -> None:
    requests, offers = entries(topics, "requests"), entries(topics, "offers")
    assert (len(topics), len(requests), len(offers)) == (86, 160, 508)
    assert all(sum("wrap" in entry for entry in side) >= 20 for side in (requests, offers))
    for language, share in {"de": 0.45, "fr": 0.30, "en": 0.25}.items():
        written = sum(entry["language"] == language for entry in [*requests, *offers])
        assert written / len([*requests, *offers]) == pytest.approx(share, abs=0.03)


def test_offers_stand_in_an_order_that_tells_nothing_of_their_grade(topics: Topics) -> None:
    for topic in topics.values():
        digests = [hashlib.sha256(offer["text"].encode()).hexdigest() for offer in topic["offers"]]
        assert digests == sorted(digests)


def test_texts_are_written_once_and_name_no_real_mailbox(topics: Topics) -> None:
    texts = [entry["text"] for side in ("requests", "offers") for entry in entries(topics, side)]
    assert len(set(texts)) == len(texts)
    assert all(6 <= len(text.split()) <= 150 for text in texts)
    domains = [domain for text in texts for domain in re.findall(r"@(\S+\w)", text)]
    assert domains
    assert all(domain.endswith(".example") for domain in domains)


def test_judgements_name_existing_offers_once(topics: Topics, judgements: list[Judgement]) -> None:
    pairs = [(asked, offered, number) for asked, offered, number, _ in judgements]
    assert len(set(pairs)) == len(pairs)
    for asked, offered, number, grades in judgements:
        assert 1 <= number <= len(topics[offered]["offers"])
        assert len(grades) == len(topics[asked]["requests"])
        assert set(grades) <= {0, 1, 2, 3}


def test_judgements_across_concepts_are_not_of_the_own_concept(across: list[Any]) -> None:
    assert all(asked != offered for asked, offered, *_ in across)


def test_each_request_has_good_offers_and_look_alikes(topics: Topics, judgements: list[Judgement]) -> None:
    in_another_language = []
    for name, topic in topics.items():
        for place, request in enumerate(topic["requests"]):
            judged = [
                (grades[place], topics[offered]["offers"][number - 1]["language"])
                for asked, offered, number, grades in judgements
                if asked == name
            ]
            assert len(judged) >= 5
            assert sum(grade == 0 for grade, _ in judged) >= 2
            assert any(grade == 3 for grade, _ in judged)
            in_another_language.append(any(grade >= 2 and code != request["language"] for grade, code in judged))
    assert sum(in_another_language) / len(in_another_language) >= 0.7


@pytest.mark.parametrize("half", HALVES)
def test_the_benchmark_reads_what_is_judged(half: str, halves: dict[str, Topics], judgements: list[Judgement]) -> None:
    read_collection = runpy.run_path(str(NEEDS / "collection.py"))["read_collection"]
    short, long = (read_collection(half, name="b", boilerplate=wrapped) for wrapped in (False, True))
    grades = [grade for asked, _, _, found in judgements if asked in halves[half] for grade in found]
    assert (
        short.gains.shape == (len(short.requests), len(short.offers)) == (len(entries(halves[half], "requests")), 508)
    )
    assert short.gains.sum() == sum(grades)
    assert short.hard.sum() == grades.count(0)
    assert not (short.hard & (short.gains > 0)).any()
    for plain, wrapped in ((short.requests, long.requests), (short.offers, long.offers)):
        assert all(text in around for text, around in zip(plain["description"], wrapped["description"], strict=True))
        assert (wrapped["description"].str.len() > plain["description"].str.len() + 100).all()
