"""One organisation or two? Records in, organisations out.

Here belong the three steps a caller sees: `records_of` listings, `resolve` records, `describe` organisations; and
`explain` for one pair. The engine is `linking`: canonical columns, candidate pairs, comparison levels, match weights.

Evidence of a pair: one part for every comparison, ``{"part": "organisation_<part>", "state": level, "score": bits}``
with the parts and levels of `comparison.COMPARISONS`; then ``organisation_prior`` (score: bits that chance alone
demands, records: size the table is taken for); ``organisation_judgement`` (state: verdict, judged_by, judged_on,
reason); ``organisation_alone`` when no other record belongs to the organisation. The scores add up to the match weight.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pandera.typing import DataFrame

from matching.arrays import Floats, Integers
from matching.organisations import judgements as judged
from matching.organisations.candidates import BLOCK_COLUMNS
from matching.organisations.clusters import CANNOT, MUST, cluster
from matching.organisations.columns import INPUT_COLUMNS, in_name_order
from matching.organisations.comparison import COMPARISONS
from matching.organisations.identity import changes, level_ids, organisation_ids
from matching.organisations.levels import MISSING, Levels
from matching.organisations.linking import THRESHOLD, Links, link
from matching.organisations.sites import groups, sites
from matching.organisations.weights import patterns_of
from matching.schema import ORGANISATION_CHANGES, Organisation, OrganisationMember, evidence
from sources.directory import Member
from sources.listing import Listing, is_anonymous

RECORD_COLUMNS = INPUT_COLUMNS
PAIR_COLUMNS = ("record_id_left", "record_id_right", "match_probability", "match_weight", "evidence")
_WORTH_READING = -8.0  # bits; pairs below are not listed


class Resolution(NamedTuple):
    """What `resolve` finds.

    members: one row per record. pairs: one row per compared pair of records, weight in bits.
    changes: one row per pair of old and new organisation id that share records without being equal.
    health: figures on clusters and blocks, by name. blocks: one row per way to block, see `candidates.BLOCK_COLUMNS`.
    """

    members: DataFrame[OrganisationMember]
    pairs: pd.DataFrame
    changes: pd.DataFrame
    health: Mapping[str, int]
    blocks: pd.DataFrame


def records_of(listings: DataFrame[Listing]) -> pd.DataFrame:
    """The records to resolve. Grain: one row per listing, columns of `RECORD_COLUMNS`."""
    named = listings.rename(columns={"listing_id": "record_id", "platform": "source", "organisation_name": "name"})
    return named.reindex(columns=list(RECORD_COLUMNS)).reset_index(drop=True)


def records_of_directories(members: DataFrame[Member]) -> pd.DataFrame:
    """The records of directory entries: they tell firms apart, and say which networks a firm belongs to.

    Grain: one row per entry, `record_id` is "<platform>:<member_id>", columns of `RECORD_COLUMNS`.
    """
    named = members.rename(columns={"platform": "source", "organisation_name": "name"})
    named["record_id"] = named["source"] + ":" + named["member_id"]
    return named.reindex(columns=list(RECORD_COLUMNS)).reset_index(drop=True)


class Explanation(NamedTuple):
    """The waterfall of one pair.

    records: the two rows. match_weight: what the engine finds, in bits. match_probability: judgements included.
    same_organisation: where clustering put them. evidence: the parts, whose scores add up to the weight.
    """

    records: pd.DataFrame
    match_weight: float
    match_probability: float
    same_organisation: bool
    evidence: str


def resolve(
    records: pd.DataFrame,
    *,
    judgements: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    renamed: Mapping[str, str] = MappingProxyType({}),
    retired: Collection[str] = (),
) -> Resolution:
    """Group records into organisations.

    records: columns of `RECORD_COLUMNS`, all but record_id and name may be missing. judgements: see `judgements`;
    raises Contradiction. previous: members of the last run, whose organisation ids go on. renamed: record ids of the
    last run -> what the same records are called now. retired: organisation ids of all earlier runs; none comes back.
    Sites and groups of organisations (see `sites`) keep their ids in the same way.
    """
    found, pairs = find(records, judgements)
    return found.among(previous, renamed, retired)._replace(pairs=pairs)


class Found(NamedTuple):
    """What follows from the records and what was decided alone, whatever was called how before.

    members: one row per record, ascending by record_id: match_probability and evidence. organisation, site, group: [n]
    the number of the first record of each one's. health, blocks: see `Resolution`.
    """

    members: pd.DataFrame
    organisation: Integers
    site: Integers
    group: Integers
    health: Mapping[str, int]
    blocks: pd.DataFrame

    def among(
        self, previous: pd.DataFrame | None, renamed: Mapping[str, str], retired: Collection[str]
    ) -> "Resolution":
        """The same under ids that go on from those of the last run, without pairs; see `resolve`."""
        before = previous
        if previous is not None:
            before = previous.assign(record_id=[renamed.get(old, old) for old in previous["record_id"]])
        record_ids = self.members["record_id"]
        members = self.members.assign(
            organisation_id=organisation_ids(record_ids, self.organisation, before, retired),
            site_id=level_ids(record_ids, self.site, before, "site_id", "S"),
            group_id=level_ids(record_ids, self.group, before, "group_id", "G"),
        )
        log = changes(before, members)
        changed = {f"{_IDS}{change}": int((log["change"] == change).sum()) for change in ORGANISATION_CHANGES}
        table = OrganisationMember.validate(members[list(OrganisationMember.to_schema().columns)])
        return Resolution(table, pd.DataFrame(columns=list(PAIR_COLUMNS)), log, {**self.health, **changed}, self.blocks)


_IDS = "ids_"  # figures on what became of the ids of the last run


def find(records: pd.DataFrame, judgements: pd.DataFrame | None) -> tuple[Found, pd.DataFrame]:
    """Which records are one organisation, and the compared pairs; see `resolve`."""
    ordered = in_name_order(table_of(records))
    verdicts = judged.read_judgements(judgements, ordered["record_id"].to_pandas())
    links = link(ordered, also=_pairs_of(verdicts))
    effective = _judged_weights(links, verdicts)
    clusters = cluster(len(ordered), links.left, links.right, effective - THRESHOLD)
    members = _members(links, effective, verdicts, clusters)
    order = np.argsort(members["record_id"].to_numpy(dtype=object), kind="stable")
    found = Found(
        members.iloc[order].reset_index(drop=True),
        _first_of(clusters[order]),
        _first_of(sites(links.columns, clusters)[order]),
        _first_of(groups(links.levels, links.left, links.right, clusters)[order]),
        health(links, clusters, effective),
        pd.DataFrame(links.candidates.blocks, columns=list(BLOCK_COLUMNS)),
    )
    return found, _pairs(links, effective, verdicts)


def found_again(members: pd.DataFrame, figures: Mapping[str, int], blocks: pd.DataFrame) -> Found:
    """What an earlier run found, from the tables it left: members and blocks as `Resolution` has them."""
    ordered = members.sort_values("record_id", ignore_index=True)
    organisation, site, group = (
        _first_of(pd.factorize(ordered[name])[0]) for name in ("organisation_id", "site_id", "group_id")
    )
    return Found(
        ordered[["record_id", "match_probability", "evidence"]],
        organisation,
        site,
        group,
        {figure: value for figure, value in figures.items() if not figure.startswith(_IDS)},
        blocks,
    )


def table_of(records: pd.DataFrame) -> pa.Table:
    """Records as the engine reads them: texts, in the columns of `RECORD_COLUMNS` that are there."""
    stated = [name for name in RECORD_COLUMNS if name in records]
    return pa.table({name: pa.array(records[name].astype("str")) for name in stated})


def _pairs_of(table: pd.DataFrame) -> tuple[Integers, Integers]:
    """The row numbers in ``left`` and ``right``."""
    return table["left"].to_numpy(np.int64), table["right"].to_numpy(np.int64)


def _first_of(labels: Integers) -> Integers:
    """[n] the number of the first record with the same label."""
    _, first, number = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(first[number], np.int64)


def _members(links: Links, weight: Floats, verdicts: pd.DataFrame, clusters: Integers) -> pd.DataFrame:
    """Why each record belongs to its cluster. Grain: one row per record."""
    strongest, best = _strongest(links, weight, clusters)
    texts = pair_evidence(links, np.unique(best[best >= 0]), verdicts)
    return pd.DataFrame(
        {
            "record_id": links.columns.record_id.to_pandas().astype("str"),
            "match_probability": np.where(best >= 0, probability(strongest), 1.0),
            "evidence": [texts[pair] if pair >= 0 else _ALONE for pair in best.tolist()],
        }
    )


_ALONE = evidence({"part": "organisation_alone", "score": None})


def probability(weight: Floats) -> Floats:
    """Match probability of a weight in bits, rounded so that it is the same on every machine."""
    odds: Floats = np.round(1 / (1 + np.exp2(-np.clip(weight, -60.0, 60.0))), 6)
    return odds


def _judged_weights(links: Links, verdicts: pd.DataFrame) -> Floats:
    """Weights with what people decided in place of what the engine thinks; unsure pairs do not count either way.

    Records judged the same are to third ones what the most alike of them is, or a judgement would tear apart others.
    """
    weight = links.weight.copy()
    group = judged.same_groups(verdicts[verdicts["verdict"] == "same"], len(links.columns.name))
    several = np.bincount(group) > 1
    near = np.flatnonzero(several[group[links.left]] | several[group[links.right]])
    one, other = group[links.left[near]], group[links.right[near]]
    _, pair = np.unique(np.minimum(one, other) << 32 | np.maximum(one, other), return_inverse=True)
    most = np.full(pair.max(initial=-1) + 1, -np.inf)
    np.maximum.at(most, pair, weight[near])
    weight[near] = most[pair]
    place = {"same": MUST, "different": CANNOT, "unsure": THRESHOLD}
    at = _positions(links, verdicts)
    weight[at] = verdicts["verdict"].map(place).to_numpy(float)
    return weight


def _positions(links: Links, pairs: pd.DataFrame) -> Integers:
    left, right = _pairs_of(pairs)
    wanted = left << 32 | right
    positions: Integers = np.searchsorted(links.candidates.packed, wanted)
    return positions


def _strongest(links: Links, weight: Floats, clusters: Integers) -> tuple[Floats, Integers]:
    """[n] the best weight of a record within its cluster, and the pair that has it (-1: alone or without a pair)."""
    best = np.full(len(clusters), -1, np.int64)
    inside = np.flatnonzero(clusters[links.left] == clusters[links.right])
    order = inside[np.lexsort((-inside, weight[inside]))]  # of equal weights the first pair comes last and stays
    best[links.right[order]] = order
    left = np.full(len(clusters), -1, np.int64)
    left[links.left[order]] = order
    padded = np.append(weight, -np.inf)
    best = np.where(padded[left] >= padded[best], left, best)
    return padded[best], best


def pair_evidence(links: Links, pairs: Integers, verdicts: pd.DataFrame) -> dict[int, str]:
    """Evidence of pairs by their number; each pattern of levels is written once."""
    patterns, pattern = patterns_of(links.levels[pairs])
    parts = [_parts(row, links) for row in patterns]
    written = [evidence(*part) for part in parts]
    texts = {pair: written[kind] for pair, kind in zip(pairs.tolist(), pattern.tolist(), strict=True)}
    kinds = dict(zip(pairs.tolist(), pattern.tolist(), strict=True))
    for pair, row in zip(_positions(links, verdicts).tolist(), verdicts.itertuples(index=False), strict=True):
        if pair in kinds:
            texts[pair] = evidence(_judgement(row), *parts[kinds[pair]])
    return texts


def _judgement(row: Any) -> dict[str, Any]:
    facts = {"judged_by": row.judged_by, "judged_on": row.judged_on, "reason": row.reason}
    return {"part": "organisation_judgement", "state": row.verdict, "score": None, **facts}


def _parts(levels: Levels, links: Links) -> list[dict[str, Any]]:
    found = [comparison.levels[place].name for comparison, place in zip(COMPARISONS, levels.tolist(), strict=True)]
    worth = links.bits[np.arange(len(COMPARISONS)), levels].tolist()
    parts: list[dict[str, Any]] = [
        {"part": f"organisation_{comparison.part}", "state": name, "score": round(bits, 2)}
        for comparison, name, bits in zip(COMPARISONS, found, worth, strict=True)
        if name != MISSING or bits  # a missing value is left out unless it counts
    ]
    size = links.known.size
    return [*parts, {"part": "organisation_prior", "score": -float(np.log2(size)), "records": size}]


def _pairs(links: Links, weight: Floats, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Pairs that matched or came near it, strongest first."""
    shown = np.flatnonzero(links.weight >= _WORTH_READING)
    shown = np.union1d(shown, _positions(links, verdicts))
    texts = pair_evidence(links, shown, verdicts)
    record_ids = links.columns.record_id.to_numpy(zero_copy_only=False)
    one, other = record_ids[links.left[shown]], record_ids[links.right[shown]]
    pairs = pd.DataFrame(
        {
            "record_id_left": np.minimum(one, other),
            "record_id_right": np.maximum(one, other),
            "match_probability": probability(weight[shown]),
            "match_weight": links.weight[shown].round(2),
            "evidence": [texts[pair] for pair in shown.tolist()],
        },
        columns=list(PAIR_COLUMNS),
    )
    return pairs.sort_values(
        ["match_weight", "record_id_left", "record_id_right"], ascending=[False, True, True], ignore_index=True
    )


