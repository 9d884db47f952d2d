"""How well readers read files of another hand: every examination that was opened once, by kind.

    python benchmarks/reading.py            rates of all sets
    python benchmarks/reading.py --wrong    and what is read otherwise

`reading_sets/` holds inputs and right answers, written without a look at the code. A set counts as a result only when
it is opened for the first time (benchmarks/results/reading.md); afterwards it shows what stays right.
"""

import base64
import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sources.platform import BrokenStructure, RawDocument, RowError
from sources.readers.calendar import read_events
from sources.readers.feed import read_feed
from sources.readers.html import text_of_fragment
from sources.readers.mailbox import labelled_lines, read_messages
from sources.readers.rest import rows_at
from sources.readers.spreadsheet import find_tables, read_csv
from sources.rows.dates import read_days
from sources.rows.fields import postal_code, quantity
from sources.rows.read import Row
from sources.week import LOCAL_TIME

SETS = Path(__file__).parent / "reading_sets"
NOW = datetime(2020, 4, 20, tzinfo=UTC)
POSTAL_CODES = frozenset({"plz", "code postal", "postcode"})
COUNTRIES = ("Land", "Pays", "Country")
A_QUARTER = {"quarter": ("month", 3.0)}  # what we keep is a rate a month
SMALLER = {"gram": ("kilogram", 0.001)}
ONE_OF_MANY = {"set": "piece"}  # we count sets as pieces

_TIME_OF_DAY = re.compile(r"(?<=-\d\d)[ T]\d\d:\d\d.*")

Case = Mapping[str, Any]


def plain(value: object) -> str:
    """A text as it is compared: white space collapsed, nothing invisible."""
    return " ".join(str(value).replace("\u00ad", "").replace("\u200b", "").split())


def content_of(case: Case) -> bytes:
    return base64.b64decode(case["input_base64"]) if "input_base64" in case else str(case["input"]).encode()


def document(case: Case, name: str) -> RawDocument:
    return RawDocument(case.get("name", name), content_of(case), "", NOW)


def is_amount_right(phrase: Mapping[str, str]) -> bool:
    try:
        said = quantity({"Menge": phrase["text"]}, "Menge", phrase["language"])
    except RowError:
        said = {}
    if not said or phrase["answer"] != "value":
        return not said and phrase["answer"] != "value"
    period, parts = A_QUARTER.get(phrase["period"], (phrase["period"], 1.0))
    unit = ONE_OF_MANY.get(phrase["unit"], phrase["unit"])
    meant = (round(float(phrase["quantity"]) / parts, 6), unit, period)
    said_unit, factor = SMALLER.get(said["unit"], (said["unit"] or "", 1.0))
    return (round(said["quantity"] * factor, 6), said_unit, said["period"] or "") == meant


def is_day_right(phrase: Mapping[str, str]) -> bool:
    is_month_first = None if phrase["language"] == "en" else False
    try:
        found = read_days(phrase["text"], date.fromisoformat(phrase["written_on"]), is_month_first=is_month_first)
    except ValueError:
        return phrase["answer"] != "value"
    said = tuple(day.isoformat() if day else "" for day in found)
    return said == ((phrase["from_on"], phrase["until_on"]) if phrase["answer"] == "value" else ("", ""))


def rows_of(case: Case, kind: str) -> Iterable[Row]:
    if kind == "csv":
        return read_csv(document(case, "x.csv"), case["known_columns"])
    if kind == "workbooks":
        known = case["known_columns"] + case.get("ignored_columns", [])
        return [row for table in find_tables(document(case, "x.xlsx"), known) for row in table.rows()]
    pages = case["input"] if isinstance(case["input"], list) else [case["input"]]
    languages = case.get("languages", ())
    return [
        row
        for page in pages
        for row in rows_at(
            RawDocument("x.json", page.encode(), "", NOW), "item", None, [], *case["list_key"], languages=languages
        )
    ]


def said_in(row: Row, name: str) -> str:
    """What a platform would take from a field; raises RowError."""
    if name.casefold() in POSTAL_CODES:
        country = next((row.fields[label] for label in COUNTRIES if label in row.fields), None)
        return postal_code(row.fields, name, country) or ""
    return row.fields.get(name, "")


def is_same(said: str, meant: str) -> bool:
    """Whether a field says what is meant: as it stands, as the text of its HTML, as a number, as the day of a time."""
    written = {
        said,
        text_of_fragment(said) if "<" in said or "&" in said else said,
        _TIME_OF_DAY.sub("", said),
    }
    if plain(meant).casefold() in {plain(way).casefold() for way in written}:
        return True
    try:
        return float(said) == float(meant)
    except ValueError:
        return False


def is_table_right(case: Case, kind: str) -> bool:
    meant, names = case["expect"], case.get("known_columns") or case["known_fields"]
    good: list[dict[str, str]] = []
    refused = 0
    try:
        for row in rows_of(case, kind):
            try:
                if row.problem is not None:
                    raise row.problem
                good.append({name: said_in(row, name) for name in names})
            except RowError:
                refused += 1
    except BrokenStructure:
        return bool(meant["refused"] == "file")
    is_counted = refused == meant["refused"] and len(good) == len(meant["rows"])
    return is_counted and all(
        is_same(said[name], str(right.get(name) or ""))
        for said, right in zip(good, meant["rows"], strict=True)
        for name in names
    )


