"""One check factory for every table, and what is watched at every platform.

Blocking where a table would be wrong, warning where it is merely stale: the week must come out.
"""

import warnings
from collections.abc import Iterator, Sequence

import dagster as dg
import pandas as pd
import pandera.errors
import pandera.pandas as pa

from assets import consortia, listings
from assets.history import History
from assets.partitions import WEEKLY, week_of
from matching import schema
from sources import PLATFORMS
from sources.continuity import CONTINUITY, watch_continuity
from sources.health import WATCHED, Finding, watch
from sources.listing import Listing, empty
from sources.platform import Platform
from sources.week import Week

TABLES: dict[str, type[pa.DataFrameModel]] = {
    **{name: model for name, (model, _) in listings.UNIONS.items()},
    "organisation_members": schema.OrganisationMember,
    "organisations": schema.Organisation,
    "listing_concepts": schema.ListingConcept,
    "matches": schema.Match,
    **{name: model for name, (model, _) in consortia.OUTPUTS.items()},
    "opportunities": schema.Opportunity,
    "listing_repeats": schema.ListingRepeat,
    "key_figures": schema.KeyFigures,
}


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


def findings_on(
    platform: Platform, source_states: pd.DataFrame, listings: pd.DataFrame, past: pd.DataFrame, week: Week
) -> tuple[Finding, ...]:
    """What is watched at one platform, for check and monitor alike; `past`: stored listings of all weeks before."""
    known = past if len(past) else empty(Listing)  # the first week has none
    state = source_states[source_states["platform"] == platform.name].iloc[0]
    own, before = (table[table["platform"] == platform.name] for table in (listings, known))
    return (*watch(platform, state), *watch_continuity(platform, own, before, week))


def platform_checks(platforms: Sequence[Platform]) -> dg.AssetChecksDefinition:
    """One warning per platform, with all that data staff should look at."""

    @dg.multi_asset_check(
        name="watch",
        ins={"source_states": dg.AssetKey("source_states"), "listings": dg.AssetKey("listings")},
        specs=[
            dg.AssetCheckSpec(
                "health",
                asset=f"listings_{platform.name}",
                additional_deps=["source_states", "listings"],
                description=" ".join(str(look.__doc__) for look in (*WATCHED, *CONTINUITY)),
                partitions_def=WEEKLY,
            )
            for platform in platforms
        ],
    )
    def watched(
        context: dg.AssetCheckExecutionContext,
        source_states: pd.DataFrame,
        listings: pd.DataFrame,
        history: dg.ResourceParam[History],
    ) -> Iterator[dg.AssetCheckResult]:
        week = week_of(context)
        past = history.before("listings", week)
        for platform in platforms:
            findings = findings_on(platform, source_states, listings, past, week)
            failed = [finding for finding in findings if not finding.passed]
            yield dg.AssetCheckResult(
                asset_key=f"listings_{platform.name}",
                check_name="health",
                passed=not failed,
                severity=dg.AssetCheckSeverity.WARN,
                description="; ".join(finding.in_words for finding in failed),
                metadata={finding.check: finding.in_words for finding in findings},
            )

    return watched


with warnings.catch_warnings():
    # Partitioned checks are a preview feature, announced once per check; without them a rerun of an old week would
    # overwrite the status of the newest.
    warnings.simplefilter("ignore", dg.PreviewWarning)
    CHECKS = [
        *(schema_check(name, model) for name, model in TABLES.items()),
        platform_checks(PLATFORMS),
    ]
