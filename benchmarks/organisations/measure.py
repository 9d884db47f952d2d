"""Ours and the peers on the same records, in turn: time, CPU, peak memory, precision, recall, F1 of pairs.

    python benchmarks/organisations/measure.py 10000 --runs 3 --peers <venv of requirements.txt>/bin/python

Each tool is a process of its own; the median of the runs is printed. Timed runs cluster once;
an untimed one writes the peers' clusters at every threshold.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def pair_quality(records: Path, clusters: Path) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs of records that share a cluster."""
    gold = pd.read_parquet(records, columns=["record_id", "cluster_id"]).set_index("record_id")["cluster_id"]
    found = pd.read_parquet(clusters).set_index("record_id")["organisation_id"].reindex(gold.index)
    table = pd.DataFrame({"gold": gold.to_numpy(), "found": found.to_numpy()})

    def pairs(columns: list[str]) -> int:
        size = table.groupby(columns).size()
        return int((size * (size - 1) // 2).sum())

    both, ours, true = pairs(["gold", "found"]), pairs(["found"]), pairs(["gold"])
    return both / max(ours, 1), both / true, 2 * both / (ours + true)


def timed(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of a process and its children."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed: {status}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("records", type=int)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", help="the Python of the peers' virtual environment")
    parser.add_argument("--only", nargs="*", default=["ours", "splink", "recordlinkage"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "records.parquet"
        subprocess.run([sys.executable, HERE / "generate.py", str(options.records), source], check=True)
        commands = {"ours": [sys.executable, str(HERE / "ours.py"), str(source), f"{folder}/ours.parquet"]}
        if options.peers:
            for peer in ("splink", "recordlinkage"):
                target = f"{folder}/{peer}-%s.parquet"
                commands[peer] = [options.peers, str(HERE / f"peer_{peer}.py"), str(source), target]
        commands = {tool: command for tool, command in commands.items() if tool in options.only}
        runs: dict[str, list[tuple[float, float, float]]] = {tool: [] for tool in commands}
        for _ in range(options.runs):
            for tool, command in commands.items():
                runs[tool].append(timed([*command, "--once"]))
        for command in commands.values():  # every threshold, for quality
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for tool, figures in runs.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*figures, strict=True))
            print(f"{tool}: wall {wall:.1f} s, CPU {cpu:.1f} s, peak {memory:.0f} MB")
            for clusters in sorted(Path(folder).glob(f"{tool}*.parquet")):
                precision, recall, f1 = pair_quality(source, clusters)
                print(f"  {clusters.stem}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


if __name__ == "__main__":
    main()
