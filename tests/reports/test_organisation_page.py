"""The table of levels in `docs/organisations.md` is that of the code; `make tables` writes it."""

import os
import re
from pathlib import Path
from typing import Any

from matching.organisations.comparison import COMPARISONS
from matching.organisations.levels import GIVEN_SIZE, Comparison, Level
from reports.language import Language

PAGE = Path(__file__).parents[2] / "docs" / "organisations.md"


def row(told: Comparison[Any], level: Level[Any]) -> str:
    sentence = Language("en").translations.gettext(level.sentence) if level.sentence else "(nothing)"
    growth = f"{level.growth:g}" if level.growth else ""
    return f"| {told.part} | {level.name} | {level.bits_among(GIVEN_SIZE):g} | {growth} | {sentence} | {level.source} |"


def test_the_table_of_levels_is_that_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    heading = re.search(r"^\| part \| level \|.*\n\|[ :|-]+\n", text, re.MULTILINE)
    assert heading is not None
    fresh = "".join(f"{row(told, level)}\n" for told in COMPARISONS for level in told.levels)
    if "RENEW_GOLDENS" in os.environ:
        PAGE.write_text(text[: heading.end()] + fresh, "utf-8")
    assert PAGE.read_text("utf-8")[heading.end() :] == fresh, "run `make tables`"
