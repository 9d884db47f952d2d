"""Quality on real records that nobody in this project wrote: one configuration, one threshold.

    python benchmarks/organisations/quality.py --data ../shared/data/organisations

`ted_organisations` (usable keys, originals; keys hidden) whole and with columns removed, `gleif_names` (records merged
with another LEI: those whose name no other record has, and homonyms, whose names differ in nothing but case, which a
name alone cannot tell apart), `name_pairs` (rows on
organisations, each pair a table of its own), `ror_affiliations` and FEBRL4 through the same columns.
"""

import argparse
from pathlib import Path

import pandas as pd

from matching.organisations.resolve import resolve

ALL = ["name", "street", "postal_code", "city", "country", "website", "email_domain"]
VIEWS = {
    "all columns": ALL,
    "no postcode": [column for column in ALL if column != "postal_code"],
    "no domain": [column for column in ALL if column not in ("website", "email_domain")],
    "name + city": ["name", "city"],
    "name + country": ["name", "country"],
    "name": ["name"],
}
NEIGHBOURS = ["DE", "FR", "BE", "LU"]


def pair_quality(found: pd.Series, gold: pd.Series) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs that share an organisation; both series by record id."""
    table = pd.DataFrame({"found": found, "gold": gold})

    def pairs(columns: list[str]) -> int:
        size = table.groupby(columns).size()
        return int((size * (size - 1) // 2).sum())

    both, ours, true = pairs(["found", "gold"]), pairs(["found"]), pairs(["gold"])
    return both / max(ours, 1), both / max(true, 1), 2 * both / max(ours + true, 1)


def organisations_of(records: pd.DataFrame) -> pd.Series:
    """Organisation id by record id."""
    return resolve(records).members.set_index("record_id")["organisation_id"]


def ted(data: Path) -> None:
    table = pd.read_csv(data / "ted_organisations.csv", dtype="str", keep_default_na=False)
    table = table[(table["key_ok"] == "1") & (table["orig"] == "O")]
    table = table.rename(columns={"address": "street", "town": "city", "url": "website"})
    for view, columns in VIEWS.items():
        for region in (table, table[table["country"].isin(NEIGHBOURS)]):
            gold = region.set_index("record_id")["cluster_id"]
            precision, recall, f1 = pair_quality(organisations_of(region[["record_id", *columns]]), gold)
            where = "all countries" if len(region) == len(table) else "DE FR BE LU"
            print(f"ted_organisations, {view}, {where}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


def gleif(data: Path) -> None:
    table = pd.read_parquet(data / "gleif_names.parquet").astype({"LEI": "str", "legal_name": "str", "country": "str"})
    table = table.rename(columns={"LEI": "record_id", "legal_name": "name"})
    homonym = table["name"].str.casefold().duplicated(keep=False).set_axis(table["record_id"])
    for columns in (["name"], ["name", "country"]):
        found = organisations_of(table[["record_id", *columns]])
        merged, namesake = found.duplicated(keep=False), homonym.reindex(found.index)
        for kind, among in (("records of one name alone", ~namesake), ("homonyms", namesake)):
            wrong = int((merged & among).sum())
            share = wrong / among.sum()
            told = " + ".join(columns)
            print(f"gleif_names, {told}: {wrong} of {among.sum()} {kind} wrongly merged ({share:.2%})")


def name_pairs(data: Path) -> None:
    table = pd.read_csv(data / "name_pairs.csv", dtype="str", keep_default_na=False)
    table = table[table["schema"].isin(["Company", "Organization", "LegalEntity"])]
    gold = table["is_match"].eq("true").to_numpy()
    found = [
        organisations_of(pd.DataFrame({"record_id": ["a", "b"], "name": [one, other]})).nunique() == 1
        for one, other in zip(table["name1"], table["name2"], strict=True)
    ]
    both = int((gold & found).sum())
    precision, recall = both / max(sum(found), 1), both / gold.sum()
    f1 = 2 * both / (sum(found) + gold.sum())
    print(f"name_pairs, {len(table)} rows: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


def affiliations(data: Path) -> None:
    table = pd.read_csv(data / "ror_affiliations.csv", dtype="str", keep_default_na=False)
    records = pd.DataFrame({"record_id": table.index.astype("str"), "name": table["affiliation"]})
    gold = table["ror_id"].set_axis(records["record_id"])
    precision, recall, f1 = pair_quality(organisations_of(records), gold)
    print(f"ror_affiliations, {len(records)} strings: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


def febrl(data: Path) -> None:
    sides = [pd.read_csv(data / f"febrl4_{side}.csv", dtype="str", keep_default_na=False) for side in "ab"]
    table = pd.concat(sides, ignore_index=True)
    records = pd.DataFrame(
        {
            "record_id": table["rec_id"],
            "source": table["rec_id"].str.contains("org").map({True: "a", False: "b"}),
            "name": table["given_name"] + " " + table["surname"],
            "street": table["street_number"] + " " + table["address_1"],
            "postal_code": table["postcode"],
            "city": table["suburb"],
            "registration_number": table["soc_sec_id"],
        }
    )
    gold = table["rec_id"].str.extract(r"rec-(\d+)-")[0].set_axis(table["rec_id"])
    for columns in (list(records.columns), list(records.columns[:-1])):
        precision, recall, f1 = pair_quality(organisations_of(records[columns]), gold)
        with_number = "with number" if "registration_number" in columns else "without number"
        print(f"FEBRL4, {with_number}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data/organisations"))
    folder = parser.parse_args().data
    for measure in (ted, gleif, name_pairs, affiliations, febrl):
        measure(folder)
