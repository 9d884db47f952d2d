"""What is shown, but takes part in no match and no consortium: listings that nobody would call, by reason."""

from markupsafe import Markup

from reports.frames import rows
from reports.lagebild.issue import Desk
from reports.lagebild.named import listing_line
from reports.lagebild.proofs import MOST_ENTRIES, Group, Proof
from reports.language import Language
from reports.sentences import held_back
from reports.wording import HOLD_REASONS, word


def held_back_list(desk: Desk, language: Language) -> Proof | None:
    """Listings that are held back, by reason, each with what it says and what is wrong with it; None if there is none.

    One with two reasons stands in both groups.
    """
    issue = desk.issue
    if issue.held.empty:
        return None
    by_reason: dict[str, list[Markup]] = {}
    for row in rows(issue.held):
        wrong = held_back(row, language, issue.taxonomy)
        told = Markup("{} ({})").format(listing_line(desk, row["listing_id"]), wrong)
        by_reason.setdefault(row["reason"], []).append(told)
    room, groups = MOST_ENTRIES, []
    for reason in HOLD_REASONS:
        if entries := by_reason.get(reason):
            name = word(HOLD_REASONS, reason, language)
            groups.append(Group(f"zurueckgehalten-{reason}", name, len(entries), entries[: max(0, room)]))
            room -= len(entries)
    title = language.ngettext(
        "%(count)s Inserat ist zurückgehalten",
        "%(count)s Inserate sind zurückgehalten",
        issue.held["listing_id"].nunique(),
    )
    return Proof("zurueckgehalten", title, groups, max(0, -room))
