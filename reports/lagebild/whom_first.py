"""Whom the task of a call names first, and by which way that is reached."""

from markupsafe import Markup

from reports.frames import Row
from reports.lagebild.calls import Party, parties
from reports.lagebild.issue import Desk
from reports.lagebild.words import gaps, is_doubtful
from reports.language import Language


def whom_first(desk: Desk, row: Row, language: Language) -> Party | None:
    """Whoever seeks where the request is old, else a candidate for what is missing, or else the first partner.

    None where a call is put out to networks.
    """
    part = "candidate" if gaps(row) else "partner"
    if row["request"] and is_doubtful(desk, row["request"]):
        part = "request"
    return next((party for party in parties(desk, row, language) if party.part == part), None)


def way(desk: Desk, row: Row, language: Language) -> Markup | None:
    """The platform, and a link to the listing there; None where a call is put out to networks."""
    party = whom_first(desk, row, language)
    if party is None:
        return None
    told = language.gettext("Über die Plattform %(platform)s", platform=language.quoted(party.route.platform))
    return Markup("{}, {}.").format(told, party.route.link(language))
