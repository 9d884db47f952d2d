"""Completing consortia: one member of each awarded consortium of three or more is hidden and looked for.

    python benchmarks/completion.py ../shared/data [STORE]

Awards of the European Union's procurement notices (`ted_consortium_members`); a set of members counts once a notice, in
one language of it. Candidates are all organisations of all notices but the members that are shown. A candidate is known
by the main codes (CPV) of its notices, its place and whether it is a small firm. Because the hidden member's notice has
the very code that is looked for, codes are also cut to 4 and to 2 digits. Mean reciprocal rank over members and, as a
few notices have very many awards, over notices; ties count with the mean of their ranks.

The ranking is the composer's own `matching.consortia.weights.fit`, averaged over the members that are shown; size
stands in for freshness, which a notice does not state. Then size and spread of awarded consortia beside a store's.
"""

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from matching.arrays import Floats
from matching.consortia.weights import fit
from matching.places.geography import haversine_km

NUTS_KM = (1000.0, 350.0, 130.0, 60.0, 20.0)  # apart, by 0 to 4 levels of NUTS in common, where a postcode says nothing
DIGITS = (8, 4, 2)

Ranking = Callable[[Floats, list[int]], Floats]


class Awards(NamedTuple):
    """Who won together."""

    consortia: list[tuple[str, tuple[int, ...]]]  # notice and members, as rows of the organisations
    codes: list[frozenset[str]]  # organisation -> main codes of its notices
    code: Mapping[str, str]  # notice -> main code
    measured_km: Floats  # organisations x organisations, NaN where a postcode says nothing
    km: Floats  # the same with estimates
    is_small: Floats
    country: list[str]
    region: list[str]


def read_awards(data: Path) -> Awards:
    """Consortia of at least two members."""
    rows = pd.read_csv(data / "consortia" / "ted_consortium_members.csv", dtype="str")
    size = rows.groupby(["doc_id", "lang"]).size().rename("size").reset_index()
    longest = size.sort_values(["size", "lang"], ascending=[False, True]).drop_duplicates("doc_id")
    rows = rows.merge(longest[["doc_id", "lang"]])
    rows["organisation"] = rows["name"].map(_canonical) + "|" + rows["country"]
    rows["main"] = rows["cpv"].str.split("|").str[0]
    organisations = rows.drop_duplicates("organisation").set_index("organisation")
    number = {name: row for row, name in enumerate(organisations.index)}
    found = rows.groupby(["doc_id", "award", "lot", "group"], dropna=False)["organisation"].agg(set)
    consortia = {(key[0], tuple(sorted(number[name] for name in names))) for key, names in found.items()}
    measured = _measured_km(organisations, data)
    return Awards(
        sorted(one for one in consortia if len(one[1]) > 1),
        list(rows.groupby("organisation", sort=False)["main"].agg(frozenset)),
        dict(zip(rows["doc_id"], rows["main"], strict=True)),
        measured,
        np.where(np.isnan(measured), _estimated_km(organisations), measured),
        organisations["sme"].eq("1").to_numpy(dtype=float),
        organisations["country"].tolist(),
        organisations["nuts"].str[:4].tolist(),
    )


def _canonical(name: str) -> str:
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum() or letter == " "
    )
    return " ".join(sorted(plain.split()))


def _measured_km(organisations: pd.DataFrame, data: Path) -> Floats:
    places = pd.read_csv(data / "codes" / "postcodes_geonames.csv.gz", dtype="str")
    where = places.astype({"latitude": float, "longitude": float}).groupby(["country_code", "zipcode"])
    digits = organisations["postal_code"].fillna("").str.extract(r"(\d{4,5})")[0]
    middle = where[["latitude", "longitude"]].mean()
    known = middle.reindex(pd.MultiIndex.from_arrays([organisations["country"], digits]))
    latitude, longitude = known["latitude"].to_numpy(), known["longitude"].to_numpy()
    km: Floats = haversine_km(latitude[:, None], longitude[:, None], latitude, longitude)
    return km


def _estimated_km(organisations: pd.DataFrame) -> Floats:
    codes = [organisations["nuts"].str.ljust(5, "_").str[:length].to_numpy() for length in (2, 3, 4, 5)]
    shared = np.sum([code[:, None] == code for code in codes], axis=0)
    return np.array(NUTS_KM)[shared]


def reciprocal_ranks(awards: Awards, digits: int, ranking: Ranking) -> tuple[float, float]:
    """Mean over hidden members, mean over notices."""
    found: dict[str, list[float]] = defaultdict(list)
    for notice, members in awards.consortia:
        if len(members) < 3:
            continue
        alike = _alike(awards.codes, awards.code[notice][:digits])
        for hidden in members:
            shown = [member for member in members if member != hidden]
            scores = ranking(alike, shown)
            others = np.delete(scores, shown)
            better = int((others > scores[hidden] + 1e-12).sum())
            tied = int((np.abs(others - scores[hidden]) <= 1e-12).sum())
            found[notice].append(float(np.mean(1 / np.arange(better + 1, better + tied + 1))))
    by_member = [value for values in found.values() for value in values]
    return float(np.mean(by_member)), float(np.mean([np.mean(values) for values in found.values()]))


