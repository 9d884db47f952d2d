"""Everything Dagster needs to know, wired for one set of settings."""

import dagster as dg
from upath import UPath

from assets import cases, checks, consortia, health, listings, matches, opportunities, organisations, reports
from pipelines.answers.book import CaseBook
from pipelines.decisions import DecisionFiles
from pipelines.jobs import daily_refresh, weekly_report
from pipelines.resources import AnswerAccess, PlatformAccess, Settings, statistics_office
from pipelines.schedules import monday_report, morning_refresh
from pipelines.sensors import weekly_warnings
from pipelines.storage import DocumentStore, History, IssueFolder, SnapshotFolder, TableStore

ROOMS = (listings, health, organisations, matches, consortia, opportunities, cases, reports)


def build(settings: Settings) -> dg.Definitions:
    """The whole graph on one store."""
    return dg.Definitions(
        assets=[asset for room in ROOMS for asset in room.ASSETS],
        asset_checks=checks.CHECKS,
        jobs=[daily_refresh, weekly_report],
        executor=dg.in_process_executor,  # of what the UI starts, too: see `pipelines.jobs`
        schedules=[monday_report, morning_refresh],
        sensors=[weekly_warnings],
        resources={
            "io_manager": TableStore(UPath(settings.store / "tables")),
            "documents": DocumentStore(UPath(settings.store / "reports")),
            "access": PlatformAccess(settings),
            "snapshots": SnapshotFolder(settings.store),
            "history": History(settings.store),
            "answers": CaseBook(settings.store, settings.inbox, AnswerAccess.from_environment()),
            "decisions": DecisionFiles(settings.store),
            "issued": IssueFolder(settings.store),
            "released": IssueFolder(settings.store, "ministry_statistics"),
            "edition": reports.Edition(settings.is_sample, statistics_office()),
        },
    )


defs = build(Settings.from_environment())
