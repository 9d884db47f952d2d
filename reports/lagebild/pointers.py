"""What this issue does not repeat: opportunities that an earlier one told about, and those that are muted."""

from markupsafe import Markup

from reports.frames import Row
from reports.lagebild.issue import Desk
from reports.lagebild.links import issue_link
from reports.language import Language


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
            text = language.gettext("Partner, Lücken und Frist wie in")
        else:
            text = language.gettext("Vorige Änderung in")
        said.append(Markup("{} {}").format(text, link))
    return said


def muted_notice(desk: Desk, language: Language) -> str:
    """How many opportunities are off the lists; empty if none is."""
    if not desk.muted:
        return ""
    return language.ngettext(
        "%(count)s Vorgang ist stummgeschaltet",
        "%(count)s Vorgänge sind stummgeschaltet",
        len(desk.muted),
    )
