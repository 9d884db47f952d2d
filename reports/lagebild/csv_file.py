"""The file beside the page: every running opportunity with every partner, for spreadsheets."""

import csv
import io

from reports.design.spreadsheet import safe_cell
from reports.lagebild.issue import Issue
from reports.lagebild.words import organisation_name, title
from reports.language import Language
from reports.wording import OPPORTUNITY_STATES, word

COLUMNS = (
    "opportunity_id",
    "state",
    "rank",
    "title",
    "score",
    "deadline_on",
    "request_id",
    "request_platform",
    "role",
    "role_state",
    "organisation",
    "offer_id",
    "offer_platform",
    "quantity",
    "unit",
    "distance_km",
    "certificate",
    "first_reported_in",
    "told_in",
    "muted_until",
)


def as_csv(issue: Issue, language: str = "de") -> str:
    """All running opportunities, muted ones too, one row per role and partner, by rank; RFC 4180 with a header row."""
    desk, reader = issue.desk, Language(language)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in desk.opportunities:
        if row["state"] == "closed" or row["consortium"] is None:
            continue
        mute = desk.muted.get(row["opportunity_id"])
        pointers = (
            row["first_reported_in"],
            issue.week if desk.is_news(row) else desk.told_in.get(row["opportunity_id"]),
            mute.last if mute else None,
        )
        consortium = row["consortium"]
        head = (
            row["opportunity_id"],
            word(OPPORTUNITY_STATES, row["state"], reader),
            row["rank"],
            title(desk, row, reader),
            consortium["score"],
            consortium["deadline_on"],
            consortium["request_id"],
            desk.platform_title(desk.listing[consortium["request_id"]]["platform"]),
        )
        for role in row["roles"]:
            partner = (
                issue.taxonomy.label(role["role_id"], language),
                role["state"],
                organisation_name(desk, role["organisation_id"], reader) if role["organisation_id"] else None,
                role["listing_id"],
                desk.platform_title(role["platform"]) if role["platform"] else None,
                role["quantity"],
                consortium["unit"],
                role["distance_km"],
                role["certificate"],
            )
            writer.writerow([safe_cell(value) for value in (*head, *partner, *pointers)])
    return written.getvalue()
