import pytest

from matching.organisations.comparison import COMPARISONS
from matching.organisations.judgements import VERDICTS
from reports.language import LANGUAGES, Language
from reports.sentences import WORDING, key_of

# A level without a sentence weighs nothing and never reaches evidence.
STATES = [(f"organisation_{told.part}", level.name) for told in COMPARISONS for level in told.levels if level.sentence]
STATES += [("organisation_judgement", verdict) for verdict in VERDICTS]


@pytest.mark.parametrize(("part", "state"), STATES)
def test_every_level_has_a_sentence_in_every_language(part: str, state: str) -> None:
    assert key_of({"part": part, "state": state, "score": 1.0}) in WORDING
    message = WORDING[f"{part}:{state}"]
    assert isinstance(message, str)
    assert len({Language(code).translations.gettext(message) for code in LANGUAGES}) == len(LANGUAGES)


def test_the_prior_and_the_lone_record_have_a_sentence() -> None:
    assert key_of({"part": "organisation_prior", "score": -10.0, "records": 1024}) in WORDING
    assert key_of({"part": "organisation_alone", "score": None}) in WORDING
