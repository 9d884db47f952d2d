"""The command tells what it cannot do; releases are tested in tests/reports/ministry."""

from pathlib import Path

import pytest

from pipelines.resources import statistics_office
from reports.ministry import Office
from tests.pipelines.conftest import Run


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--week", "2020-16"), "2020-16"),
        (("--week", "2020-W16"), "2020-W16 is not in"),
        (("--month", "2020-4"), "2020-4"),
        (("--month", "2020-04"), "2020-04: no week of it is in"),
        (("--month", "2020-04", "--perturbed"), "--perturbed goes with --week"),
        (("--week", "2020-W16", "--perturbed"), "2020-W16 is not in"),
        ((), "name either --month or --week"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why(run: Run, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    done = run("statistics", "--store", tmp_path, *options)
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("CONTACT", "Frau Muster"),
        ("ADDRESS", "http://statistik.example/"),
        ("ADDRESS", "https://statistik.example"),
        ("CONTRIBUTOR", "GovData"),
    ],
)
def test_a_wrong_setting_of_the_publisher_is_named(monkeypatch: pytest.MonkeyPatch, part: str, said: str) -> None:
    monkeypatch.setenv(f"VERBUNDRADAR_STATISTICS_{part}", said)
    with pytest.raises(ValueError, match=f"VERBUNDRADAR_STATISTICS_{part}"):
        statistics_office()


def test_what_is_not_set_of_the_publisher_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBUNDRADAR_STATISTICS_CONTACT", "statistik@ministry.example")
    assert statistics_office() == Office(contact="statistik@ministry.example")
