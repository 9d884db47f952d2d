"""Whom a platform's office should ask whether a listing still holds: one file a platform and week, like the rejects.

Crisis boards asked the owners after 14 days. The file names listings by id and title, no contact data: the office
knows its own.
"""

from collections.abc import Iterable

import pandas as pd

from reports.design.spreadsheet import safe_cell
from reports.language import N_, Language
from reports.wording import KINDS, word
from sources.platform import Platform
from sources.rows.text import mask_contacts
from sources.week import Week, local_days

SILENT_AFTER_DAYS = 14
# Column -> its heading.
HEADINGS = {
    "source_id": N_("Kennung"),
    "kind": N_("Art"),
    "title": N_("Titel"),
    "last_sign_on": N_("Letzte Meldung"),
    "silent_days": N_("Tage seitdem"),
}


def reminder_files(listings: pd.DataFrame, platforms: Iterable[Platform], week: Week) -> dict[str, bytes]:
    """``<platform>.csv`` for every platform with an open offer or request without a sign of life for 14 days.

    listings: rows of `Listing`. The longest silence first; in the platform's own language, for spreadsheets (UTF-8 with
    a mark, semicolons). Listings without any day say nothing of their age and are left out.
    """
    told_at = listings["updated_at"].fillna(listings["posted_at"])
    days = (pd.Timestamp(week.sunday) - local_days(told_at)).dt.days
    is_meant = listings["status"].eq("open") & listings["kind"].isin(["offer", "request"]) & days.ge(SILENT_AFTER_DAYS)
    silent = listings.assign(last_sign_on=local_days(told_at).dt.strftime("%Y-%m-%d"), silent_days=days)[is_meant]
    silent = silent.sort_values(["silent_days", "listing_id"], ascending=[False, True])
    found = {platform: silent[silent["platform"] == platform.name] for platform in platforms}
    return {
        f"{platform.name}.csv": _csv(rows, Language(platform.language)) for platform, rows in found.items() if len(rows)
    }


def _csv(silent: pd.DataFrame, language: Language) -> bytes:
    worded = silent.assign(
        kind=[word(KINDS, kind, language) for kind in silent["kind"]],
        title=[mask_contacts(title) for title in silent["title"]],
        silent_days=silent["silent_days"].astype(int),
    )
    cells = worded[list(HEADINGS)].astype("object").map(safe_cell)
    headings = [language.gettext(heading) for heading in HEADINGS.values()]
    return cells.to_csv(index=False, header=headings, sep=";", lineterminator="\r\n").encode("utf-8-sig")
