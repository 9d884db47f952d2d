"""Where a listing stands that names no place: at home, where its organisation stands."""

from collections.abc import Sequence

import pandas as pd
from pandera.typing import DataFrame

from matching.schema import Organisation


def at_home(records: pd.DataFrame, organisations: DataFrame[Organisation], also: Sequence[str] = ()) -> pd.DataFrame:
    """Records with their organisation's coordinates where they do not have both of their own.

    records: columns organisation_id (missing where nobody knows), latitude, longitude (degrees) and those in `also`, of
    which each is filled in for itself where it is missing.
    """
    homes = organisations.set_index("organisation_id").reindex(records["organisation_id"])
    has_place = records["latitude"].notna() & records["longitude"].notna()
    coordinates = {
        name: records[name].where(has_place, homes[name].to_numpy(dtype=float)) for name in ("latitude", "longitude")
    }
    others = {name: records[name].where(records[name].notna(), homes[name].to_numpy()) for name in also}
    return records.assign(**coordinates, **others)
