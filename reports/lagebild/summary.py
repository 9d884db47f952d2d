"""Page 1: what is new, who must act, by when, whom to call."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from reports.design.charts import LEAST_POINTS, sparkline
from reports.frames import Row, rows
from reports.lagebild.calls import lost_roles
from reports.lagebild.issue import Desk
from reports.lagebild.words import due_on, first_of, gaps, product_name, title
from reports.language import N_, Language
from reports.wording import CLOSING_REASONS, word
from sources.week import Week

FIGURE_NAMES = {
    "offers": N_("Angebote aktiv"),
    "requests": N_("Gesuche aktiv"),
    "cross_platform_matches": N_("Treffer zwischen Plattformen"),
    "requests_unmet": N_("Gesuche ohne möglichen Partner"),
}


# What page 1 shows; the last as `Desk.unmet_needs` counts, earlier weeks by their own tables within today's remit.
_SHOWN = {name: text for name, text in FIGURE_NAMES.items() if name != "requests_unmet"} | {
    "needs_unmet": N_("Bedarfe ohne möglichen Partner im Gebiet")
}


class UnfitHeadlines(ValueError):
    """Page 1 needs two to five headlines with a number each."""


@dataclass(frozen=True)
class Headline:
    """A sentence of page 1 with the number that leads to its list: as written there, and the list's id."""

    sentence: str
    count: str
    target: str


def check_headlines(sentences: Sequence[str]) -> Sequence[str]:
    """The sentences as they are; raises UnfitHeadlines unless they are two to five, each with a number."""
    if not 2 <= len(sentences) <= 5:
        raise UnfitHeadlines(f"{len(sentences)} headlines, needed are two to five")
    for sentence in sentences:
        if not re.search(r"\d", sentence):
            raise UnfitHeadlines(f"a headline has no number: {sentence}")
    return sentences


def headlines(desk: Desk, language: Language) -> list[Headline]:
    """The two to five sentences a lead must know."""
    found = [_news(desk, language), _supply(desk, language)]
    found += [headline for make in (_bottleneck, _deadlines, _closed) if (headline := make(desk, language))]
    check_headlines([headline.sentence for headline in found])
    return found


def _news(desk: Desk, language: Language) -> Headline:
    states = Counter(row["state"] for row in desk.leading)
    if desk.issue.previous is None:
        state = "baseline"
        told = language.ngettext(
            "Erste Ausgabe: %(count)s Vorgang bildet den Bestand",
            "Erste Ausgabe: %(count)s Vorgänge bilden den Bestand",
            states[state],
        )
    else:
        state = "new"
        told = language.ngettext("%(count)s neuer Vorgang", "%(count)s neue Vorgänge", states["new"])
        if states["changed"]:
            told += language.ngettext(", %(count)s geänderter", ", %(count)s geänderte", states["changed"])
        if states["reopened"]:
            told += language.ngettext(", %(count)s wieder offener", ", %(count)s wieder offene", states["reopened"])
    count, target = language.number(states[state]), list_id(state, states[state])
    if not desk.news:
        return Headline(told + ".", count, target)
    named = _named(desk, desk.news[0], language)
    if desk.news[0]["state"] == "new":
        first = language.gettext("erster neuer Vorgang: %(first)s.", first=named)
    else:
        first = language.gettext("erster davon: %(first)s.", first=named)
    return Headline(language.series([told, first]), count, target)


def _named(desk: Desk, row: Row, language: Language) -> str:
    number = row["opportunity_id"]
    if former := desk.former.get(number):
        number = language.gettext("%(number)s, vorher %(former)s", number=number, former=former)
    return language.gettext("%(title)s (%(number)s)", title=title(desk, row, language), number=number)


def list_id(what: str, count: int) -> str:
    """The id of the list behind a number; an empty list has none of its own and is told by its heading."""
    return f"liste-{what}" if count else "nachweis-chancen"


def _supply(desk: Desk, language: Language) -> Headline:
    unmet = desk.unmet_needs
    if not unmet and not desk.leading:
        text = language.gettext("Im Gebiet gibt es 0 laufende Bedarfe.")
        return Headline(text, "0", "nachweis-needs-unmet")
    if not unmet:
        text = language.gettext("Zu jedem Bedarf gibt es mögliche Partner; offen bleiben 0.")
        return Headline(text, "0", "nachweis-needs-unmet")
    concept, count = min(Counter(row["concept_id"] for row in unmet).items(), key=lambda item: (-item[1], item[0]))
    text = language.ngettext(
        "%(count)s Bedarf ist ohne möglichen Partner: %(concept)s.",
        "%(count)s Bedarfe sind ohne möglichen Partner, am häufigsten: %(concept)s (%(most)s).",
        len(unmet),
        concept=product_name(desk, concept, language),
        most=language.number(count),
    )
    told = " ".join(filter(None, (text, _to_clarify(unmet, language))))
    return Headline(told, language.number(len(unmet)), "nachweis-needs-unmet")


