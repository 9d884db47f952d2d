"""Ours and the peers on the same records, in turn: time, CPU, peak memory, precision, recall, F1 of pairs.

    python benchmarks/organisations/measure.py 10000 100000 1000000 --peers <venv of requirements.txt>/bin/python
    python benchmarks/organisations/measure.py ../shared/data/organisations/ted_organisations.csv --peers ...

The peers' environment: python -m venv peers && peers/bin/pip install -r benchmarks/requirements.txt. The machine's
state is printed first and after every table, because figures of a busy machine are no figures.

With --once the quality is that of the threshold which the timed runs take.

A number stands for so many generated records, a Parquet file for what generate.py wrote before. Each tool is a process
of its own; the median of the runs is printed. Timed runs cluster once; an untimed one writes the peers' clusters at
every threshold. --dedupe names the Python of an environment with dedupe, which is slow and left out unless named.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
PEERS = ("splink", "recordlinkage", "goldenmatch")
RECORD_COLUMNS = ["name", "street", "postal_code", "city", "country", "website", "email_domain"]


def pairs_agree(found: pd.Series, gold: pd.Series) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs of records that share a cluster; both in the same order of records."""
    table = pd.DataFrame({"gold": gold.to_numpy(), "found": found.to_numpy()})

    def pairs(columns: list[str]) -> int:
        size = table.groupby(columns).size()
        return int((size * (size - 1) // 2).sum())

    both, ours, true = pairs(["gold", "found"]), pairs(["found"]), pairs(["gold"])
    return both / max(ours, 1), both / true, 2 * both / (ours + true)


def pair_quality(records: Path, clusters: Path) -> tuple[float, float, float]:
    """Precision, recall and F1 of the clusters in a file."""
    gold = pd.read_parquet(records, columns=["record_id", "cluster_id"]).set_index("record_id")["cluster_id"]
    found = pd.read_parquet(clusters).set_index("record_id")["organisation_id"]
    return pairs_agree(found.reindex(gold.index), gold)


def timed(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of a process and its children."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed: {status}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def prepare(records: str, source: Path) -> None:
    """Write the records with their gold: generated ones, those of a file, or usable originals of ted_organisations."""
    if records.isdigit():
        subprocess.run([sys.executable, HERE / "generate.py", records, source], check=True)
        return
    if records.endswith(".parquet"):
        shutil.copy(records, source)
        return
    table = pd.read_csv(records, dtype="str", keep_default_na=False)
    table = table[(table["key_ok"] == "1") & (table["orig"] == "O")]
    table = table.rename(columns={"address": "street", "town": "city", "url": "website"})
    table[["record_id", "cluster_id", *RECORD_COLUMNS]].replace("", None).to_parquet(source, index=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "records",
        nargs="+",
        help="numbers of records to generate, files that generate.py wrote, or ted_organisations.csv",
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", help="the Python of the peers' virtual environment")
    parser.add_argument("--dedupe", help="the Python of an environment with dedupe")
    parser.add_argument("--once", action="store_true", help="leave out the untimed runs over every threshold")
    parser.add_argument("--only", nargs="*", default=["ours", *PEERS, "dedupe"])
    options = parser.parse_args()
    print(machine())
    for records in options.records:
        compare(records, options)
        print(machine())


def machine() -> str:
    """What is measured on, and how busy it is."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {load}"


def compare(records: str, options: argparse.Namespace) -> None:
    """Measure all tools on one table, in turn."""
    print(f"{records}, {options.runs} runs, medians")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "records.parquet"
        prepare(records, source)
        commands = {"ours": [sys.executable, str(HERE / "ours.py"), str(source), f"{folder}/ours.parquet"]}
        pythons = {**dict.fromkeys(PEERS, options.peers), "dedupe": options.dedupe}
        for peer, python in pythons.items():
            if python:
                script, target = HERE / f"peer_{peer}.py", f"{folder}/{peer}-%s.parquet"
                commands[peer] = [python, str(script), str(source), target]
        commands = {tool: command for tool, command in commands.items() if tool in options.only}
        runs: dict[str, list[tuple[float, float, float]]] = {tool: [] for tool in commands}
        for _ in range(options.runs):
            for tool, command in commands.items():
                runs[tool].append(timed([*command, "--once"]))
        for command in () if options.once else commands.values():  # every threshold, for quality
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for tool, figures in runs.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*figures, strict=True))
            print(f"{tool}: wall {wall:.2f} s, CPU {cpu:.2f} s, peak {memory:.0f} MB")
            for clusters in sorted(Path(folder).glob(f"{tool}*.parquet")):
                precision, recall, f1 = pair_quality(source, clusters)
                print(f"  {clusters.stem}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


if __name__ == "__main__":
    main()
