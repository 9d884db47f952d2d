"""What every asset tells the catalogue about itself."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import pandera.pandas as pa

OWNERS = ["team:data"]


def table_metadata(model: type[pa.DataFrameModel]) -> Mapping[str, Any]:
    """Column names, types and rules of a pandera model, as the catalogue shows them."""
    columns = [
        dg.TableColumn(
            name,
            str(column.dtype),
            constraints=dg.TableColumnConstraints(
                nullable=column.nullable, unique=column.unique, other=[str(check) for check in column.checks]
            ),
        )
        for name, column in model.to_schema().columns.items()
    ]
    return {"dagster/column_schema": dg.TableSchema(columns)}
