"""getusppe: offers of protective equipment to US facilities, 2020 and 2021.

Known (from the export of July 2021): one line per donation and item with the donor's key, never a name; quantities
are in the unit the form asked for (boxes of 100 gloves, litres of sanitizer, pairs of goggles). People typed states in
78 spellings, "test1" among them, entered 0 and -18 pieces, and 199,999,999,999,998. The donation key repeats, one line
per item, sometimes the whole line does.
Where the board's own list of units says two things (overshoes: "box of 100", reported as one piece), the unit shown to
the donor counts.
Assumed: nobody in this field gives away more than `LARGEST_OFFER` pieces at once.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sources.platform import Parsed, Platform, RawDocument, RowError, one_document
from sources.readers.spreadsheet import read_csv
from sources.rows.amounts import implausible
from sources.rows.fields import required
from sources.rows.read import read_rows
from sources.rows.text import collapse, is_test_entry, present

READ_FIELDS = ("donorKey", "donationkey", "equipmentEnum", "qty", "datecreated", "stateprovince")
IGNORED_FIELDS = ("dataSource",)  # which form of the board the line came from
LARGEST_OFFER = 100_000_000


class Item(NamedTuple):
    """An item as donors saw it: its name, the unit we count it in, and how many of those one entry means."""

    title: str
    unit: str
    per_entry: float


ITEMS = {
    "cloth_mask": Item("Cloth Masks", "piece", 1),
    "clear_mask": Item("Clear / Visually Accessible Masks", "piece", 1),
    "kn95": Item("KN95 Respirators", "piece", 1),
    "n95": Item("N95 Respirators", "piece", 1),
    "surgical_mask": Item("Surgical Masks", "piece", 1),
    "three_ply_mask": Item("3-Ply Masks", "piece", 1),
    "papr_shield": Item("PAPR Replacement Face Shields", "piece", 1),
    "nitrile_gloves": Item("Nitrile Gloves", "pair", 50),  # box of 100 gloves
    "surgical_cap": Item("Surgical Caps / Bouffant Caps", "piece", 1),
    "face_shield": Item("Face Shields", "piece", 1),
    "coveralls": Item("Coveralls / Bunny Suits", "piece", 1),
    "safety_glasses": Item("Safety Glasses", "piece", 1),  # one pair of glasses is one piece
    "disposable_booties": Item("Disposable Booties", "piece", 100),  # box of 100
    "gown": Item("Gowns", "piece", 1),
    "safety_goggles": Item("Safety Goggles", "piece", 1),
    "disinfecting_wipes": Item("Disinfecting Wipes", "piece", 50),  # package of 50
    "sanitizer": Item("Hand Sanitizer", "litre", 1),
    "handwashing_station": Item("Handwashing Stations", "piece", 1),
    "body_bag": Item("Body Bags", "piece", 1),
    "thermometer": Item("Thermometers", "piece", 1),
    "ear_saver": Item("Ear Savers", "piece", 1),
    "sneeze_guard": Item("Sneeze Guards / Barriers", "piece", 1),
    "2_way_radio": Item("Two-way Communication Devices", "piece", 2),  # set of two
}

US_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU AS VI MP".split()
)
# What people typed instead of a state's two letters -> (region, country).
PLACES = {
    "albama": ("AL", "US"), "florida": ("FL", "US"), "michigan": ("MI", "US"), "ohio": ("OH", "US"),
    "caddo": ("LA", "US"),  # a parish
    "bc": ("BC", "CA"), "alberta": ("AB", "CA"), "ontario": ("ON", "CA"), "nsw": ("NSW", "AU"),
    "shanghai": ("Shanghai", "CN"), "honghong": (None, "HK"), "hong kong": (None, "HK"), "kowloon": ("Kowloon", "HK"),
    "miaoli": ("Miaoli", "TW"), "friesland": ("Friesland", "NL"), "galway": ("Galway", "IE"), "greece": (None, "GR"),
    "martinique": ("Martinique", "FR"),
}  # fmt: skip


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One line of the export, one offer."""
    rows = (row for document in documents for row in read_csv(document, READ_FIELDS + IGNORED_FIELDS))
    return read_rows("getusppe", rows, identify, read_offer)


def identify(fields: Mapping[str, str]) -> str:
    """A donation may hold several items."""
    return f"{required(fields, 'donationkey')}:{collapse(fields['equipmentEnum'])}"


def read_offer(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one offer; raises RowError."""
    item = ITEMS.get(collapse(fields["equipmentEnum"]))
    if item is None:
        raise RowError("equipmentEnum", "known_value", "not an item of the board's list")
    if is_test_entry(fields["stateprovince"]):
        raise RowError("stateprovince", "not_a_test", "a test entry of the board's developers")
    region, country = read_place(fields["stateprovince"])
    return {
        "kind": "offer",
        "title": item.title,
        "category": item.title,
        "language": "en",
        "organisation_key": present(fields["donorKey"]),
        "region": region,
        "country": country,
        "contact_route": PLATFORM.contact_route,
        "quantity": read_entries(fields["qty"]) * item.per_entry,
        "unit": item.unit,
        "posted_at": _moment(fields["datecreated"]),
    }


def read_entries(text: str) -> int:
    """How many of the form's units are offered; raises RowError for what nobody can have."""
    try:
        entries = int(text)
    except ValueError:
        raise RowError("qty", "number", "not a whole number") from None
    if entries == 0:
        raise RowError("qty", "positive", "nothing is offered")
    if doubt := implausible(entries, LARGEST_OFFER):
        raise RowError("qty", "plausible", doubt)
    return entries


def read_place(text: str) -> tuple[str | None, str | None]:
    """Region and country, the board's own where nothing is stated; an unknown place stays as written, without one."""
    place = present(text)
    if place is None:
        return None, PLATFORM.country
    if place.upper() in US_STATES:
        return place.upper(), "US"
    return PLACES.get(place.casefold(), (place, None))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    except ValueError:
        raise RowError("datecreated", "date", "not a time such as 2020-05-22 07:38:09 UTC") from None
    return moment.replace(tzinfo=UTC)


PLATFORM = Platform(
    name="getusppe",
    title="GetUsPPE",
    operator="Get Us PPE",
    url="https://getusppe.example/offers.csv",
    language="en",
    country="US",
    kind_of_access="export",
    contact_route="Donation desk of GetUsPPE",
    inbox_pattern="getusppe_offers*.csv",
    expected_rows=(5, 50_000),
    fetch=one_document("getusppe_offers.csv"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
