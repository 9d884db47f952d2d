"""The three documents."""

from collections.abc import Mapping
from dataclasses import dataclass

import dagster as dg
import pandas as pd

from assets.history import History
from assets.metadata import OWNERS
from assets.partitions import WEEKLY, week_of
from matching.concepts import load_taxonomy
from reports import lagebild as lagebild_document
from reports.lagebild.issue import Issue
from sources import PLATFORMS


@dataclass(frozen=True)
class Edition:
    """What the settings decide about a document."""

    is_sample: bool


def with_earlier_weeks(history: History, asset: str, context: dg.AssetExecutionContext, now: pd.DataFrame) -> pd.DataFrame:
    """This week's rows after those of all stored earlier weeks."""
    return pd.concat([history.before(asset, week_of(context)), now], ignore_index=True)
