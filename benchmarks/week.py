"""CPU time of a whole week of many listings, for one installation or several in turn.

    python -m benchmarks.week LISTINGS [VERBUNDRADAR ...]

Networks fill in the template of `sammelordner` with listings that each name two concepts of the taxonomy in one of
its languages, with town, quantity and window; every VERBUNDRADAR (by default the one beside this Python) runs that
inbox into a fresh store, three times in turn, and the medians of CPU and wall time and of memory are printed.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from matching.taxonomy.concepts import LANGUAGES, load_taxonomy
from sources.platforms.sammelordner_template import EXAMPLE, filled_template

WEEK = "2020-W17"
ROUNDS = 3
ROWS = 1_000  # of one network
TOWNS = (
    ("70173 Stuttgart", "Deutschland"), ("79098 Freiburg", "Deutschland"), ("01067 Dresden", "Deutschland"),
    ("78532 Tuttlingen", "Deutschland"), ("67000 Strasbourg", "Frankreich"), ("68000 Colmar", "Frankreich"),
    ("4051 Basel", "Schweiz"),
)  # fmt: skip
SENTENCES = {
    "de": ("Wir bieten {0} für Kliniken und Praxen an, auch {1}, Los {2}.", "Gesucht: {0}, gern auch {1}, Fall {2}."),
    "fr": ("Nous proposons {0} aux hôpitaux, ainsi que {1}, lot {2}.", "Nous cherchons {0}, si possible {1}, cas {2}."),
    "en": ("We offer {0} to hospitals and also {1}, lot {2}.", "We are looking for {0}, possibly {1}, case {2}."),
}


def rows(count: int) -> Iterator[list[str]]:
    """Cells of the template's columns, three firms in four with several listings."""
    draw = random.Random(7)  # noqa: S311 nothing here is secret
    concepts = list(load_taxonomy().concepts.values())
    for number in range(count):
        language, is_request = draw.choice(LANGUAGES), draw.random() < 0.4
        name, extra = (draw.choice(draw.choice(concepts).names[language]) for _ in range(2))
        place, country = draw.choice(TOWNS)
        firm = draw.randrange(count // 3 + 1)
        own = {
            "Nr.": str(number), "Art": "Gesuch" if is_request else "Angebot", "Titel": name, "Kategorie": "",
            "Beschreibung": SENTENCES[language][is_request].format(name, extra, number),
            "Organisation": f"{draw.choice(('Werk', 'Labor', 'Atelier', 'Klinik'))} {firm:05d} GmbH",
            "Straße": f"Musterweg {firm % 200 + 1}", "PLZ Ort": place, "Land": country,
            "Website": f"https://firma-{firm}.example", "Menge": f"{draw.randrange(10, 50_000)} Stück",
        }  # fmt: skip
        yield [own.get(column, value) for column, value in EXAMPLE.items()]


def make_inbox(folder: Path, count: int) -> None:
    everything = list(rows(count))
    (folder / "sammelordner").mkdir(parents=True)
    for start in range(0, count, ROWS):
        content = filled_template("bench", everything[start : start + ROWS])
        (folder / "sammelordner" / f"netz{start // ROWS:03d}.xlsx").write_bytes(content)


def run(command: str, inbox: Path) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak MB of one week in a fresh store."""
    with tempfile.TemporaryDirectory() as store:
        options = ["run", "--inbox", str(inbox), "--platform", "sammelordner", "--week", WEEK, "--store", store]
        start = time.perf_counter()
        child = subprocess.Popen([command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 2):  # 2: it came out, with warnings
        sys.exit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def main(count: int, commands: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        make_inbox(inbox, count)
        taken: dict[str, list[tuple[float, float, float]]] = {command: [] for command in commands}
        for _ in range(ROUNDS):
            for command in commands:
                taken[command].append(run(command, inbox))
    for command, figures in taken.items():
        cpu, wall, memory = (median(values) for values in zip(*figures, strict=True))
        print(f"{count} listings: {cpu:.1f} s CPU, {wall:.1f} s, {memory:.0f} MB  {command}")


if __name__ == "__main__":
    own = str(Path(sys.executable).with_name("verbundradar"))
    main(int(sys.argv[1]), sys.argv[2:] or [own])
