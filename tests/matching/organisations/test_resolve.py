import subprocess
import sys

import pandas as pd

from matching.organisations.resolve import describe, records_of, resolve
from matching.schema import Organisation, OrganisationMember
from sources.listing import Listing


def listing(listing_id: str, name: str | None, **columns: object) -> dict[str, object]:
    platform, source_id = listing_id.split(":")
    row = dict.fromkeys(Listing.to_schema().columns)
    return row | {
        "listing_id": listing_id,
        "platform": platform,
        "source_id": source_id,
        "kind": "offer",
        "title": "Masken",
        "organisation_name": name,
        "contact_route": "Geschäftsstelle",
        "certificate": "none",
        "urgency": "normal",
        "vetting": "unchecked",
        "status": "open",
        "fingerprint": "",
        "first_seen_on": "2020-04-19",
        "last_seen_on": "2020-04-19",
        "is_carried_over": False,
        "missing_since": None,
        "retrieved_at": pd.Timestamp("2020-04-19", tz="UTC"),
        **columns,
    }


def listings(*rows: dict[str, object]) -> pd.DataFrame:
    return Listing.validate(pd.DataFrame(rows))


def groups(members: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(group) for _, group in members.groupby("organisation_id")["record_id"]}


def test_listings_of_one_name_and_place_are_one_organisation() -> None:
    table = listings(
        listing(
            "a:1", "Nähwerk Müller GmbH", city="Reutlingen", country="DE", region="DE-BW", latitude=48.5, longitude=9.2
        ),
        listing("b:7", "NÄHWERK MÜLLER GMBH", city="Reutlingen", country="DE", latitude=48.5, longitude=9.2),
        listing("b:8", "Stoffhaus", city="Reutlingen", country="DE"),
    )
    members = resolve(records_of(table)).members
    assert groups(members) == {frozenset({"a:1", "b:7"}), frozenset({"b:8"})}
    organisations = describe(table, OrganisationMember.validate(members))
    assert list(Organisation.validate(organisations)["records"].sort_values()) == [1, 2]
    first = organisations.sort_values("records").iloc[-1]
    assert (first["platforms"], first["city"], first["latitude"]) == ("a; b", "Reutlingen", 48.5)


def test_a_listing_without_name_is_its_platforms_organisation_or_its_own() -> None:
    table = listings(
        listing("a:1", None, organisation_key="donor-1"),
        listing("a:2", None, organisation_key="donor-1"),
        listing("b:3", None, organisation_key="donor-1"),
        listing("b:4", None),
        listing("b:5", "!!!"),
    )
    found = groups(resolve(records_of(table)).members)
    assert found == {frozenset({"a:1", "a:2"}), frozenset({"b:3"}), frozenset({"b:4"}), frozenset({"b:5"})}


def test_a_body_of_many_spellings_does_not_make_its_own_house_a_hub() -> None:
    house = {"street": "Talweg 5", "postal_code": "1140", "city": "Evere", "country": "BE", "website": "amt.example"}
    names = ["Materialamt - Einkauf", "Materialamt - Recht", "Materialamt - Lager", "Materialamt (Verkauf)", "Agence X"]
    body = pd.DataFrame([{"record_id": name, "name": name, **house} for name in names])
    assert len(groups(resolve(body).members)) == 1
    tower = body.assign(name=["Alpha Textil", "Bravo Medizin", "Charlie Optik", "Delta Druck", "Agence X"])
    assert len(groups(resolve(tower).members)) == 5


def test_resolving_nothing_gives_empty_tables() -> None:
    resolution = resolve(pd.DataFrame({"record_id": [], "name": []}))
    assert resolution.members.empty
    assert resolution.pairs.empty


def test_linking_loads_no_pandas() -> None:
    """A second of CPU, which a table of 10^4 records is done in."""
    program = (
        "import sys, pyarrow as pa; from matching.organisations import arrow, linking;"
        "names = arrow.texts(['Nähwerk Müller GmbH', 'NAEHWERK MUELLER']);"
        "links = linking.link(pa.table({'record_id': arrow.texts(['a', 'b']), 'name': names}));"
        "print(len(links.weight), 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_a_listing_of_nobody_makes_no_organisation() -> None:
    table = listings(
        listing("a:1", "Nähwerk Müller GmbH", city="Reutlingen", country="DE"),
        listing("a:2", None, city="Reutlingen", country="DE"),
        listing("a:3", None, organisation_key="donor-1"),
    )
    members = resolve(records_of(table)).members
    assert members["organisation_id"].nunique() == 3  # nobody is one with nobody, and each can be served
    described = describe(table, OrganisationMember.validate(members))
    assert sorted(described["name"].fillna("")) == ["", "Nähwerk Müller GmbH"]