def is_moment(said: str, meant: str) -> bool:
    """Whether a time is the one meant; a bare day is its midnight in Berlin."""
    right = datetime.fromisoformat(meant.replace("Z", "+00:00"))
    return datetime.fromisoformat(said) == (right if right.tzinfo else right.replace(tzinfo=LOCAL_TIME))


def is_event(row: Row, meant: Case) -> bool:
    said, end = row.fields, meant.get("end")
    is_right = plain(said["summary"]) == plain(meant["title"]) and is_moment(said["start"], meant["start"])
    if end and is_right:
        is_right = is_moment(said["end"], end) if "T" in end else is_moment(said["until"] or said["start"], end)
    return is_right and all(plain(part) in plain(" ".join(said.values())) for part in meant.get("text_contains") or ())


def is_calendar_right(case: Case) -> bool:
    meant = case["expect"]
    try:
        rows = read_events(document(case, "x.ics"))
    except BrokenStructure:
        return bool(meant["refused"] == "file")
    good = [row for row in rows if row.problem is None and row.fields["status"].upper() != "CANCELLED"]
    refused = sum(row.problem is not None for row in rows)
    are_found = all(any(is_event(row, event) for row in good) for event in meant["rows"])
    return are_found and (refused, len(good)) == (meant["refused"], len(meant["rows"]))


def is_mail_right(case: Case) -> bool:
    meant = case["expect"]
    try:
        found = list(read_messages(document(case, f"x.{case['form']}")))
    except BrokenStructure:
        return not meant["messages"]
    good = [message for message in found if message.problem is None]
    if (len(found) - len(good), len(good)) != (meant["refused"], len(meant["messages"])):
        return False
    for message, right in zip(good, meant["messages"], strict=True):
        said = labelled_lines(message.text, case["labels"])
        day = message.sent_on.isoformat() if message.sent_on else None
        if plain(message.subject) != plain(right["subject"]) or day != right["sent_on"]:
            return False
        for label, value in (right.get("fields") or {}).items():
            parts = value if isinstance(value, list) else [value]
            is_right = all(plain(part) in plain(said.get(label, "")) for part in parts)
            if not is_right or (parts == [value] and plain(said[label]) != plain(value)):
                return False
        if not all(plain(part) in plain(message.text) for part in right.get("text_contains") or ()):
            return False
        if any(plain(part) in plain(message.text) for part in right.get("text_not_contains") or ()):
            return False
    return True


def is_feed_right(case: Case) -> bool:
    meant = case["expect"]
    try:
        rows = read_feed(document(case, "x.xml"))
    except BrokenStructure:
        return bool(meant["refused"] == "file")
    good = [row.fields for row in rows if row.problem is None]
    if (len(rows) - len(good), len(good)) != (meant["refused"], len(meant["rows"])):
        return False
    return all(
        plain(said["title"]) == plain(right["title"])
        and (not right.get("link") or said["link"] == right["link"])
        and all(plain(part) in plain(said["text"]) for part in right.get("text_contains") or ())
        and ("posted" not in right or _is_posted(said["published"], right["posted"]))
        for said, right in zip(good, meant["rows"], strict=True)
    )


def _is_posted(said: str, meant: str | None) -> bool:
    try:
        return is_moment(said, meant or "") if said else meant is None
    except ValueError:  # what is no time stays as it stands, and the platform refuses its row
        return meant is None


CHECKS: Mapping[str, Callable[[Case], bool]] = {
    "calendars": is_calendar_right,
    "mails": is_mail_right,
    "csv": lambda case: is_table_right(case, "csv"),
    "workbooks": lambda case: is_table_right(case, "workbooks"),
    "json": lambda case: is_table_right(case, "json"),
    "feeds": is_feed_right,
}


def results(folder: Path) -> Iterable[tuple[str, str, bool]]:
    """Kind, case and whether it is read as it was meant."""
    if (folder / "phrases.csv").exists():
        for phrase in csv.DictReader((folder / "phrases.csv").read_text("utf-8").splitlines()):
            check = is_amount_right if phrase["kind"] == "amount" else is_day_right
            yield f"{phrase['kind']}s", phrase["text"], check(phrase)
    for kind, check in CHECKS.items():
        if (folder / f"{kind}.json").exists():
            for case in json.loads((folder / f"{kind}.json").read_text("utf-8")):
                yield kind, f"{case['id']}: {case['trait']}", check(case)


def main() -> None:
    """Print a table of all sets."""
    print("| set | kind | right |\n| --- | --- | --- |")
    for folder in sorted(SETS.iterdir()):
        found: dict[str, list[tuple[str, bool]]] = {}
        for kind, name, is_right in results(folder):
            found.setdefault(kind, []).append((name, is_right))
        for kind, cases in found.items():
            right = sum(is_right for _, is_right in cases)
            print(f"| {folder.name} | {kind} | {right} of {len(cases)} ({right / len(cases):.0%}) |")
            for name, is_right in cases if "--wrong" in sys.argv else ():
                if not is_right:
                    print(f"  - {name}")


if __name__ == "__main__":
    main()
