"""Names as readers are told them: whole or up to a word where a board cuts them at the width of its field."""

from dataclasses import replace

import pandas as pd
import pytest

from reports.lagebild.words import due_day, organisation_name
from reports.language import Language
from tests.reports.builders import LISTINGS, ORGANISATIONS, listing_rows, sample_issue

# What stands in the listing of each organisation, all as long as the field, and what readers are told.
NAMES = {
    "o1": ("Klinik am Beispielstad", "Klinik am…"),
    "o2": ("Beispiel Vliestechnike", "Beispiel…"),
    "o3": ("Muster Textil Arbeitss", "Muster Textil Arbeitsschutz GmbH"),  # whole in a listing elsewhere
    "o4": ("Näherei Beispiele GmbH", "Näherei Beispiele GmbH"),
    "o5": ("Pflegeheim Muster (am ", "Pflegeheim Muster"),
}


def told(names: dict[str, str]) -> dict[str, str]:
    """What readers are told of each organisation if one board writes these names, and another one of them whole."""
    owner = {row[0]: row[5] for row in LISTINGS}
    rows = [row | {"platform": "boerse"} for row in listing_rows()]
    rows = [row | {"organisation_name": names.get(owner[row["listing_id"]], "Kurz")} for row in rows]
    whole = rows[0] | {"listing_id": "place2tex:z1", "platform": "place2tex", "organisation_name": NAMES["o3"][1]}
    organisations = [(one, names.get(one, "Kurz"), *rest) for one, _, *rest in ORGANISATIONS]
    issue = sample_issue(listings=rows, organisations=organisations)
    elsewhere = sample_issue(listings=[whole]).listings
    member = issue.members.iloc[:1].assign(record_id="place2tex:z1", organisation_id="o3")
    issue = replace(issue, listings=pd.concat([issue.listings, elsewhere]), members=pd.concat([issue.members, member]))
    return {one: organisation_name(issue.desk, one, Language("de")) for one in names}


def test_names_are_whole_or_end_between_words_where_a_board_cuts_them() -> None:
    assert told({one: name for one, (name, _) in NAMES.items()}) == {one: said for one, (_, said) in NAMES.items()}


def test_a_day_of_another_year_names_its_year() -> None:
    issue = sample_issue()
    later = replace(issue, consortia=issue.consortia.assign(deadline_on="2021-04-24"))
    told = {due_day(later.desk, row, Language("de")) for row in later.desk.opportunities if row["consortium"]}
    assert told == {"24. April 2021"}


@pytest.mark.parametrize("longest", ["o1", "o2"])
def test_a_few_long_names_are_no_cut(longest: str) -> None:
    names = {longest: NAMES[longest][0], "o4": NAMES["o4"][0]}
    assert told(names) == names
