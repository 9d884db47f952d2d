"""Kill runs at random moments, then give the same command again: what is then stored must be what one run stores.

    python -m benchmarks.chaos KILLS [SEED]

Two sample weeks of two platforms are stored; the third is run once for comparison. Then it is started KILLS times on a
copy, each killed by SIGKILL after a random part of the time that the whole run took, and given again; every file of
`ROOMS` is compared. Every second kill hits the store that the kill before left, without a run between.
"""

import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOMS = ("raw", "tables", "memory", "reports")
PLATFORMS = ("--platform", "biopro_boerse", "--platform", "bw_aufruf")


def start(store: Path, weeks: str) -> "subprocess.Popen[bytes]":
    command = [str(Path(sys.executable).with_name("verbundradar")), "run", "--week", weeks, "--store", str(store)]
    return subprocess.Popen([*command, *PLATFORMS], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(store: Path, weeks: str) -> float:
    """Seconds that a run took that came out."""
    begun = time.monotonic()
    if start(store, weeks).wait() not in (0, 2):
        sys.exit(f"{weeks} did not come out")
    return time.monotonic() - begun


def digests(store: Path) -> Mapping[str, str]:
    """SHA-256 of every file of `ROOMS`, unfinished ones too."""
    files = (path for room in ROOMS for path in sorted((store / room).rglob("*")) if path.is_file())
    return {path.relative_to(store).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main(kills: int, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 nothing here is secret
    with tempfile.TemporaryDirectory() as folder:
        before, whole, hit = (Path(folder) / name for name in ("before", "whole", "hit"))
        run(before, "2020-W13..2020-W14")
        shutil.copytree(before, whole)
        seconds = run(whole, "2020-W15")
        expected, other, early = digests(whole), 0, 0
        for number in range(kills):
            if number % 2 == 0:
                shutil.rmtree(hit, ignore_errors=True)
                shutil.copytree(before, hit)
            process = start(hit, "2020-W15")
            time.sleep(draw.uniform(0, seconds))
            early += process.poll() is not None
            process.send_signal(signal.SIGKILL)
            process.wait()
            if number % 2 or number == kills - 1:
                run(hit, "2020-W15")
                other += digests(hit) != expected
        print(f"{kills} kills (seed {seed}, {early} after the end), {len(expected)} files, stores that differ: {other}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