def _to_clarify(unmet: Sequence[Row], language: Language) -> str:
    """For how many needs without a partner an offer is there that does not say whether it fits; "" for none."""
    count = sum(row["blocked_by"] == "to_clarify" for row in unmet)
    told = language.ngettext(
        "Für %(count)s davon gibt es ein Angebot, das erst zu klären ist.",
        "Für %(count)s davon gibt es ein Angebot, das erst zu klären ist.",
        count,
    )
    return told if count else ""


def lacking(desk: Desk) -> list[tuple[str, list[Row]]]:
    """Roles that nobody fills and their running cases, most first; of equals the one nobody can be asked for."""
    found: dict[str, list[Row]] = {}
    for row in desk.leading:
        for role in set(gaps(row)):
            found.setdefault(role, []).append(row)
    lost = Counter(role for row in desk.leading for role in set(lost_roles(desk, row)))
    return sorted(found.items(), key=lambda item: (-len(item[1]), -lost[item[0]], item[0]))


def bottleneck(desk: Desk) -> tuple[str | None, list[Row]]:
    """The first of the roles that opportunities lack, and these; None if none lacks any."""
    return next(iter(lacking(desk)), (None, []))


def _bottleneck(desk: Desk, language: Language) -> Headline | None:
    role, rows_without = bottleneck(desk)
    if role is None:
        return None
    alike = [other for other, found in lacking(desk)[1:] if len(found) == len(rows_without)]
    told = desk.issue.taxonomy.label(role, language.code)
    if alike:
        others = first_of([desk.issue.taxonomy.label(other, language.code) for other in alike], language)
        told = language.gettext("%(role)s (gleich oft: %(others)s)", role=told, others=others)
    text = language.ngettext(
        "Engpass der Woche: In %(count)s Vorgang fehlt diese Rolle: %(role)s.",
        "Engpass der Woche: In %(count)s Vorgängen fehlt diese Rolle: %(role)s.",
        len(rows_without),
        role=told,
    )
    return Headline(text, language.number(len(rows_without)), list_id("bottleneck", len(rows_without)))


def ending(desk: Desk) -> list[Row]:
    """Running opportunities whose request ends before the next issue."""
    until = desk.issue.next_issue_on
    return [row for row in desk.leading if (day := _deadline(row)) and desk.published_on <= day < until]


WEEKS_AHEAD = 6  # what lies further is no appointment yet


def upcoming(desk: Desk) -> list[tuple[date, Row]]:
    """Running opportunities within the remit whose request ends in `WEEKS_AHEAD`, by day and number."""
    last = desk.published_on + timedelta(weeks=WEEKS_AHEAD)
    found = [(day, row) for row in desk.leading if (day := _deadline(row)) and desk.published_on <= day < last]
    return sorted(found, key=lambda one: (one[0], str(one[1]["opportunity_id"])))


def _deadlines(desk: Desk, language: Language) -> Headline | None:
    count = len(ending(desk))
    if not count:
        return None
    soonest = min(ending(desk), key=lambda row: (_deadline(row), row["rank"]))
    text = language.ngettext(
        "Bei %(count)s Vorgang endet die Frist vor der nächsten Ausgabe, am %(day)s: %(first)s.",
        "Bei %(count)s Vorgängen endet die Frist vor der nächsten Ausgabe, als Erstes am %(day)s: %(first)s.",
        count,
        first=_named(desk, soonest, language),
        day=language.weekday(due_on(desk, soonest)),
    )
    return Headline(text, language.number(count), list_id("ending", count))


def closed_in_remit(desk: Desk) -> list[Row]:
    """Opportunities within the remit that closed this week."""
    return [row for row in desk.shown if row["state"] == "closed" and desk.is_in_remit(row)]


