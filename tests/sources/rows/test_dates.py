"""Days as people write them; every case is read as if written on Friday, 10 April 2020."""

from datetime import UTC, date, datetime

import pytest

from sources.platform import RowError
from sources.rows.dates import local_midnight, read_day, read_days
from sources.rows.fields import window

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


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("", "30.11.", (None, "2020-11-30")),
        ("1.6.", "31.1.", ("2020-06-01", "2021-01-31")),
        ("06.-17.04.", "", ("2020-04-06", "2020-04-17")),
        ("Mai 2020", "", ("2020-05-01", None)),
        ("", "KW 20", (None, "2020-05-17")),
        ("06-Apr-2020", "2020/4/9", ("2020-04-06", "2020-04-09")),
        ("ab sofort bis 31.8.", "", ("2020-04-10", "2020-08-31")),
        ("01.01.1980", "bis auf Weiteres", (None, None)),
    ],
)
def test_a_window_knows_which_of_its_fields_is_the_end(
    begin: str, end: str, expected: tuple[str | None, str | None]
) -> None:
    columns = window({"ab": begin, "bis": end}, "ab", "bis", WRITTEN_ON)
    wanted = tuple(day and local_midnight(date.fromisoformat(day)) for day in expected)
    assert (columns["available_from"], columns["available_until"]) == wanted


@pytest.mark.parametrize(
    "text", ["Mo., 21.04.2020", "30.06. - 15.06.2020", "nächsten Samstag", "erste Woche im Mai", "4. bis 31. Juni"]
)
def test_a_day_of_two_meanings_is_refused(text: str) -> None:
    with pytest.raises(RowError):
        window({"ab": text}, "ab", "bis", WRITTEN_ON)


def test_an_english_day_between_slashes_may_be_two() -> None:
    with pytest.raises(ValueError, match="first"):
        read_days("06/05/2020", WRITTEN_ON, is_month_first=None)
    assert read_days("06/15/2020", WRITTEN_ON, is_month_first=None).first == date(2020, 6, 15)
