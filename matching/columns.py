"""Records as columns of integers: every distinct value is made canonical once, then only codes are compared."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from matching import places
from matching.names import Hashes, Ints, Names, read_names, stable_hash

INPUT_COLUMNS = (
    "record_id",
    "source",
    "name",
    "street",
    "postal_code",
    "city",
    "country",
    "website",
    "email_domain",
    "phone",
    "registration_number",
    "organisation_key",
)


class Columns(NamedTuple):
    """Canonical records in ascending order of record_id. All arrays of hashes are 0 where the value is missing.

    name: [n] row in `names`. city, postal_code, street, house_number, domain, mail_domain, host, mail_host, phone,
    registration_number, account: [n] hashes; account is the platform's own id of the organisation. country: [n].
    postal_area: hash of country and the first two characters of the postcode.
    """

    record_id: pd.Series
    source: Hashes
    name: Ints
    names: Names
    country: Hashes
    city: Hashes
    city_words: Hashes  # [n, 3] its words, for towns written at different length
    postal_code: Hashes
    postal_area: Hashes
    street: Hashes  # [n, 3] its telling words
    house_number: Hashes
    domain: Hashes  # [n, 2] registered domain of website and of mail
    host: Hashes  # [n, 2] the whole host of website and of mail
    phone: Hashes
    registration_number: Hashes
    account: Hashes


def read_columns(records: pd.DataFrame) -> Columns:
    """Canonical columns of records; columns of `INPUT_COLUMNS`, all but record_id and name may be missing."""
    rows = records.sort_values("record_id", kind="stable")
    text = {column: _texts(rows, column) for column in INPUT_COLUMNS}
    names = text["name"].dictionary_encode()
    country = _canonical(text["country"], lambda value: value.strip().upper())
    city = _with_country(text["city"], text["country"])
    towns, town = np.unique(city, return_inverse=True)
    parts = [value.split("\x00") for value in towns]
    known = [places.city(name, code) for code, name in parts]
    postal = _with_country(text["postal_code"], text["country"])
    codes, code_of = np.unique(postal, return_inverse=True)
    postcodes = [(country_code, places.postal_code(value)) for country_code, value in (c.split("\x00") for c in codes)]
    streets = text["street"].dictionary_encode()
    street = [places.street(value) for value in streets.dictionary.to_pylist()]
    street_of = streets.indices.to_numpy()
    source = _canonical(text["source"], str)
    return Columns(
        record_id=rows["record_id"].reset_index(drop=True),
        source=source,
        name=names.indices.to_numpy().astype(np.int64),
        names=read_names(names.dictionary),
        country=country,
        city=_hash([value and f"{c}|{value}" for (c, _), value in zip(parts, known, strict=True)])[town],
        city_words=_word_hashes([value.split() for value in known], 3)[town],
        postal_code=_hash([value and f"{c}|{value}" for c, value in postcodes])[code_of],
        postal_area=_hash([value and f"{c}|{value[:2]}" for c, value in postcodes])[code_of],
        street=_word_hashes([words for words, _ in street], 3)[street_of],
        house_number=_hash([number for _, number in street])[street_of],
        domain=np.stack([_canonical(text[column], places.domain) for column in ("website", "email_domain")], axis=1),
        host=np.stack([_canonical(text[column], places.own_host) for column in ("website", "email_domain")], axis=1),
        phone=_canonical(text["phone"], places.phone),
        registration_number=_canonical(text["registration_number"], places.registration_number),
        account=_account(source, _canonical(text["organisation_key"], str.strip)),
    )


def _texts(rows: pd.DataFrame, column: str) -> pa.Array:
    if column not in rows:
        return pa.array([""] * len(rows), pa.string())
    filled = rows[column].astype("str").fillna("")
    array = pa.array(filled, pa.string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _hash(values: list[str]) -> Hashes:
    return np.where(np.array([value != "" for value in values], dtype=bool), stable_hash(values), np.uint64(0))


def _canonical(values: pa.Array, canonical: Callable[[str], str]) -> Hashes:
    """Hash of the canonical form of each value, 0 for an empty one."""
    encoded = values.dictionary_encode()
    hashes = _hash([canonical(value) for value in encoded.dictionary.to_pylist()])
    return hashes[encoded.indices.to_numpy()] if len(values) else np.zeros(0, np.uint64)


def _with_country(values: pa.Array, country: pa.Array) -> np.ndarray:
    pairs = zip(country.to_pylist(), values.to_pylist(), strict=True)
    return np.array([f"{code.strip().upper()}\x00{value}" for code, value in pairs], dtype=object)


def _word_hashes(lists: list[list[str]], width: int) -> Hashes:
    """[n, width] hashes of the first words, 0 where there is none."""
    table = np.zeros((len(lists), width), np.uint64)
    for column in range(width):
        table[:, column] = _hash([words[column] if len(words) > column else "" for words in lists])
    return table


def _account(source: Hashes, key: Hashes) -> Hashes:
    """The platform's own id means something inside that platform only."""
    return np.where(key == 0, np.uint64(0), key * np.uint64(31) ^ source)
