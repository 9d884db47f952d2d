"""Fuzzing of every reader: damaged sample documents through `Platform.parse` until the time is up (Linux).

    python benchmarks/fuzzing.py --minutes 10 --found found
    python benchmarks/fuzzing.py --minutes 10 --atheris          (guided by coverage; pip install atheris)
    python benchmarks/fuzzing.py --largest                       (memory at the sizes that `sources.limits` allows)

A reader may accept a document, refuse single rows or raise BrokenStructure; anything else is a finding, and so are more
than 5 s of CPU time or 1 GB of memory for one document. What was found once lies in `tests/sources/platforms/corpus`,
which the tests read on every run.
"""

import argparse
import io
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sources import limits
from sources.access.inbox import read_export
from sources.platform import BrokenStructure, Platform, RawDocument
from sources.platforms import PLATFORMS
from sources.samples.build import inbox_of
from sources.week import Week
from sources.weekly.intake import read_snapshot

NOW = datetime(2020, 4, 20, tzinfo=UTC)
WEEK = Week(2020, 16)
LONGEST_SECONDS = 5
MOST_MEMORY = 1_000_000_000
GUIDED = Path(__file__).with_name("fuzzing_guided.py")
MOST_FINDINGS = 20  # of one platform: then it is mended first
# Pieces that have upset readers of these formats; each goes into any document.
TOKENS = tuple(
    token.encode()
    for token in (
        *(
            "\x00",
            "\x1a",
            "\ufeff",
            "\u2028",
            "\u202e",
            "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        ),
        *(
            "\r",
            "\n\n",
            "\n ",
            '"',
            '""',
            "'",
            ";",
            ",",
            "\t",
            "|",
            "sep=;\n",
            "=",
            "<",
            ">",
            "&",
            "&#0;",
            "&#x110000;",
        ),
        *("<!DOCTYPE x [<!ENTITY a 'b'>]>", "<![CDATA[", "]]>", "<!--", "</", "<table>", '<td rowspan="99999999">'),
        *("<del>", "<script>", "BEGIN:VEVENT", "END:VEVENT", "RRULE:FREQ=SECONDLY", "DTSTART:00010101T000000"),
        *("DTSTART:99991231T235959Z", "DURATION:P99999999W", "TZID=Nowhere/At_All", "\nFrom - ", "Content-Type: "),
        *("multipart/mixed; boundary=x", "=?utf-8?b?====?=", "charset=utf-7", "Content-Transfer-Encoding: uuencode"),
        *("null", "{}", "[", "[]", "NaN", "1e999", "-1", "0", "1" * 400, "9" * 15, "1.000.000,00", "31.02.2020"),
        *("0000-00-00", "KW 99", "10 bis 5", "x" * 5_000, "(" * 200, "[" * 2_000, "10 x " * 300, "ß" * 50),
    )
)


def mutated(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A document with one to six damages; of an archive (a workbook) mostly one of its parts is damaged instead."""
    if content.startswith(b"PK") and chance.random() < 0.8:
        return _with_damaged_part(content, chance, others)
    for _ in range(chance.randint(1, 6)):
        content = chance.choice(DAMAGES)(content, chance, others)
    return content


def _with_damaged_part(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (BadZipFile, KeyError, OSError, ValueError, EOFError, NotImplementedError):
        return _spoilt(content, chance, others)
    name = chance.choice(sorted(parts))
    parts[name] = mutated(parts[name], chance, [*parts.values()])
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for part, inside in parts.items():
            archive.writestr(part, inside)
    return packed.getvalue()


def _span(content: bytes, chance: random.Random) -> slice:
    start = chance.randrange(len(content) + 1)
    return slice(start, start + min(chance.choice((1, 4, 20, 200, 2_000)), len(content) - start))


def _spoilt(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    at = _span(content, chance)
    return content[: at.start] + chance.randbytes(at.stop - at.start) + content[at.stop :]


def _without(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    at = _span(content, chance)
    return content[: at.start] + content[at.stop :]


def _doubled(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    at = _span(content, chance)
    return content[: at.stop] + content[at] * chance.choice((1, 2, 30)) + content[at.stop :]


def _moved(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    at, to = _span(content, chance), chance.randrange(len(content) + 1)
    return content[:to] + content[at] + content[to:]


def _cut(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _with_token(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(TOKENS) + content[at:]


def _crossed(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others) if others else content
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


def _recoded(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "cp1252", "utf-8-sig", "utf-16-be", "mac_roman")), "replace")


DAMAGES = (_spoilt, _without, _doubled, _moved, _cut, _with_token, _with_token, _crossed, _recoded)


def samples(platform: Platform) -> tuple[RawDocument, ...]:
    """A week of the sample world as the platform delivers it."""
    return read_export(platform, inbox_of(platform, WEEK), NOW)


def parse_with(platform: Platform, documents: Sequence[RawDocument], place: int, content: bytes) -> None:
    """Read a delivery one of whose documents has this content; a document that cannot be read is no failure."""
    changed = [*documents]
    changed[place] = replace(changed[place], content=content)
    try:
        platform.parse(changed)
    except BrokenStructure as refusal:
        if not str(refusal):
            raise AssertionError("refused without a reason") from refusal


def run_by_chance(platform: Platform, seconds: float, seed: int, current: Path) -> None:
    """Damage and read until the time is up; each input lies in `current` while it is read, whatever becomes of us."""
    documents = samples(platform)
    chance, count, slowest = random.Random(seed), 0, 0.0  # noqa: S311 -- no secret
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + MOST_MEMORY, resource.RLIM_INFINITY))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        place = chance.randrange(len(documents))
        others = [document.content for document in documents]
        content = mutated(documents[place].content, chance, others)
        current.write_bytes(place.to_bytes(2, "big") + content)
        signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)  # whose signal ends this process
        began = time.process_time()
        parse_with(platform, documents, place, content)
        signal.setitimer(signal.ITIMER_PROF, 0)
        slowest, count = max(slowest, time.process_time() - began), count + 1
    current.unlink(missing_ok=True)
    print(f"{count},{slowest:.2f},{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}")


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize()


def every_platform(minutes: float, found: Path, mode: str, seed: int) -> int:
    """All platforms for an equal part of the time, each in processes of its own; the number of findings."""
    found.mkdir(parents=True, exist_ok=True)
    findings = 0
    print("| platform | inputs | slowest, CPU s | peak MB | findings |\n| --- | --- | --- | --- | --- |")
    for platform in PLATFORMS:
        end, row, mine = time.monotonic() + minutes * 60 / len(PLATFORMS), "0,0,0", 0
        while (left := end - time.monotonic()) > 1 and mine < MOST_FINDINGS:
            options = {"one": platform.name, "seconds": left, "seed": seed + mine, "found": found}
            program = __file__ if mode == "chance" else GUIDED
            command = [sys.executable, str(program), *(f"--{name}={value}" for name, value in options.items())]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode == 0:
                row = done.stdout.strip().splitlines()[-1] if mode == "chance" else _counted(done.stderr)
                break
            mine += 1
            _keep(found / f"{platform.name}.current", platform, done, found)
        print(f"| `{platform.name}` | {row.replace(',', ' | ')} | {mine} |", flush=True)
        findings += mine
    return findings


def _counted(log: str) -> str:
    """Inputs, slowest seconds and peak of what libFuzzer says at its end."""
    stats = dict(re.findall(r"stat::(\w+): +(\d+)", log))
    names = ("number_of_executed_units", "slowest_unit_time_sec", "peak_rss_mb")
    return ",".join(stats.get(name, "?") for name in names)


def _keep(current: Path, platform: Platform, done: subprocess.CompletedProcess[str], found: Path) -> None:
    """Move what ended a process aside, with the last lines of what it said."""
    if not current.exists():
        print(done.stderr[-2_000:], file=sys.stderr)
        return
    data = current.read_bytes()
    name = f"{platform.name}-{sha256(data).hexdigest()[:10]}"
    current.rename(found / f"{name}.input")
    (found / f"{name}.txt").write_text(f"exit {done.returncode}\n{done.stderr[-3_000:]}", "utf-8")


# The worst that a document of a format can be for its size: platform, end of the name, what is repeated in between.
LARGE = (
    ("getusppe", ".csv", b"", b";;;;;;;;;;;;;;;;;;;;\n" * 5, b""),
    ("medicalmountains_drehscheibe", ".html", b"<html><body>", b"<b>", b""),
    ("een", ".json", b'{"profiles":[', b"{},", b"1]}"),
    ("lifescience_nord", ".mbox", b"", b"From a@b\nA: b\nC: d\n\n" + b"Menge: 5.000 Masken je Woche\n" * 150, b""),
    ("cebr", ".ics", b"BEGIN:VCALENDAR\n", b"BEGIN:VEVENT\nEND:VEVENT\n", b"END:VCALENDAR\n"),
    ("biovalley_france", ".xml", b"<feed><entry>", b"<a/>", b"</entry></feed>"),
)


def largest_documents() -> None:
    """The worst document of each format at its limit, read in a process of its own: time and memory."""
    print("| document | MB | rows | CPU s | peak MB |\n| --- | --- | --- | --- | --- |")
    for name, *_ in LARGE:
        command = [sys.executable, __file__, f"--one={name}", "--mode=largest"]
        done = subprocess.run(command, capture_output=True, text=True)
        print(done.stdout.strip() or f"| `{name}` | {done.stderr[-300:]} |", flush=True)


def read_largest(platform: Platform) -> None:
    """Read the worst document of a format; prints size, time and memory beyond what the process held before."""
    end, before, repeated, after = next(rest for name, *rest in LARGE if name == platform.name)
    documents = [*samples(platform)]
    place = next(place for place, document in enumerate(documents) if document.name.endswith(end))
    head = documents[place].content.split(b"\n")[0] + b"\n" if end == ".csv" else before
    times = min(
        (limits.largest(end) - 1_000) // len(repeated), limits.DOCUMENT_LINES // max(1, repeated.count(b"\n")) - 9
    )
    documents[place] = replace(documents[place], content=head + repeated * times + after)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, rows = time.process_time(), "refused"
    try:
        parsed = read_snapshot(platform, documents)
        rows = f"{len(parsed.listings) + len(parsed.quarantine):,}"
    except BrokenStructure as refusal:
        rows = type(refusal).__name__
    seconds, peak = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    size = len(documents[place].content) / limits.MEGABYTE
    print(f"| `{platform.name}` {end} | {size:.0f} | {rows} | {seconds:.0f} | {peak // 1024} |")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--found", type=Path, default=Path("found"))
    parser.add_argument("--atheris", action="store_true")
    parser.add_argument("--largest", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--mode", default="chance", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.largest:
        largest_documents()
    elif given.one:
        platform = next(platform for platform in PLATFORMS if platform.name == given.one)
        if given.mode == "largest":
            read_largest(platform)
            return
        run_by_chance(platform, given.seconds, given.seed, given.found / f"{platform.name}.current")
    else:
        sys.exit(
            bool(every_platform(given.minutes, given.found, "coverage" if given.atheris else "chance", given.seed))
        )


if __name__ == "__main__":
    main()
