"""Evidence in words, and nothing that matching can say without words."""

import ast
from importlib.resources import files
from pathlib import Path

import pytest

from matching.schema import CLOSING_REASONS, CONSTRAINTS, OPPORTUNITY_STATES, evidence
from matching.taxonomy.concepts import load_taxonomy
from reports import wording
from reports.language import LANGUAGES, Language
from reports.sentences import WORDING, sentences
from sources.listing import CERTIFICATES, KINDS, PERIODS, UNITS, URGENCIES, VETTING

TAXONOMY = load_taxonomy()


def emitted_codes() -> set[str]:
    """Every constant that stands as the value of "part" in the code of matching."""
    found = set()
    for path in Path(str(files("matching"))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "part":
                        # Of a code that is put together, the constant beginning must lead to a sentence.
                        code = value.values[0] if isinstance(value, ast.JoinedStr) else value
                        assert isinstance(code, ast.Constant), f"{path}: a code that is not a constant"
                        found.add(str(code.value))
    return found


def test_every_code_of_matching_has_a_sentence() -> None:
    worded = {key.partition(":")[0] for key in WORDING}
    assert len(emitted_codes()) > 10
    assert [code for code in emitted_codes() if not any(known.startswith(code) for known in worded)] == []


@pytest.mark.parametrize(
    "code", [*(f"vetting:{state}" for state in VETTING), *(f"certificate:{x}" for x in CERTIFICATES)]
)
def test_every_state_has_a_sentence(code: str) -> None:
    assert code in WORDING


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (wording.KINDS, KINDS),
        (wording.CERTIFICATES, CERTIFICATES),
        (wording.URGENCIES, URGENCIES),
        (wording.OPPORTUNITY_STATES, OPPORTUNITY_STATES),
        (wording.CLOSING_REASONS, CLOSING_REASONS),
        (wording.BLOCKED_BY, (*CONSTRAINTS, "capacity", "begins_late", "to_clarify", "missing_role")),
        (wording.UNITS, UNITS),
        (wording.PERIODS, PERIODS),
    ],
)
def test_every_code_has_a_word(table: dict[str, object], codes: tuple[str, ...]) -> None:
    assert set(table) == set(codes)


PARTS = evidence(
    {"part": "concept_same", "score": 1.0, "request_concept": "ffp2_mask", "offer_concept": "ffp2_mask"},
    {"part": "distance", "score": 0.9, "km": 38.4},
    {"part": "quantity_cover", "score": 0.6, "share": 0.6, "quantity": 3000, "unit": "piece"},
    {"part": "in_time", "score": 1.0, "until": "2020-04-15"},
    {"part": "freshness", "score": 0.9, "days": 1},
    {"part": "certificate", "score": None, "state": "claimed", "norm": "EN 149"},
    {"part": "language", "score": 1.0, "language": "fr"},
)


def test_a_match_in_german() -> None:
    label = TAXONOMY.label("ffp2_mask", "de")
    assert sentences(PARTS, Language("de"), TAXONOMY) == [
        f"gleiches Produkt: {label}",
        "38\u00a0km entfernt",
        "die genannte Menge reicht für 60\u00a0% der gesuchten",
        "lieferbar bis 15. April 2020",
        "letzte Meldung zum Angebot vor 1 Tag",
        "EN 149 nur behauptet",
        "gemeinsame Sprache: Französisch",
    ]


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_a_match_in_other_languages_leaves_nothing_open(code: str) -> None:
    for sentence in sentences(PARTS, Language(code), TAXONOMY):
        assert "%(" not in sentence
    assert sentences(PARTS, Language(code), TAXONOMY) != sentences(PARTS, Language("de"), TAXONOMY)


def test_an_unknown_code_is_written_out_never_dropped() -> None:
    strange = evidence({"part": "moon_phase", "score": None, "phase": "full"})
    assert sentences(strange, Language("de"), TAXONOMY) == ["moon_phase: phase full, score nicht angegeben"]


@pytest.mark.parametrize(
    ("amount", "unit", "period", "expected"),
    [
        (5000, "piece", "week", "5.000\u00a0Stück je Woche"),
        (1, "pallet", None, "1\u00a0Palette"),
        (1.04, "pallet", None, "1\u00a0Palette"),
        (1.5, "litre", None, "1,5\u00a0Liter"),
        (20, None, None, "20 (ohne Einheit)"),
    ],
)
def test_quantities(amount: float, unit: str | None, period: str | None, expected: str) -> None:
    assert wording.quantity(amount, unit, period, Language("de")) == expected
