"""How needs developed: open, covered and without a partner, by product, over a year of stored weeks."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from matching.news.shortages import COURSE_WEEKS
from reports.design.charts import LEAST_POINTS
from reports.design.tables import table
from reports.design.trends import Line, trend
from reports.frames import rows
from reports.lagebild.issue import Desk
from reports.lagebild.shortages import by_product
from reports.lagebild.words import product_name
from reports.language import N_, NO_BREAK_SPACE, Language, capitalised
from sources.week import Week

MOST_PRODUCTS = 5  # drawn beside all products together
_STATES = ("covered", "partly_covered", "unmet")


class Course(NamedTuple):
    """A product's needs within the remit by state, one count per stored week; concept ``""`` is all products."""

    concept_id: str
    weeks: Sequence[Counter[str]]


def stored_weeks(desk: Desk) -> list[Week]:
    """The stored weeks of the last `COURSE_WEEKS` up to this one, oldest first."""
    week = desk.issue.week
    names = sorted(set(desk.issue.key_figures["week"]))
    return [Week.parse(name) for name in names if str(week.shifted(1 - COURSE_WEEKS)) <= name <= str(week)]


def courses(desk: Desk) -> dict[str, Course]:
    """All products together, then those that somebody asks for, most often short this week first; by concept.

    This week is counted as in the table of gaps; earlier ones from their own stored tables, within today's remit.
    """
    return desk.once(("needs over the weeks", desk.issue.remit.groups), lambda: _courses(desk))


def _courses(desk: Desk) -> dict[str, Course]:
    products = by_product(desk)
    weeks = {str(week): dict[str, Counter[str]]() for week in stored_weeks(desk)[:-1]}
    for row in rows(desk.issue.earlier_shortages):
        is_part = row["week"] in weeks and not row["is_total"]
        if is_part and desk.holds(row["country"], row["region"], row["concept_id"], ""):
            counts = weeks[row["week"]].setdefault(row["concept_id"], Counter())
            counts.update({state: row[state] for state in _STATES})
    by_week = [*weeks.values(), {one.concept_id: one.states for one in products}]
    names = [one.concept_id for one in products]
    whole = Course("", [sum(found.values(), Counter()) for found in by_week])
    return {"": whole} | {name: Course(name, [found.get(name, Counter()) for found in by_week]) for name in names}


def drawn(desk: Desk) -> list[str]:
    """The products with a picture of their own: those that are short most often this week."""
    return [one.concept_id for one in by_product(desk) if one.short][:MOST_PRODUCTS]


def pictures(desk: Desk, language: Language, *, is_edition: bool = False) -> list[tuple[str, Markup]]:
    """A small picture for each course under its name, in an issue all products together first.

    None before there are `LEAST_POINTS` weeks, or without a product that is short.
    """
    weeks, names = stored_weeks(desk), drawn(desk)
    if len(weeks) < LEAST_POINTS or not names:
        return []
    found = courses(desk)
    shown = [found[name] for name in (names if is_edition else ["", *names])]
    return [(_name(desk, one, language), _picture(desk, one, weeks, language)) for one in shown]


def _name(desk: Desk, one: Course, language: Language) -> str:
    name = product_name(desk, one.concept_id, language) if one.concept_id else language.gettext("alle Produkte")
    return capitalised(name)


def _picture(desk: Desk, one: Course, weeks: Sequence[Week], language: Language) -> Markup:
    counts = [
        (language.gettext("Bedarfe"), [states.total() for states in one.weeks]),
        (language.gettext("gedeckt"), [states["covered"] for states in one.weeks]),
        (language.gettext("ohne Partner"), [states["unmet"] for states in one.weeks]),
    ]
    lines = [Line(values, f"{name} {language.number(values[-1])}") for name, values in counts]
    title = language.gettext("%(product)s: Bedarfe je Woche", product=_name(desk, one, language))
    told = language.series(_told(week, states, language) for week, states in zip(weeks, one.weeks, strict=True))
    places = [(week.monday - weeks[0].monday).days // 7 for week in weeks]
    ends = _short(weeks[0], language), _short(weeks[-1], language)
    return trend(f"verlauf-{one.concept_id or 'alle'}", places, ends, lines, title, told)


def _short(week: Week, language: Language) -> str:
    return language.gettext("KW %(number)s", number=week.number)


def _told(week: Week, states: Counter[str], language: Language) -> str:
    """One week in words."""
    counts = language.gettext(
        "Bedarfe %(needs)s, gedeckt %(covered)s, ohne Partner %(unmet)s",
        needs=language.number(states.total()),
        covered=language.number(states["covered"]),
        unmet=language.number(states["unmet"]),
    )
    return language.labelled(_short(week, language), counts)


def told(desk: Desk, language: Language) -> str:
    """Two weeks as a sentence, as long as they are no course; else nothing."""
    weeks = stored_weeks(desk)
    if not 1 < len(weeks) < LEAST_POINTS or not drawn(desk):
        return ""
    whole = courses(desk)[""].weeks
    said = language.series(_told(week, states, language) for week, states in zip(weeks, whole, strict=True))
    return language.gettext("Ein Verlauf wird ab drei Wochen gezeichnet. Bisher: %(weeks)s.", weeks=said)


def course_tables(desk: Desk, language: Language) -> list[Markup]:
    """The numbers behind the pictures of the issue and its editions, a table per product, a row per week.

    A table of its own for each is narrow enough for a phone.
    """
    weeks = stored_weeks(desk)
    editions = [desk.of_group(group) for group in desk.issue.remit.editions]
    names = list(dict.fromkeys(name for one in (desk, *editions) for name in drawn(one)))
    if len(weeks) < LEAST_POINTS or not names:
        return []
    found = courses(desk)
    return [_course_table(desk, found[name], weeks, language) for name in ("", *names)]


def _course_table(desk: Desk, one: Course, weeks: Sequence[Week], language: Language) -> Markup:
    headings = (N_("Woche"), N_("Bedarfe"), N_("gedeckt"), N_("mit Lücke"), N_("ohne Partner"))
    lines = [
        (
            language.week(week).replace(" ", NO_BREAK_SPACE),
            *(language.number(count) for count in (states.total(), *(states[state] for state in _STATES))),
        )
        for week, states in zip(weeks, one.weeks, strict=True)
    ]
    return table(
        [language.gettext(text) for text in headings],
        lines,
        table_id=f"zahlen-{one.concept_id or 'alle'}",
        caption=_name(desk, one, language),
        numeric=(1, 2, 3, 4),
    )
