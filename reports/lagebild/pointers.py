"""What this issue does not repeat: opportunities that an earlier one told about, and those that are muted."""

from collections.abc import Collection
from typing import NamedTuple

from markupsafe import Markup

from reports.design.tables import table
from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.links import issue_link, number
from reports.lagebild.words import due_on, title
from reports.language import N_, Language
from reports.wording import OPPORTUNITY_STATES, word
from sources.rows.text import mask_contacts

MOST_UNCHANGED = 24


def earlier(desk: Desk, row: Row, language: Language) -> list[Markup]:
    """What was said before about an opportunity, and where; nothing for one that is new."""
    opportunity_id = row["opportunity_id"]
    said = []
    if mute := desk.returned.get(opportunity_id):
        text = language.gettext("Bis %(week)s stummgeschaltet, jetzt wieder gezeigt.", week=language.week(mute.last))
        said.append(Markup("{}").format(text))
    if week := desk.told_in.get(opportunity_id):
        link = issue_link(week, opportunity_id, language)
        if row["state"] == "unchanged":
            text = language.gettext("Unverändert seit %(week)s, siehe:", week=language.week(week))
        else:
            text = language.gettext("Zuletzt berichtet in %(week)s, siehe:", week=language.week(week))
        said.append(Markup("{} {}").format(text, link))
    return said


class Unchanged(NamedTuple):
    """The first of the unchanged opportunities as a table, None if there are none, and how many there are."""

    table: Markup | None
    total: int


def unchanged_list(desk: Desk, with_card: Collection[str], language: Language) -> Unchanged:
    """Running opportunities without news or card, the best first with the issue that told about them."""
    found = [row for row in desk.running if not desk.is_news(row) and row["opportunity_id"] not in with_card]
    if not found:
        return Unchanged(None, 0)
    rows = [
        (
            title(desk, row, language),
            language.week(week) if (week := desk.told_in.get(row["opportunity_id"])) else row["first_reported_in"],
            language.weekday(due_on(desk, row)) if row["consortium"]["deadline_on"] else language.gettext("keine"),
            issue_link(week, row["opportunity_id"], language) if week else "",
            number(row["opportunity_id"]),
        )
        for row in found[:MOST_UNCHANGED]
    ]
    headings = (N_("Vorgang"), N_("Unverändert seit"), N_("Frist"), N_("Siehe"), N_("Nr."))
    made = table(
        [language.gettext(text) for text in headings],
        rows,
        table_id="unveraendert",
        caption=language.gettext("Unverändert, nach Rang"),
        is_stacked=True,
    )
    return Unchanged(made, len(found))


def muted_notice(desk: Desk, language: Language) -> str:
    """How many opportunities are off the lists; empty if none is."""
    if not desk.muted:
        return ""
    return language.ngettext(
        "%(count)s Konsortialchance ist stummgeschaltet",
        "%(count)s Konsortialchancen sind stummgeschaltet",
        len(desk.muted),
    )


def muted_list(desk: Desk, language: Language) -> Markup | None:
    """Opportunities that are off the lists, with reason and last week; None if none is."""
    found = [row for row in desk.opportunities if row["opportunity_id"] in desk.muted]
    if not found:
        return None
    rows = [
        (
            title(desk, row, language),
            word(OPPORTUNITY_STATES, row["state"], language),
            mask_contacts(mute.reason),
            language.week(mute.last),
            number(row["opportunity_id"]),
        )
        for row in found
        if (mute := desk.muted[row["opportunity_id"]])
    ]
    headings = (N_("Vorgang"), N_("Status"), N_("Grund"), N_("Bis einschließlich"), N_("Nr."))
    return table(
        [language.gettext(text) for text in headings],
        rows,
        table_id="stummgeschaltet-liste",
        caption=language.gettext("Stummgeschaltete Konsortialchancen"),
        is_stacked=True,
    )
