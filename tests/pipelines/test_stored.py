"""Tables of other forms: an older one is read where nothing is made up, every other is refused in a sentence."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from upath import UPath

from matching.schema import TextVector
from pipelines.cli import main
from pipelines.storage import History
from pipelines.stored import FORM, UnreadableTable, read_stored, write_stored
from sources.directory import Member
from sources.listing import Listing, empty
from sources.week import Week

WEEK = Week(2020, 16)
AGAIN = "run that week again: verbundradar run --week 2020-W16"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store keeps the week's listings."""
    path = tmp_path / "tables" / "listings" / f"{WEEK}.parquet"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def listings() -> pd.DataFrame:
    """One row with the columns that every listing must fill."""
    columns = Listing.to_schema().columns
    return pd.DataFrame([{name: "said" for name, column in columns.items() if not column.nullable}])


def renumbered(path: Path, form: int) -> None:
    """The file as a program of another form would have marked it."""
    table = pyarrow.parquet.read_table(path)
    marked = table.replace_schema_metadata({**table.schema.metadata, b"verbundradar_form": str(form).encode()})
    pyarrow.parquet.write_table(marked, path)


def test_a_table_comes_back_as_it_was_written(path: Path) -> None:
    table = empty(Listing)
    write_stored(UPath(path), table)
    pd.testing.assert_frame_equal(read_stored(path, Listing), table)
    assert pyarrow.parquet.read_schema(path).metadata[b"verbundradar_form"] == str(FORM).encode()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_columns_that_an_older_table_lacks_are_null_and_those_that_went_are_left_out(
    path: Path, listings: pd.DataFrame
) -> None:
    listings.assign(shoe_size=43).to_parquet(path)
    read = read_stored(path, Listing)
    columns = Listing.to_schema().columns
    assert set(read.columns) == set(columns)
    added = [name for name, column in columns.items() if column.nullable]
    assert added
    assert read[added].isna().all(axis=None)
    assert (read[added].dtypes == empty(Listing)[added].dtypes).all()


def test_a_column_that_must_be_filled_is_not_made_up(path: Path) -> None:
    empty(Listing).drop(columns=["listing_id", "kind"]).to_parquet(path)
    with pytest.raises(UnreadableTable) as error:
        read_stored(path, Listing)
    assert str(error.value) == (
        f"the stored table listings of 2020-W16 is of an older form without kind, listing_id; {AGAIN}"
    )


def test_a_newer_table_asks_for_a_newer_program(path: Path) -> None:
    write_stored(UPath(path), empty(Listing))
    renumbered(path, FORM + 1)
    with pytest.raises(UnreadableTable, match=rf"listings of 2020-W16 .*form {FORM + 1}.*update"):
        read_stored(path, Listing)


@pytest.mark.parametrize("kept", [0, 4, 2000])
def test_a_damaged_table_is_named(path: Path, kept: int) -> None:
    write_stored(UPath(path), empty(Listing))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UnreadableTable, match=r"listings of 2020-W16 cannot be read") as error:
        History(path.parents[2]).before("listings", WEEK.shifted(1))
    assert str(error.value).endswith(AGAIN)


def test_the_part_of_a_platforms_week_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "tables" / "listings_ted" / str(WEEK)
    folder.mkdir(parents=True)
    empty(Listing).drop(columns="kind").to_parquet(folder / "listings.parquet")
    with pytest.raises(UnreadableTable, match="listings_ted listings of 2020-W16 is of an older form without kind"):
        History(tmp_path).before("listings_ted", WEEK.shifted(1), "listings")


def test_explain_reads_an_older_week(tmp_path: Path) -> None:
    store(tmp_path, "postal_code")
    done = CliRunner().invoke(main, ["explain", "a", "b", "--store", str(tmp_path), "--week", str(WEEK)])
    assert done.exit_code == 1
    assert done.output == "Error: no record 'a' in the table\n"


def test_explain_refuses_in_one_sentence(tmp_path: Path) -> None:
    store(tmp_path, "listing_id")
    done = CliRunner().invoke(main, ["explain", "a", "b", "--store", str(tmp_path), "--week", str(WEEK)])
    assert done.exit_code == 1
    assert done.output == (
        f"Error: the stored table listings of {WEEK} is of an older form without listing_id; {AGAIN}\n"
    )


def store(root: Path, lacking: str) -> None:
    """A stored week of which a column of the listings is missing."""
    tables = {"organisation_members": pd.DataFrame(), "listings": empty(Listing), "network_members": empty(Member)}
    for name, table in tables.items():
        (root / "tables" / name).mkdir(parents=True)
        table.drop(columns=lacking, errors="ignore").to_parquet(root / "tables" / name / f"{WEEK}.parquet")


def test_vectors_of_another_meaning_are_refused_and_no_help_to_a_new_week(tmp_path: Path) -> None:
    path = tmp_path / "tables" / "text_vectors" / f"{WEEK}.parquet"
    path.parent.mkdir(parents=True)
    write_stored(UPath(path), pd.DataFrame({"text_key": ["k"], "vector": [[0.6, 0.8]]}))
    renumbered(path, 0)
    with pytest.raises(UnreadableTable, match="meant something else"):
        read_stored(path, TextVector)
    assert History(tmp_path / "tables").latest("text_vectors", WEEK.shifted(1)) is None
