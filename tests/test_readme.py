"""What README and `docs/platforms.md` say of platforms and commands is what the code knows; `make tables` writes it."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli import COMMANDS
from sources.platform import Platform
from sources.platforms import PLATFORMS

ROOT = Path(__file__).parents[1]
README, PAGE = ROOT / "README.md", ROOT / "docs" / "platforms.md"


def in_short(one: Platform) -> str:
    return f"| `{one.name}` | {one.title} | {one.operator} | {one.kind_of_access} | {one.language} |"


def in_detail(one: Platform) -> str:
    fewest, most = one.expected_rows
    return (
        f"| `{one.name}` | {one.title} | {one.kind_of_access} | {one.language} | {one.country} "
        f"| {fewest:,}–{most:,} | `{one.inbox_pattern}` |"
    )


@pytest.mark.parametrize(("path", "row"), [(README, in_short), (PAGE, in_detail)], ids=["README", "platforms"])
def test_the_table_of_platforms_is_the_registry(path: Path, row: Callable[[Platform], str]) -> None:
    """A table is known by its heading; the rows below it are those of `PLATFORMS` in their order."""
    text = path.read_text("utf-8")
    heading = re.search(r"^\| name \| platform \|.*\n\|[ |-]+\n", text, re.MULTILINE)
    assert heading is not None
    rows = re.compile(r"(?:\|.*\n)*").match(text, heading.end())
    assert rows is not None
    fresh = "".join(f"{row(platform)}\n" for platform in PLATFORMS)
    if "RENEW_GOLDENS" in os.environ:
        path.write_text(text[: rows.start()] + fresh + text[rows.end() :], "utf-8")
    else:
        assert rows[0] == fresh, f"the table in {path.name} is not that of PLATFORMS; run `make tables`"


def test_every_command_is_named() -> None:
    lines = [line for line in README.read_text("utf-8").splitlines() if line.startswith("| `verbundradar")]
    assert {
        name for name in COMMANDS if any(f"`{name}`" in line or f"verbundradar {name}" in line for line in lines)
    } == set(COMMANDS)
