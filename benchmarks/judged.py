"""Proposed consortia as people judge them: a sample for the judges, and what their verdicts say of the program.

    python benchmarks/judged.py sample STORE WORLD WEEK ... --multi 50 --single 30 [--seed 14] >> sample.jsonl
    python benchmarks/judged.py workbooks INBOX
    python benchmarks/judged.py measure WORLD=STORE ...

`sample` draws consortia of stored weeks at random, each case in one of its weeks, and writes one JSON object a line:
what is asked for and who is named for which role, in the platforms' own words, and nothing of how it was found.
`workbooks` makes a week of the written collections (tuning halves), an inbox for `run --platform sammelordner`.
`measure` holds the verdicts of `consortia_judged.csv` (one row a seat) against what the stored weeks propose now.
"""

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from matching.taxonomy.concepts import Taxonomy, load_taxonomy
from sources.platforms.sammelordner import COLUMNS
from sources.platforms.sammelordner_template import filled_template

JUDGED = Path(__file__).with_name("consortia_judged.csv")
COLLECTIONS = {name: Path(__file__).with_name("needs") / folder for name, folder in (("a", ""), ("b", "collection_b"))}
SEED = 14  # of the committed verdicts; another one draws a sample that nobody has read
CASE = ["request_id", "concept_id"]
SEATED = ("filled", "alternate", "to_clarify")  # states of a role with somebody on the seat
VERDICTS = ("right", "wrong", "unclear")
TITLE = 80  # characters of a text that stand as its title
TOWNS = (
    "10115 Berlin",
    "20095 Hamburg",
    "70173 Stuttgart",
    "50667 Köln",
    "01067 Dresden",
    "90402 Nürnberg",
    "89073 Ulm",
)


def half(request_id: str) -> str:
    """The half of a request with all its consortia: by its id, so that no choice is made."""
    return "test" if hashlib.sha256(request_id.encode()).digest()[0] % 2 else "tuning"


def table(store: Path, name: str, week: str) -> pd.DataFrame:
    return pd.read_parquet(store / "tables" / name / f"{week}.parquet")


def sampled(store: Path, weeks: Sequence[str], sizes: Mapping[bool, int], seed: int = SEED) -> pd.DataFrame:
    """Rows of `consortia` with their week, in random order. sizes: how many, by whether they have several roles."""
    everything = pd.concat([table(store, "consortia", week).assign(week=week) for week in weeks], ignore_index=True)
    everything = everything.sort_values([*CASE, "week"], ignore_index=True)
    order = list(range(len(everything)))
    random.Random(seed).shuffle(order)  # noqa: S311 - a sample, not a secret
    drawn = everything.iloc[order].drop_duplicates(CASE)
    return pd.concat([drawn[drawn["is_multi_role"] == is_multi].head(size) for is_multi, size in sizes.items()])


