"""Who looks after the service is told of each problem once, and once when it is gone.

What was told stands in ``alerts.json`` in the store, so that it does not matter who ran a week, how often, or where.
Without mail settings nobody is told; warnings then stand where the run writes them.
"""

import json
import smtplib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from email.header import Header
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid
from pathlib import Path

import pandas as pd
from filelock import FileLock
from upath import UPath

from pipelines.mail import MailAccess
from pipelines.stored import read_stored
from pipelines.whole_files import write_whole
from reports.alerts import OF_PLATFORMS, Problem, alarm, recovery
from reports.language import Language
from sources.listing import SourceState, empty
from sources.platforms import PLATFORMS
from sources.week import Week
from sources.weekly.health import PlatformFinding, reachable

Tell = Callable[[str], object]
_Told = dict[Problem, Week]  # problems that stand -> week to which they were told
_DOMAIN = "verbundradar.example"  # as in the digest: no machine's name leaves the house


@dataclass(frozen=True)
class Alerts:
    """The alerts of one store; a mail that cannot go out is told as a line and tried again at the next run."""

    store: Path
    access: MailAccess

    def week_made(self, week: Week, tell: Tell) -> None:
        """A week came out whole: its run is well, and its findings count unless a later week was judged before."""
        if not self.access.recipients:
            return
        newest = max(week, self._state()[0] or week)
        found, judged = self._of_platforms(week) if week == newest else (set(), set())
        judged |= {Problem("run_failed", str(week)), Problem("refresh_failed", str(week))}
        before = week.shifted(-1)
        # A store that begins with this week lacks nothing.
        is_first = not any(path.name < str(week) for path in self._reports().glob("*-W*"))
        missing = set() if is_first or self.has_report(before) else {Problem("report_missing", str(before))}
        self._settle(found | missing, judged, week, tell, newest)

    def run_failed(self, week: Week, tell: Tell) -> None:
        """A week's run failed."""
        self.found(Problem("run_failed", str(week)), week, tell)

    def found(self, problem: Problem, week: Week, tell: Tell) -> None:
        """A problem was seen as of a week; what else stands was not looked for."""
        self._settle({problem}, (), week, tell)

    def gone(self, problem: Problem, week: Week, tell: Tell) -> None:
        """A problem was looked for as of a week and is not there."""
        self._settle((), {problem}, week, tell)

    def refreshed(self, week: Week, tell: Tell) -> None:
        """A week's refresh went well; who was silent in it counts unless a later week was judged before."""
        if not self.access.recipients:
            return
        newest = max(week, self._state()[0] or week)
        found, judged = self._of_refresh(week) if week == newest else (set(), set())
        self._settle(found, judged | {Problem("refresh_failed", str(week))}, week, tell, newest)

    def stands(self, kind: str, places: Collection[str], week: Week, tell: Tell) -> None:
        """A kind of problem stands at these places as of a week, and nowhere else."""
        judged = {one for one in self._state()[1] if one.kind == kind}
        self._settle({Problem(kind, place) for place in places}, judged, week, tell)

    def report_due(self, week: Week, tell: Tell) -> None:
        """A week's report should be there by now; a failed run that was told of is the same problem."""
        is_known = Problem("run_failed", str(week)) in self._state()[1]
        is_well = is_known or self.has_report(week)
        self._settle(() if is_well else {Problem("report_missing", str(week))}, (), week, tell)

    def has_report(self, week: Week) -> bool:
        """Whether a week has its Lagebild."""
        return (self._reports() / str(week) / "lagebild.html").is_file()

    def _of_platforms(self, week: Week) -> tuple[set[Problem], set[Problem]]:
        """Problems of the platforms in a week, and those that were looked for."""
        path = UPath(self.store / "tables" / "platform_findings" / f"{week}.parquet")
        findings = read_stored(path, PlatformFinding)
        findings = findings[findings["check"].isin(OF_PLATFORMS)]
        silent = findings.loc[(findings["check"] == "reachable") & ~findings["passed"], "platform"]
        # Where nothing new came, nothing else was seen: what stood there still stands.
        findings = findings[(findings["check"] == "reachable") | ~findings["platform"].isin(silent)]
        return _as_one(_problems(findings[~findings["passed"]]), _problems(findings))

    def _of_refresh(self, week: Week) -> tuple[set[Problem], set[Problem]]:
        """Platforms that were silent when a week was last refreshed, and all that were asked."""
        silent, asked = set(), set()
        for platform in PLATFORMS:
            path = UPath(self.store / "tables" / f"listings_{platform.name}" / str(week) / "state.parquet")
            states = read_stored(path, SourceState) if path.exists() else empty(SourceState)
            for _, state in states.iterrows():
                problem = Problem("reachable", platform.name)
                asked.add(problem)
                silent |= set() if reachable(platform, state).passed else {problem}
        return _as_one(silent, asked)

    def _settle(
        self,
        found: Collection[Problem],
        judged: Collection[Problem],
        week: Week,
        tell: Tell,
        newest: Week | None = None,
    ) -> None:
        """Tell of what was found, and that what was judged and not found, or a missing report, is gone."""
        if not self.access.recipients:
            return
        language = Language(self.access.language)
        with FileLock(self.store / ".alerts.lock"):
            _, told = self._state()
            gone = [one for one in sorted(told) if one not in found and (one in judged or self._came_late(one))]
            try:
                for problem in gone:
                    self._mail(*recovery(problem, _where(problem, language), told[problem], language))
                    told.pop(problem)
                    self._note(told, newest)
                for problem in sorted(set(found) - set(told)):
                    self._mail(*alarm(problem, _where(problem, language), language))
                    told[problem] = week
                    self._note(told, newest)
                self._note(told, newest)
            except (OSError, smtplib.SMTPException) as error:
                tell(f"an alert could not be sent ({type(error).__name__}); the next run tries again")

    def _came_late(self, problem: Problem) -> bool:
        return problem.kind == "report_missing" and self.has_report(Week.parse(problem.place))

    def _mail(self, subject: str, text: str) -> None:
        message = MIMEText(text, "plain", "utf-8")
        message["From"] = self.access.sender
        message["To"] = "undisclosed-recipients:;"
        # `EmailMessage` of Python 3.11 loses the space before a word with an umlaut where it breaks the line.
        message["Subject"] = Header(subject, "utf-8")  # type: ignore[assignment]  # typeshed knows text only
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=_DOMAIN)
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = self.access.language
        self.access.send(message)

    def _reports(self) -> Path:
        return self.store / "reports" / "lagebild"

    def _state(self) -> tuple[Week | None, _Told]:
        """The newest week whose findings were judged, and what was told and stands."""
        path = self.store / "alerts.json"
        if not path.exists():
            return None, {}
        kept = json.loads(path.read_bytes())
        told = {Problem(kind, place): Week.parse(since) for kind, place, since in kept["open"]}
        return Week.parse(kept["judged"]) if kept["judged"] else None, told

    def _note(self, told: _Told, newest: Week | None) -> None:
        judged = newest or self._state()[0]
        state = {
            "judged": str(judged) if judged else "",
            "open": [[*problem, str(since)] for problem, since in sorted(told.items())],
        }
        write_whole(self.store / "alerts.json", f"{json.dumps(state, indent=1)}\n".encode())


def _problems(findings: pd.DataFrame) -> set[Problem]:
    return {Problem(*row) for row in zip(findings["check"], findings["platform"], strict=True)}


def _as_one(found: set[Problem], judged: set[Problem]) -> tuple[set[Problem], set[Problem]]:
    """Problems found and looked for; that all platforms are silent is one problem, whose cause is hardly theirs."""
    silent, asked = ({one for one in problems if one.kind == "reachable"} for problems in (found, judged))
    everything = Problem("nothing_delivered", "")
    if len(asked) > 1 and silent == asked:
        return found - silent | {everything}, judged - asked | {everything}
    return found, judged | {everything}


def _where(problem: Problem, language: Language) -> str:
    titles = {platform.name: platform.title for platform in PLATFORMS}
    if problem.kind in OF_PLATFORMS:
        return titles.get(problem.place, problem.place)
    return language.week(Week.parse(problem.place)) if problem.place else ""
