"""Six sample weeks with a scripted task force: what it answers by mail, workbook and command, and what comes of it.

Cases are picked by their place among the cards, not by number, so that another composition asks for another golden
file and no other script: `RENEW_GOLDENS=1 pytest tests/pipelines/test_cases.py`. The weeks run in this process: eight
processes of their own would take three times as long.
"""

import csv
import io
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.resources import Settings
from pipelines.weekly import run_week
from reports.lagebild.calls import MOST_CALLS
from sources.week import Week
from tests.pipelines.test_answers import filled

GOLDEN = Path(__file__).with_name("golden_cases.csv")
Digests = Callable[[Path], Mapping[str, str]]
WEEKS = [Week(2020, number) for number in range(13, 19)]
FOLLOWED = ("biopro_boerse", "bw_aufruf", "medicalmountains_drehscheibe", "place2tex", "sammelordner")
# Answers to the issue of a week, in the order in which they are given: case, place among the cards the first time it
# is met, way, state, reason.
SCRIPT: Mapping[int, tuple[tuple[str, int | None, str, str, str], ...]] = {
    13: (
        ("a", 0, "mail", "taken_over", ""),
        ("b", 1, "mail", "declined", "no_need"),
        ("c", 2, "workbook", "query", ""),
        ("d", 3, "command", "reached", ""),
    ),
    14: (
        ("a", None, "command", "agreed", ""),
        ("c", None, "workbook", "closed", "no_contact_provider"),
        ("e", 0, "mail", "declined", "prefers_other"),
        ("e", None, "command", "taken_over", ""),  # a dispute: the later entry wins
        ("f", 1, "mail", "done", ""),
    ),
    15: (
        ("a", None, "command", "delivered", ""),
        ("f", None, "command", "delivered", ""),  # learnt after it was done
        ("g", 0, "mail", "declined", "no_supply"),
        ("h", 1, "workbook", "closed", "test"),
    ),
    16: (
        ("b", None, "command", "reopened", ""),
        ("d", None, "command", "in_talks", ""),
        ("i", 0, "mail", "query", ""),
    ),
    17: (("d", None, "command", "closed", "no_contact_seeker"),),
}


