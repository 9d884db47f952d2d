"""The whole path as data staff walk it: from platforms to documents, twice, interrupted, and with broken platforms."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from reports.design.page import own_text
from reports.language import LANGUAGES
from tests.pipelines.golden_form import GOLDEN, golden_files, reviewed

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Digests = Callable[[Path], Mapping[str, str]]
WEEKS = ("2020-W14", "2020-W15")
MADE = (0, 2)  # exit status of weeks that came out, without and with warnings


class Finished(NamedTuple):
    store: Path
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def finished(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Two weeks of the shipped samples on a new store."""
    store = tmp_path_factory.mktemp("samples")
    done = run("run", "--store", store, "--week", "2020-W14..2020-W15")
    assert done.returncode in MADE, done.stderr
    return Finished(store, done.stdout, done.stderr)


def table(store: Path, name: str, week: str) -> pd.DataFrame:
    return pd.read_parquet(store / "tables" / name / f"{week}.parquet")


def monitor(store: Path, week: str) -> dict[str, object]:
    content: dict[str, object] = json.loads((store / "reports" / "monitor" / week / "monitor.json").read_text("utf-8"))
    return content


def test_the_last_line_is_the_path_of_the_finished_lagebild(finished: Finished) -> None:
    path = Path(finished.stdout.splitlines()[-1])
    assert path == finished.store / "reports" / "lagebild" / "2020-W15" / "lagebild.html"
    assert "<title>" in path.read_text("utf-8")


def test_progress_is_shown_for_every_step(finished: Finished) -> None:
    for step in ("pull", "settle", "matches", "lagebild", "ministry_statistics", "monitor"):
        assert f"] {step}" in finished.stderr


def test_refused_rows_become_a_file_for_each_operator_and_the_end_says_where(finished: Finished) -> None:
    for week in WEEKS:
        refused = table(finished.store, "quarantine", week).groupby("platform")["row"].nunique()
        folder = finished.store / "reports" / "rejects" / week
        assert {path.stem for path in folder.iterdir()} == set(refused.index)
        assert f"{week} refused: {refused.sum()} rows of {len(refused)} platforms" in finished.stderr
        assert str(folder) in finished.stderr


def test_a_week_without_a_refused_row_writes_no_warning(run: Run, tmp_path: Path) -> None:
    done = run("run", "--store", tmp_path, "--week", "2020-W14", "--platform", "go_cluster")
    assert done.returncode == 0, done.stderr
    assert len(table(tmp_path, "quarantine", "2020-W14")) == 0
    assert len(table(tmp_path, "listings", "2020-W14")) > 0
    assert "warning" not in done.stderr
    assert " refused:" not in done.stderr


def test_all_documents_come_out_each_week(finished: Finished) -> None:
    for week in WEEKS:
        made = {path.relative_to(finished.store / "reports") for path in finished.store.glob(f"reports/*/{week}/*")}
        always = {"lagebild", "ministry_statistics", "monitor", "rejects"}  # reminders: only of what is silent for long
        assert {str(path).split("/")[0] for path in made} - {"reminders"} == always


def test_nothing_is_lost_between_row_and_listing(finished: Finished) -> None:
    for week in WEEKS:
        states = table(finished.store, "source_states", week)
        assert (states["rows_read"] > 0).all()
        assert (states["rows_read"] == states[["rows_listed", "rows_quarantined", "rows_later"]].sum(axis=1)).all()
        assert len(table(finished.store, "quarantine", week)) >= states["rows_quarantined"].sum()


def test_each_opportunity_is_new_once(finished: Finished) -> None:
    reported = pd.concat([table(finished.store, "opportunities", week).assign(week=week) for week in WEEKS])
    assert set(reported.loc[reported["week"] == WEEKS[0], "state"]) == {"baseline"}
    assert {"new", "changed", "closed"} <= set(reported.loc[reported["week"] != WEEKS[0], "state"])
    first = reported[reported["state"].isin(["baseline", "new"])]
    assert not first["opportunity_id"].duplicated().any()
    assert not first["consortium_id"].duplicated().any()


