"""An issue as a set of files, and its editions: what was published stays, a correction stands beside it.

lagebild.de.html  lagebild.fr.html …    the issue in its newest edition; lagebild.html is the German one
lagebild.csv  matches.de.xlsx … cases.de.xlsx … deadlines.de.ics … lagebild.de.eml …
issue.json                              what it says, as index, feeds and corrections need it
edition-1/…                             what was published first, if it was corrected since
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from markupsafe import Markup

from reports.design.page import moved_below
from reports.frames import Row
from reports.lagebild import corrections, remit
from reports.lagebild.calendar import as_calendar
from reports.lagebild.calls import calls, in_lines
from reports.lagebild.case_sheet import as_case_sheet
from reports.lagebild.csv_file import as_csv
from reports.lagebild.issue import Correction, Desk, Issue
from reports.lagebild.mail import as_mail
from reports.lagebild.page import pages
from reports.lagebild.remit import Remit
from reports.lagebild.seen import seen
from reports.lagebild.spreadsheet import as_workbook
from reports.lagebild.summary import headlines
from reports.language import LANGUAGES, Language
from reports.pdf import archive_copy, reading_copy
from sources.week import Week

Files = dict[str, bytes]
FACTS = "issue.json"  # stands for the whole issue: written last, so that without it nothing was published
_MAIN = b'<main id="inhalt">\n'


def issue_files(issue: Issue) -> Files:
    """All forms of an issue but the PDF, by file name."""
    desk = issue.desk
    files = {"lagebild.csv": as_csv(issue).encode()}
    for language in LANGUAGES:
        files |= {name: page.encode() for name, page in pages(issue, language).items()}
        files[f"lagebild.{language}.eml"] = as_mail(issue, language)
        files[f"deadlines.{language}.ics"] = as_calendar(issue, language)
        files[f"matches.{language}.xlsx"] = as_workbook(issue, language)
        files[f"cases.{language}.xlsx"] = as_case_sheet(issue, language)
    files["lagebild.html"] = files["lagebild.de.html"]
    told = {
        "week": str(issue.week),
        "headlines": {
            language: [headline.sentence for headline in headlines(desk, Language(language))] for language in LANGUAGES
        },
        "calls": {language: _calls(desk, Language(language)) for language in LANGUAGES},
        "corrections": [corrections.as_json(correction) for correction in issue.corrections],
        "facts": corrections.facts(desk),
    }
    return {**files, FACTS: json.dumps(told, ensure_ascii=False, indent=1).encode()}


def _calls(desk: Desk, language: Language) -> list[Row]:
    """The calls of page 1 as feeds tell them: lines of text, and the addresses of their listings."""
    return [
        {
            "lines": in_lines(desk, call, language),
            "links": {
                party.listing["listing_id"]: party.route.address for party in call.parties if party.route.address
            },
        }
        for call in calls(desk, language)
    ]


def published(issue: Issue, before: Mapping[str, bytes], today: date) -> Files:
    """What to store for a week of which `before` is stored, by path in the week's folder; nothing the first time.

    As long as a reader would see the same, what was published stays byte for byte, and only forms and languages that
    were not there are added. If readers see anything else, the new edition says what was corrected `today`, and the
    files before it move to ``edition-<n>/``, their pages with a pointer. An edition that is already there was moved by
    a run that did not end and is left alone.
    """
    if FACTS not in before:
        return issue_files(issue)
    told = json.loads(before[FACTS])
    known = corrections_in(told)
    again = issue_files(replace(issue, corrections=known))
    told_by = {name: content for name, content in again.items() if name != FACTS}
    kept = {name: content for name, content in before.items() if "/" not in name and name != FACTS}
    if all(seen(name, kept[name]) == seen(name, content) for name, content in told_by.items() if name in kept):
        return {**told_by, **kept, FACTS: again[FACTS]}
    changes = corrections.differences(told.get("facts", {}), json.loads(again[FACTS])["facts"])
    if not changes and _numbers_in(kept, told_by) != _numbers_in(told_by, kept):
        changes = [corrections.OTHER_NUMBERS]
    correction = Correction(today, changes)
    folder = f"edition-{len(known) + 1}"
    replaced = {
        f"{folder}/{name}": _with_pointer(content, name, today) if name.endswith(".html") else content
        for name, content in sorted(before.items(), key=lambda item: item[0] == FACTS)
        if "/" not in name
    }
    newest = issue_files(replace(issue, corrections=(*known, correction)))
    return {**({} if f"{folder}/{FACTS}" in before else replaced), **newest}


def _numbers_in(files: Mapping[str, bytes], others: Mapping[str, bytes]) -> Counter[str]:
    """All numbers that a reader sees in files of an edition that the other one has too."""
    return Counter(
        number for name in files.keys() & others.keys() for number in re.findall(r"\d+", str(seen(name, files[name])))
    )


def remits_in(issues: Mapping[Week, bytes]) -> dict[Week, Remit]:
    """The remits of issues by their `FACTS`, of those that kept them."""
    found = {week: remit.kept(json.loads(told).get("facts", {}).get("remit")) for week, told in issues.items()}
    return {week: one for week, one in found.items() if one is not None}


def calls_in(told: bytes | None) -> tuple[str, ...]:
    """The cases that an issue called, by its `FACTS`; none if it kept none, or is not there."""
    return tuple(json.loads(told).get("facts", {}).get("calls", ())) if told else ()


def corrections_in(told: Mapping[str, Any]) -> tuple[Correction, ...]:
    """The corrections that the facts of an issue name, oldest first."""
    return tuple(Correction(date.fromisoformat(part["on"]), part["changes"]) for part in told.get("corrections", ()))


def _with_pointer(page: bytes, name: str, on: date) -> bytes:
    """A page that was replaced, its first words leading to the valid edition; other issues lie a folder further."""
    page = moved_below(page)
    code = name.split(".")[1]
    language = Language(code if code in LANGUAGES else "de")
    notice = Markup('<p class="notice">{} <a href="../{}">{}</a></p>\n').format(
        language.gettext("Diese Fassung wurde am %(day)s durch eine berichtigte ersetzt.", day=language.day(on)),
        name,
        language.gettext("Zur gültigen Fassung"),
    )
    return page.replace(_MAIN, _MAIN + notice.encode(), 1)


def pdf_files(week: Week, files: Mapping[str, bytes]) -> Files:
    """Reading copies in every language and the German archive copy with the CSV; raises PdfUnavailable."""
    as_of = datetime.combine(week.sunday, time(), UTC)
    pages = {language: files[name].decode() for language in LANGUAGES if (name := f"lagebild.{language}.html") in files}
    made = {f"lagebild.{language}.pdf": reading_copy(page) for language, page in pages.items()}
    data = {"lagebild.csv": files["lagebild.csv"]}
    return {**made, "lagebild.archive.pdf": archive_copy(pages["de"], data, as_of)}