@dataclass
class Force:
    """A task force that works through its script."""

    store: Path
    numbers: dict[str, str] = field(default_factory=dict)  # case of the script -> opportunity
    digests: dict[str, Mapping[str, str]] = field(default_factory=dict)  # of the store after each week

    def page(self, week: Week, name: str = "lagebild") -> str:
        return (self.store / "reports" / "lagebild" / str(week) / f"{name}.de.html").read_text("utf-8")

    def table(self, name: str, week: Week) -> pd.DataFrame:
        return pd.read_parquet(self.store / "tables" / name / f"{week}.parquet")

    def issue(self, week: Week) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Dagster's own, of which its users are told elsewhere
            run_week(Settings(self.store, platforms=FOLLOWED), week)

    def answer(self, week: Week) -> None:
        """Answer the issue of a week in the week after it, an hour apart."""
        first = datetime.combine(week.shifted(1).monday + timedelta(days=1), time(8), UTC)
        cards: list[str] = re.findall(r'<article class="card" id="(K-[\d-]+)"', self.page(week, "cases"))
        new = [number for number in cards if number not in self.numbers.values()]
        for hour, (case, place, way, state, reason) in enumerate(SCRIPT.get(week.number, ())):
            if place is not None:
                self.numbers[case] = new[place]
            {"mail": self.mail, "workbook": self.workbook, "command": self.decide}[way](
                self.numbers[case], state, reason, week, first + timedelta(hours=hour)
            )

    def links(self, number: str, week: Week) -> dict[tuple[str, str], str]:
        """What the links of a card write, by state and reason."""
        [card] = re.findall(rf'<article class="card" id="{number}".*?</article>', self.page(week, "cases"), re.DOTALL)
        urls = [urlsplit(unescape(url)) for url in re.findall(r'href="(mailto:[^"]+)"', card)]
        bodies = [parse_qs(url.query)["body"][0] for url in urls]
        said = [body.split() for body in bodies]
        return {(word[2], word[3].replace("-", "")): body for word, body in zip(said, bodies, strict=True)}

    def mail(self, number: str, state: str, reason: str, week: Week, at: datetime) -> None:
        self.write(self.links(number, week)[state, reason] + "Gruß vom Telefon 07461 123456", f"{number}.{state}", at)

    def write(self, body: str, message_id: str, at: datetime) -> None:
        folder = self.store / "answers"
        folder.mkdir(exist_ok=True)
        head = f"From: lead@force.example\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: <{message_id}@force>\n"
        (folder / f"{len(list(folder.iterdir())):03d}.eml").write_text(f"{head}Subject: Antwort\n\n{body}", "utf-8")

    def workbook(self, number: str, state: str, reason: str, week: Week, at: datetime) -> None:
        words = {"query": "Rückfrage läuft", "closed": "geschlossen", "": ""}
        words |= {"no_contact_provider": "Anbieter nicht erreicht", "test": "Testeintrag"}
        sheet = (self.store / "reports" / "lagebild" / str(week) / "cases.de.xlsx").read_bytes()
        path = self.store / "answers" / f"Vorgänge {number} {week}.xlsx"
        path.write_bytes(filled(sheet, {number: (words[state], words[reason], "")}))
        os.utime(path, (at.timestamp(), at.timestamp()))

    def decide(self, number: str, state: str, reason: str, week: Week, at: datetime) -> None:
        more = ("--reason", reason) if reason else ()
        said = ["decide", number, state, *more, "--on", at.date().isoformat(), "--store", str(self.store)]
        done = CliRunner().invoke(main, said)
        assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def force(digests: Digests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    force = Force(tmp_path_factory.mktemp("force"))
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("VERBUNDRADAR_ANSWERS_TO", "antwort@taskforce.example")
        for week in WEEKS:
            force.issue(week)
            force.digests[str(week)] = digests(force.store)
            force.answer(week)
        yield force


def history(force: Force) -> str:
    """Every case of the script by week: how its issue tells it and how it stands."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("case", "opportunity_id", "week", "told", "closing_reason", "state", "answer", "is_disputed"))
    for case, number in sorted(force.numbers.items()):
        for week in WEEKS:
            told, stand = (row_of(force.table(name, week), number) for name in ("opportunities", "cases"))
            if stand:
                cells = (told.get("state"), told.get("closing_reason"), stand["state"], stand["answer"])
                writer.writerow((case, number, week, *(cell or "" for cell in cells), stand["is_disputed"]))
    return written.getvalue()


def row_of(table: pd.DataFrame, number: str) -> dict[str, Any]:
    found = table[table["opportunity_id"] == number].astype("object")
    rows = found.where(found.notna(), None).to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else {}


def test_the_history_of_each_case_is_the_reviewed_one(force: Force) -> None:
    made = history(force)
    if os.environ.get("RENEW_GOLDENS"):
        GOLDEN.write_text(made, "utf-8")
    assert made == GOLDEN.read_text("utf-8"), "run with RENEW_GOLDENS=1, read git diff, then commit"


def test_everything_that_was_said_is_in_the_history_once_and_in_order(force: Force) -> None:
    known = force.table("case_entries", WEEKS[-1])
    steps = [step for week in WEEKS for step in SCRIPT.get(week.number, ())]
    said = [(force.numbers[case], state, reason) for case, _, _, state, reason in steps]
    assert sorted(zip(known["opportunity_id"], known["state"], known["reason"], strict=True)) == sorted(said)
    assert known["said_at"].is_monotonic_increasing  # in the order of time, whenever it was read
    assert len(force.table("refused_answers", WEEKS[-1])) == 0
    assert not known["note"].str.contains("07461").any()


def test_nothing_is_announced_twice_and_every_number_ends_in_a_state(force: Force) -> None:
    told = pd.concat([force.table("opportunities", week).assign(week=str(week)) for week in WEEKS])
    first = told[told["state"].isin(["baseline", "new"])]
    assert not first["opportunity_id"].duplicated().any()
    assert not first["consortium_id"].duplicated().any()
    assert set(force.table("cases", WEEKS[-1])["opportunity_id"]) == set(told["opportunity_id"])


def test_urgent_cases_stay_on_page_1_until_somebody_answers(force: Force) -> None:
    stayed = 0
    for week in WEEKS[1:]:
        told = force.table("cases", week).merge(force.table("consortia", week), on="consortium_id")
        told = told[told["urgency"].isin(["high", "critical"]) & (told["state"] != "closed")]
        page_1 = re.findall(r'<section class="page-1".*?</section>', force.page(week), re.DOTALL)[0]
        calls = dict(re.findall(r'<li id="(K-[\d-]+)">(.*?)(?=<li id="K-|</section>)', page_1, re.DOTALL))
        is_waiting = told["state"].eq("waiting") & told["waiting_since"].lt(str(week))
        waiting = set(told.loc[is_waiting, "opportunity_id"])
        assert waiting <= calls.keys() or len(calls) == MOST_CALLS  # left out only by what cannot wait either
        assert all("offen seit" in calls[number] for number in waiting & calls.keys())
        assert calls.keys().isdisjoint(told.loc[told["state"] == "answered", "opportunity_id"])
        stayed += len(waiting & calls.keys())
    assert stayed > 0


def test_a_past_week_run_again_after_later_decisions_is_the_same_to_the_byte(force: Force, digests: Digests) -> None:
    after = digests(force.store)
    force.issue(WEEKS[2])
    again = digests(force.store)
    assert again == after
    before = force.digests[str(WEEKS[2])]
    assert {name: again[name] for name in before} == before


def test_forged_replayed_and_malformed_answers_change_nothing(force: Force, digests: Digests) -> None:
    before, known = digests(force.store), (force.store / "cases.csv").read_bytes()
    number = force.numbers["i"]
    body = force.links(number, WEEKS[3])["query", ""]
    at = datetime(2020, 5, 2, 8, tzinfo=UTC)
    force.write(body, "another", at)  # the token was used
    force.write(body.replace(number, force.numbers["d"]), "forged", at)
    force.write(body.replace("query", "done"), f"{number}.query", at)  # forged, in a mail that was read before
    force.write("Alles erledigt!", "malformed", at)
    force.issue(WEEKS[-1])
    assert digests(force.store) == before
    assert (force.store / "cases.csv").read_bytes() == known
    rules = pd.read_csv(force.store / "cases_refused.csv")["rule"]
    assert sorted(rules) == ["forged", "forged", "no_code", "token_again"]
