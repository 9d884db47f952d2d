"""Why a case stands where it stands on page 1: the factors of `calls.harm_of_waiting` in a clause of words.

Nothing here weighs anew: what differs from call to call is said in the order of the factors.
"""

from datetime import date

from reports.frames import Row
from reports.lagebild.calls import called, late_delivery, oldest_days
from reports.lagebild.issue import Desk
from reports.lagebild.words import by_deadline, confidence, covered_share, due_day, gaps, title
from reports.language import Language
from reports.wording import quantity

MOST_NAMED = 3  # of the pressing cases below the calls: page 1 is one sheet


def reason(desk: Desk, row: Row, language: Language) -> str:
    """What sets a call apart from the others of page 1; urgency and day stand beside it.

    That the request ends soon, the amount, and how far possible partners get. Where all that is the same: how well the
    texts agree and how old the listings are, since these decide then.
    """
    others = [other for other in called(desk) if other["opportunity_id"] != row["opportunity_id"]]
    for parts in (_of_the_need, _of_the_listings):
        told = parts(desk, row, language)
        compared = [parts(desk, other, language) for other in others]
        apart = [
            part for n, part in enumerate(told) if part and (not others or any(one[n] != part for one in compared))
        ]
        if apart:
            return ", ".join(apart)
    return language.gettext("gleichauf mit den anderen")


def _of_the_need(desk: Desk, row: Row, language: Language) -> list[str]:
    consortium = row["consortium"]
    amount = consortium["quantity"]
    return [
        _haste(desk, consortium["deadline_on"], language),
        quantity(amount, consortium["unit"], None, language) if amount else "",
        _chance(desk, row, language),
        language.gettext("kommt rechnerisch zu spät") if late_delivery(desk, row) else "",
    ]


def _of_the_listings(desk: Desk, row: Row, language: Language) -> list[str]:
    age = oldest_days(desk, row)
    days = language.ngettext("Inserate bis %(count)s Tag alt", "Inserate bis %(count)s Tage alt", age or 0)
    return [
        language.gettext("Sicherheit %(level)s", level=confidence(row["consortium"]["score"], language)),
        "" if age is None else days,
    ]


def _haste(desk: Desk, deadline_on: str | None, language: Language) -> str:
    if deadline_on and date.fromisoformat(deadline_on) < desk.issue.next_issue_on:
        return language.gettext("endet vor der nächsten Ausgabe")
    return ""


def _chance(desk: Desk, row: Row, language: Language) -> str:
    if missing := len(set(gaps(row))):
        return language.ngettext("%(count)s Rolle fehlt", "%(count)s Rollen fehlen", missing)
    share = covered_share(row["consortium"])
    if (in_time := by_deadline(desk, row)) is not None:
        return language.gettext("bis zur Frist rechnerisch zu %(share)s gedeckt", share=language.percent(in_time))
    if share is None:
        return language.gettext("alle Rollen besetzt")
    if share >= 1:
        return language.gettext("rechnerisch gedeckt")
    return language.gettext("rechnerisch zu %(share)s gedeckt", share=language.percent(share))


def pressing_rest(desk: Desk, found: list[Row], language: Language) -> str:
    """The pressing cases for which page 1 has no room: the first with product, who asks, day and number."""
    told = [
        language.gettext(
            "%(title)s, bis %(day)s (%(number)s)",
            title=title(desk, row, language),
            day=due_day(desk, row, language),
            number=row["opportunity_id"],
        )
        for row in found[:MOST_NAMED]
    ]
    if more := len(found) - len(told):
        told.append(language.ngettext("%(count)s weiterer", "%(count)s weitere", more))
    return language.ngettext(
        "%(count)s weiterer Vorgang ist sehr dringend oder läuft vor der nächsten Ausgabe ab: %(cases)s.",
        "%(count)s weitere Vorgänge sind sehr dringend oder laufen vor der nächsten Ausgabe ab: %(cases)s.",
        len(found),
        cases=language.series(told),
    )
