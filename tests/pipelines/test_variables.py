"""Every variable that the documents name is known, and a name that is nearly one of them is told."""

import re
from pathlib import Path

import pytest

from pipelines.variables import NAMES, misspelt

ROOT = Path(__file__).parents[2]
TOLD_IN = ("README.md", "docs/*.md", "deploy/**/*", "pipelines/**/*.py", "assets/*.py")


def told() -> set[str]:
    files = [
        file for pattern in TOLD_IN for file in ROOT.glob(pattern) if file.is_file() and file.name != "messages.md"
    ]
    return {name for file in files for name in re.findall(r"VERBUNDRADAR_(\w*[A-Z])\b", file.read_text("utf-8"))}


def test_every_variable_that_is_told_is_known() -> None:
    assert {name.removesuffix("_FILE") for name in told()} <= set(NAMES)
    assert len(told()) > 25


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VERBUNDRADAR_INOBX", "INBOX"),
        ("VERBUNDRADAR_ALERTS_TO", "ALERT_TO"),
        ("VERBUNDRADAR_SMTP_PASWORD_FILE", "SMTP_PASSWORD"),
        ("VERBUNDRADAR_KEY_ENN", "KEY_EEN"),
    ],
)
def test_a_name_that_is_nearly_ours_is_told(name: str, meant: str) -> None:
    assert list(misspelt([name, "PATH"])) == [f"{name} is not read; VERBUNDRADAR_{meant} is"]


def test_our_own_names_and_those_of_others_are_left_alone() -> None:
    ours = [f"VERBUNDRADAR_{name}{end}" for name in NAMES for end in ("", "_FILE")]
    assert list(misspelt([*ours, "VERBUNDRADAR_TEAM", "INOBX"])) == []
