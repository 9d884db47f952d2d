"""What a store remembers: a week reads the newest memory and what came since, and never what no longer holds."""

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from upath import UPath

from matching.schema import KeyFigures
from pipelines.storage import History, TableStore
from sources.week import Week

WEEKS = [Week(2020, number) for number in (51, 52, 53)] + [Week(2021, 1)]
NEXT = Week(2021, 2)


def figures(week: Week, offers: int) -> pd.DataFrame:
    row = dict.fromkeys(KeyFigures.to_schema().columns, 0)
    return pd.DataFrame([{**row, "week": str(week), "offers": offers}])


def write(store: Path, week: Week, offers: int) -> None:
    path = UPath(store / "tables" / "key_figures" / str(week))
    path.parent.mkdir(parents=True, exist_ok=True)
    TableStore(UPath(store / "tables")).dump_to_path(dg.build_output_context(), figures(week, offers), path)


def offers(store: Path, week: Week = NEXT) -> list[int]:
    rows = History(store).before("key_figures", week)
    return list(rows["offers"]) if len(rows) else []


def memories(store: Path) -> list[str]:
    return sorted(path.stem for path in (store / "memory" / "key_figures").glob("*.parquet"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Four weeks over the turn of a year with 53 weeks, of which the last is not remembered yet."""
    for number, week in enumerate(WEEKS):
        write(tmp_path, week, number)
        offers(tmp_path, week)
    return tmp_path


def test_old_weeks_are_not_read_again(store: Path) -> None:
    assert memories(store) == ["2020-W51", "2020-W52", "2020-W53"]
    for week in WEEKS[:3]:
        (store / "tables" / "key_figures" / f"{week}.parquet").write_bytes(b"cannot be read")
    assert offers(store) == [0, 1, 2, 3]
    assert memories(store)[-1] == "2021-W01"


def test_a_past_week_reads_what_its_own_past_tells(store: Path) -> None:
    offers(store)
    assert [offers(store, week) for week in WEEKS] == [[], [0], [0, 1], [0, 1, 2]]


def test_a_table_that_changes_takes_along_what_was_made_of_it(store: Path) -> None:
    offers(store)
    write(store, WEEKS[1], 1)
    assert memories(store) == [str(week) for week in WEEKS]  # the same again changes nothing
    write(store, WEEKS[1], 70)
    assert memories(store) == ["2020-W51"]
    assert offers(store) == [0, 70, 2, 3]


@pytest.mark.parametrize("number", [0, 2])
def test_a_week_that_was_added_or_removed_by_hand_is_seen(store: Path, number: int) -> None:
    offers(store)
    path = store / "tables" / "key_figures" / f"{WEEKS[number]}.parquet"
    aside = path.rename(store / path.name)
    expected = [0, 1, 2, 3]
    assert offers(store) == expected[:number] + expected[number + 1 :]
    aside.rename(path)
    assert offers(store) == expected


@pytest.mark.parametrize("kept", [0, 100, 3000])
def test_a_damaged_memory_is_made_anew(store: Path, kept: int) -> None:
    offers(store)
    path = store / "memory" / "key_figures" / "2021-W01.parquet"
    path.write_bytes(path.read_bytes()[:kept] + b"x" * 50)
    assert offers(store) == [0, 1, 2, 3]


def test_a_store_without_memory_makes_it_once(store: Path) -> None:
    for path in (store / "memory" / "key_figures").iterdir():
        path.unlink()
    assert History(store).memory.unremembered("key_figures", NEXT) == 4
    assert offers(store) == [0, 1, 2, 3]
    assert History(store).memory.unremembered("key_figures", NEXT) == 0
