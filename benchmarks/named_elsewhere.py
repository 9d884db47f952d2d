"""Names that code uses without spelling them in Python, for vulture: columns of tables, and what templates ask for.

    python -m benchmarks.named_elsewhere > FILE

Frames are read by strings and templates by Jinja, so every column and every field of a page would seem dead. Both lists
are taken from the project itself: a new column or template needs no entry anywhere. What a framework calls by name
stands in `pyproject.toml` instead, each with its reason.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pandera.pandas as pa
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[1]
TABLES = ("matching.schema", "sources.directory", "sources.listing", "sources.weekly.health")


def columns() -> set[str]:
    """Columns of every table that the packages promise."""
    promised = [one for name in TABLES for one in vars(import_module(name)).values() if isinstance(one, type)]
    models = [one for one in promised if issubclass(one, pa.DataFrameModel) and one is not pa.DataFrameModel]
    return {column for model in models for column in model.to_schema().columns}


def in_templates() -> Iterator[str]:
    """Names and attributes that the templates of the reports use."""
    environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701  # read, never rendered
    for path in sorted((ROOT / "reports").rglob("*.html")):
        tree = environment.parse(path.read_text("utf-8"))
        yield from (one.attr for one in tree.find_all(nodes.Getattr))
        yield from (one.name for one in tree.find_all(nodes.Name))


if __name__ == "__main__":
    for name in sorted({*columns(), *in_templates()}):
        print(f"_.{name}")
