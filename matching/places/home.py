"""Where a listing stands that names no place: at home, where its organisation stands."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from matching.schema import Organisation


def at_home(records: pd.DataFrame, organisations: DataFrame[Organisation], also: Sequence[str] = ()) -> pd.DataFrame:
    """Records with their organisation's coordinates where they do not have both of their own.

    records: columns organisation_id (missing where nobody knows), latitude, longitude (degrees), region, country and
    those in `also`, of which each is filled in for itself where it is missing. Who names another region or country than
    home is not at home.
    """
    homes = organisations.set_index("organisation_id").reindex(records["organisation_id"])
    is_away = np.zeros(len(records), dtype=bool)
    for name in ("region", "country"):
        stated, home = records[name].to_numpy("object"), homes[name].to_numpy("object")
        is_away |= pd.notna(stated) & pd.notna(home) & (stated != home)
    has_place = (records["latitude"].notna() & records["longitude"].notna()) | is_away
    coordinates = {
        name: records[name].where(has_place, homes[name].to_numpy(dtype=float)) for name in ("latitude", "longitude")
    }
    others = {name: records[name].where(records[name].notna(), homes[name].to_numpy()) for name in also}
    return records.assign(**coordinates, **others)