def explain(records: pd.DataFrame, one: str, other: str, judgements: pd.DataFrame | None = None) -> Explanation:
    """Why two records are taken for one organisation, or why not, rated against the whole table.

    Raises KeyError naming a record that is not in the table.
    """
    ordered = in_name_order(table_of(records))
    position = pd.Index(ordered["record_id"].to_pandas())
    for record_id in (one, other):
        if record_id not in position:
            raise KeyError(f"no record '{record_id}' in the table")
    left, right = sorted((position.get_loc(one), position.get_loc(other)))
    verdicts = judged.read_judgements(judgements, pd.Series(position))
    pair = pd.DataFrame({"left": [left], "right": [right]})
    links = link(ordered, also=_pairs_of(pd.concat([verdicts[["left", "right"]], pair], ignore_index=True)))
    effective = _judged_weights(links, verdicts)
    clusters = cluster(len(ordered), links.left, links.right, effective - THRESHOLD)
    at = _positions(links, pair)
    return Explanation(
        records=records[records["record_id"].isin([one, other])].sort_values("record_id", ignore_index=True),
        match_weight=float(links.weight[at[0]]),
        match_probability=float(probability(effective[at])[0]),
        same_organisation=bool(clusters[left] == clusters[right]),
        evidence=pair_evidence(links, at, verdicts)[int(at[0])],
    )


