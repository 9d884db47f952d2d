"""Dagster's records in PostgreSQL instead of files of the store, for a service that several containers look at."""

from typing import Any

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage

from pipelines.resources import postgres_address


class PostgresRecords(DagsterPostgresStorage):
    """Dagster's own, which takes address and password from our settings: neither gets into ``dagster.yaml``."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "PostgresRecords":
        return cls(postgres_address(), inst_data=inst_data)
