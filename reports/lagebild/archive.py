"""An issue as a set of files, and the archive site over all issues: an index by week and language, feeds, checksums.

2020-W17/lagebild.de.html  .fr.html  .en.html    the issue
2020-W17/lagebild.csv  matches.de.xlsx … deadlines.de.ics … lagebild.de.eml …
2020-W17/issue.json                              week and headlines, what index and feeds are made of
index.html  latest.de.html …  atom.de.xml …  feed.de.json …  SHA256SUMS
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from hashlib import sha256

from reports.design.page import render_page
from reports.lagebild.calendar import as_calendar
from reports.lagebild.feeds import Entry, as_atom, as_json_feed
from reports.lagebild.file import as_csv
from reports.lagebild.issue import Issue
from reports.lagebild.mail import as_mail
from reports.lagebild.page import render
from reports.lagebild.spreadsheet import as_workbook
from reports.lagebild.summary import headlines
from reports.language import LANGUAGES, Language
from reports.pdf import archive_copy, reading_copy
from sources.week import Week

Files = dict[str, bytes]


def issue_files(issue: Issue) -> Files:
    """All forms of an issue but the PDF, by file name."""
    desk = issue.desk
    told = {language: list(headlines(desk, Language(language))) for language in LANGUAGES}
    files = {
        "lagebild.csv": as_csv(issue).encode(),
        "issue.json": json.dumps({"week": str(issue.week), "headlines": told}, ensure_ascii=False, indent=1).encode(),
    }
    for language in LANGUAGES:
        files[f"lagebild.{language}.html"] = render(issue, language).encode()
        files[f"lagebild.{language}.eml"] = as_mail(issue, language)
        files[f"deadlines.{language}.ics"] = as_calendar(issue, language).encode()
        files[f"matches.{language}.xlsx"] = as_workbook(issue, language)
    return files


def pdf_files(week: Week, files: Mapping[str, bytes]) -> Files:
    """Reading copies in every language and the German archive copy with the CSV; raises PdfUnavailable."""
    as_of = datetime.combine(week.sunday, time(), UTC)
    pages = {language: files[f"lagebild.{language}.html"].decode() for language in LANGUAGES}
    made = {f"lagebild.{language}.pdf": reading_copy(page) for language, page in pages.items()}
    data = {"lagebild.csv": files["lagebild.csv"]}
    return {**made, "lagebild.archive.pdf": archive_copy(pages["de"], data, as_of)}


def site_files(issues: Mapping[str, Mapping[str, bytes]]) -> Files:
    """What stands beside the issues; `issues` maps a week's folder to its files."""
    newest_first = sorted(issues, key=Week.parse, reverse=True)
    told = {folder: json.loads(issues[folder]["issue.json"])["headlines"] for folder in newest_first}
    files: Files = {}
    for language in LANGUAGES:
        name = f"lagebild.{language}.html"
        entries = [Entry(Week.parse(folder), f"{folder}/{name}", told[folder][language]) for folder in newest_first]
        files[f"atom.{language}.xml"] = as_atom(entries, language)
        files[f"feed.{language}.json"] = as_json_feed(entries, language).encode()
        if newest_first:
            files[f"latest.{language}.html"] = issues[newest_first[0]][name]
    if newest_first:
        files["latest.html"] = files["latest.de.html"]
    files["index.html"] = _index(issues, newest_first).encode()
    whole = {
        **files,
        **{f"{folder}/{name}": issues[folder][name] for folder in newest_first for name in issues[folder]},
    }
    sums = (f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(whole.items()))
    return {**files, "SHA256SUMS": "".join(sums).encode()}


def _index(issues: Mapping[str, Mapping[str, bytes]], newest_first: list[str]) -> str:
    listed = [
        {
            "week": Week.parse(folder),
            "pages": [(language, f"{folder}/lagebild.{language}.html") for language in LANGUAGES],
            "others": [
                (name, f"{folder}/{name}") for name in sorted(issues[folder]) if not name.endswith((".html", ".json"))
            ],
        }
        for folder in newest_first
    ]
    return render_page("lagebild/archive.html", Language("de"), issues=listed, is_sample=False)
