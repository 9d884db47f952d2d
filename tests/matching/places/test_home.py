"""Who names no place stands where its organisation stands; coordinates count as a pair."""

import math

import pandas as pd
from pandera.typing import DataFrame

from matching.places.home import at_home
from matching.schema import Organisation

HOME = {"city": None, "records": 1, "platforms": "p", "latitude": 48.0, "longitude": 9.0}
ORGANISATIONS = DataFrame[Organisation](
    pd.DataFrame([{"organisation_id": "O-1", "name": "Firma", "region": "BW", "country": "DE"} | HOME])[
        list(Organisation.to_schema().columns)
    ]
)


def test_home_stands_in_where_a_listing_names_no_place() -> None:
    nothing = math.nan
    rows = [
        ("O-1", 50.0, 8.0, "HE", "DE"),
        ("O-1", nothing, nothing, None, None),
        ("O-1", 50.0, nothing, None, "AT"),
        (None, nothing, nothing, None, None),
        ("O-2", nothing, nothing, "GES", None),
    ]
    columns = ["organisation_id", "latitude", "longitude", "region", "country"]
    records = pd.DataFrame(rows, columns=columns, index=[7, 3, 5, 1, 9])
    found = at_home(records, ORGANISATIONS, ("region", "country"))
    expected = [
        ("O-1", 50.0, 8.0, "HE", "DE"),
        ("O-1", 48.0, 9.0, "BW", "DE"),
        ("O-1", 50.0, nothing, "BW", "AT"),  # not at home
        (None, nothing, nothing, None, None),
        ("O-2", nothing, nothing, "GES", None),
    ]
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected, columns=columns, index=records.index))
    untouched = at_home(records, ORGANISATIONS)
    assert untouched["region"].isna().tolist() == records["region"].isna().tolist()
