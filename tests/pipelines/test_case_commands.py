"""``verbundradar decide`` and ``review``: what they write, and how they refuse."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from matching.schema import Match, empty
from pipelines.answers.book import CaseBook
from pipelines.cli import main
from pipelines.stored import write_stored
from reports.review import COLUMNS
from sources.listing import Listing
from sources.week import Week
from tests.pipelines.test_answers import NUMBER, WEEK, drop, keep_week


@pytest.fixture
def store(tmp_path: Path) -> Path:
    keep_week(tmp_path, WEEK)
    return tmp_path


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_decide_adds_an_entry_with_its_note_masked(store: Path) -> None:
    done = call("decide", NUMBER, "reached", "--note", "Rückruf 07461 123456", "--on", "2020-04-29", "--store", store)
    assert (done.exit_code, done.output) == (0, f"{NUMBER} reached: counts from 2020-W18 on\n")
    [entry] = CaseBook(store).entries()
    assert entry[:5] == (NUMBER, "reached", "", "data_staff", "command")
    assert (entry.note, entry.said_at) == ("Rückruf [telephone]", datetime(2020, 4, 29, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("K-2020-17-09", "reached"), "K-2020-17-09: no stored week has an opportunity of this number"),
        ((NUMBER, "lost"), f"{NUMBER}: state 'lost' is none of taken_over"),
        ((NUMBER, "closed"), f"{NUMBER}: reason '' of closed is none of no_supply"),
        ((NUMBER, "reached", "--reason", "test"), f"{NUMBER}: reached has no reason, found 'test'"),
        ((NUMBER, "reached", "--role", "Erika"), f"{NUMBER}: role 'Erika' is none of lead, data_staff"),
        ((NUMBER, "reached", "--on", "gestern"), "'gestern' is no day such as 2020-04-29"),
        ((NUMBER, "reached", "--on", "2999-01-01"), "2999-01-01 lies in the future"),
        ((NUMBER, "reached", "--on", "2020-04-22"), "2020-04-22 lies in a week that was run already"),
    ],
)
def test_decide_refuses_in_plain_words(store: Path, arguments: tuple[str, ...], message: str) -> None:
    done = call("decide", *arguments, "--store", store)
    assert done.exit_code == 1
    assert message in done.output
    assert CaseBook(store).entries() == ()


def test_decide_refuses_a_closed_case_and_names_why_it_is_closed(store: Path) -> None:
    closed = ("decide", NUMBER, "closed", "--reason", "no_need", "--on", "2020-04-29", "--store", store)
    assert call(*closed).exit_code == 0
    keep_week(store, WEEK.shifted(1))
    done = call("decide", NUMBER, "reached", "--store", store)
    assert done.exit_code == 1
    assert f"{NUMBER} was closed in 2020-W18 (closed, no_need)" in done.output
    assert call("decide", NUMBER, "reopened", "--store", store).exit_code == 0


def keep_matches(store: Path, count: int) -> None:
    matches = pd.DataFrame(
        {
            "request_id": [f"r:{number}" for number in range(count)],
            "offer_id": [f"o:{number}" for number in range(count)],
            "score": 0.5,
            "blocked_by": None,
        }
    )
    listings = pd.DataFrame({"listing_id": [*matches["request_id"], *matches["offer_id"]]})
    listings = listings.assign(title="Kittel gesucht, a@b.example", text=None)
    for name, model, table in (("matches", Match, matches), ("listings", Listing, listings)):
        whole = pd.concat([empty(model), table])[list(empty(model))]
        folder = store / "tables" / name
        folder.mkdir(parents=True, exist_ok=True)
        write_stored(folder / f"{WEEK}.parquet", whole.astype("object").where(whole.notna(), None))  # type: ignore[arg-type]


def test_a_blind_review_comes_back_as_verdicts_once(store: Path) -> None:
    keep_matches(store, 30)
    path = store / "review.xlsx"
    assert call("review", "--week", str(WEEK), "--output", path, "--store", store).exit_code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][1:3] == ["Gesuch", "Angebot"]
    assert sheet.max_row == 21
    assert "0.5" not in {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert sheet.cell(2, 2).value.strip() == "Kittel gesucht, [e-mail]"
    place = list(COLUMNS).index("verdict") + 1
    for row, word in ((2, "passt"), (3, "passt nicht"), (4, "vielleicht")):
        sheet.cell(row, place).value = word
    written = BytesIO()
    book.save(written)
    drop(store / "answers", "zurück.xlsx", written.getvalue(), datetime(2020, 4, 28, tzinfo=UTC))
    answers = CaseBook(store)
    for _ in range(2):
        answers.collect(Week(2020, 18).ends_at)
    found = answers.reviews(Week(2020, 18).ends_at)
    assert found["verdict"].tolist() == ["fits", "does_not_fit"]
    assert found["request_id"].tolist() == [sheet.cell(row, 5).value for row in (2, 3)]
    assert len(answers.reviews(WEEK.ends_at)) == 0
    assert call("review", "--week", str(WEEK), "--output", path, "--store", store).exit_code == 1


def test_a_week_that_was_not_run_has_no_review(store: Path) -> None:
    done = call("review", "--week", "2020-W44", "--store", store)
    assert done.exit_code == 1
    assert "2020-W44" in done.output
