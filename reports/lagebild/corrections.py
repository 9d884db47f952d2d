"""What an issue said, as plain facts, and what a later edition of the same week says otherwise.

Facts are kept beside the issue in `issue.json`, without language; their difference is what a correction tells. A
difference of layout or wording alone has no facts to show and is told as such.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import pandas as pd

from reports.frames import Row
from reports.lagebild.issue import Correction, Desk
from reports.lagebild.summary import FIGURE_NAMES, history_of
from reports.language import N_, Language
from reports.wording import word
from sources.week import Week

MOST_NUMBERS = 8  # of each kind of change, the rest is counted
_AREAS = {
    "unmet": N_("Gesuche ohne Angebot"),
    "shortages": N_("Engpässe"),
    "sources": N_("Stand der Quellen"),
    "listings": N_("Inserate"),
    "matches": N_("Treffer"),
    "earlier": N_("Kennzahlen früherer Wochen"),
}
_ASPECTS = {
    "state": N_("Status"),
    "partners": N_("Partner"),
    "missing": N_("fehlende Rollen"),
    "deadline": N_("Frist"),
    "covered": N_("gedeckte Menge"),
    "muted": N_("Stummschaltung"),
    "details": N_("Einzelheiten"),
}
_COUNTS = ("platform", "state", "reason", "retrieved_at", "age_days", "rows_read", "rows_listed", "rows_quarantined")


def facts(desk: Desk) -> dict[str, Any]:
    """What readers of this issue are told: figures, opportunities by number, and a digest of every other area."""
    issue, history = desk.issue, history_of(desk)
    return {
        "figures": {name: int(history[-1][name]) for name in FIGURE_NAMES},
        "opportunities": {row["opportunity_id"]: _opportunity(desk, row) for row in desk.opportunities},
        "areas": {
            "unmet": _digest(_sorted(issue.unmet, list(issue.unmet.columns))),
            "shortages": _digest(_sorted(issue.shortages, list(issue.shortages.columns))),
            "sources": _digest(_sorted(issue.source_states, [*_COUNTS, "rows_later"])),
            "listings": _digest(_sorted(issue.listings, ["listing_id", "kind", "status", "country", "region"])),
            "matches": _digest(_sorted(issue.matches, ["request_id", "offer_id", "concept_id", "rank", "evidence"])),
            "earlier": _digest(history[:-1]),
        },
    }


def _opportunity(desk: Desk, row: Row) -> dict[str, Any]:
    content = json.loads(row["content"])
    texts = [
        (listing["title"], listing["text"], listing["organisation_name"])
        for listing_id in [content.get("request"), *(role["listing_id"] for role in row["roles"])]
        if (listing := desk.listing.get(listing_id))
    ]
    # A share is told by the role's evidence, as rounded as readers see it.
    roles = [{name: value for name, value in role.items() if name != "share"} for role in row["roles"]]
    return {
        "consortium_id": row["consortium_id"],
        "state": [row["state"], row["closing_reason"]],
        **{name: content.get(name) for name in ("partners", "missing", "deadline", "covered")},
        "muted": row["opportunity_id"] in desk.muted,
        "details": _digest([row["consortium"], roles, texts]),
    }


def _sorted(frame: pd.DataFrame, columns: list[str]) -> str:
    return str(frame[columns].sort_values(columns).to_csv(index=False))


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Row]:
    """What differs between the facts of two editions, as parts without language; empty if they are the same.

    The very first issues kept no facts; against them every area counts as taken anew.
    """
    if not before:
        return [{"part": "areas", "names": list(now["areas"])}]
    figures, known, found = before["figures"], before["opportunities"], now["opportunities"]
    parts: list[Row] = [
        {"part": "figure", "name": name, "old": figures.get(name), "new": value}
        for name, value in now["figures"].items()
        if figures.get(name) != value
    ]
    if added := sorted(found.keys() - known.keys()):
        parts.append({"part": "added", "numbers": added})
    if removed := sorted(known.keys() - found.keys()):
        parts.append({"part": "removed", "numbers": removed})
    changed = {
        number: [name for name in _ASPECTS if known[number].get(name) != found[number][name]]
        for number in sorted(known.keys() & found.keys())
    }
    if changed := {number: aspects for number, aspects in changed.items() if aspects}:
        parts.append({"part": "changed", "aspects": changed})
    areas = [name for name, digest in now["areas"].items() if before["areas"].get(name) != digest]
    return parts + ([{"part": "areas", "names": areas}] if areas else [])


def as_json(correction: Correction) -> Row:
    """The form in which `issue.json` keeps a correction."""
    return {"on": correction.on.isoformat(), "changes": list(correction.changes)}


def told(correction: Correction, language: Language) -> list[str]:
    """A correction in sentences: when, then one for each kind of change."""
    day, week = language.day(correction.on), language.week(Week.of(correction.on))
    lines = [language.gettext("Berichtigt am %(day)s (%(week)s).", day=day, week=week)]
    if not correction.changes:
        return [*lines, language.gettext("Geändert: nur Darstellung und Wortlaut, keine Angabe.")]
    return lines + [text for part in correction.changes for text in _worded(part, language)]


def _worded(part: Row, language: Language) -> Iterator[str]:
    if part["part"] == "figure":
        old = language.number(part["old"]) if part["old"] is not None else language.gettext("keine")
        figure = word(FIGURE_NAMES, part["name"], language)
        yield language.gettext(
            "%(figure)s: %(old)s → %(new)s.", figure=figure, old=old, new=language.number(part["new"])
        )
    elif part["part"] == "added":
        yield language.gettext("Neu aufgenommen: %(numbers)s.", numbers=_numbers(part["numbers"], language))
    elif part["part"] == "removed":
        yield language.gettext("Entfallen: %(numbers)s.", numbers=_numbers(part["numbers"], language))
    elif part["part"] == "changed":
        alike: dict[tuple[str, ...], list[str]] = {}
        for number, aspects in part["aspects"].items():
            alike.setdefault(tuple(aspects), []).append(number)
        for aspects, numbers in sorted(alike.items()):
            what = language.list(word(_ASPECTS, aspect, language) for aspect in aspects)
            yield language.gettext("Geändert (%(what)s): %(numbers)s.", what=what, numbers=_numbers(numbers, language))
    else:
        names = language.list(word(_AREAS, name, language) for name in part["names"])
        yield language.gettext("Neu erfasst: %(areas)s.", areas=names)


def _numbers(told: list[str], language: Language) -> str:
    told = sorted(told, key=lambda number: (len(number), number))
    rest = len(told) - MOST_NUMBERS
    if rest <= 0:
        return language.list(told)
    more = language.ngettext("%(count)s weitere", "%(count)s weitere", rest)
    return language.list([*told[:MOST_NUMBERS], more])