def test_the_same_weeks_again_are_the_same_bytes(finished: Finished, run: Run, digests: Digests) -> None:
    before = digests(finished.store)
    again = ("run", "--store", finished.store, "--week", "2020-W15")
    calculated = run(*again, "--anew")
    assert "] lagebild" in calculated.stderr
    assert digests(finished.store) == before
    left = run(*again)
    assert left.stderr.splitlines()[0] == (
        "2020-W15: nothing has changed since it was made; its documents stay as they are"
    )
    assert (left.returncode, left.stdout) == (calculated.returncode, calculated.stdout)
    assert left.stderr.splitlines()[1:] == [line for line in calculated.stderr.splitlines() if "/" not in line[:20]]
    assert digests(finished.store) == before


def test_a_killed_run_is_repeated_with_the_same_bytes(
    finished: Finished, command: str, run: Run, digests: Digests, tmp_path: Path
) -> None:
    copy_week(finished.store, tmp_path, "2020-W14")
    week = ["--week", "2020-W15"]
    with subprocess.Popen([command, "run", "--store", tmp_path, *week], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "] matches" in line:
                process.send_signal(signal.SIGKILL)
                break
        process.stderr.read()
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "reports" / "lagebild" / "2020-W15").exists()
    assert run("run", "--store", tmp_path, *week).returncode in MADE
    assert digests(tmp_path) == digests(finished.store)


