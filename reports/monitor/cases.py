"""What came of opportunities, as data staff watch it: cases by state, disputes, refused answers, precision, drift."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from matching.cases.entries import entries_of
from matching.cases.experience import outcome_table
from matching.cases.history import disputes
from matching.cases.review import precision, wilson
from reports.design.tables import table
from reports.frames import Row, rows
from reports.language import N_, Language
from reports.wording import ANSWER_ROLES, ANSWER_WAYS, ANSWERS, CLOSING_REASONS, REFUSALS, word
from sources.week import Week, local_day

MOST_ROWS = 20
CASE_STATES = {"waiting": N_("ohne Antwort"), "answered": N_("beantwortet"), "closed": N_("geschlossen")}
QUANTILES = {
    "lowest_tenth": N_("unterstes Zehntel bis"),
    "lower_quartile": N_("unteres Viertel bis"),
    "median": N_("Mitte"),
    "upper_quartile": N_("oberes Viertel ab"),
    "highest_tenth": N_("oberstes Zehntel ab"),
}
DRIFT = 0.05  # of the median against the mean of the weeks before: half a step of the words for confidence


def counts(cases: pd.DataFrame) -> list[tuple[str, str, int]]:
    """State, answer or cause, and how many cases stand so: most first."""
    found = Counter((row["state"], row["reason"] or row["answer"] or "") for row in rows(cases))
    return [(*key, count) for key, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))]


def count_table(cases: pd.DataFrame, language: Language) -> Markup:
    """cases: rows of `Case`."""
    headings = (N_("Stand"), N_("Antwort oder Grund"), N_("Vorgänge"))
    words = {**ANSWERS, **CLOSING_REASONS}
    return table(
        [language.gettext(text) for text in headings],
        [
            (word(CASE_STATES, state, language), word(words, said, language) or "–", language.number(count))
            for state, said, count in counts(cases)
        ],
        table_id="vorgaenge",
        caption=language.gettext("Was aus den Vorgängen wurde"),
        numeric=(2,),
        is_carded=True,
    )


def dispute_table(entries: pd.DataFrame, language: Language) -> Markup | None:
    """The newest pairs of entries that contradict each other; None without any. entries: rows of `CaseEntry`."""
    found = disputes(entries_of(entries))[-MOST_ROWS:]
    if not found:
        return None
    headings = (N_("Nr."), N_("Zuerst"), N_("Danach (gilt)"))
    told = [(first.opportunity_id, *(_said(entry, language) for entry in (first, later))) for first, later in found]
    caption = language.gettext("Antworten einer Woche, die sich widersprechen")
    return table(
        [language.gettext(text) for text in headings], told, table_id="widersprueche", caption=caption, is_carded=True
    )


def _said(entry: Any, language: Language) -> str:
    return language.gettext(
        "%(answer)s am %(day)s (%(role)s, %(way)s)",
        answer=word(CLOSING_REASONS if entry.reason else ANSWERS, entry.reason or entry.state, language),
        day=language.day(local_day(entry.said_at)),
        role=word(ANSWER_ROLES, entry.role, language),
        way=word(ANSWER_WAYS, entry.way, language),
    )


def refusal_table(refused: pd.DataFrame, language: Language) -> Markup | None:
    """The newest answers that changed nothing; None without any. refused: rows of `RefusedAnswer`."""
    if refused.empty:
        return None
    headings = (N_("Wann"), N_("Weg"), N_("Nr."), N_("Warum"), N_("Kennzeichen"))
    told = [
        (
            row["said_at"][:10],
            word(ANSWER_WAYS, row["way"], language),
            row["opportunity_id"] or "–",
            word(REFUSALS, row["rule"], language),
            row["source"],
        )
        for row in rows(refused.tail(MOST_ROWS))
    ]
    caption = language.gettext("Abgewiesene Antworten: sie haben nichts geändert")
    return table(
        [language.gettext(text) for text in headings], told, table_id="abgewiesen", caption=caption, is_carded=True
    )


def precisions(verdicts: pd.DataFrame) -> list[Row]:
    """Per reviewed week, and for all together (week ""), how many of the judged fit, and the interval of 95 %."""
    groups: dict[str, Sequence[str]] = {
        str(week): group["verdict"].tolist() for week, group in verdicts.groupby("week", sort=True)
    }
    if len(groups) > 1:
        groups[""] = verdicts["verdict"].tolist()
    found = []
    for week, said in groups.items():
        right, judged = precision(list(said))
        if judged:
            low, high = wilson(right, judged)
            found.append({"week": week, "fits": right, "judged": judged, "low": round(low, 4), "high": round(high, 4)})
    return found


def precision_table(verdicts: pd.DataFrame, language: Language) -> Markup | None:
    """verdicts: rows of `ReviewVerdict`; None without one that counts."""
    found = precisions(verdicts)
    if not found:
        return None
    headings = (N_("Woche"), N_("beurteilt"), N_("passen"), N_("Anteil"), N_("Bereich (95 %%)"))
    told = [
        (
            language.week(Week.parse(row["week"])) if row["week"] else language.gettext("alle"),
            language.number(row["judged"]),
            language.number(row["fits"]),
            language.percent(row["fits"] / row["judged"]),
            f"{language.percent(row['low'])} – {language.percent(row['high'])}",
        )
        for row in found
    ]
    caption = language.gettext("Blinde Stichproben: wie viele Treffer passen")
    shown = [language.gettext(text) for text in headings]
    return table(shown, told, table_id="stichproben", caption=caption, numeric=(1, 2, 3, 4), is_carded=True)


def drift(scores: pd.DataFrame) -> float | None:
    """How far the newest median lies from the mean of the weeks before; None without both. scores: by week."""
    ordered = scores.sort_values("week")["median"]
    before = ordered.iloc[:-1].dropna()
    if before.empty or pd.isna(ordered.iloc[-1]):
        return None
    return round(float(ordered.iloc[-1] - before.mean()), 4)


def score_table(scores: pd.DataFrame, language: Language) -> Markup | None:
    """Quantiles of the best matches' scores, the last ten weeks. scores: rows of `MatchScores` with a column week."""
    found = [row for row in rows(scores.sort_values("week").tail(10)) if row["median"] is not None]
    if not found:
        return None
    headings = (N_("Woche"), N_("Gesuche und Produkte"), *QUANTILES.values())
    told = [
        (
            language.week(Week.parse(row["week"])),
            language.number(row["requests"]),
            *(language.score(row[name]) for name in QUANTILES),
        )
        for row in found
    ]
    caption = language.gettext("Güte des jeweils besten Treffers")
    shown = [language.gettext(text) for text in headings]
    return table(shown, told, table_id="guete", caption=caption, numeric=tuple(range(1, len(headings))), is_carded=True)


def as_facts(
    cases: pd.DataFrame, entries: pd.DataFrame, refused: pd.DataFrame, verdicts: pd.DataFrame, scores: pd.DataFrame
) -> Mapping[str, Any]:
    """The same for machines; no notes."""
    return {
        "cases": [{"state": state, "answer_or_reason": said, "cases": count} for state, said, count in counts(cases)],
        "outcomes": outcome_table(entries_of(entries)).to_dict("records"),
        "disputes": len(disputes(entries_of(entries))),
        "refused": dict(sorted(Counter(refused["rule"]).items())),
        "reviews": precisions(verdicts),
        "median_drift": drift(scores) if len(scores) else None,
    }
