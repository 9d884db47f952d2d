"""One check factory for every table, and what is watched at every platform.

Blocking where a table would be wrong, warning where it is merely stale: the week must come out.
"""

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import dagster as dg
import pandas as pd
import pandera.errors
import pandera.pandas as pa

from assets import cases, consortia, listings, opportunities, organisations
from assets.partitions import WEEKLY
from matching import schema
from reports.findings import FINDINGS, seen
from reports.frames import rows
from reports.language import Language
from sources.platform import Platform
from sources.platforms import PLATFORMS
from sources.weekly.continuity import CONTINUITY
from sources.weekly.health import WATCHED, PlatformFinding

_ENGLISH = Language("en")  # as Dagster and the command line speak
TABLES: dict[str, type[pa.DataFrameModel]] = {
    **{name: model for name, (model, _) in listings.UNIONS.items()},
    "platform_findings": PlatformFinding,
    **{name: model for name, (model, _) in organisations.OUTPUTS.items()},
    "organisations": schema.Organisation,
    "listing_concepts": schema.ListingConcept,
    "text_vectors": schema.TextVector,
    "held_back": schema.HeldBack,
    "matches": schema.Match,
    **{name: model for name, (model, _) in consortia.OUTPUTS.items()},
    "shortages": schema.Shortage,
    **{name: model for name, (model, _) in opportunities.OUTPUTS.items()},
    "listing_repeats": schema.ListingRepeat,
    "key_figures": schema.KeyFigures,
    **{name: model for name, (model, _) in cases.OUTPUTS.items()},
    "cases": schema.Case,
    "match_scores": schema.MatchScores,
}


class Keeping(Protocol):
    """How long what is stored may be kept."""

    def overdue(self) -> Mapping[str, int]:
        """How many things of each class should have been deleted long ago."""
        ...


def schema_check(name: str, model: type[pa.DataFrameModel]) -> dg.AssetChecksDefinition:
    """The stored table satisfies its schema; a wrong table stops everything that would be built on it."""

    @dg.asset_check(
        asset=name,
        name="schema",
        blocking=True,
        partitions_def=WEEKLY,
        description=f"Columns, types and rules of {model.__name__}.",
    )
    def satisfied(table: pd.DataFrame) -> dg.AssetCheckResult:
        try:
            model.validate(table, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            rules = errors.failure_cases[["column", "check"]].astype("str").agg(": ".join, axis=1).value_counts()
            return dg.AssetCheckResult(passed=False, metadata={"broken_rules": rules.to_dict()})
        return dg.AssetCheckResult(passed=True, metadata={"rows": len(table)})

    return satisfied


def platform_checks(platforms: Sequence[Platform]) -> dg.AssetChecksDefinition:
    """One warning per platform, with all that data staff should look at."""

    @dg.multi_asset_check(
        name="watch",
        ins={"platform_findings": dg.AssetKey("platform_findings")},
        specs=[
            dg.AssetCheckSpec(
                "health",
                asset=f"listings_{platform.name}",
                additional_deps=["platform_findings"],
                description="\n".join(f"- {str(look.__doc__).splitlines()[0]}" for look in (*WATCHED, *CONTINUITY)),
                partitions_def=WEEKLY,
            )
            for platform in platforms
        ],
    )
    def watched(platform_findings: pd.DataFrame) -> Iterator[dg.AssetCheckResult]:
        for platform in platforms:
            findings = platform_findings[platform_findings["platform"] == platform.name]
            in_words = [seen(row["check"], row["passed"], json.loads(row["facts"]), _ENGLISH) for row in rows(findings)]
            remedies = [_ENGLISH.gettext(FINDINGS[check].remedy) for check in findings["check"]]
            told = zip(in_words, remedies, findings["passed"], strict=True)
            failed = [f"{seen_now} {remedy}" for seen_now, remedy, passed in told if not passed]
            yield dg.AssetCheckResult(
                asset_key=f"listings_{platform.name}",
                check_name="health",
                passed=not failed,
                severity=dg.AssetCheckSeverity.WARN,
                description=" ".join(failed),
                metadata=dict(zip(findings["check"], in_words, strict=True)),
            )

    return watched


def retention_check() -> dg.AssetChecksDefinition:
    """A warning while anything is kept longer than it may be."""

    @dg.asset_check(
        asset="monitor",
        name="retention",
        partitions_def=WEEKLY,
        description="Nothing is kept longer than its class of data may be.",
    )
    def kept(keeping: dg.ResourceParam[Keeping]) -> dg.AssetCheckResult:
        overdue = dict(keeping.overdue())
        told = ", ".join(f"{name} {count}" for name, count in sorted(overdue.items()))
        return dg.AssetCheckResult(
            passed=not overdue,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"kept longer than allowed: {told}; run: verbundradar purge" if overdue else None,
            metadata=overdue,
        )

    return kept


with warnings.catch_warnings():
    # Partitioned checks are a preview feature, announced once per check; without them a rerun of an old week would
    # overwrite the status of the newest.
    warnings.simplefilter("ignore", dg.PreviewWarning)
    CHECKS = [
        *(schema_check(name, model) for name, model in TABLES.items()),
        platform_checks(PLATFORMS),
        retention_check(),
    ]
