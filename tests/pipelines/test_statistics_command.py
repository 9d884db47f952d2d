"""The command tells what it cannot do; releases are tested in tests/reports/ministry."""

from pathlib import Path

import pytest

from tests.pipelines.conftest import Run


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--week", "2020-16"), "2020-16"),
        (("--week", "2020-W16"), "2020-W16 is not in"),
        (("--month", "2020-4"), "2020-4"),
        (("--month", "2020-04"), "2020-04: no week of it is in"),
        ((), "name either --month or --week"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why(run: Run, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    done = run("statistics", "--store", tmp_path, *options)
    assert done.returncode == 1
    assert said in done.stderr
