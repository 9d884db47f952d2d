"""Organisations of a stored week: what data staff decided counts, and a pair of the store can be explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from upath import UPath

from assets.organisations import OUTPUTS, resolution
from matching.organisations import reuse
from matching.organisations.judgements import Contradiction
from pipelines.cli import main
from pipelines.decisions import DecisionFiles
from pipelines.storage import History
from pipelines.stored import write_stored
from sources.access.inbox import read_export
from sources.directory import Member
from sources.listing import Listing, empty
from sources.platforms import PLATFORMS
from sources.week import Week

WEEK = Week(2020, 16)


@pytest.fixture(scope="module")
def entries(samples: Path) -> pd.DataFrame:
    """The entries of one directory."""
    biolago = next(platform for platform in PLATFORMS if platform.name == "biolago")
    members = biolago.parse(read_export(biolago, samples / str(WEEK), WEEK.ends_at)).members
    assert members is not None
    return Member.validate(members)


@dataclass(frozen=True)
class Run:
    """The tables of one run by asset, and whether what was found before was taken."""

    tables: Mapping[str, pd.DataFrame]
    found_before: bool

    def __getitem__(self, asset: str) -> pd.DataFrame:
        return self.tables[asset]


def resolved(store: Path, entries: pd.DataFrame, week: Week = WEEK) -> Run:
    """What a run finds, kept in the store as a run keeps it."""
    context = dg.build_asset_context(partition_key=week.monday.isoformat())
    tables: tuple[pd.DataFrame, ...] = resolution(
        context,
        listings=empty(Listing),
        network_members=entries,
        history=History(store),
        decisions=DecisionFiles(store),
    )
    found = dict(zip(OUTPUTS, tables, strict=True))
    for name, table in {**found, "listings": empty(Listing), "network_members": entries}.items():
        (store / "tables" / name).mkdir(parents=True, exist_ok=True)
        write_stored(UPath(store / "tables" / name / f"{week}.parquet"), table)
    metadata = context.get_output_metadata("organisation_members")
    assert metadata is not None
    return Run(found, bool(metadata["found_before"]))


def content(store: Path, week: Week) -> dict[str, bytes]:
    """The files of a week's organisations."""
    return {name: (store / "tables" / name / f"{week}.parquet").read_bytes() for name in OUTPUTS}


def explained(store: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments, "--store", str(store), "--language", "en"])


def judged(entries: pd.DataFrame) -> list[tuple[str, str, str]]:
    one, other, third = "biolago:" + entries["member_id"].iloc[:3]
    return [(one, other, "same"), (third, other, "unsure")]


def decide(store: Path, *rows: tuple[str, str, str]) -> None:
    table = pd.DataFrame(rows, columns=["record_id_left", "record_id_right", "verdict"])
    table.assign(judged_by="data staff").to_csv(store / "judgements.csv", index=False)


def test_a_judgement_in_the_store_counts_and_its_removal_restores(tmp_path: Path, entries: pd.DataFrame) -> None:
    before = resolved(tmp_path, entries)["organisation_members"]
    apart = before.drop_duplicates("organisation_id")["record_id"]
    one, other = apart.iloc[0], apart.iloc[1]
    decide(tmp_path, (one, other, "same"))
    joined = resolved(tmp_path, entries)["organisation_members"].set_index("record_id")
    assert joined.loc[one, "organisation_id"] == joined.loc[other, "organisation_id"]
    assert "organisation_judgement" in joined.loc[one, "evidence"]
    (tmp_path / "judgements.csv").unlink()
    pd.testing.assert_frame_equal(resolved(tmp_path, entries)["organisation_members"], before)


def test_contradicting_judgements_are_refused_with_both_entries_named(tmp_path: Path, entries: pd.DataFrame) -> None:
    one, other = "biolago:" + entries["member_id"].iloc[:2]
    decide(tmp_path, (one, other, "same"), (other, one, "different"))
    with pytest.raises(Contradiction, match=r"entry 1 .*; entry 2 "):
        resolved(tmp_path, entries)


