"""What the README says of the platforms and commands is what the code knows."""

from pathlib import Path

from pipelines.cli import COMMANDS
from sources.platforms import PLATFORMS

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_every_platform_stands_in_the_table() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `") and "verbundradar" not in line]
    assert rows == [
        f"| `{one.name}` | {one.title} | {one.operator} | {one.kind_of_access} | {one.language} |" for one in PLATFORMS
    ]


def test_every_command_is_named() -> None:
    lines = [line for line in README.splitlines() if line.startswith("| `verbundradar")]
    assert {
        name for name in COMMANDS if any(f"`{name}`" in line or f"verbundradar {name}" in line for line in lines)
    } == set(COMMANDS)