def health(links: Links, clusters: Integers, weight: Floats) -> dict[str, int]:
    """Figures that tell a sound run from a damaged one: sizes of clusters and blocks, doubtful pairs, bridges."""
    sizes = np.bincount(np.unique(clusters, return_inverse=True)[1]) if len(clusters) else np.zeros(1, int)
    inside = clusters[links.left] == clusters[links.right]
    blocks = links.candidates.blocks
    return {
        "records": len(clusters),
        "organisations": len(np.unique(clusters)),
        "organisations_of_one_record": int((sizes == 1).sum()),
        "organisations_of_two_records": int((sizes == 2).sum()),
        "organisations_of_three_to_ten_records": int(((sizes > 2) & (sizes <= 10)).sum()),
        "organisations_of_more_records": int((sizes > 10).sum()),
        "largest_organisation": int(sizes.max(initial=0)),
        "pairs_compared": len(links.left),
        "pairs_matched": int((weight > THRESHOLD).sum()),
        "pairs_in_doubt": int((np.abs(weight - THRESHOLD) < 2).sum()),
        "pairs_matched_but_kept_apart": int((~inside & (weight > THRESHOLD)).sum()),
        "pairs_joined_by_others": int((inside & (weight <= THRESHOLD)).sum()),
        "largest_block": max((block.largest_block for block in blocks), default=0),
        "blocks_too_large": sum(block.blocks_too_large for block in blocks),
    }