def _closed(desk: Desk, language: Language) -> Headline | None:
    closed = closed_in_remit(desk)
    if not closed:
        return None
    counts = sorted(
        Counter(row["closing_reason"] or "" for row in closed).items(), key=lambda item: (-item[1], item[0])
    )
    count = counts[0][1]
    reason = language.list(word(CLOSING_REASONS, reason, language) for reason, times in counts if times == count)
    if 1 < count == len(closed):
        text = language.gettext(
            "Im Gebiet sind %(count)s Vorgänge diese Woche geschlossen worden, alle aus einem Grund: %(reason)s.",
            count=language.number(count),
            reason=reason,
        )
        return Headline(text, language.number(count), list_id("closed", count))
    text = language.ngettext(
        "Im Gebiet ist %(count)s Vorgang diese Woche geschlossen worden; Grund: %(reason)s.",
        "Im Gebiet sind %(count)s Vorgänge diese Woche geschlossen worden; häufigster Grund: %(reason)s (%(most)s).",
        len(closed),
        reason=reason,
        most=language.number(count),
    )
    return Headline(text, language.number(len(closed)), list_id("closed", len(closed)))


def _deadline(row: Row) -> date | None:
    stated = row["consortium"]["deadline_on"]
    return date.fromisoformat(stated) if stated else None


@dataclass(frozen=True)
class Figure:
    """One key figure as page 1 shows it."""

    name: str
    value: str
    target: str  # id of the list behind it
    change: str
    chart: Markup | None


def key_figures(desk: Desk, language: Language) -> list[Figure]:
    """The key figures with their change in words and their course.

    The last one counts needs, as headline and table of gaps do: requests without a partner beside needs without one
    were two units for one thing.
    """
    history = [row | {"needs_unmet": count} for row, count in zip(*_needs_unmet(desk), strict=True)]
    found = []
    for column, text in _SHOWN.items():
        name = language.gettext(text)
        values = [int(row[column]) for row in history]
        chart = None
        if len(values) >= LEAST_POINTS:
            course = language.gettext(
                "%(first)s bis %(last)s: %(values)s",
                first=language.week(Week.parse(history[0]["week"])),
                last=language.week(Week.parse(history[-1]["week"])),
                values=language.series(language.number(value) for value in values),
            )
            chart = sparkline(f"verlauf-{column.replace('_', '-')}", values, name, course)
        change, target = _change(desk, history, column, language), f"nachweis-{column.replace('_', '-')}"
        found.append(Figure(name, language.number(values[-1]), target, change, chart))
    return found


def _needs_unmet(desk: Desk) -> tuple[list[Row], list[int]]:
    """The weeks of `history_of`, and the needs within today's remit without a partner of each."""
    history = history_of(desk)
    counts = Counter({row["week"]: 0 for row in history})
    for row in rows(desk.issue.earlier_shortages):
        if not row["is_total"] and desk.holds(row["country"], row["region"], row["concept_id"], ""):
            counts[row["week"]] += row["unmet"]
    counts[str(desk.issue.week)] = len(desk.unmet_needs)
    return history, [counts[row["week"]] for row in history]


def history_of(desk: Desk) -> list[Row]:
    """Key figures up to this issue's week, oldest first, at most the last ten."""
    week = str(desk.issue.week)
    found = sorted(
        (row for row in rows(desk.issue.key_figures) if row["week"] <= week), key=lambda row: str(row["week"])
    )
    if not found or found[-1]["week"] != week:
        raise ValueError(f"no key figures for {week}")
    return found[-10:]


def _change(desk: Desk, history: Sequence[Row], column: str, language: Language) -> str:
    if desk.issue.previous is None or len(history) < 2:
        return language.gettext("erste Ausgabe, noch kein Vergleich")
    before, now = int(history[-2][column]), int(history[-1][column])
    than = language.week(Week.parse(history[-2]["week"]))
    if now == before:
        return language.gettext("unverändert gegenüber %(week)s", week=than)
    if now > before:
        return language.gettext("%(difference)s mehr als %(week)s", difference=language.number(now - before), week=than)
    return language.gettext("%(difference)s weniger als %(week)s", difference=language.number(before - now), week=than)


def stale_notice(desk: Desk, decided: Sequence[str], language: Language) -> list[str]:
    """One sentence per source that is not fresh and that an opportunity of page 1 rests on."""
    by_id = {row["opportunity_id"]: row for row in desk.leading}
    found = []
    for name in desk.stale_platforms():
        touched = [number for number in decided if name in desk.platforms_of(by_id[number])]
        if touched:
            found.append(
                language.ngettext(
                    "%(platform)s liefert seit %(count)s Tag keinen neuen Stand. Darauf stützen sich: %(numbers)s.",
                    "%(platform)s liefert seit %(count)s Tagen keinen neuen Stand. Darauf stützen sich: %(numbers)s.",
                    int(desk.source_state[name]["age_days"]),
                    platform=desk.platform_title(name),
                    numbers=language.list(touched),
                )
            )
    return found
