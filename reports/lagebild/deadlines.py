"""What ends in the next weeks, as a calendar of days and as a table by day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup

from reports.design.tables import Cut, table
from reports.design.trends import Day, weeks_ahead
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.links import case_link, proofs_page
from reports.lagebild.proofs import day_id
from reports.lagebild.summary import WEEKS_AHEAD, upcoming
from reports.lagebild.words import near_day, title
from reports.language import N_, Language

MOST_DAYS = 5  # in the table
MOST_CASES = 2  # of a day that are named there


class Deadlines(NamedTuple):
    """The picture and the table; both None if nothing ends."""

    picture: Markup | None
    days: Cut


def deadlines(desk: Desk, language: Language) -> Deadlines:
    """Deadlines of running cases within the remit; the picture tells all of them, the table the next days."""
    by_day: dict[date, list[Row]] = {}
    for day, row in upcoming(desk):
        by_day.setdefault(day, []).append(row)
    if not by_day:
        return Deadlines(None, Cut(None, 0))
    shown = list(by_day.items())[:MOST_DAYS]
    headings = (N_("Tag"), N_("Vorgänge"), N_("Was endet"))
    made = table(
        [language.gettext(text) for text in headings],
        [
            (near_day(desk, day, language), _count(day, len(found), language), _named(desk, found, language))
            for day, found in shown
        ],
        table_id="fristen-tabelle",
        caption=language.gettext("Die nächsten Fristen"),
        numeric=(1,),
        is_stacked=True,
    )
    rest = sum(len(found) for found in by_day.values()) - sum(len(found) for _, found in shown)
    return Deadlines(_picture(desk, by_day, language), Cut(made, rest))


def _count(day: date, count: int, language: Language) -> Markup:
    return Markup('<a href="{}#{}">{}</a>').format(proofs_page(language), day_id(day), language.number(count))


def _named(desk: Desk, found: Sequence[Row], language: Language) -> Markup:
    """The first cases of a day, very urgent ones before the others, and how many more there are."""
    ordered = sorted(found, key=lambda row: (row["consortium"]["urgency"] != "critical", row["rank"]))
    parts = [case_link(row["opportunity_id"], title(desk, row, language), language) for row in ordered[:MOST_CASES]]
    if rest := len(ordered) - len(parts):
        parts.append(Markup("{}").format(language.ngettext("%(count)s weiterer", "%(count)s weitere", rest)))
    return Markup("<br>").join(parts)


def _picture(desk: Desk, by_day: dict[date, list[Row]], language: Language) -> Markup:
    mondays = [desk.published_on + timedelta(weeks=number) for number in range(WEEKS_AHEAD)]
    found = [
        (
            language.short_day(monday),
            [_day(by_day.get(monday + timedelta(days=number), ())) for number in range(7)],
        )
        for monday in mondays
    ]
    told = language.series(
        language.labelled(language.weekday(day), language.number(len(rows))) for day, rows in by_day.items()
    )
    title_ = language.gettext("Fristen der nächsten sechs Wochen: Vorgänge je Tag")
    return weeks_ahead("fristen-bild", language.weekdays(), found, title_, told)


def _day(found: Sequence[Row]) -> Day:
    return Day(len(found), any(row["consortium"]["urgency"] == "critical" for row in found))
