"""Dagster's records in PostgreSQL instead of files of the store, for a service that several containers look at."""

import logging
from collections.abc import Callable
from functools import wraps
from inspect import getmembers, isfunction
from typing import Any, ParamSpec, TypeVar

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage
from sqlalchemy.exc import DBAPIError

from pipelines.resources import postgres_address

P = ParamSpec("P")
R = TypeVar("R")


class _OneLine(logging.Filter):
    """What Dagster logs at each try to connect, without the four lines of the driver below it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Retrying failed database connection"):
            record.msg, record.args = "the PostgreSQL of Dagster's records does not answer, trying again", ()
        return True


logging.getLogger().addFilter(_OneLine())


class PostgresRecords(DagsterPostgresStorage):
    """Dagster's own, which takes address and password from our settings: neither gets into ``dagster.yaml``.

    Dagster waits eleven seconds for a connection, but gives up a run whose server goes away in the middle of a
    statement. Here whatever lost its connection is done once more; at worst an event stands in the log twice.
    """

    def __init__(self, address: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(address, inst_data=inst_data)
        for records in (self.run_storage, self.event_log_storage, self.schedule_storage):
            for name, _ in getmembers(type(records), isfunction):
                if not name.startswith("_"):
                    setattr(records, name, _once_more(getattr(records, name)))

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "PostgresRecords":
        return cls(postgres_address(), inst_data=inst_data)


def _once_more(call: Callable[P, R]) -> Callable[P, R]:
    """A call that is repeated where the server closed its connection."""

    @wraps(call)
    def patient(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return call(*args, **kwargs)

    return patient
