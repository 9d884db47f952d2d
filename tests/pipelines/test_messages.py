"""What wrong input is answered with: one line that names thing and remedy. `make pages` writes docs/messages.md."""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from dagster_postgres.utils import DagsterPostgresException

from pipelines.cli import main
from pipelines.faults import command_fault, fault_in
from sources.access.inbox import read_export
from sources.platform import Parsed, PlatformError
from sources.platforms import PLATFORMS
from sources.weekly.intake import read_snapshot
from tests.pipelines.conftest import Run
from tests.pipelines.wrong_inputs import (
    CALLS,
    CELLS,
    COLUMN_MORE,
    CSV,
    DECISIONS,
    ENVIRONMENT,
    FILES,
    LIST,
    READ,
    SURVEY,
    Call,
    Delivery,
    with_cell,
)

PAGE = Path(__file__).parents[2] / "docs" / "messages.md"
NOW = datetime(2020, 4, 20, tzinfo=UTC)
BY_NAME = {platform.name: platform for platform in PLATFORMS}
FAULTS = ("No space left on device", "Read-only file system", "Permission denied", "Disk quota exceeded")
NO_WORD_OF_OURS = re.compile(
    r"Traceback|dagster|sqlite|pandera|pandas|codec|tokenizing|\[Errno|[A-Za-z]+(?:Error|Exception)\b|/tmp/|\n"
)
SURVEYED = "logistik_mitteldeutschland"
# One broken delivery of each of these platforms, all in one week with a whole one.
AT_ONCE = (
    "a renamed column",
    "a damaged workbook",
    "JSON line by line",
    "a folder without its pages",
    "one of two files",
)


@pytest.fixture
def environment() -> Iterator[None]:
    """Dagster's home and whatever else a command leaves in the environment goes again."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def put(path: Path, content: str | bytes) -> None:
    """A file that nobody writes to any more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))


def told_by_call(call: Call, store: Path) -> str:
    """The last line on standard error, that of the mistake."""
    store.mkdir(parents=True)
    for name, content in call.files.items():
        put(store / name, content)
    variables = {name: value.replace("STORE", str(store)) for name, value in call.environment.items()}
    words = [word.replace("STORE", str(store)) for word in shlex.split(call.words)]
    done = CliRunner().invoke(main, words, env=variables, prog_name="verbundradar")
    assert done.exit_code == 1, (call, done.output)
    assert isinstance(done.exception, SystemExit), call
    assert not (store / "tables" / "listings").exists()
    return done.stderr.strip().splitlines()[-1].replace(str(store), "STORE")


def read(delivery: Delivery, inbox: Path) -> Parsed:
    name, file, content = delivery
    put(inbox / file, content)
    return read_snapshot(BY_NAME[name], read_export(BY_NAME[name], inbox, NOW))


def told_by_inbox(delivery: Delivery, inbox: Path) -> str:
    with pytest.raises(PlatformError) as caught:
        read(delivery, inbox)
    return str(caught.value).replace(str(inbox), "INBOX")


def told_of_row(column: str, value: str, inbox: Path, rows: int) -> str:
    """What goes back to the operator of a survey; all other rows are read."""
    parsed = read((SURVEYED, f"{SURVEYED}.csv", with_cell(column, value)), inbox)
    [refused] = [row for row in parsed.quarantine.to_dict("records") if ": line 2" in row["row"]][:1]
    assert len(parsed.listings) == rows - 1
    return f"{refused['row']}: {refused['field']}: {refused['reason']}"


def told_of_column(inbox: Path) -> str:
    """What is said of a column that is new; all rows are read."""
    parsed = read(COLUMN_MORE, inbox)
    rows = len(read((*COLUMN_MORE[:2], CSV), inbox).quarantine)
    [told] = parsed.quarantine[parsed.quarantine["rule"] == "known_column"].to_dict("records")
    assert len(parsed.quarantine) == rows + 1
    return f"{told['row']}: {told['field']}: {told['reason']}"


def strange(inbox: Path) -> Mapping[str, Callable[[], object]]:
    """What no file content shows."""
    export = inbox / "getusppe_offers.csv"
    return {
        "a link": lambda: export.symlink_to("/etc/hostname"),
        "a broken link": lambda: export.symlink_to("not-there"),
        "a pipe": lambda: os.mkfifo(export),
        "a file of 200 MB": lambda: (export.write_bytes(b""), os.truncate(export, 200_000_000)),
    }


def told_of_strange(what: str, inbox: Path) -> str:
    inbox.mkdir()
    strange(inbox)[what]()
    os.utime(inbox / "getusppe_offers.csv", (NOW.timestamp(), NOW.timestamp()), follow_symlinks=False)
    with pytest.raises(PlatformError) as caught:
        read_export(BY_NAME["getusppe"], inbox, NOW)
    return str(caught.value)


