"""The data dictionary as a page: every stored table with its columns, from the schemas that the tables are held to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import dagster as dg
import pandera.pandas as pa

from assets.checks import TABLES
from pipelines.register import table
from pipelines.stored import FORM

# What a reader of a Parquet file calls the type of a column.
TYPES = {
    "string[pyarrow]": "text",
    "int64": "whole number",
    "float64": "number",
    "bool": "yes or no",
    "boolean": "yes or no",
    "datetime64[us, UTC]": "moment, UTC",
    "object": "array",
}
UNITS_OF_NAMES = {"_km": "km", "_days": "days"}
# Kind of check -> its rule; of an empty text nothing is said.
RULES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "isin": lambda said: ", ".join(f"`{value}`" for value in said["allowed_values"]),
    "greater_than": lambda said: f"> {said['min_value']:g}",
    "greater_than_or_equal_to": lambda said: f"≥ {said['min_value']:g}",
    "less_than_or_equal_to": lambda said: f"≤ {said['max_value']:,.0f}",
    "str_length": lambda said: f"{said['min_value'] or 0} to {said['max_value']} signs",
    "str_matches": lambda said: f"`{said['pattern']}`",
}
_HEADS = ("column", "type", "null", "rule", "meaning", "of a person")


def dictionary_page(assets: Iterable[dg.AssetSpec]) -> str:
    """The page docs/data-dictionary.md."""
    holds = {spec.key.to_user_string(): str(spec.description) for spec in assets}
    sections = "\n\n".join(f"## {name}\n\n{holds[name]}\n\n{_columns(TABLES[name])}" for name in sorted(TABLES))
    return f"""\
# Data dictionary

Every table that a store holds, one file a week: `tables/<table>/<week>.parquet`. `make pages` writes this page from the
schemas to which each table is held before it is kept (`sources/listing.py`, `sources/directory.py`,
`sources/weekly/health.py`, `matching/schema.py`); the Dagster UI shows the same at each asset. Of every platform there
is a folder `tables/listings_<platform>/<week>/` with its part of `listings`, `quarantine`, `source_states` (`state`)
and `network_members` (`members`).

Ids end in `_id`; points in time end in `_at`; days end in `_on` and are ISO days, weeks are ISO weeks such as
2020-W18, both as text. A unit stands in brackets; `unit` is the column of that name. "null" says what may be null, and
"of a person" how a column may tell of one. How long tables are kept stands in [privacy](privacy.md#classes-of-data),
how older files are read in [stored tables](decisions/form-of-stored-tables.md); this is form {FORM}.

{sections}
"""


def _columns(model: type[pa.DataFrameModel]) -> str:
    return table(_HEADS, [_row(name, column) for name, column in model.to_schema().columns.items()])


def _row(name: str, column: pa.Column) -> tuple[str, ...]:
    stated = column.metadata or {}
    unit = stated.get("unit") or next((unit for end, unit in UNITS_OF_NAMES.items() if name.endswith(end)), "")
    return (
        f"`{name}`",
        TYPES[str(column.dtype)] + (f" ({unit})" if unit else ""),
        "yes" if column.nullable else "",
        "; ".join(_rules(column)),
        column.description,
        stated.get("personal", ""),
    )


def _rules(column: pa.Column) -> Iterator[str]:
    if column.unique:
        yield "unique"
    for check in column.checks:
        yield RULES[check.name](check.statistics)
