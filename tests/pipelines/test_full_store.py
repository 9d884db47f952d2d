"""A real disk that is full, and the same disk read-only: one line, exit status 1, nothing half done."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Three megabytes: room for the first records of a run, not for its tables."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_and_a_read_only_store_are_one_line_each(small_disk: Path, run: Run) -> None:
    full = run("run", "--week", "2020-W13", "--store", small_disk / "store")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    fixed = run("run", "--week", "2020-W13", "--store", small_disk / "store")
    for done, told in ((full, "the disk of the store is full: "), (fixed, "the store is read-only: ")):
        assert (done.returncode, done.stdout) == (1, "")
        lines = [line for line in done.stderr.splitlines() if not line.startswith("2020-W13 [")]
        assert len(lines) == 1, done.stderr
        assert lines[0].startswith(("Error: " + told, "Error: 2020-W13: " + told))
    assert not list(small_disk.rglob("*.html"))
