"""Everything Dagster needs to know, wired for one set of settings."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import dagster as dg
from upath import UPath

from assets import cases, checks, consortia, health, listings, matches, opportunities, organisations, reports
from pipelines import arrivals, due, schedules, sensors
from pipelines.alerts import Alerts
from pipelines.answers.book import CaseBook
from pipelines.decisions import DecisionFiles
from pipelines.jobs import collect_answers, daily_refresh, purge, send_issue, weekly_report, write_archive, write_mirror
from pipelines.lock import only_run
from pipelines.mail import MailAccess
from pipelines.mirror import Mirror
from pipelines.name_vectors import NameVectors
from pipelines.outputs import public_contacts
from pipelines.publishing import Publishing
from pipelines.resources import AnswerAccess, PlatformAccess, Settings, mirror_address, statistics_office
from pipelines.retention import Retention
from pipelines.storage import DocumentStore, History, IssueFolder, SnapshotFolder, TableStore

ROOMS = (listings, health, organisations, matches, consortia, opportunities, cases, reports)


def build(settings: Settings) -> dg.Definitions:
    """The whole graph on one store."""
    return dg.Definitions(
        assets=[asset for room in ROOMS for asset in room.ASSETS],
        asset_checks=[*checks.CHECKS, due.is_there],
        jobs=[daily_refresh, weekly_report, write_archive, send_issue, write_mirror, collect_answers, purge],
        executor=dg.in_process_executor,  # of what the UI starts, too: see `pipelines.jobs`
        schedules=schedules.SCHEDULES,
        sensors=[*sensors.SENSORS, *due.SENSORS, *arrivals.SENSORS],
        resources={
            "io_manager": _tables_of(settings.store),
            "documents": DocumentStore(UPath(settings.store / "reports"), public_contacts()),
            "access": PlatformAccess(settings),
            "snapshots": SnapshotFolder(settings.store),
            "history": History(settings.store),
            "names": NameVectors(),
            "answers": CaseBook(settings.store, settings.inbox, AnswerAccess.from_environment()),
            "alerts": Alerts(settings.store, MailAccess.from_environment("ALERT")),
            "mirror": Mirror(settings.store, mirror_address()),
            "publishing": Publishing.from_environment(settings.store),
            "keeping": Retention(settings.store),
            "decisions": DecisionFiles(settings.store),
            "issued": IssueFolder(settings.store),
            "released": IssueFolder(settings.store, "ministry_statistics"),
            "settings": settings,
            "edition": reports.Edition(settings.is_sample, statistics_office()),
        },
    )


def _tables_of(store: Path) -> dg.IOManagerDefinition:
    """The tables of a store, which belong to one run as long as it lasts, whoever started it."""

    def tables(context: dg.InitResourceContext) -> Iterator[TableStore]:
        run = context.run
        words = f"{run.job_name} {run.tags.get('dagster/partition', '')}".strip() if run else "a step"
        with only_run(store, words):
            yield TableStore(UPath(store / "tables"))

    # Dagster takes a generator, as for every resource, but does not say so.
    return dg.IOManagerDefinition(resource_fn=cast("Callable[[dg.InitResourceContext], dg.IOManager]", tables))


defs = build(Settings.from_environment())
