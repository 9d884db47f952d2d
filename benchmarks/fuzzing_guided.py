"""The part of `fuzzing.py` that is guided by what code an input reaches; started by it with ``--atheris``.

The readers must be loaded after atheris is, which is why this is a program of its own.
"""

import argparse
import random
import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found] # pip install atheris, on Linux

with atheris.instrument_imports(include=["sources"]):
    from fuzzing import LONGEST_SECONDS, mutated, parse_with, samples

    from sources.platforms import PLATFORMS


def main() -> None:
    """Read the platform, time and folder, and hand over to libFuzzer, which ends this process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--one", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--found", type=Path, required=True)
    given = parser.parse_args()
    platform = next(platform for platform in PLATFORMS if platform.name == given.one)
    documents = samples(platform)
    contents = [document.content for document in documents]
    current, folder = given.found / f"{platform.name}.current", given.found / f"{platform.name}.corpus"
    folder.mkdir(parents=True, exist_ok=True)
    for place, content in enumerate(contents[:20]):
        (folder / f"sample-{place}").write_bytes(place.to_bytes(2, "big") + content)

    def one(data: bytes) -> None:
        place = int.from_bytes(data[:2], "big") % len(documents)
        current.write_bytes(place.to_bytes(2, "big") + data[2:])
        parse_with(platform, documents, place, data[2:])

    def change(data: bytes, longest: int, number: int) -> bytes:
        chance = random.Random(number)  # noqa: S311 -- no secret
        return bytes(data[:2] + mutated(data[2:], chance, contents))[:longest]

    options = [f"-max_total_time={given.seconds:.0f}", f"-timeout={LONGEST_SECONDS}", "-rss_limit_mb=1300"]
    options += [
        "-max_len=100000",
        f"-seed={given.seed + 1}",
        "-print_final_stats=1",
        f"-artifact_prefix={given.found}/",
    ]
    atheris.Setup([sys.argv[0], str(folder), *options], one, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
