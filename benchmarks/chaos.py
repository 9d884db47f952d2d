"""Break what a run stands on, then give the same command again: what is then stored must be what one run stores.

    python -m benchmarks.chaos KILLS [SEED]

Sample weeks of two platforms. The disk is filled and made read-only (a small tmpfs, which only root may mount), two
runs begin at once on a fresh store, clocks jump (needs `faketime`), a year has a week 53, files grow while read.

Then KILLS processes are killed by SIGKILL after a random part of the time that they need: a week on a store with two
weeks, a first week, a refresh, the archive, the mail to its readers. Every second kill hits what the kill before left,
without a run between. Prints the table of
`benchmarks/results/chaos.md`.
"""

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.pipelines.mail_server import Server

BIN = Path(sys.executable).parent
SAMPLES = Path(__file__).parents[1] / "sources" / "samples"
PLATFORMS = ("--platform", "biopro_boerse", "--platform", "bw_aufruf")
ROOMS = ("raw", "tables", "memory", "reports")
UNSEALED = ("tables", "memory", "reports")  # of stores that drew keys of their own, or saw a file in two states
CALCULATED = ("tables", "memory")
GROWING = {"one page of many": "biopro_boerse/liste-3.html", "one file of several": "bw_aufruf/ihk-verbund.xlsx"}
SHARES = (3, 2, 1, 1, 1)  # eighths of the kills, as `victims` come; the last is the mail's
MADE = (0, 2)  # exit statuses of a week that came out
REFRESH = """
import sys, dagster as dg
from pathlib import Path
from pipelines.definitions import build
from pipelines.instance import use_dagster_home
from pipelines.resources import Settings
settings = Settings(Path(sys.argv[1]), platforms=("biopro_boerse", "bw_aufruf"))
use_dagster_home(settings.store)
with dg.DagsterInstance.get() as instance:
    build(settings).resolve_job_def("daily_refresh").execute_in_process(instance=instance, partition_key="2020-04-06")
"""
Words = Sequence[str | Path]


class Outcome(NamedTuple):
    """A line of the table."""

    what: str
    times: int
    statuses: set[int]  # exit statuses while it was broken
    said: set[str]  # lines besides progress, while it was broken
    files: int
    differ: int  # files that are not as in a run that nothing disturbed, all times together

    def __str__(self) -> str:
        told = "<br>".join(sorted(self.said)) or "–"
        ended = ", ".join(map(str, sorted(self.statuses)))
        return f"| {self.what} | {self.times} | {ended} | {told} | {self.files} | {self.differ} |"


def week(store: Path, weeks: str, *more: str | Path) -> Words:
    return [BIN / "verbundradar", "run", "--week", weeks, "--store", store, *more, *PLATFORMS]


