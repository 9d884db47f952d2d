"""What needs a hand: what was seen, what it does to the report, what to do; and everything that was watched."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from reports.design.tables import table
from reports.findings import FINDINGS, seen
from reports.frames import Row, rows
from reports.language import N_, Language
from reports.privacy import Finding

_ORDER = {check: number for number, check in enumerate(FINDINGS)}  # what harms most stands first


class ToDo(NamedTuple):
    """One thing to look at, in the reader's words."""

    subject: str
    seen: str
    effect: str
    remedy: str


def watched(findings: pd.DataFrame) -> list[Row]:
    """Rows of `PlatformFinding` with their facts read: what did not pass first, then by check and platform."""
    told = [{**row, "facts": json.loads(row["facts"])} for row in rows(findings)]
    return sorted(told, key=lambda row: (row["passed"], _ORDER[row["check"]], row["platform"]))


def to_do(
    findings: Sequence[Row], contacts: Mapping[str, Sequence[Finding]], titles: Mapping[str, str], language: Language
) -> list[ToDo]:
    """Contact data in a document first, then what did not pass. findings: from `watched`."""
    return [
        *(_of_contacts(document, len(found), language) for document, found in sorted(contacts.items()) if found),
        *(_of_finding(row, titles, language) for row in findings if not row["passed"]),
    ]


def _of_contacts(document: str, count: int, language: Language) -> ToDo:
    return ToDo(
        document,
        language.ngettext(
            "%(count)s Stelle sieht aus wie Kontaktdaten.", "%(count)s Stellen sehen aus wie Kontaktdaten.", count
        ),
        language.gettext("Der Bericht könnte eine Person nennen."),
        language.gettext("Vor der Weitergabe ansehen."),
    )


def _of_finding(row: Mapping[str, Any], titles: Mapping[str, str], language: Language) -> ToDo:
    words = FINDINGS[row["check"]]
    return ToDo(
        language.gettext(words.what, where=titles.get(row["platform"], row["platform"])),
        seen(row["check"], row["passed"], row["facts"], language),
        language.gettext(words.effect),
        language.gettext(words.remedy),
    )


def watched_table(findings: Sequence[Row], titles: Mapping[str, str], language: Language) -> Markup:
    """Every check of every platform with what was seen. findings: from `watched`."""
    passed, failed = language.gettext("bestanden"), language.gettext("nicht bestanden")
    return table(
        [language.gettext(text) for text in (N_("Quelle"), N_("Ergebnis"), N_("Was zu sehen war"))],
        [
            (
                titles.get(row["platform"], row["platform"]),
                Markup('<span class="{}">{}</span>').format(*(("good", passed) if row["passed"] else ("bad", failed))),
                seen(row["check"], row["passed"], row["facts"], language),
            )
            for row in findings
        ],
        table_id="pruefungen",
        caption=language.gettext("Was an den Quellen beobachtet wird"),
        is_carded=True,
    )
