"""The history as people write it: what is read, what is refused, what may follow a closed case."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from matching.cases.entries import COLUMNS, Entry, HistoryError, entries_of, entry_table, is_closed_for, read_entries

MONDAY = datetime(2020, 4, 27, 8, tzinfo=UTC)  # of 2020-W18


def entry(state: str, reason: str = "", *, days: int = 0, number: str = "K-2020-17-01", way: str = "mail") -> Entry:
    return Entry(number, state, reason, "lead", way, MONDAY + timedelta(days=days))


def table(*entries: Entry) -> pd.DataFrame:
    return pd.DataFrame([one.cells for one in entries], columns=list(COLUMNS))


def test_what_was_written_is_read_and_a_week_knows_only_what_was_said_before_its_end() -> None:
    said = (entry("taken_over"), entry("reached", days=2), entry("closed", "no_need", days=7))
    assert read_entries(table(*said)) == said
    assert read_entries(table(*said), said[2].week.shifted(-1).ends_at) == said[:2]
    assert entries_of(entry_table(said)) == said


def test_what_was_read_late_counts_from_when_it_was_said() -> None:
    command, mail = entry("taken_over", days=1, way="command"), entry("declined", "no_need")
    assert read_entries(table(command, mail)) == (mail, command)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("opportunity_id", "17-01", "line 3: opportunity_id '17-01' is no number such as K-2020-18-03"),
        ("state", "lost", "line 3: state 'lost' is none of taken_over"),
        ("reason", "", "line 3: reason '' of declined is none of no_supply"),
        ("role", "Erika", "line 3: role 'Erika' is none of lead, data_staff"),
        ("way", "fax", "line 3: way 'fax' is none of mail, workbook, command"),
        ("said_at", "29.4.2020", "line 3: said_at '29.4.2020' is no moment such as"),
    ],
)
def test_a_wrong_line_is_named_with_its_rule(column: str, value: str, message: str) -> None:
    wrong = table(entry("query"), entry("declined", "no_need", days=1))
    wrong.loc[1, column] = value
    with pytest.raises(HistoryError, match=message.replace("(", r"\(").replace("'", "'")):
        read_entries(wrong)


def test_only_declined_and_closed_have_a_reason() -> None:
    with pytest.raises(HistoryError, match="line 2: done has no reason, found 'test'"):
        read_entries(table(entry("done", "test")))


def test_within_a_week_the_later_entry_may_follow_anything_and_later_a_closed_case_only_what_reopens_it() -> None:
    declined = (entry("declined", "no_need"),)
    assert not is_closed_for(entry("taken_over", days=2), declined)
    assert is_closed_for(entry("taken_over", days=7), declined)
    assert not is_closed_for(entry("reopened", days=7), declined)
    assert not is_closed_for(entry("taken_over", days=7, number="K-2020-17-02"), declined)
    done = (entry("done"),)
    assert not is_closed_for(entry("delivered", days=7), done)
    assert is_closed_for(entry("in_talks", days=7), done)
