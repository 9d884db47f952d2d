"""Dagster's records in PostgreSQL instead of files of the store, for a service that several containers look at."""

import logging
from typing import Any

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage

from pipelines.resources import postgres_address


class _OneLine(logging.Filter):
    """What Dagster logs at each try to connect, without the four lines of the driver below it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Retrying failed database connection"):
            record.msg, record.args = "the PostgreSQL of Dagster's records does not answer, trying again", ()
        return True


logging.getLogger().addFilter(_OneLine())


class PostgresRecords(DagsterPostgresStorage):
    """Dagster's own, which takes address and password from our settings: neither gets into ``dagster.yaml``."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "PostgresRecords":
        return cls(postgres_address(), inst_data=inst_data)
