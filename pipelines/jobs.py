"""The jobs. In one process, as all runs: thirty small steps cost 3 s there and 36 s in a process each."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import dagster as dg

from pipelines.answers.book import CaseBook
from pipelines.clock import last_due
from pipelines.instance import purge_runs
from pipelines.lock import only_run
from pipelines.mirror import Mirror
from pipelines.publishing import Publishing
from pipelines.retention import Retention, read_periods
from sources.platforms import PLATFORMS
from sources.week import Week

WEEK_TAG = "verbundradar/week"  # of runs without a partition

daily_refresh = dg.define_asset_job(
    "daily_refresh",
    selection=dg.AssetSelection.assets(
        *(f"{stage}_{platform.name}" for platform in PLATFORMS for stage in ("raw", "listings"))
    ).without_checks(),  # they look at what a report finds, which is not made here
    description="Pull every platform for the running week; nothing is reported.",
)

weekly_report = dg.define_asset_job(
    "weekly_report",
    # The check of last week's report asks the clock, which no week made anew should be warned by.
    selection=dg.AssetSelection.all() - dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey("lagebild"), "is_there")),
    description="Everything from the platforms to the three documents, for one week.",
)


@dg.op(description="Delete what has been kept as long as it may be, see docs/privacy.md.")
def delete_due(context: dg.OpExecutionContext, keeping: dg.ResourceParam[Retention]) -> None:
    now = datetime.now(UTC)
    with only_run(keeping.store, "purge"):
        counts = keeping.purge(now)
    counts["runs"] = purge_runs(keeping.store, now, read_periods(keeping.store).runs)
    context.add_output_metadata(counts)


@dg.job(name="purge", description="Delete what has been kept as long as it may be.")
def purge() -> None:
    delete_due()


@dg.op
def archived(context: dg.OpExecutionContext, publishing: dg.ResourceParam[Publishing]) -> None:
    context.log.info("%s", publishing.write_archive(context.log.info).name)


@dg.op
def sent(context: dg.OpExecutionContext, publishing: dg.ResourceParam[Publishing]) -> None:
    context.log.info("sent to %d", publishing.send(week_of_tags(context.run.tags)))


@dg.op
def mirrored(context: dg.OpExecutionContext, mirror: dg.ResourceParam[Mirror]) -> None:
    with only_run(mirror.store, "mirror"):
        context.add_output_metadata(mirror.copy()._asdict())


@dg.op
def collected(context: dg.OpExecutionContext, answers: dg.ResourceParam[CaseBook]) -> None:
    with only_run(answers.store, "collect answers"):
        for notice in answers.collect(datetime.now(UTC)):
            context.log.warning(notice)


@dg.job(description="Bring the archive site up to date: PDF copies, index, feeds and checksums.")
def write_archive() -> None:
    archived()


@dg.job(description="Send the digest of an issue to its readers, each once.")
def send_issue() -> None:
    sent()


@dg.job(description="Bring the copy of tables and reports in the bucket up to date.")
def write_mirror() -> None:
    mirrored()


@dg.job(description="Take answers to issues out of their mailbox.")
def collect_answers() -> None:
    collected()


def week_of_tags(tags: Mapping[str, str]) -> Week:
    """The week that a run is about; of one without a week the newest whose report is due."""
    if monday := tags.get("dagster/partition"):
        return Week.of(date.fromisoformat(monday))
    return Week.parse(tags[WEEK_TAG]) if WEEK_TAG in tags else last_due()