def describe(listings: DataFrame[Listing], members: DataFrame[OrganisationMember]) -> DataFrame[Organisation]:
    """What is known of each organisation: of every column the value most of its listings state.

    A listing that names nobody makes no organisation; beside others of its organisation it tells as much as they do.
    """
    rows = listings.merge(members, left_on="listing_id", right_on="record_id").sort_values("listing_id")
    named = ~is_anonymous(rows)
    rows = rows[rows["organisation_id"].isin(rows.loc[named, "organisation_id"])].copy()
    rows["name"] = rows["organisation_name"]
    rows["point"] = list(zip(rows["latitude"], rows["longitude"], strict=True))
    rows.loc[rows["latitude"].isna() | rows["longitude"].isna(), "point"] = None
    groups = rows.groupby("organisation_id", sort=True)
    described = pd.DataFrame(
        {column: most_frequent(rows, column) for column in ("name", "city", "region", "country", "point")},
        index=groups.size().index,
    )
    described["latitude"] = [point[0] if isinstance(point, tuple) else None for point in described["point"]]
    described["longitude"] = [point[1] if isinstance(point, tuple) else None for point in described["point"]]
    described["records"] = groups.size()
    described["platforms"] = groups["platform"].agg(lambda names: "; ".join(sorted(set(names))))
    table = described.drop(columns="point").rename_axis("organisation_id").reset_index()
    return Organisation.validate(table)


def most_frequent(rows: pd.DataFrame, column: str) -> pd.Series:
    """The most frequent value of a column by organisation; of equally frequent ones the smallest."""
    counts = rows.groupby(["organisation_id", column]).size().rename("count").reset_index()
    counts = counts.sort_values(["organisation_id", "count", column], ascending=[True, False, True])
    return counts.drop_duplicates("organisation_id").set_index("organisation_id")[column]