def start(words: Words, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        list(map(str, words)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def ended(process: "subprocess.Popen[str]") -> tuple[int, set[str]]:
    """Exit status and lines besides progress and warnings, but for those of files that grow."""
    lines = process.communicate()[1].splitlines()
    said = {line for line in lines if not re.match(r"\d{4}-W\d\d[ :]", line) or "still being written" in line}
    return process.returncode, {line.replace(str(BASE), "…") for line in said}


def made(words: Words, **environment: str) -> float:
    """Seconds that a command took that came out."""
    begun = time.monotonic()
    status, said = ended(start(words, **environment))
    if status not in MADE:
        sys.exit(f"{' '.join(map(str, words))} ended with {status}: {said}")
    return time.monotonic() - begun


def digests(store: Path, rooms: Sequence[str] = ROOMS) -> Mapping[str, str]:
    """SHA-256 of every file of some rooms, unfinished ones too."""
    files = (path for room in rooms for path in sorted((store / room).rglob("*")) if path.is_file())
    return {path.relative_to(store).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Files that are in one of two stores only, or other there."""
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    for name in names[:5]:
        print(f"differs: {name}", file=sys.stderr)
    return len(names)


def copied(store: Path, name: str) -> Path:
    """A copy of a store under a name, in place of an earlier one."""
    target = BASE / name
    shutil.rmtree(target, ignore_errors=True)
    if store.exists():
        shutil.copytree(store, target)
    return target


class Victim(NamedTuple):
    """What is killed, and what is given afterwards."""

    what: str
    before: Path  # the store it begins with; one that is not there is empty
    killed: Callable[[Path], Words]
    again: Callable[[Path], Words]
    rooms: Sequence[str] = ROOMS


def kills(victim: Victim, count: int, draw: random.Random) -> Outcome:
    """Kill so many times; every second time, and after the last, give the command again and compare."""
    whole = copied(victim.before, "whole")
    seconds = made(victim.killed(whole))
    made(victim.again(whole))
    expected, differ, late = digests(whole, victim.rooms), 0, 0
    hit, statuses = BASE / "hit", set()
    for number in range(count):
        if number % 2 == 0:
            copied(victim.before, "hit")
        process = start(victim.killed(hit))
        try:
            process.wait(draw.uniform(0, seconds))
            late += 1
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        statuses.add(ended(process)[0])
        if number % 2 or number == count - 1:
            made(victim.again(hit))
            differ += differing(digests(hit, victim.rooms), expected)
    what = f"SIGKILL of {victim.what}" + (f" ({late} ended before)" if late else "")
    return Outcome(what, count, statuses, set(), len(expected), differ)


def victims(two: Path, three: Path) -> Sequence[Victim]:
    """two, three: stores of the first two and three sample weeks."""

    def third(store: Path) -> Words:
        return week(store, "2020-W15")

    def archive(store: Path) -> Words:
        return [BIN / "verbundradar", "archive", "--no-pdf", "--store", store]

    return (
        Victim("a week after two weeks", two, third, third),
        Victim("a first week, on no store", BASE / "none", *[lambda store: week(store, "2020-W13")] * 2, UNSEALED),
        Victim("a refresh, then the week", two, lambda store: [sys.executable, "-c", REFRESH, store], third),
        Victim("the archive", three, archive, archive),
    )


@contextmanager
def small_disk(kilobytes: int) -> Iterator[Path]:
    disk = BASE / "disk"
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def kilobytes(folder: Path) -> int:
    return int(subprocess.run(["du", "-sk", folder], capture_output=True, text=True, check=True).stdout.split()[0])


def full_and_fixed(two: Path, three: Path) -> Iterator[Outcome]:
    """The disk is full after a part of what the week needs, and read-only; then it is larger, and writable."""
    expected, begun, needed = digests(three), kilobytes(two), kilobytes(three) - kilobytes(two)
    shares, statuses, said, differ = (0.05, 0.3, 0.6, 0.9), set(), set(), 0
    fixed = Outcome("the store is read-only", 1, set(), set(), len(expected), 0)
    for share in shares:
        with small_disk(begun + int(needed * share) + 64) as disk:
            store = disk / "store"
            shutil.copytree(two, store)
            if share == shares[0]:
                fixed = fixed._replace(differ=_read_only(disk, store, fixed))
            status, lines = ended(start(week(store, "2020-W15")))
            statuses.add(status)
            said |= lines
            subprocess.run(["mount", "-o", f"remount,size={4 * (begun + needed)}k", disk], check=True)
            made(week(store, "2020-W15"))
            differ += differing(digests(store), expected)
    yield Outcome("the disk is full", len(shares), statuses, said, len(expected), differ)
    yield fixed


def _read_only(disk: Path, store: Path, told: Outcome) -> int:
    """How many files a run on a read-only store changes; what it says goes to `told`."""
    before = digests(store)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    status, lines = ended(start(week(store, "2020-W15")))
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    told.statuses.add(status)
    told.said.update(lines)
    return differing(digests(store), before)


def at_once(one: Path) -> Outcome:
    """Two runs of the same week begin at once on a store that is not there."""
    expected, times, statuses, said, differ = digests(one, UNSEALED), 2, set(), set(), 0
    for _ in range(times):
        store = copied(BASE / "none", "both")
        for status, lines in [ended(run) for run in [start(week(store, "2020-W13")) for _ in range(2)]]:
            statuses.add(status)
            said |= {line.partition(": process")[0] for line in lines}
        differ += differing(digests(store, UNSEALED), expected)
    return Outcome("two runs at once on a fresh store", times, statuses, said, len(expected), differ)


def clocks(three: Path, seconds: float) -> Outcome:
    """A week by a clock 400 days ahead, the next one by one that is back, the third while the clock jumps both ways."""
    expected, store, hands = digests(three, UNSEALED), BASE / "clock", BASE / "hands"
    for file in SAMPLES.rglob("*.*"):
        os.utime(file, (0, 0))  # nobody waits for what is old: with a clock that is back, `faketime` fails every sleep
    [library] = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    fake = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(hands),
        "FAKETIME_CACHE_DURATION": "1",  # seconds until the hands are looked at again
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as where a real clock is set
    }
    statuses, said = set(), set()
    for name, course in (("2020-W13", ["+400d"]), ("2020-W14", ["-300d"]), ("2020-W15", ["+400d", "-300d", "+1h"])):
        hands.write_text(course[0])
        process = start(week(store, name), **fake)
        for hand in course[1:]:
            time.sleep(seconds / len(course))
            hands.write_text(hand)
        status, lines = ended(process)
        statuses.add(status)
        said |= lines
    return Outcome(
        "clock jumps: +400 days, −300 days, both within a run",
        3,
        statuses,
        said,
        len(expected),
        differing(digests(store, UNSEALED), expected),
    )


def week_53(draw: random.Random) -> Outcome:
    """2020 has a week 53: three weeks over the end of the year at once, and one by one with a kill."""
    inbox, whole, store = ("--inbox", SAMPLES / "2020-W18"), BASE / "years", BASE / "year"
    seconds = made(week(whole, "2020-W52..2021-W01", *inbox)) / 3
    expected = digests(whole, UNSEALED)
    made(week(store, "2020-W52", *inbox))
    process = start(week(store, "2020-W53", *inbox))
    time.sleep(draw.uniform(0, seconds))
    process.send_signal(signal.SIGKILL)
    statuses = {ended(process)[0]}
    for name in ("2020-W53", "2021-W01"):
        made(week(store, name, *inbox))
    return Outcome(
        "2020-W52, W53 (killed), 2021-W01 one by one",
        1,
        statuses,
        set(),
        len(expected),
        differing(digests(store, UNSEALED), expected),
    )


def growing(inbox: Path, name: str, is_over: threading.Event) -> None:
    """A file is copied into an inbox so slowly that the run is faster; when that is over, the rest follows at once."""
    file = inbox / name
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 3])
    while not is_over.wait(0.2):
        with file.open("ab") as opened:
            opened.write(content[file.stat().st_size :][:5])
    file.write_bytes(content)


def grown() -> Iterator[Outcome]:
    """A week while a file of its inbox grows, then the same week when the file is whole.

    Tables and memory are compared: the issue that went out without it stays, and the new one says what it corrects.
    """
    before, whole = BASE / "before", BASE / "grown"
    made(week(before, "2020-W13", "--inbox", SAMPLES / "2020-W13"))
    made(week(copied(before, whole.name), "2020-W14", "--inbox", SAMPLES / "2020-W14"))
    expected = digests(whole, CALCULATED)
    for what, name in GROWING.items():
        inbox, store = copied(SAMPLES / "2020-W14", "inbox"), copied(before, "growing")
        is_over = threading.Event()
        grower = threading.Thread(target=growing, args=(inbox, name, is_over))
        grower.start()
        time.sleep(0.5)
        status, said = ended(start(week(store, "2020-W14", "--inbox", inbox)))
        is_over.set()
        grower.join()
        made(week(store, "2020-W14", "--inbox", inbox))
        differ = differing(digests(store, CALCULATED), expected)
        yield Outcome(f"{what} grows while it is read", 1, {status}, said, len(expected), differ)


class Slowly(list[tuple[bool, str, str]]):
    """What a mail server received that takes its time, so that a kill meets it between two readers."""

    def append(self, mail: tuple[bool, str, str]) -> None:
        time.sleep(0.1)
        super().append(mail)


def sends(three: Path, count: int, draw: random.Random) -> Outcome:
    """The digest to twenty readers, killed and called again: all get it, whoever was served at the kill maybe twice."""
    certificate = BASE / "both.pem"
    new = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", BASE / "key.pem", "-out", certificate]
    subprocess.run(["openssl", *new, *names], check=True, capture_output=True)
    certificate.write_text(certificate.read_text() + (BASE / "key.pem").read_text())
    readers = [f"reader{number}@a.example" for number in range(20)]
    statuses, without, twice = set(), 0, 0
    for _ in range(count):
        store, server = copied(three, "sent"), Server(certificate, offers_tls=True)
        server.received = Slowly()
        server.start()
        access = ["--from", "a@a.example", "--server", f"localhost:{server.port}", "--certificates", certificate]
        words = [BIN / "verbundradar", "send", *readers, *access, "--store", store]
        process = start(words)
        time.sleep(draw.uniform(1, 3))
        process.send_signal(signal.SIGKILL)
        statuses.add(ended(process)[0])
        made(words)
        server.listener.close()
        got = Counter(recipient for _, recipient, _ in server.received)
        without += len(set(readers) - set(got))
        twice += sum(number - 1 for number in got.values())
    what = f"SIGKILL of the mail to 20 readers ({twice} of {20 * count} got it twice, {without} not at all)"
    return Outcome(what, count, statuses, set(), 20, without)


def outcomes(count: int, seed: int) -> Iterator[Outcome]:
    draw = random.Random(seed)  # noqa: S311 nothing here is secret
    one, two, three = BASE / "one", BASE / "two", BASE / "three"
    made(week(one, "2020-W13"))
    made(week(copied(one, "two"), "2020-W14"))
    seconds = made(week(copied(two, "three"), "2020-W15"))
    yield from full_and_fixed(two, three)
    yield at_once(one)
    yield clocks(three, seconds)
    yield week_53(draw)
    yield from grown()
    for victim, share in zip(victims(two, three), SHARES, strict=False):
        yield kills(victim, count * share // 8, draw)
    yield sends(three, count * SHARES[-1] // 8, draw)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        BASE = Path(folder)
        print("| what happens | times | exit status | what is said | files | files that differ afterwards |")
        print("| --- | ---: | --- | --- | ---: | ---: |")
        for outcome in outcomes(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7):
            print(outcome, flush=True)
