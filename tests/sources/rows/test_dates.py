"""Days as people write them; every case is read as if written on Friday, 10 April 2020."""

from datetime import UTC, date, datetime

import pytest

from sources.rows.dates import local_midnight, read_day

WRITTEN_ON = date(2020, 4, 10)
DAYS = [
    ("04.05.2020", "2020-05-04"),
    ("4.5.2020", "2020-05-04"),
    ("4.5.20", "2020-05-04"),
    ("bis 30.04.", "2020-04-30"),
    ("30.4.", "2020-04-30"),
    ("ab 4. Mai", "2020-05-04"),
    ("4. Mai 2020", "2020-05-04"),
    ("am 1. März", "2020-03-01"),
    ("ab KW 17", "2020-04-20"),
    ("KW17", "2020-04-20"),
    ("ab KW 18/2020", "2020-04-27"),
    ("KW 1 2021", "2021-01-04"),
    ("sofort", "2020-04-10"),
    ("ab sofort", "2020-04-10"),
    ("Umgehend", "2020-04-10"),
    ("Ende April", "2020-04-30"),
    ("Mitte Mai", "2020-05-15"),
    ("Anfang Mai", "2020-05-01"),
    ("bis Ende Februar 2021", "2021-02-28"),
    ("im Juni", "2020-06-01"),
    ("2020-05-04", "2020-05-04"),
    ("2020-05-04T12:00:00Z", "2020-05-04"),
    ("15. Jan.", "2020-01-15"),
    ("20. Dezember", "2019-12-20"),
    ("10. Oktober", "2020-10-10"),
    ("à partir du 4 mai", "2020-05-04"),
    ("dès le 1er mai", "2020-05-01"),
    ("04/05/2020", "2020-05-04"),
    ("jusqu'au 31 mai 2020", "2020-05-31"),
    ("fin avril", "2020-04-30"),
    ("mi-mai", "2020-05-15"),
    ("début juin", "2020-06-01"),
    ("immédiatement", "2020-04-10"),
    ("dès maintenant", "2020-04-10"),
    ("semaine 18", "2020-04-27"),
    ("15 août", "2020-08-15"),
    ("d'ici fin mai", "2020-05-31"),
    ("le 3 février 2021", "2021-02-03"),
    ("fin d'avril", "2020-04-30"),
    ("from 4 May", "2020-05-04"),
    ("May 4, 2020", "2020-05-04"),
    ("4th of May", "2020-05-04"),
    ("mid-May", "2020-05-15"),
    ("end of April", "2020-04-30"),
    ("early June", "2020-06-01"),
    ("week 17", "2020-04-20"),
    ("immediately", "2020-04-10"),
    ("ASAP", "2020-04-10"),
    ("March 1st", "2020-03-01"),
    ("until 30 June 2020", "2020-06-30"),
]


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_days(text: str, expected: str) -> None:
    assert read_day(text, WRITTEN_ON) == date.fromisoformat(expected)


def test_american_order() -> None:
    assert read_day("3/4/2020", WRITTEN_ON, is_month_first=True) == date(2020, 3, 4)


@pytest.mark.parametrize("text", ["", None, "nach Absprache", "bald", "5.000 Stück", "Mo-Fr", "Mail"])
def test_no_day(text: str | None) -> None:
    assert read_day(text, WRITTEN_ON) is None


@pytest.mark.parametrize("text", ["31.04.2020", "30.2.", "2020-13-01", "KW 54", "31. Juni 2020"])
def test_a_day_that_does_not_exist(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the standard library words it
        read_day(text, WRITTEN_ON)


def test_midnight_is_local() -> None:
    assert local_midnight(date(2020, 5, 4)) == datetime(2020, 5, 3, 22, tzinfo=UTC)
    assert local_midnight(None) is None
