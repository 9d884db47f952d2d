"""Whatever arrives: a reader accepts, refuses rows or refuses the document with a reason, and comes to an end.

`corpus/` holds what once ended a process or raised something else (`benchmarks/fuzzing.py`); each file begins with the
place of its document in the platform's sample, two bytes. The same damages are done anew here by other dice.
"""

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzzing import LONGEST_SECONDS, mutated, parse_with, samples
from sources import limits
from sources.platform import Platform, RawDocument, UnknownFormat
from sources.platforms import PLATFORMS
from sources.weekly.intake import read_snapshot

DOCS = Path(__file__).parents[3] / "docs" / "platforms.md"
CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_what_was_found_once(file: Path) -> None:
    platform = next(platform for platform in PLATFORMS if file.name.startswith(f"{platform.name}-"))
    place, content = int.from_bytes(file.read_bytes()[:2], "big"), file.read_bytes()[2:]
    began = time.process_time()
    parse_with(platform, samples(platform), place, content)
    assert time.process_time() - began < LONGEST_SECONDS


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_damaged_documents(platform: Platform) -> None:
    documents = samples(platform)
    contents = [document.content for document in documents]

    @settings(max_examples=15, deadline=None, database=None)
    @given(st.integers(0, 2**32))
    def damaged(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 -- no secret
        place = chance.randrange(len(documents))
        began = time.process_time()
        parse_with(platform, documents, place, mutated(contents[place], chance, contents))
        assert time.process_time() - began < LONGEST_SECONDS

    damaged()


def test_the_limits_in_the_documents_are_those_that_hold() -> None:
    _, _, rest = DOCS.read_text("utf-8").partition("## How large what arrives may be")
    table = re.findall(r"^\| (.+) \| ([\d,]+)( MB)? \|$", rest.partition("\n## ")[0], re.MULTILINE)
    written = [int(number.replace(",", "")) * (limits.MEGABYTE if unit else 1) for _, number, unit in table]
    others = [value for name, value in vars(limits).items() if isinstance(value, int) and name not in ("MEGABYTE",)]
    assert sorted(written) == sorted([*limits.DOCUMENT_BYTES.values(), *others])


def test_a_document_beyond_its_limit_fails_with_its_size() -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == "getusppe")
    [document] = samples(platform)
    for content, reason in ((b" " * 100_000_001, "100,000,001 bytes"), (b"\n" * 1_000_001, "1,000,001 lines")):
        with pytest.raises(UnknownFormat, match=reason):
            read_snapshot(platform, [RawDocument(document.name, content, "", document.retrieved_at)])