def _alike(codes: Sequence[frozenset[str]], wanted: str) -> Floats:
    """Share of the wanted code's digits that the nearest of each organisation's codes has from the left."""

    def common(code: str) -> int:
        lengths = range(len(wanted), 1, -1)
        return next((length for length in lengths if code[:length] == wanted[:length]), 0)

    return np.array([max(map(common, own)) for own in codes]) / len(wanted)


def rankings(awards: Awards) -> dict[str, Ranking]:
    """What is compared, by name."""
    everyone = np.zeros(len(awards.codes))

    def size(shown: list[int]) -> Floats:
        return 1 - np.abs(awards.is_small - awards.is_small[shown].mean())

    def placed(alike: Floats, shown: list[int], freshness: Floats) -> Floats:
        fits: Floats = fit(alike, awards.km[shown], freshness).mean(axis=0)
        return fits

    return {
        "random": lambda alike, shown: everyone,
        "nearest code (baseline)": lambda alike, shown: alike,
        "nearest place": lambda alike, shown: placed(everyone + 1, shown, everyone),
        "code and place": lambda alike, shown: placed(alike, shown, everyone),
        "code, place and size": lambda alike, shown: placed(alike, shown, size(shown)),
    }


def shape(groups: list[tuple[int, int, int, float]]) -> str:
    """Cells on consortia given as members, countries, regions and kilometres between the farthest two."""
    members, countries, regions, km = (np.array(column, dtype=float) for column in zip(*groups, strict=True))
    return (
        f"{len(groups)} | {np.median(members):g} | {members.mean():.1f} | {np.quantile(members, 0.9):g} "
        f"| {(countries == 1).mean():.0%} | {np.median(regions):g} "
        f"| {np.nanmedian(km):.0f} | {np.nanquantile(km, 0.9):.0f}"
    )


def awarded(awards: Awards, least: int) -> list[tuple[int, int, int, float]]:
    """Shapes of awarded consortia."""
    return [
        (
            len(members),
            len({awards.country[one] for one in members}),
            len({awards.region[one] for one in members}),
            float(awards.measured_km[np.ix_(members, members)].max()),
        )
        for _, members in awards.consortia
        if len(members) >= least
    ]


def composed(store: Path, least: int) -> list[tuple[int, int, int, float]]:
    """Shapes of the consortia of a store's newest week: the partners without the one that asks."""
    week = max(path.stem for path in (store / "tables" / "consortia").glob("*.parquet"))
    roles, listings, organisations = (
        pd.read_parquet(store / "tables" / name / f"{week}.parquet")
        for name in ("consortium_roles", "listings", "organisations")
    )
    homes = organisations.set_index("organisation_id")[["latitude", "longitude", "region", "country"]]
    offers = listings.set_index("listing_id")[["latitude", "longitude", "region", "country"]]
    filled = roles[roles["state"] == "filled"].drop_duplicates(["consortium_id", "organisation_id"])
    places = offers.reindex(filled["listing_id"]).reset_index(drop=True)
    places = places.fillna(homes.reindex(filled["organisation_id"]).reset_index(drop=True))
    shapes: list[tuple[int, int, int, float]] = []
    for _, rows in places.groupby(filled["consortium_id"].to_numpy()):
        if len(rows) >= least:
            latitude, longitude = (rows[name].to_numpy(dtype=float) for name in ("latitude", "longitude"))
            km = haversine_km(latitude[:, None], longitude[:, None], latitude, longitude)
            known: Any = km[~np.isnan(km)]
            countries, regions = rows["country"].nunique(), rows["region"].nunique()
            shapes.append((len(rows), countries, regions, float(known.max()) if len(known) else np.nan))
    return shapes


def main() -> None:
    awards = read_awards(Path(sys.argv[1]))
    large = [one for one in awards.consortia if len(one[1]) > 2]
    notices = len({notice for notice, _ in large})
    print(f"{len(large)} consortia of three or more members in {notices} notices, {len(awards.codes)} organisations\n")
    print("| mean reciprocal rank over members (over notices) | " + " | ".join(f"{n} digits" for n in DIGITS) + " |")
    print("| --- | --- | --- | --- |")
    for name, ranking in rankings(awards).items():
        cells = [reciprocal_ranks(awards, digits, ranking) for digits in DIGITS]
        print(
            f"| {name} | " + " | ".join(f"{by_member:.3f} ({by_notice:.3f})" for by_member, by_notice in cells) + " |"
        )
    print("\n| partners | consortia | median | mean | p90 | in one country | regions | km, median | km, p90 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for least in (2, 3):
        print(f"| awarded, {least} or more | {shape(awarded(awards, least))} |")
        if len(sys.argv) > 2:
            print(f"| composed, {least} or more | {shape(composed(Path(sys.argv[2]), least))} |")


if __name__ == "__main__":
    main()