def test_three_sample_weeks_are_the_reviewed_issues(finished: Finished, run: Run, tmp_path: Path) -> None:
    for room in ("raw", "tables", "reports"):
        shutil.copytree(finished.store / room, tmp_path / "store" / room)
    assert run("run", "--store", tmp_path / "store", "--week", "2020-W16").returncode in MADE
    made = golden_files(tmp_path / "store" / "reports" / "lagebild")
    if os.environ.get("RENEW_GOLDENS"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for path, content in made.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(content)
    assert made == reviewed(), "run `make goldens`, see with git diff what changed and look at the pages, then commit"


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo is missing: install poppler-utils")
@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_issues_print_on_six_pages(finished: Finished, language: str, tmp_path: Path) -> None:
    """Three lines more in the French issue of 2020-W15 once made a seventh page of its last sentence."""
    pytest.importorskip("weasyprint", reason="WeasyPrint lacks its system library: install libpango", exc_type=OSError)
    from reports.pdf import reading_copy

    page = finished.store / "reports" / "lagebild" / "2020-W15" / f"lagebild.{language}.html"
    (tmp_path / "issue.pdf").write_bytes(reading_copy(page.read_text("utf-8")))
    told = subprocess.run(["pdfinfo", tmp_path / "issue.pdf"], capture_output=True, check=True, text=True).stdout
    [pages] = [line.split()[1] for line in told.splitlines() if line.startswith("Pages:")]
    assert int(pages) <= 6


def test_hostile_text_comes_out_as_text(finished: Finished) -> None:
    texts = " ".join(table(finished.store, "listings", "2020-W15")[["title", "text"]].fillna("").agg(" ".join, axis=1))
    assert "<script" in texts
    assert "=HYPERLINK(" in texts
    ours = f"<script>{own_text('lagebild/list.js')}</script>"
    for path in finished.store.glob("reports/*/*/*.html"):
        page = path.read_text("utf-8")
        page = (page.replace(ours, "") if path.name.startswith("list.") else page).lower()
        assert "<script" not in page
        assert 'href="javascript' not in page
    for path in finished.store.glob("reports/*/*/*.csv"):
        assert not any(
            cell.startswith(("=", "+", "@")) for row in path.read_text("utf-8").splitlines() for cell in row.split(";")
        )


BROKEN = {
    "findthemasks": "UnknownFormat",
    "getusppe": "ImplausibleVolume",
    "biopro_boerse": "LayoutChanged",
    "place2tex": "NotDelivered",
}


def break_platforms(inbox: Path) -> None:
    """Spoil an inbox as `BROKEN` says: a picture for a table, only a header, another layout, no export."""
    (table_file,) = inbox.glob("findthemasks*")
    table_file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    (offers,) = inbox.glob("getusppe_offers*")
    offers.write_text(offers.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    for page in (inbox / "biopro_boerse").glob("liste-*.html"):
        page.write_text("<html><body><div class='neu'>Willkommen im neuen Portal</div></body></html>", "utf-8")
    (export,) = inbox.glob("place2tex*")
    export.unlink()


def test_broken_platforms_do_not_stop_the_week(finished: Finished, run: Run, samples: Path, tmp_path: Path) -> None:
    store, inbox = tmp_path / "store", tmp_path / "inbox"
    copy_week(finished.store, store, "2020-W14")
    shutil.copytree(samples / "2020-W15", inbox)
    break_platforms(inbox)
    done = run("run", "--inbox", inbox, "--store", store, "--week", "2020-W15")
    assert done.returncode in MADE, done.stderr
    states = table(store, "source_states", "2020-W15").set_index("platform")
    assert set(states.index[states["state"] == "stale"]) == set(BROKEN)
    assert (states.loc[list(BROKEN), "age_days"] == 7).all()
    assert (states.loc[list(BROKEN), "rows_listed"] > 0).all()
    seen = json.dumps(monitor(store, "2020-W15"))
    for platform, reason in BROKEN.items():
        assert f"listings_{platform}: Last good state: 7 days ago; " in done.stderr
        assert str(states.loc[platform, "reason"]).startswith(reason)
        assert reason in seen
    page = (store / "reports" / "lagebild" / "2020-W15" / "lagebild.html").read_text("utf-8")
    assert "veraltet" in page
    assert "7 Tage" in page


def test_statistics_of_stored_weeks_are_the_same_bytes_in_every_process(
    finished: Finished, run: Run, tmp_path: Path
) -> None:
    for week in WEEKS:
        copy_week(finished.store, tmp_path, week)
    made = {}
    for option, period in (("--week", "2020-W15"), ("--month", "2020-04"), ("--month", "2020-04")):
        done = run("statistics", "--store", tmp_path, option, period)
        assert done.returncode == 0, done.stderr
        folder = Path(done.stdout.splitlines()[-1]).parent
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert made.setdefault(period, files) == files
    as_run = finished.store / "reports" / "ministry_statistics" / "2020-W15"
    assert made["2020-W15"] == {path.name: path.read_bytes() for path in as_run.iterdir()}
    assert {"statistics.fr.xlsx", "datapackage.json", "dcat.ttl", "picture_map_laender.svg"} <= made["2020-04"].keys()


def test_a_quarter_has_exact_months_or_a_perturbed_course(
    finished: Finished, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or exact numbers would stand beside perturbed ones of the same product groups."""
    for week in WEEKS:
        copy_week(finished.store, tmp_path, week)
    monkeypatch.setenv("VERBUNDRADAR_STATISTICS_KEY", "too short")
    unset = run("statistics", "--store", tmp_path, "--week", "2020-W15", "--perturbed")
    assert "VERBUNDRADAR_STATISTICS_KEY must have 16 to 64 bytes" in unset.stderr
    monkeypatch.setenv("VERBUNDRADAR_STATISTICS_KEY", "of the tests alone")
    course = run("statistics", "--store", tmp_path, "--week", "2020-W15", "--perturbed")
    assert course.returncode == 0, course.stderr
    written = Path(course.stdout.splitlines()[-1])
    assert {row.partition(",")[0] for row in written.read_text("utf-8").splitlines()[1:]} == set(WEEKS)
    month = run("statistics", "--store", tmp_path, "--month", "2020-04")
    assert "the perturbed course of 2020-W15 is released" in month.stderr
    written.unlink()
    assert run("statistics", "--store", tmp_path, "--month", "2020-04").returncode == 0
    again = run("statistics", "--store", tmp_path, "--week", "2020-W15", "--perturbed")
    assert "2020-04 is released in exact numbers" in again.stderr
    assert not written.exists()


def copy_week(store: Path, target: Path, week: str) -> None:
    """What a run of the week left behind."""
    for kept in store.glob(f"*/*/{week}*"):
        copy = target / kept.relative_to(store)
        copy.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if kept.is_dir() else shutil.copy)(kept, copy)


@pytest.fixture
def failing_server() -> Iterator[str]:
    """A platform that answers every request with 500."""

    class Failing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(500)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_platforms_that_answer_500_leave_the_last_good_state(
    finished: Finished, run: Run, failing_server: str, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(finished.store, store)
    done = run("run", "--live", failing_server, "--store", store, "--week", "2020-W17")
    assert done.returncode in MADE, done.stderr
    states = table(store, "source_states", "2020-W17")
    assert set(states["state"]) == {"stale"}
    assert states["reason"].str.contains("500").all()
    assert len(table(store, "listings", "2020-W17")) > 0


def test_without_any_readable_platform_there_is_no_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    done = run("run", "--inbox", tmp_path / "inbox", "--store", tmp_path / "store", "--week", "2020-W17")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "no platform has ever delivered anything readable" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--week", "2020-16"], "'2020-16' is not an ISO week such as 2020-W16"),
        (["--week", "2999-W01"], "2999-W01: weeks run from 2020-W10 to"),
        (["--week", "2020-W16..2020-W14"], "2020-W16..2020-W14: weeks run from"),
        (["--inbox", "/nowhere"], "the inbox /nowhere is not a folder"),
        (["--inbox", ".", "--live", "http://127.0.0.1:1"], "--inbox and --live exclude each other"),
    ],
)
def test_a_wrong_call_says_why(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    done = run("run", "--store", tmp_path, *arguments)
    assert done.returncode == 1
    assert message in done.stderr


def test_real_boards_become_two_issues(run: Run, boards: Path, tmp_path: Path) -> None:
    done = run("run", "--inbox", boards, "--store", tmp_path, "--week", "2020-W17..2020-W18")
    assert done.returncode in MADE, done.stderr
    states = table(tmp_path, "source_states", "2020-W17").set_index("platform")
    assert states.loc["findthemasks", "rows_read"] == 1609
    assert states.loc["getusppe", "rows_read"] == 4966
    assert (states["rows_read"] == states[["rows_listed", "rows_quarantined", "rows_later"]].sum(axis=1)).all()
    weeks = ("2020-W17", "2020-W18")
    reported = pd.concat([table(tmp_path, "opportunities", week).assign(week=week) for week in weeks])
    assert {"new", "changed"} <= set(reported.loc[reported["week"] == "2020-W18", "state"])
    assert not reported[reported["state"].isin(["baseline", "new"])]["consortium_id"].duplicated().any()


WALK = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")
STEPS = re.findall(r"^\| \d+ ([\w ]+) \| `(\w+)` \| (.*?) \|", WALK, re.MULTILINE)


@pytest.mark.parametrize(("name", "said"), [step[1:] for step in STEPS], ids=[step[0] for step in STEPS])
def test_each_step_of_the_walk_in_the_architecture_is_in_the_run(finished: Finished, name: str, said: str) -> None:
    stored = finished.store / "tables" / name / "2020-W15"
    rows = pd.read_parquet(stored / "listings.parquet" if stored.is_dir() else stored.with_suffix(".parquet"))
    facts = re.findall(r"`(\w+)` = `([^`]+)`", said)
    assert facts
    for column, value in facts:
        # A figure is written with as many digits as the page shows.
        is_number = pd.api.types.is_numeric_dtype(rows[column])
        rows = rows[
            rows[column].round(len(value.partition(".")[2])) == float(value) if is_number else rows[column] == value
        ]
        assert len(rows), f"{name}: no row is left with {column} = {value}"


def test_the_walk_ends_at_a_card(finished: Finished) -> None:
    said = re.findall(r"^> (.*)$", WALK, re.MULTILINE)
    page = (finished.store / "reports" / "lagebild" / "2020-W15" / "cases.de.html").read_text("utf-8")
    number, title, facts = said[0].split(" — ")
    card = page.partition(f'<article class="card" id="{number}"')[2].partition("</article>")[0].replace("\u00a0", " ")
    for part in (title, *facts.split(", ")):
        assert part in card
    assert len(STEPS) == 10
