"""A table is read alike however its texts are kept."""

import numpy as np
import pyarrow as pa

from matching.organisations.columns import in_name_order, read_columns

TABLE = pa.table(
    {
        "record_id": ["a", "b", "c", "d"],
        "name": ["Nordholz GmbH", None, "", "Nordholz GmbH"],
        "city": [None, "Kehl", "Straßburg", "Kehl"],
        "website": ["nordholz.example", None, "https://www.nordholz.example/", "gmx.de"],
    }
)


def test_texts_kept_once_and_missing_ones_are_read_as_plain_ones() -> None:
    encoded = pa.table(
        {name: TABLE[name] if name == "record_id" else TABLE[name].dictionary_encode() for name in TABLE.column_names}
    )
    plain, once = (read_columns(in_name_order(table)) for table in (TABLE, encoded))
    assert plain.record_id.to_pylist() == once.record_id.to_pylist()
    for field in ("name", "city", "city_words", "domain", "host"):
        assert np.array_equal(getattr(plain, field), getattr(once, field))
    assert np.array_equal(plain.names.core, once.names.core)


def test_only_a_host_that_serves_everybody_has_no_domain() -> None:
    domain = read_columns(TABLE).domain[:, 0]
    assert domain.tolist()[1::2] == [0, 0]
    assert domain[0] != 0
    assert domain[2] == domain[0]
