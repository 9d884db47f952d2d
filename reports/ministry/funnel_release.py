"""The steps of a month's requests for its release: what is told of them, and what the audit finds in the files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.disclosure import Rules
from reports.language import Labels
from reports.ministry.counted import Frames
from reports.ministry.funnel import Reached, funnel, reached
from reports.ministry.funnel_audit import funnel_findings, page_findings, told_steps
from reports.ministry.month_counted import month_entries
from reports.ministry.periods import Month
from sources.week import Week


@dataclass(frozen=True)
class MonthSteps:
    """What a month's requests reached; the same of the quarter's other released months, with what they told.

    own is empty where nobody looked for matches in any of the month's weeks: then nothing is told.
    """

    own: Reached
    earlier: Sequence[tuple[Reached, frozenset[str]]] = ()

    @classmethod
    def of(
        cls, month: Month, tables: Mapping[Week, Frames], released: Mapping[str, bytes], taxonomy: Labels
    ) -> "MonthSteps":
        """tables: of the quarter's weeks; released: long files as written, by name."""

        def of_month(one: Month) -> Reached:
            weeks = {week: frames for week, frames in tables.items() if Month.of(week) == one}
            is_matched = any(len(frames.matches) for frames in weeks.values())
            return reached(weeks, month_entries(weeks, taxonomy)) if is_matched else {}

        others = {one: released.get(str(one), b"") for one in month.months_of_quarter if one != month}
        told = {one: told_steps(file) for one, file in others.items()}
        earlier = [
            (before, frozenset(step for step, value in told[one].items() if value is not None))
            for one in others
            if told[one] and (before := of_month(one))
        ]
        return cls(of_month(month), earlier)

    def told(self, rules: Rules) -> dict[str, int | None]:
        """What may be told of each step; empty: nothing of any."""
        return funnel(self.own, self.earlier, rules) if self.own else {}

    def findings(self, files: Mapping[str, bytes]) -> list[str]:
        """What must not go out of a month's files as written."""
        file = files["statistics.csv"]
        pages = [name for name in sorted(files) if name.startswith("statistics") and name.endswith(".html")]
        return funnel_findings(file, self.own, self.earlier) + [
            f"{name}: {finding}" for name in pages for finding in page_findings(files[name], file)
        ]
