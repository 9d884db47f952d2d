"""A body and its houses are two levels, a group of firms is a third."""

import pandas as pd

from matching.organisations.resolve import resolve

HOST = "klinikum-filstal.example"
GÖPPINGEN = {"street": "Talweg 5", "postal_code": "73033", "city": "Göppingen"}
TABLE = pd.DataFrame(
    [
        {"record_id": "a", "name": "Klinikum Filstal gGmbH", "website": HOST, **GÖPPINGEN},
        {"record_id": "b", "name": "Klinikum Filstal", "website": HOST, "street": "Berg 1", "city": "Geislingen",
         "postal_code": "73312"},
        {"record_id": "c", "name": "Klinikum Filstal gGmbH", "city": "Göppingen"},
        {"record_id": "d", "name": "Klinikum Filstal gGmbH", "website": HOST},
        {"record_id": "e", "name": "Klinikum Filstal Service GmbH", "website": HOST, **GÖPPINGEN},
        {"record_id": "f", "name": "Stoffhaus Alb", "city": "Ulm"},
    ]
).assign(country="DE").fillna("")  # fmt: skip


def groups(members: pd.DataFrame, level: str) -> set[str]:
    return {"".join(sorted(group)) for _, group in members.groupby(level)["record_id"]}


def test_firms_sites_and_groups() -> None:
    members = resolve(TABLE).members
    assert groups(members, "organisation_id") == {"abcd", "e", "f"}
    # Who names only the town is in the house there, who names nothing in the largest one.
    assert groups(members, "site_id") == {"acd", "b", "e", "f"}
    assert groups(members, "group_id") == {"abcde", "f"}


def test_ids_of_all_levels_go_on() -> None:
    first = resolve(TABLE).members
    shuffled = resolve(TABLE.iloc[::-1].drop(index=5), previous=first).members.set_index("record_id")
    for level in ("organisation_id", "site_id", "group_id"):
        assert shuffled[level].to_dict() == first.set_index("record_id")[level].drop("f").to_dict()


def test_a_week_from_before_sites_were_told_begins_them() -> None:
    first = resolve(TABLE).members
    again = resolve(TABLE, previous=first.drop(columns=["site_id", "group_id"])).members
    assert again["organisation_id"].tolist() == first["organisation_id"].tolist()
    assert again["site_id"].notna().all()
