"""The archive site over all issues: an index by week in every language, the newest issue, feeds, checksums.

2020-W17/…                       one folder an issue, see `reports.lagebild.editions`
index.html  index.fr.html …      all issues and their editions; without a language in German
latest.html  latest.fr.html …    the newest issue
atom.de.xml …  feed.de.json …  SHA256SUMS
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from reports.design.page import moved, render_page
from reports.lagebild import corrections
from reports.lagebild.editions import FACTS, Files, corrections_in
from reports.lagebild.feeds import Entry, as_atom, as_json_feed
from reports.language import LANGUAGES, Language
from sources.week import Week


def site_files(issues: Mapping[str, Mapping[str, bytes]], address: str = "") -> Files:
    """What stands beside the issues; `issues` maps a week's folder to its files, those of replaced editions too.

    address: where the archive stands for its readers, for links in feeds; without it they are relative.
    """
    newest_first = sorted(issues, key=Week.parse, reverse=True)
    files: Files = {}
    for language in LANGUAGES:
        # An issue that was published before there were pages in a language has none in it.
        folders = [folder for folder in newest_first if f"lagebild.{language}.html" in issues[folder]]
        entries = [_entry(folder, issues[folder], Language(language), address) for folder in folders]
        files[f"atom.{language}.xml"] = as_atom(entries, language)
        files[f"feed.{language}.json"] = as_json_feed(entries, language).encode()
        files[f"index.{language}.html"] = _index(issues, newest_first, language).encode()
        for entry in entries[:1]:
            files[f"latest.{language}.html"] = moved(issues[folders[0]][f"lagebild.{language}.html"], f"{entry.week}/")
    for name in ("index", "latest"):
        if f"{name}.de.html" in files:
            files[f"{name}.html"] = files[f"{name}.de.html"]
    whole = {
        **files,
        **{f"{folder}/{name}": issues[folder][name] for folder in newest_first for name in issues[folder]},
    }
    sums = (f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(whole.items()))
    return {**files, "SHA256SUMS": "".join(sums).encode()}


def _entry(folder: str, files: Mapping[str, bytes], language: Language, address: str) -> Entry:
    told = json.loads(files[FACTS])
    known = corrections_in(told)
    return Entry(
        week=Week.parse(folder),
        path=f"{address}{folder}/lagebild.{language.code}.html",
        headlines=told["headlines"][language.code],
        calls=told.get("calls", {}).get(language.code, ()),
        corrected_on=known[-1].on if known else None,
        corrections=_corrections(files, language),
    )


def _corrections(files: Mapping[str, bytes], language: Language) -> list[str]:
    known = corrections_in(json.loads(files[FACTS]))
    return [sentence for one in known for sentence in corrections.told(one, language)]


def _index(issues: Mapping[str, Mapping[str, bytes]], newest_first: Sequence[str], code: str) -> str:
    listed = [
        {
            "week": Week.parse(folder),
            "corrections": _corrections(files, Language(code)),
            "pages": [
                (language, f"{folder}/lagebild.{language}.html")
                for language in LANGUAGES
                if f"lagebild.{language}.html" in files
            ],
            "replaced": [
                (number, f"{folder}/edition-{number}/lagebild.{code}.html")
                for number in range(1, len(files) + 1)
                if f"edition-{number}/lagebild.{code}.html" in files
            ],
            "others": [
                (name, f"{folder}/{name}")
                for name in sorted(files)
                if "/" not in name and not name.endswith((".html", ".json"))
            ],
        }
        for folder in newest_first
        if (files := issues[folder])
    ]
    languages = [(language, f"index.{language}.html") for language in LANGUAGES]
    return render_page("lagebild/archive.html", Language(code), issues=listed, languages=languages, is_sample=False)
