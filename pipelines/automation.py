"""Schedules and sensors of a store, switched and listed through Dagster's own records."""

import sys
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import dagster as dg
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.remote_representation.external import RemoteRepository, RemoteSchedule, RemoteSensor
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

IS_ALIVE = timedelta(minutes=2)
"""Four of the daemon's heartbeats, which it writes every thirty seconds."""


class Automatic(NamedTuple):
    """Something that starts by itself when it is on."""

    name: str
    kind: str  # schedule or sensor
    is_on: bool
    does: str


def repository(instance: dg.DagsterInstance, module: str = "pipelines.definitions") -> RemoteRepository:
    """The definitions of a module by the name under which the UI and the daemon know them.

    Loaded here: a code server as theirs takes three times as long.
    """
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name=module)
    location = InProcessCodeLocationOrigin(target, location_name=module).create_location(instance)
    (found,) = location.get_repositories().values()
    return found


def switch(instance: dg.DagsterInstance, definitions: RemoteRepository, *, on: bool) -> None:
    """Switch every schedule and sensor on or off; what is so already stays as it is."""
    for schedule in definitions.get_schedules():
        if on:
            instance.start_schedule(schedule)
        else:
            instance.stop_schedule(schedule.get_remote_origin_id(), schedule.selector_id, schedule)
    for sensor in definitions.get_sensors():
        if on:
            instance.start_sensor(sensor)
        else:
            instance.stop_sensor(sensor.get_remote_origin_id(), sensor.selector_id, sensor)


def automatic(instance: dg.DagsterInstance, definitions: RemoteRepository) -> list[Automatic]:
    """All schedules, then all sensors, by name."""
    states = {state.selector_id: state for state in instance.all_instigator_state()}

    def told(one: RemoteSchedule | RemoteSensor, kind: str) -> Automatic:
        is_on = one.get_current_instigator_state(states.get(one.selector_id)).is_running
        return Automatic(one.name, kind, is_on, one.description or "")

    schedules = [told(one, "schedule") for one in definitions.get_schedules()]
    return sorted(schedules) + sorted(told(one, "sensor") for one in definitions.get_sensors())


def daemon_seen_at(instance: dg.DagsterInstance) -> datetime | None:
    """When the daemon that works through schedules and sensors last said that it lives; None if it never did."""
    beats = instance.get_daemon_heartbeats()
    moments = [beats[name].timestamp for name in ("SCHEDULER", "SENSOR") if name in beats]
    return datetime.fromtimestamp(min(moments), UTC) if len(moments) == 2 else None