def listing_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a listing says, without what is not stated."""
    names = ("platform", "title", "text", "category", "quantity", "unit", "period", "minimum_quantity", "norms")
    names += (
        "is_medical",
        "is_sterile",
        "available_from",
        "available_until",
        "postal_code",
        "city",
        "region",
        "country",
    )
    return {
        name: row[name] if isinstance(row[name], float) else str(row[name]) for name in names if pd.notna(row[name])
    }


def cases(store: Path, world: str, drawn: pd.DataFrame, taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """What a judge reads of each consortium."""
    for week, rows in drawn.groupby("week", sort=True):
        listings = table(store, "listings", str(week)).set_index("listing_id", drop=False)
        roles = table(store, "consortium_roles", str(week))
        for one in rows.to_dict("records"):
            seats = roles[roles["consortium_id"] == one["consortium_id"]].sort_values(["position", "state"])
            share = one["quantity_covered"] / one["quantity"]
            yield {
                "world": world,
                "week": week,
                "half": half(one["request_id"]),
                **{name: one[name] for name in CASE},
                "need": taxonomy.label(one["concept_id"], "de"),
                "request": listing_words(listings.loc[one["request_id"]]),
                "claimed": {
                    "roles": one["roles"],
                    "roles_filled": one["roles_filled"],
                    "quantity": None if pd.isna(one["quantity_covered"]) else one["quantity_covered"],
                    "unit": one["unit"],
                    "share_of_need": None if pd.isna(share) else round(share, 3),
                },
                "seats": [_seat(seat, listings, taxonomy) for seat in seats.to_dict("records")],
            }


def _seat(seat: Mapping[str, Any], listings: pd.DataFrame, taxonomy: Taxonomy) -> dict[str, Any]:
    stated = {
        "role_id": seat["role_id"],
        "role": taxonomy.label(seat["role_id"], "de"),
        "state": seat["state"],
        "listing_id": seat["listing_id"],
    }
    if seat["state"] not in SEATED:
        return stated
    given = {} if pd.isna(seat["quantity"]) else {"gives": seat["quantity"]}
    return {**stated, **given, "offer": listing_words(listings.loc[seat["listing_id"]])}


def write_workbooks(inbox: Path) -> None:
    """Requests and offers of the tuning halves as two filled workbooks; every listing is of another firm."""
    stated = [
        (name, kind, entry["text"])
        for name, folder in COLLECTIONS.items()
        for entries in yaml.safe_load((folder / "collection_tuning.yaml").read_text("utf-8")).values()
        for kind in ("requests", "offers")
        for entry in entries[kind]
    ]
    for file, kind, word in (("bedarf", "requests", "Gesuch"), ("angebot", "offers", "Angebot")):
        rows = [
            {
                "Nr.": f"{name}{number:03d}",
                "Art": word,
                "Titel": text if len(text) <= TITLE else text[:TITLE].rpartition(" ")[0],
                "Beschreibung": text,
                "Organisation": f"{hashlib.sha256(f'{name}{number}'.encode()).hexdigest()[:10].upper()} GmbH",
                "PLZ Ort": TOWNS[number % len(TOWNS)],
                "Land": "Deutschland",
                "Eingestellt am": "15.04.2020",
            }
            for number, (name, side, text) in enumerate(stated)
            if side == kind
        ]
        path = inbox / "sammelordner" / f"{file}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(filled_template(file, [[row.get(column, "") for column in COLUMNS] for row in rows]))


def measured(judged: pd.DataFrame, stores: Mapping[str, Path]) -> pd.DataFrame:
    """Counts by world and half of what the stores propose of the judged cases.

    A seat counts as it was judged, wherever its case is proposed; a consortium as it was judged while it has the judged
    partners, as callable where all its seats are judged right and no role is missing, else as not judged.
    """
    rows = []
    for (world, week, request_id, concept_id), seats in judged.groupby(["world", "week", *CASE]):
        if world not in stores:
            continue
        consortia = table(stores[world], "consortia", week)
        one = consortia[(consortia["request_id"] == request_id) & (consortia["concept_id"] == concept_id)]
        roles = table(stores[world], "consortium_roles", week)
        now = roles[roles["consortium_id"].isin(one["consortium_id"])]
        verdicts = {(row["role_id"], row["listing_id"]): row["verdict"] for row in seats.to_dict("records")}
        sits = now[now["state"].isin(("filled", "alternate"))]
        named = set(zip(sits["role_id"], sits["listing_id"], strict=True))
        said = [verdicts.get(seat, "not judged") for seat in named]
        rows.append(
            {
                "world": world,
                "half": seats["half"].iloc[0],
                "judged": 1,
                "callable_judged": int(seats["whole"].iloc[0] == "callable"),
                "proposed": len(one),
                **{f"seats_{verdict}": said.count(verdict) for verdict in ("right", "wrong", "unclear", "not judged")},
                **{f"gone_{name}": list(verdicts.values()).count(name) - said.count(name) for name in VERDICTS},
                **_whole(named == verdicts.keys(), said, seats["whole"].iloc[0], "missing" in set(now["state"])),
            }
        )
    return pd.DataFrame(rows).groupby(["world", "half"]).sum()


def _whole(is_same: bool, said: Sequence[str], judged: str, has_gap: bool) -> dict[str, int]:
    verdict = "gone" if not said else judged if is_same else "not judged"
    if verdict == "not judged" and not has_gap and set(said) == {"right"}:
        verdict = "callable"
    return {f"whole_{name}": int(verdict == name) for name in ("callable", "not", "gone", "not judged")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    sample = commands.add_parser("sample")
    sample.add_argument("store", type=Path)
    sample.add_argument("world")
    sample.add_argument("weeks", nargs="+")
    sample.add_argument("--multi", type=int, default=50)
    sample.add_argument("--single", type=int, default=30)
    sample.add_argument("--seed", type=int, default=SEED)
    commands.add_parser("workbooks").add_argument("inbox", type=Path)
    commands.add_parser("measure").add_argument("stores", nargs="+", metavar="WORLD=STORE")
    given = parser.parse_args()
    if given.command == "workbooks":
        write_workbooks(given.inbox)
    elif given.command == "measure":
        stores = {world: Path(store) for world, store in (pair.split("=", 1) for pair in given.stores)}
        print(measured(pd.read_csv(JUDGED, dtype="str", keep_default_na=False), stores).T.to_string())
    else:
        drawn = sampled(given.store, given.weeks, {True: given.multi, False: given.single}, given.seed)
        for case in cases(given.store, given.world, drawn, load_taxonomy()):
            print(json.dumps(case, ensure_ascii=False))


if __name__ == "__main__":
    main()
