"""What an issue said, as plain facts, and what a later edition of the same week says otherwise.

Facts are kept beside the issue in `issue.json`, without language; their difference is what a correction tells. Where
no fact differs, the numbers on the pages decide: "only the wording" is said where none of them does. Whether there is
a correction at all is decided in `reports.lagebild.editions`, by what readers of the two editions see.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from reports.frames import Row, rows
from reports.lagebild.calls import called
from reports.lagebild.cards import excerpt
from reports.lagebild.issue import Correction, Desk
from reports.lagebild.remit import DEFAULT, kept
from reports.lagebild.remit_line import remit_text
from reports.lagebild.summary import FIGURE_NAMES, closed_in_remit, history_of
from reports.language import N_, Language, shown_share
from reports.sentences import shown
from reports.wording import word
from sources.week import Week, local_day

MOST_NUMBERS = 8  # of each kind of change, the rest is counted
_AREAS = {
    "unmet": N_("Gesuche ohne Angebot"),
    "shortages": N_("Engpässe"),
    "sources": N_("Stand der Quellen"),
    "listings": N_("Inserate"),
    "matches": N_("Treffer"),
    "held": N_("zurückgehaltene Inserate"),
    "earlier": N_("Kennzahlen früherer Wochen"),
    "courses": N_("Bedarfe früherer Wochen"),
    "outcomes": N_("Antworten auf Ausgaben"),
}
_COUNTS = {
    "new": N_("neue Vorgänge"),
    "changed": N_("geänderte Vorgänge"),
    "running": N_("laufende Vorgänge"),
    "closed": N_("geschlossene Vorgänge"),
    "needs_unmet": N_("Bedarfe ohne Partner"),
}
OTHER_NUMBERS = {"part": "numbers"}  # no fact differs, and yet a page says another number
_ASPECTS = {
    "state": N_("Status"),
    "partners": N_("Partner"),
    "missing": N_("fehlende Rollen"),
    "deadline": N_("Frist"),
    "covered": N_("gedeckte Menge"),
    "muted": N_("Stummschaltung"),
    "details": N_("Einzelheiten"),
}
# Columns of which a reader is told, numbers on the grid of `Desk`; what no page, mail or file shows is left out.
_COLUMNS = {
    "unmet": ("request_id", "concept_id", "nearest_offer_id", "blocked_by"),
    "shortages": (
        "concept_id", "country", "region", "is_total", "requests", "partly_covered", "unmet", "offers",
        "blocking_role", "blocked_by", "nearest_request_id", "nearest_offer_id",
    ),
    "sources": ("platform", "state", "day", "age_days", "rows_read", "rows_listed", "rows_quarantined", "rows_later"),
    "listings": ("listing_id", "kind", "country", "region", "repeats"),
    "matches": ("request_id", "offer_id", "concept_id", "rank", "score", "distance_km", "quantity_cover", "evidence"),
    "held": ("listing_id", "reason", "concept_id", "quantity", "unit", "usual", "limit", "stated", "found", "note"),
    "earlier": ("week", *FIGURE_NAMES),
    "courses": ("week", "concept_id", "country", "region", "covered", "partly_covered", "unmet"),
    "outcomes": ("opportunity_id", "state", "said_at"),
    "consortium": (
        "request_id", "concept_id", "organisation_id", "quantity", "unit", "quantity_covered", "bottleneck_role",
        "lead_time_days", "deadline_on", "urgency", "score", "evidence",
    ),
    "roles": (
        "position", "role_id", "concept_id", "state", "organisation_id", "listing_id", "platform", "quantity",
        "distance_km", "certificate", "evidence",
    ),
}  # fmt: skip


def facts(desk: Desk) -> dict[str, Any]:
    """What readers of this issue are told: figures, opportunities by number, and a digest of every other area."""
    *earlier, current = history_of(desk)
    repeats = dict(zip(desk.issue.repeats["listing_id"], desk.issue.repeats["repeats_listing_id"], strict=True))
    areas: dict[str, Iterable[Row]] = {
        "unmet": rows(desk.issue.unmet),
        "shortages": (row for row in rows(desk.issue.shortages) if row["unmet"] + row["partly_covered"]),
        "sources": (row | {"day": _day(row["retrieved_at"])} for row in desk.source_state.values()),
        "listings": (
            row | {"repeats": repeats.get(number)} for number, row in desk.listing.items() if row["status"] == "open"
        ),
        "matches": desk.best_matches,
        "held": rows(desk.issue.held),
        "earlier": earlier,
        "courses": (row for row in rows(desk.issue.earlier_shortages) if not row["is_total"]),
        "outcomes": rows(desk.issue.entries),
    }
    return {
        "remit": desk.issue.remit.facts(),
        "calls": [row["opportunity_id"] for row in called(desk)],
        "counts": _counts(desk),
        "figures": {name: int(current[name]) for name in FIGURE_NAMES},
        "opportunities": {row["opportunity_id"]: _opportunity(desk, row) for row in desk.opportunities},
        "areas": {name: _digest(_told(name, found)) for name, found in areas.items()},
    }


def _counts(desk: Desk) -> dict[str, int]:
    """What the page counts within the remit."""
    states = Counter(row["state"] for row in desk.leading)
    return {
        "new": states["new"],
        "changed": states["changed"],
        "running": len(desk.leading),
        "closed": len(closed_in_remit(desk)),
        "needs_unmet": len(desk.unmet_needs),
    }


def _opportunity(desk: Desk, row: Row) -> dict[str, Any]:
    content = json.loads(row["content"])
    quoted = [
        (excerpt(listing), listing["organisation_name"])
        for listing_id in [content.get("request"), *(role["listing_id"] for role in row["roles"])]
        if (listing := desk.listing.get(listing_id))
    ]
    consortium = _told("consortium", [row["consortium"]] if row["consortium"] else [])
    covered = content.get("covered")
    return {
        "consortium_id": row["consortium_id"],
        "state": [row["state"], row["closing_reason"]],
        **{name: content.get(name) for name in ("partners", "missing", "deadline")},
        "covered": None if covered is None else shown_share(covered),
        "muted": row["opportunity_id"] in desk.muted,
        "details": _digest([consortium, _told("roles", row["roles"]), quoted]),
    }


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


def _told(what: str, found: Iterable[Row]) -> list[str]:
    """Rows as a reader knows them, in an order of their own: columns that are shown, evidence as its sentences say."""
    columns = _COLUMNS[what]
    cells = ([shown(row[name]) if name == "evidence" else row[name] for name in columns] for row in found)
    return sorted(json.dumps(row, default=str) for row in cells)


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Row]:
    """What differs between the facts of two editions, as parts without language; empty if they are the same.

    The very first issues kept no facts; against them every area counts as taken anew.
    """
    if not before:
        return [{"part": "areas", "names": list(now["areas"])}]
    figures, known, found = before["figures"], before["opportunities"], now["opportunities"]
    parts = _of_page_1(before, now)
    parts += [
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


def _of_page_1(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Row]:
    """For whom page 1 is, whom it calls and what it counts; earlier issues kept none of it."""
    parts: list[Row] = [
        {"part": name, "old": before[name], "new": now[name]}
        for name in ("remit", "calls")
        if name in before and before[name] != now[name]
    ]
    counted = before.get("counts", {})
    other = {name: [counted[name], value] for name, value in now["counts"].items() if counted.get(name, value) != value}
    return parts + ([{"part": "counts", "counts": other}] if other else [])


def as_json(correction: Correction) -> Row:
    """The form in which `issue.json` keeps a correction."""
    return {"on": correction.on.isoformat(), "changes": list(correction.changes)}


def told(correction: Correction, language: Language) -> list[str]:
    """A correction in sentences: when, then one for each kind of change."""
    day, week = language.day(correction.on), language.week(Week.of(correction.on))
    lines = [language.gettext("Berichtigt am %(day)s (%(week)s).", day=day, week=week)]
    if not correction.changes:
        return [*lines, language.gettext("Geändert: nur der Wortlaut, keine Angabe.")]
    return lines + [text for part in correction.changes for text in _worded(part, language)]


def _worded(part: Row, language: Language) -> Iterator[str]:
    if part["part"] in _PAGE_1:
        yield _PAGE_1[part["part"]](part, language)
    elif part["part"] == "figure":
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


def _other_remit(part: Row, language: Language) -> str:
    old, new = (remit_text(kept(part[side]) or DEFAULT, language) for side in ("old", "new"))
    return language.gettext("Gebiet: bisher %(old)s; jetzt %(new)s.", old=old, new=new)


def _other_calls(part: Row, language: Language) -> str:
    old, new = (language.list(part[side]) or language.gettext("niemand") for side in ("old", "new"))
    return language.gettext("Zuerst anrufen: bisher %(old)s; jetzt %(new)s.", old=old, new=new)


def _other_counts(part: Row, language: Language) -> str:
    told = [
        f"{word(_COUNTS, name, language)} {language.number(old)} → {language.number(new)}"
        for name, (old, new) in part["counts"].items()
    ]
    return language.labelled(language.gettext("Im Gebiet"), language.list(told)) + "."


def _other_numbers(_part: Row, language: Language) -> str:
    return language.gettext("Geändert: Zahlen, Vorgänge oder Verweise auf den Seiten; keine Kennzahl.")


_PAGE_1: Mapping[str, Callable[[Row, Language], str]] = {
    "remit": _other_remit,
    "calls": _other_calls,
    "counts": _other_counts,
    "numbers": _other_numbers,
}


def _numbers(told: list[str], language: Language) -> str:
    told = sorted(told, key=lambda number: (len(number), number))
    rest = len(told) - MOST_NUMBERS
    if rest <= 0:
        return language.list(told)
    more = language.ngettext("%(count)s weitere", "%(count)s weitere", rest)
    return language.list([*told[:MOST_NUMBERS], more])