def test_ids_go_on_and_what_changed_is_logged(tmp_path: Path, entries: pd.DataFrame) -> None:
    first = resolved(tmp_path, entries)["organisation_members"]
    run = resolved(tmp_path, entries.iloc[1:], WEEK.shifted(1))
    members, changes, figures, blocks, _ = run.tables.values()
    assert set(members["organisation_id"]) <= set(first["organisation_id"])
    assert set(changes["change"]) <= {"closed"}
    assert figures.set_index("figure")["value"]["records"] == len(entries) - 1
    assert blocks["pairs"].sum() > 0
    again = resolved(tmp_path, entries, WEEK.shifted(2))["organisation_members"]
    gone = set(first["organisation_id"]) - set(members["organisation_id"])
    assert not gone & set(again["organisation_id"])  # an id that ended does not come back


def test_a_week_that_takes_what_was_found_is_byte_for_byte_one_that_resolves(
    tmp_path: Path, entries: pd.DataFrame
) -> None:
    taking, resolving = tmp_path / "taking", tmp_path / "resolving"
    later = WEEK.shifted(1)
    turned = entries.iloc[::-1].reset_index(drop=True)
    for store in (taking, resolving):
        store.mkdir()
        decide(store, *judged(entries))
        assert not resolved(store, entries).found_before
    (resolving / "tables" / "resolution_digests" / f"{WEEK}.parquet").unlink()
    assert resolved(taking, turned, later).found_before
    assert not resolved(resolving, turned, later).found_before
    assert content(taking, later) == content(resolving, later)
    first = content(taking, WEEK)
    assert resolved(taking, turned).found_before
    assert content(taking, WEEK) == first


def test_whatever_changed_is_resolved_again(
    tmp_path: Path, entries: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved(tmp_path, entries)
    assert resolved(tmp_path, entries).found_before
    other = entries.assign(city=entries["city"].mask(entries.index == 3, "Husum"))
    assert not resolved(tmp_path, other).found_before
    assert not resolved(tmp_path, entries).found_before
    decide(tmp_path, *judged(entries))
    assert not resolved(tmp_path, entries).found_before
    decide(tmp_path, *reversed(judged(entries)))  # of two equal judgements the first one's reason is told
    assert not resolved(tmp_path, entries).found_before
    monkeypatch.setattr(reuse, "program", lambda: "another")
    assert not resolved(tmp_path, entries).found_before
    assert resolved(tmp_path, entries).found_before


def test_tables_of_two_runs_are_not_taken_for_one(tmp_path: Path, entries: pd.DataFrame) -> None:
    run = resolved(tmp_path, entries)
    members = UPath(tmp_path / "tables" / "organisation_members" / f"{WEEK}.parquet")
    write_stored(members, run["organisation_members"].assign(match_probability=0.5))
    again = resolved(tmp_path, entries)
    assert not again.found_before
    pd.testing.assert_frame_equal(again["organisation_members"], run["organisation_members"])
    members.write_bytes(b"cut")
    assert not resolved(tmp_path, entries).found_before


def test_a_pair_of_the_stored_week_is_explained(tmp_path: Path, entries: pd.DataFrame) -> None:
    assert "no organisations of any week" in explained(tmp_path, "a", "b").output
    resolved(tmp_path, entries)
    one, other = "biolago:" + entries["member_id"].iloc[:2]
    result = explained(tmp_path, one, other)
    assert result.exit_code == 0, result.output
    assert entries["city"].iloc[0] in result.output
    decide(tmp_path, (one, other, "same"))
    assert "one organisation" in explained(tmp_path, one, other, "--week", str(WEEK)).output
    assert "no organisations of 2020-W40" in explained(tmp_path, one, other, "--week", "2020-W40").output
