"""Allocation beside the published strategies on the data of ppe_match 0.1.4 (MIT): real offers and requests of 2020.

    python -m pip download --no-deps ppe_match==0.1.4
    python benchmarks/allocation.py ppe_match-0.1.4-py3-none-any.whl [--runs 3]

Only the data files of the wheel are read, nothing is imported or unpacked. Offers above 1,000 pieces are dropped and
rounds are weekly as in its test bench; its metrics are computed here from their published definitions:

    unit-miles   miles travelled by a unit, on average
    fill rate    share received of all that a receiver requested of an item, at most 1, averaged by item, then over all
    holding      days between offer and round, rounded, averaged over units
    shipments    ways donor - receiver - round, per donor who ships
"""

import argparse
import statistics
import time
import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from matching.allocation import FAIR, NEAR, Weights, allocate

LARGEST_OFFER = 1000
SETTINGS = {
    "default": NEAR,
    "plain transportation (no value of requests, no cost of shipments)": Weights(200.0, 0.0, 0.0),
    "fair (`--fair`)": FAIR,
}
PUBLISHED = (
    "| published: first come, first matched | 1,344.9 | 0.0602 | | | | |\n"
    "| published: proximity | 90.7 | 0.0618 | 200,297 | 15.9 | 2.29 | 168 |"
)


def read(wheel: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Requests, offers, distances in the shape of `allocate`."""
    with zipfile.ZipFile(wheel) as archive:
        offers, requests, distances = (
            pd.read_csv(archive.open(f"ppe_match/data/anon_{name}.csv"))
            for name in ("donors", "recipients", "distance_matrix")
        )
    names = {"don_id": "donor_id", "rec_id": "receiver_id", "ppe": "item", "qty": "quantity"}
    offers = offers[offers["qty"] <= LARGEST_OFFER]
    tables = []
    for table, name in ((requests, "request_id"), (offers, "offer_id")):
        dates = pd.to_datetime(table["date"], utc=True, format="ISO8601")
        table = table.drop(columns="Unnamed: 0").rename(columns=names).assign(date=dates)
        tables.append(table.assign(**{name: table.index.astype("str")}))
    distances = distances.rename(columns=names).astype({"donor_id": "category", "receiver_id": "category"})
    return tables[0], tables[1], distances


def metrics(allocation: pd.DataFrame, requests: pd.DataFrame, offers: pd.DataFrame) -> dict[str, float]:
    """The five published metrics and the worst overspending."""
    sent = allocation.merge(offers[["offer_id", "donor_id", "date"]], on="offer_id")
    sent = sent.merge(requests[["request_id", "receiver_id"]], on="request_id")
    wanted = requests.groupby(["receiver_id", "item"])["quantity"].sum()
    got = sent.groupby(["receiver_id", "item"])["quantity"].sum().reindex(wanted.index, fill_value=0)
    held = (pd.to_datetime(sent["allocated_on"], utc=True) - sent["date"]).dt.total_seconds() / 86400
    units = sent["quantity"].sum()
    stock = offers.set_index("offer_id")["quantity"]
    spent = sent.groupby("offer_id")["quantity"].sum()
    return {
        "unit_miles": (sent["quantity"] * sent["distance"]).sum() / units,
        "fill_rate": (got / wanted).clip(upper=1).groupby(level="item").mean().mean(),
        "units": units,
        "holding": (sent["quantity"] * held.round()).sum() / units,
        "shipments": len(sent.groupby(["donor_id", "receiver_id", "allocated_on"])) / sent["donor_id"].nunique(),
        "overspent": (spent - stock.reindex(spent.index)).max(),
    }


def rows(wheel: Path, runs: int) -> Iterable[str]:
    requests, offers, distances = read(wheel)
    for name, weights in SETTINGS.items():
        seconds = []
        for _ in range(runs):
            start = time.perf_counter(), time.process_time()
            allocation = allocate(requests, offers, distances, weights=weights)
            seconds.append((time.perf_counter() - start[0], time.process_time() - start[1]))
        found = metrics(allocation, requests, offers)
        assert found["overspent"] <= 1e-6, f"an offer is overspent by {found['overspent']}"
        wall, cpu = (statistics.median(values) for values in zip(*seconds, strict=True))
        yield (
            f"| {name} | {found['unit_miles']:.1f} | {found['fill_rate']:.4f} | {found['units']:,.0f} "
            f"| {found['holding']:.2f} | {found['shipments']:.2f} | {wall:.1f} ({cpu:.1f}) |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"scipy {version('scipy')}, pandas {version('pandas')}, median of {options.runs} runs after loading\n")
    print("| strategy | unit-miles | fill rate | units | holding days | shipments per donor | s wall (CPU) |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    print(PUBLISHED)
    for row in rows(options.wheel, options.runs):
        print(row)


if __name__ == "__main__":
    main()
