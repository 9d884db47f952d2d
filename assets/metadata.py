"""What every asset tells the catalogue about itself."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

import dagster as dg
import pandas as pd
import pandera.pandas as pa
from pandera.typing import DataFrame

OWNERS = ["team:data"]
Model = TypeVar("Model", bound=pa.DataFrameModel)


def table_metadata(model: type[pa.DataFrameModel]) -> Mapping[str, Any]:
    """Column names, types, meanings and rules of a pandera model, as the catalogue shows them."""
    columns = [
        dg.TableColumn(
            name,
            str(column.dtype),
            description=column.description,
            constraints=dg.TableColumnConstraints(
                nullable=column.nullable, unique=column.unique, other=[str(check) for check in column.checks]
            ),
        )
        for name, column in model.to_schema().columns.items()
    ]
    return {"dagster/column_schema": dg.TableSchema(columns)}


def checked(table: pd.DataFrame, model: type[Model]) -> DataFrame[Model]:
    """The table as its schema's type; not validated again, its blocking check did that when it was stored."""
    return cast(DataFrame[Model], table)
