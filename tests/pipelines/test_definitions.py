"""The graph as the catalogue shows it, and when it runs by itself."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build
from pipelines.resources import Settings
from pipelines.schedules import monday_report, morning_refresh
from sources.platforms import PLATFORMS


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    built = build(Settings(tmp_path_factory.mktemp("store")))
    dg.Definitions.validate_loadable(built)
    return built


def test_every_asset_says_what_it_is_and_whose(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.group_name not in (None, "default"), spec.key
        assert spec.owners or spec.group_name == "platforms", spec.key


def test_every_check_says_in_plain_words_what_holds(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.asset_check_keys:
        told = graph.get(key).description
        assert told, key
        assert "`" not in told, key


def test_a_backfill_is_a_run_for_each_week(definitions: dg.Definitions) -> None:
    """Without a policy Dagster sorts the runs and says each run's week; see one-process.md."""
    assert {spec.backfill_policy for spec in definitions.resolve_asset_graph().asset_nodes} == {None}


def test_every_platform_has_its_branch(definitions: dg.Definitions) -> None:
    keys = {spec.key.to_user_string() for spec in definitions.resolve_all_asset_specs()}
    for platform in PLATFORMS:
        assert {platform.name, f"raw_{platform.name}", f"listings_{platform.name}"} <= keys


def test_every_table_has_a_blocking_schema_check(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    checked = {key.asset_key for key in graph.asset_check_keys if key.name == "schema"}
    tables = {
        spec.key
        for spec in definitions.resolve_all_asset_specs()
        if "dagster/column_schema" in spec.metadata and not spec.key.to_user_string().startswith("listings_")
    }
    assert tables == checked
    assert len(tables) > 10


def test_what_the_ui_starts_runs_in_one_process_too(definitions: dg.Definitions) -> None:
    jobs = [definitions.resolve_implicit_global_asset_job_def(), definitions.resolve_job_def("weekly_report")]
    assert [job.executor_def.name for job in jobs] == ["in_process", "in_process"]


def test_the_refresh_stops_before_anything_is_reported(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("daily_refresh")
    assets = {key.to_user_string() for key in job.asset_layer.executable_asset_keys}
    assert assets == {f"{stage}_{platform.name}" for platform in PLATFORMS for stage in ("raw", "listings")}


@pytest.mark.parametrize(
    ("schedule", "at", "monday"),
    [
        (monday_report, datetime(2020, 4, 20, 4, tzinfo=UTC), "2020-04-13"),
        (monday_report, datetime(2021, 1, 4, 5, tzinfo=UTC), "2020-12-28"),
        (morning_refresh, datetime(2020, 4, 21, 3, tzinfo=UTC), "2020-04-20"),
        (morning_refresh, datetime(2020, 4, 26, 3, tzinfo=UTC), "2020-04-20"),
    ],
)
def test_schedules_ask_for_the_right_week(
    definitions: dg.Definitions, schedule: dg.ScheduleDefinition, at: datetime, monday: str
) -> None:
    context = dg.build_schedule_context(scheduled_execution_time=at, repository_def=definitions.get_repository_def())
    (request,) = schedule.evaluate_tick(context).run_requests or []
    assert request.partition_key == monday


def test_workspace_points_to_the_definitions() -> None:
    text = (Path(__file__).parents[2] / "workspace.yaml").read_text("utf-8")
    assert "python_module: pipelines.definitions" in text
