"""The monitor for data staff as one HTML page and as JSON: how the run went, and what to do about it."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from matching.schema import METHODS
from reports.design.page import render_page
from reports.design.tables import table
from reports.frames import Row, rows
from reports.language import LANGUAGES, N_, Labels, Language
from reports.monitor import cases, missing, sources, todo
from reports.monitor.organisations import block_table, figure_table
from reports.privacy import Finding
from reports.sentences import held_back
from reports.wording import COMPOSITION_METHODS, HOLD_REASONS, RULES, word
from sources.platform import Platform
from sources.week import Week

MOST_REASONS = 30
MOST_HOLDS = 200


@dataclass(frozen=True)
class Run:
    """What one run left behind. ``findings`` maps a document to what its contact-data scan found."""

    week: Week
    source_states: pd.DataFrame
    quarantine: pd.DataFrame
    repeats: pd.DataFrame
    held: pd.DataFrame
    listings: pd.DataFrame
    resolution_figures: pd.DataFrame
    resolution_blocks: pd.DataFrame
    watched: pd.DataFrame  # rows of `PlatformFinding`
    platforms: Sequence[Platform]
    is_sample: bool
    consortia: pd.DataFrame
    taxonomy: Labels
    cases: pd.DataFrame
    entries: pd.DataFrame
    refused: pd.DataFrame
    verdicts: pd.DataFrame
    scores: pd.DataFrame  # rows of `MatchScores` up to this week, with a column `week`
    states_before: pd.DataFrame  # rows of `SourceState` of the weeks before, with a column `week`
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    figures_before: Mapping[str, int] = field(default_factory=dict)  # resolution figures of the last stored week

    @property
    def states(self) -> list[Row]:
        """One row per platform by name, with its de-duplicated listings."""
        repeated = self.listings[self.listings["listing_id"].isin(self.repeats["listing_id"])]
        repeats = Counter(repeated["platform"])
        return [
            {**row, "rows_distinct": row["rows_listed"] - repeats[row["platform"]]}
            for row in sorted(rows(self.source_states), key=lambda row: str(row["platform"]))
        ]

    @property
    def verdict(self) -> tuple[int, int]:
        """Number of errors and of warnings: documents with contact data, and what was seen at platforms."""
        return sum(map(bool, self.findings.values())), int((~self.watched["passed"]).sum())

    @property
    def inputs(self) -> str:
        """SHA-256 over what all platforms delivered: equal inputs make equal documents."""
        told = (f"{row['platform']} {row['input_sha256'] or '-'}\n" for row in self.states)
        return hashlib.sha256("".join(told).encode()).hexdigest()

    @property
    def reasons(self) -> list[tuple[str, str, str, int]]:
        """Platform, field, rule and how many rows broke it, most first."""
        found = Counter(zip(*(self.quarantine[name] for name in ("platform", "field", "rule")), strict=True))
        return sorted(((*key, count) for key, count in found.items()), key=lambda item: (-item[3], item[:3]))

    @property
    def lapsed(self) -> frozenset[str]:
        """Platforms that say the same for weeks."""
        return frozenset(self.watched.loc[(self.watched["check"] == "lapsed") & ~self.watched["passed"], "platform"])

    @cached_property
    def missing(self) -> Sequence[missing.Missing]:
        """What a delivery no longer shows and no second one has confirmed, by platform and part."""
        return missing.missing_parts(self.listings, self.platforms)

    @property
    def holds(self) -> list[tuple[str, int]]:
        """Why listings are held back, and how many for each reason."""
        found = Counter(self.held["reason"])
        return [(reason, found[reason]) for reason in HOLD_REASONS if found[reason]]

    @property
    def methods(self) -> list[tuple[str, int, float | None]]:
        """How consortia were found, how many so, and the largest gap to the best that is possible."""
        found = []
        for method in METHODS:
            gaps = self.consortia.loc[self.consortia["method"] == method, "gap"]
            if len(gaps):
                found.append((method, len(gaps), None if gaps.isna().all() else float(gaps.max())))
        return found


def page_name(language: str) -> str:
    """The file of one language: monitor.html in German, monitor.fr.html in French."""
    return "monitor.html" if language == LANGUAGES[0] else f"monitor.{language}.html"


def render(run: Run, language: str = "de") -> str:
    """The monitor page."""
    reader = Language(language)
    titles = {platform.name: platform.title for platform in run.platforms}
    watched = todo.watched(run.watched)
    return render_page(
        "monitor/page.html",
        reader,
        week=run.week,
        is_sample=run.is_sample,
        verdict=_verdict(run, reader),
        to_do=todo.to_do(watched, run.findings, titles, reader),
        source_table=sources.source_table(run.states, run.states_before, run.lapsed, run.week, titles, reader),
        weeks_shown=sources.weeks_shown(run.states_before, run.week),
        term_table=sources.term_table(run.listings, run.week, titles, reader),
        missing_table=missing.missing_table(run.missing, titles, reader) if run.missing else None,
        reason_table=_reason_table(run, titles, reader) if run.reasons else None,
        hold_table=_hold_table(run, titles, reader) if len(run.held) else None,
        holds=reader.series(
            reader.labelled(word(HOLD_REASONS, reason, reader), reader.number(count)) for reason, count in run.holds
        ),
        holds_left_out=max(0, len(run.held) - MOST_HOLDS),
        reasons_left_out=max(0, len(run.reasons) - MOST_REASONS),
        figure_table=figure_table(run.resolution_figures, run.figures_before, reader),
        block_table=block_table(run.resolution_blocks, reader),
        method_table=_method_table(run, reader) if run.methods else None,
        watched_table=todo.watched_table(watched, titles, reader) if watched else None,
        watched_count=len(watched),
        watched_passed=sum(row["passed"] for row in watched),
        inputs=run.inputs[:12],
        editions=[(code, reader.own_name(code), page_name(code)) for code in LANGUAGES if code != language],
        cases=_cases(run, reader) if len(run.cases) else None,
        scanned=len(run.findings),
        contacts=reader.series(
            reader.labelled(name, reader.number(len(found))) for name, found in sorted(run.findings.items()) if found
        ),
    )


def _cases(run: Run, language: Language) -> Mapping[str, object]:
    """What came of opportunities, and whether scores drift."""
    moved = cases.drift(run.scores)
    drifts = moved is not None and abs(moved) >= cases.DRIFT
    told = language.gettext(
        "Die Güte der besten Treffer weicht um %(points)s vom Mittel der Vorwochen ab; bitte die Quellen ansehen.",
        points=language.score(moved or 0.0),
    )
    return {
        "counts": cases.count_table(run.cases, language),
        "disputes": cases.dispute_table(run.entries, language),
        "refused": cases.refusal_table(run.refused, language),
        "precision": cases.precision_table(run.verdicts, language),
        "scores": cases.score_table(run.scores, language),
        "drift": told if drifts else "",
    }


def _verdict(run: Run, language: Language) -> str:
    errors, warnings = run.verdict
    told = language.gettext("%(week)s: in Ordnung", week=language.week(run.week))
    if errors or warnings:
        told = language.gettext(
            "%(week)s: %(errors)s, %(warnings)s",
            week=language.week(run.week),
            errors=language.ngettext("%(count)s Fehler", "%(count)s Fehler", errors),
            warnings=language.ngettext("%(count)s Warnung", "%(count)s Warnungen", warnings),
        )
    return told[0].upper() + told[1:]


def _reason_table(run: Run, titles: Mapping[str, str], language: Language) -> Markup:
    return table(
        [language.gettext(text) for text in (N_("Quelle"), N_("Feld"), N_("Regel"), N_("Zeilen"))],
        [
            (titles.get(platform, platform), name, word(RULES, rule, language), language.number(count))
            for platform, name, rule, count in run.reasons[:MOST_REASONS]
        ],
        table_id="aussonderung",
        caption=language.gettext("Ausgesonderte Zeilen nach Grund"),
        numeric=(3,),
        is_carded=True,
    )


def _hold_table(run: Run, titles: Mapping[str, str], language: Language) -> Markup:
    """The rarest reasons first: of what is too few there is most."""
    counts = dict(run.holds)
    ordered = sorted(rows(run.held), key=lambda row: (counts[row["reason"]], row["reason"], row["listing_id"]))
    return table(
        [language.gettext(text) for text in (N_("Quelle"), N_("Kennung"), N_("Grund"), N_("Einzelheiten"))],
        [
            (
                titles.get(row["platform"], row["platform"]),
                row["listing_id"],
                word(HOLD_REASONS, row["reason"], language),
                held_back(row, language, run.taxonomy),
            )
            for row in ordered[:MOST_HOLDS]
        ],
        table_id="zurueckgehalten",
        caption=language.gettext("Zurückgehaltene Inserate"),
        is_carded=True,
    )


def _method_table(run: Run, language: Language) -> Markup:
    headings = (N_("Verfahren"), N_("Konsortien"), N_("Abstand zum Bestmöglichen"))
    unknown = language.gettext("nicht bestimmt")
    return table(
        [language.gettext(text) for text in headings],
        [
            (
                word(COMPOSITION_METHODS, method, language),
                language.number(count),
                unknown if gap is None else language.percent(gap, decimals=2),
            )
            for method, count, gap in run.methods
        ],
        table_id="zusammenstellung",
        caption=language.gettext("Wie die Konsortien zusammengestellt wurden"),
        numeric=(1, 2),
        is_carded=True,
    )


def as_json(run: Run) -> str:
    """All numbers of the page for machines; keys sorted, no free text of listings."""
    errors, warnings = run.verdict
    columns = (
        "platform", "state", "reason", "age_days", "rows_read", "rows_listed", "rows_distinct", "rows_quarantined",
        "rows_later", "input_sha256",
    )  # fmt: skip
    told = {
        "week": str(run.week),
        "is_sample": run.is_sample,
        "inputs_sha256": run.inputs,
        "errors": errors,
        "warnings": warnings,
        "sources": [
            {name: row[name] for name in columns}
            | {"retrieved_at": row["retrieved_at"].isoformat() if row["retrieved_at"] else None}
            for row in run.states
        ],
        "quarantine": [
            {"platform": platform, "field": name, "rule": rule, "rows": count}
            for platform, name, rule, count in run.reasons
        ],
        "missing": [one._asdict() for one in run.missing],
        "held_back": [{name: row[name] for name in ("listing_id", "reason")} for row in rows(run.held)],
        "checks": [
            {name: row[name] for name in ("platform", "check", "passed", "facts")} for row in todo.watched(run.watched)
        ],
        "organisations": {row["figure"]: row["value"] for row in rows(run.resolution_figures)},
        "blocks": rows(run.resolution_blocks),
        "composition": [
            {"method": method, "consortia": count, "largest_gap": gap} for method, count, gap in run.methods
        ],
        **cases.as_facts(run.cases, run.entries, run.refused, run.verdicts, run.scores),
        "contact_data": {name: len(found) for name, found in sorted(run.findings.items())},
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