def told(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Every message, by what is wrong, by where."""
    said: dict[str, dict[str, str]] = {}
    for title, calls in (("call", CALLS), ("setting", ENVIRONMENT), ("decision", DECISIONS)):
        said[f"A wrong {title}"] = {what: told_by_call(call, folder / title / what) for what, call in calls.items()}
    deliveries = {what: told_by_inbox(delivery, folder / what) for what, delivery in FILES.items()}
    said["A wrong delivery"] = deliveries | {what: told_of_strange(what, folder / what) for what in strange(folder)}
    rows = len(read((SURVEYED, f"{SURVEYED}.csv", SURVEY.encode("utf-8-sig")), folder / "survey").listings)
    said["A wrong row among right ones"] = {
        what: told_of_row(*cell, folder / what, rows) for what, cell in CELLS.items()
    } | {"a column more": told_of_column(folder / "a column more")}
    said["A store that cannot be written"] = {text: str(fault_in(text)) for text in FAULTS}
    return said


HEAD = """# Messages

What wrong input is answered with; `make pages` writes this page from `tests/pipelines/test_messages.py`. A wrong call
ends with 1 and changes nothing. Of a wrong delivery the report uses the platform's last good state and says so; the run
ends with 2; the run's warning and the monitor add what to do. A wrong row goes back to its operator, its neighbours
count.

Of these, 131 were written down as what people may do wrong before any was tried. At first sight 86 (66 %) were answered
in one line that names thing, place and remedy, without a word of a library; three ended in a trace, seven were taken in
silence. Now all are but three: of an amount that cannot be counted no example is given, and a cell that shows #WERT!
counts as empty.
"""


def page(messages: Mapping[str, Mapping[str, str]]) -> str:
    lines = [HEAD.rstrip()]
    for title, rows in messages.items():
        lines += ["", f"## {title}", "", "| what is wrong | what is said |", "| --- | --- |"]
        lines += [f"| {what} | {text.replace('|', '/')} |" for what, text in rows.items()]
    # The last whole week is another one every week, and platforms come.
    text = re.sub(r"to 20\d\d-W\d\d, the last", "to the last", "\n".join(lines) + "\n")
    return re.sub(r"(is not one of 'biopro_boerse'), [^|\n]*", r"\1 … ", text)


@pytest.mark.usefixtures("environment")
def test_every_message_is_one_line_without_a_trace_and_stands_in_the_documents(tmp_path: Path) -> None:
    messages = told(tmp_path)
    lines = [text for rows in messages.values() for text in rows.values()]
    assert len(lines) >= 150
    for text in lines:
        assert len(text) > 20
        assert not NO_WORD_OF_OURS.search(text), text
    written = page(messages)
    if os.environ.get("RENEW_GOLDENS"):
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written


def test_records_that_do_not_answer_are_a_line_for_commands_that_make_no_week() -> None:
    told = command_fault(DagsterPostgresException("too many retries for DB connection"))
    assert told is not None
    assert told.endswith("does not answer: the command did not end; see that it runs and call it again")
    assert command_fault(ValueError("a mistake of ours")) is None


def test_what_offices_do_otherwise_is_read_all_the_same(tmp_path: Path) -> None:
    right = {
        "getusppe": ("getusppe_offers.csv", CSV),
        "place2tex": ("place2tex.xlsx", LIST),
        SURVEYED: (f"{SURVEYED}.csv", SURVEY.encode("utf-8-sig")),
    }
    whole = {name: read((name, *file), tmp_path / name) for name, file in right.items()}
    for what, delivery in READ.items():
        found, expected = read(delivery, tmp_path / what), whole[delivery[0]]
        pd.testing.assert_frame_equal(
            found.listings.reset_index(drop=True), expected.listings.reset_index(drop=True), obj=what
        )


def test_a_week_of_wrong_deliveries_comes_out_with_a_line_for_each(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "inbox" / f"{SURVEYED}.csv", SURVEY.encode("utf-8-sig"))
    followed = ["--platform", SURVEYED]
    for what in AT_ONCE:
        name, file, content = FILES[what]
        put(tmp_path / "inbox" / file, content)
        followed += ["--platform", name]
    done = run("run", "--week", "2020-W16", "--inbox", tmp_path / "inbox", "--store", tmp_path / "store", *followed)
    assert done.returncode == 2, done.stderr
    assert Path(done.stdout.strip()).is_file()
    said = [line for line in done.stderr.splitlines() if not line.startswith("2020-W16 [")]
    assert all(line.startswith(("2020-W16 warning: ", "2020-W16 refused: ")) for line in said)
    for what in AT_ONCE:
        name, *_ = FILES[what]
        [line] = [line for line in said if line.startswith(f"2020-W16 warning: listings_{name}")]
        assert not NO_WORD_OF_OURS.search(line.replace(str(tmp_path), "")), line
    states = pd.read_parquet(tmp_path / "store" / "tables" / "source_states" / "2020-W16.parquet")
    assert set(states.loc[states["state"] == "fresh", "platform"]) == {SURVEYED}
