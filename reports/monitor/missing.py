"""What vanished from a delivery and is not confirmed yet: for data staff, by platform and network, sender or file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from reports.design.tables import table
from reports.language import N_, NO_BREAK_SPACE, Language
from sources.platform import Platform


class Missing(NamedTuple):
    """Listings of one part of a platform that are missing since one day."""

    platform: str
    part: str  # "" where a platform delivers everything as one
    since: str  # ISO day of the end of the first week whose delivery lacked them
    listings: int
    shown: int  # of the same part, in this week


def missing_parts(listings: pd.DataFrame, platforms: Sequence[Platform]) -> list[Missing]:
    """In the order of platforms, parts and days. listings: rows of `Listing` of one week."""
    found = []
    for platform in platforms:
        own = listings[listings["platform"] == platform.name]
        parts = own["source_id"].map(platform.part_of)
        is_missing = own["missing_since"].notna()
        gone = Counter(zip(parts[is_missing], own["missing_since"][is_missing], strict=True))
        shown = Counter(parts[~is_missing & (own["last_seen_on"] == own["last_seen_on"].max())])
        found += [Missing(platform.name, *key, count, shown[key[0]]) for key, count in sorted(gone.items())]
    return found


def missing_table(found: Sequence[Missing], titles: Mapping[str, str], language: Language) -> Markup:
    """One line per platform, part and day."""
    headings = (N_("Quelle"), N_("Netz, Absender oder Datei"), N_("fehlt seit"), N_("verschwunden"), N_("noch da"))
    return table(
        [language.gettext(text) for text in headings],
        [
            (
                titles.get(one.platform, one.platform),
                one.part or language.gettext("alles"),
                language.day(date.fromisoformat(one.since)).replace(" ", NO_BREAK_SPACE),
                language.number(one.listings),
                language.number(one.shown),
            )
            for one in found
        ],
        table_id="verschwunden",
        caption=language.gettext("Inserate, die eine Lieferung nicht mehr enthält"),
        numeric=(3, 4),
        is_carded=True,
    )
