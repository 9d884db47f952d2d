"""The same weeks on three kinds of processor, and with all else that differs from machine to machine, byte by byte.

`OPENBLAS_CORETYPE` chooses the kernels of linear algebra; numpy's and the C library's own vector instructions are taken
away on the oldest of the three, which then computes exponentials, sines and sums in other steps than the newest.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pipelines.golden_form import golden_files, reviewed

Digests = Callable[[Path], Mapping[str, str]]
WEEKS = "2020-W14..2020-W16"


class Machine(NamedTuple):
    """Settings of the environment, and the processor's flags that its kernels need."""

    settings: Mapping[str, str]
    needs: frozenset[str] = frozenset()


MACHINES = {
    "skylake, two threads": Machine(
        {"OPENBLAS_CORETYPE": "SkylakeX", "OPENBLAS_NUM_THREADS": "2", "TZ": "America/New_York", "LC_ALL": "C",
         "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",  # or Python would make a UTF-8 locale of it
         "PYTHONHASHSEED": "1"},
        frozenset({"avx512f", "avx512dq", "avx512vl"}),
    ),
    "haswell, one thread": Machine(
        {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1", "TZ": "Europe/Berlin", "LC_ALL": "C.UTF-8",
         "PYTHONHASHSEED": "2"},
        frozenset({"avx2", "fma"}),
    ),
    "nehalem, without vector instructions": Machine(
        {"OPENBLAS_CORETYPE": "Nehalem", "OPENBLAS_NUM_THREADS": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8",
         "PYTHONHASHSEED": "3", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
         "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"},
    ),
}  # fmt: skip


def flags() -> frozenset[str]:
    """What the processor can; empty where the system does not say."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    return frozenset(next((line.split(":")[1].split() for line in lines if line.startswith("flags")), []))


@pytest.fixture(scope="module")
def ran(command: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Machine -> store of the weeks; without machines whose kernels this processor cannot run."""
    stores = {name: tmp_path_factory.mktemp("machine") for name, one in MACHINES.items() if one.needs <= flags()}

    def run(name: str) -> None:
        arguments = [command, "run", "--store", str(stores[name]), "--week", WEEKS]
        environment = os.environ | MACHINES[name].settings | {"XDG_CACHE_HOME": str(stores[name] / "cache")}
        done = subprocess.run(arguments, env=environment, check=False, capture_output=True, timeout=900)
        assert done.returncode in (0, 2)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, stores))
    return stores


@pytest.fixture
def first(ran: Mapping[str, Path]) -> Path:
    """The store that all others are held against."""
    return next(iter(ran.values()))


def test_all_bytes_are_equal(ran: Mapping[str, Path], first: Path, digests: Digests) -> None:
    if len(ran) < 2:
        pytest.skip(f"NOTHING TO COMPARE, this processor can run only: {', '.join(ran)}")
    there = digests(first)
    for machine, store in ran.items():
        here = digests(store)
        assert here.keys() == there.keys(), machine
        assert [path for path in here if here[path] != there[path]] == [], machine


@pytest.mark.parametrize("machine", MACHINES)
def test_the_issues_are_the_reviewed_ones(machine: str, ran: Mapping[str, Path]) -> None:
    if machine not in ran:
        pytest.skip(f"THIS PROCESSOR CANNOT RUN: {machine}")
    assert golden_files(ran[machine] / "reports" / "lagebild") == reviewed()


def test_another_machine_announces_no_correction(
    command: str, ran: Mapping[str, Path], first: Path, digests: Digests, tmp_path: Path
) -> None:
    for room in ("raw", "tables", "reports"):
        shutil.copytree(first / room, tmp_path / room)
    other = MACHINES["nehalem, without vector instructions"].settings
    arguments = [command, "run", "--store", str(tmp_path), "--week", "2020-W15"]
    done = subprocess.run(arguments, env=os.environ | other, check=False, capture_output=True, timeout=900)
    assert done.returncode in (0, 2)
    assert not list(tmp_path.glob("reports/lagebild/*/edition-*"))
    assert digests(tmp_path) == digests(first)


@pytest.mark.parametrize(("stated", "expected"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_linear_algebra_runs_on_one_thread_unless_said_otherwise(stated: dict[str, str], expected: str) -> None:
    look = (
        "import pipelines.cli, numpy, scipy.linalg; from threadpoolctl import threadpool_info; "
        "print(*{pool['num_threads'] for pool in threadpool_info() if pool['user_api'] == 'blas'})"
    )
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    seen = subprocess.run([sys.executable, "-c", look], env=clean | stated, capture_output=True, text=True, check=True)
    assert seen.stdout.split() == [expected]
