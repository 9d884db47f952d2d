"""The monitor for data staff as one HTML page and as JSON: how the run went, and what to do about it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from markupsafe import Markup

from matching.schema import METHODS
from reports.design.page import render_page
from reports.design.tables import table
from reports.frames import Row, rows
from reports.language import N_, Labels, Language
from reports.monitor import cases, missing
from reports.monitor.organisations import block_table, figure_table
from reports.privacy import Finding
from reports.sentences import held_back
from reports.wording import COMPOSITION_METHODS, HOLD_REASONS, SOURCE_STATES, word
from sources.platform import Platform
from sources.week import Week

SEVERITIES = {"error": N_("Fehler"), "warning": N_("Warnung")}
MOST_REASONS = 30
MOST_HOLDS = 200


@dataclass(frozen=True)
class Check:
    """One rule that was tried on the week's tables; ``detail`` holds counts and ids only."""

    name: str  # "listings: schema"
    severity: str  # "error" or "warning"
    passed: bool
    detail: str


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
    checks: Sequence[Check]
    platforms: Sequence[Platform]
    is_sample: bool
    consortia: pd.DataFrame
    taxonomy: Labels
    cases: pd.DataFrame
    entries: pd.DataFrame
    refused: pd.DataFrame
    verdicts: pd.DataFrame
    scores: pd.DataFrame  # rows of `MatchScores` up to this week, with a column `week`
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    figures_before: Mapping[str, int] = field(default_factory=dict)  # resolution figures of the last stored week

    @property
    def failed(self) -> list[Check]:
        """Checks that did not pass, errors first."""
        return sorted(
            (check for check in self.checks if not check.passed), key=lambda check: (check.severity, check.name)
        )

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
        """Number of errors and of warnings; contact data in a document is an error, a stale source a warning."""
        errors = sum(check.severity == "error" for check in self.failed) + sum(map(bool, self.findings.values()))
        stale = sum(row["state"] != "fresh" for row in self.states)
        return errors, sum(check.severity != "error" for check in self.failed) + stale

    @property
    def reasons(self) -> list[tuple[str, str, str, int]]:
        """Platform, field, rule and how many rows broke it, most first."""
        found = Counter(zip(*(self.quarantine[name] for name in ("platform", "field", "rule")), strict=True))
        return sorted(((*key, count) for key, count in found.items()), key=lambda item: (-item[3], item[:3]))

    @property
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


def render(run: Run, language: str = "de") -> str:
    """The monitor page."""
    reader = Language(language)
    titles = {platform.name: platform.title for platform in run.platforms}
    return render_page(
        "monitor/page.html",
        reader,
        week=run.week,
        is_sample=run.is_sample,
        verdict=_verdict(run, reader),
        to_do=_to_do(run, titles, reader),
        source_table=_source_table(run, titles, reader),
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
        check_table=_check_table(run, reader) if run.checks else None,
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
    if not errors and not warnings:
        return language.gettext("%(week)s: in Ordnung", week=language.week(run.week))
    return language.gettext(
        "%(week)s: %(errors)s, %(warnings)s",
        week=language.week(run.week),
        errors=language.ngettext("%(count)s Fehler", "%(count)s Fehler", errors),
        warnings=language.ngettext("%(count)s Warnung", "%(count)s Warnungen", warnings),
    )


def _to_do(run: Run, titles: Mapping[str, str], language: Language) -> list[tuple[str, str]]:
    """What needs a hand: subject, and what is wrong and what it does to the report."""
    found = []
    for document, contacts in sorted(run.findings.items()):
        if contacts:
            text = language.ngettext(
                "%(count)s Stelle sieht aus wie Kontaktdaten. Vor der Weitergabe ansehen.",
                "%(count)s Stellen sehen aus wie Kontaktdaten. Vor der Weitergabe ansehen.",
                len(contacts),
            )
            found.append((document, text))
    for row in run.states:
        if row["state"] == "missing":
            effect = language.gettext("Die Plattform fehlt im Bericht.")
        elif row["state"] == "stale":
            effect = language.ngettext(
                "Der Bericht nutzt einen Stand, der %(count)s Tag alt ist, und kennzeichnet das.",
                "Der Bericht nutzt einen Stand, der %(count)s Tage alt ist, und kennzeichnet das.",
                int(row["age_days"]),
            )
        else:
            continue
        found.append((titles.get(row["platform"], row["platform"]), f"{row['reason'] or ''} {effect}".strip()))
    found += [(check.name, check.detail or word(SEVERITIES, check.severity, language)) for check in run.failed]
    return found


def _source_table(run: Run, titles: Mapping[str, str], language: Language) -> Markup:
    headings = (
        N_("Quelle"),
        N_("Status"),
        N_("Stand"),
        N_("roh"),
        N_("gültig"),
        N_("entdoppelt"),
        N_("ausgesondert"),
        N_("später"),
    )
    found = []
    for row in run.states:
        counts = (row[name] for name in ("rows_read", "rows_listed", "rows_distinct", "rows_quarantined", "rows_later"))
        age = language.ngettext("vor %(count)s Tag", "vor %(count)s Tagen", int(row["age_days"]))
        if not row["age_days"]:
            age = language.gettext("Ende der Woche")
        when = age if row["retrieved_at"] else language.gettext("nie")
        state = word(SOURCE_STATES, row["state"], language)
        found.append(
            (
                titles.get(row["platform"], row["platform"]),
                _badge(row["state"], state),
                when,
                *map(language.number, counts),
            )
        )
    return table(
        [language.gettext(text) for text in headings],
        found,
        table_id="quellen",
        caption=language.gettext("Quellen in dieser Woche"),
        numeric=(3, 4, 5, 6, 7),
    )


def _badge(state: str, text: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format({"fresh": "good", "stale": "warn"}.get(state, "bad"), text)


def _reason_table(run: Run, titles: Mapping[str, str], language: Language) -> Markup:
    return table(
        [language.gettext(text) for text in (N_("Quelle"), N_("Feld"), N_("Regel"), N_("Zeilen"))],
        [
            (titles.get(platform, platform), name, rule, language.number(count))
            for platform, name, rule, count in run.reasons[:MOST_REASONS]
        ],
        table_id="aussonderung",
        caption=language.gettext("Ausgesonderte Zeilen nach Grund"),
        numeric=(3,),
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
    )


def _check_table(run: Run, language: Language) -> Markup:
    passed = language.gettext("bestanden")
    ordered = [*run.failed, *sorted((check for check in run.checks if check.passed), key=lambda check: check.name)]
    return table(
        [language.gettext(text) for text in (N_("Prüfung"), N_("Schwere"), N_("Ergebnis"), N_("Einzelheiten"))],
        [
            (
                check.name,
                word(SEVERITIES, check.severity, language),
                _badge("fresh", passed) if check.passed else _badge("failed", language.gettext("nicht bestanden")),
                check.detail,
            )
            for check in ordered
        ],
        table_id="pruefungen",
        caption=language.gettext("Prüfregeln in diesem Lauf"),
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
            {"name": check.name, "severity": check.severity, "passed": check.passed, "detail": check.detail}
            for check in sorted(run.checks, key=lambda check: check.name)
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
