"""Records as columns of integers: every distinct value is made canonical once, then only codes are compared."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Flags, Hashes, Integers
from matching.organisations import addresses, arrow
from matching.organisations.hashes import numbered, stable_hash
from matching.organisations.name_words import spelling
from matching.organisations.names import Names, read_names
from matching.places import geonames, towns
from matching.words import romanised
from sources.rows.placeholders import nobody, nothing

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

_FIRST_LETTERS = 8  # bytes of UTF-8, as many as a number of 64 bits holds
_SHORTEST_TOWN = 4  # letters of a town that is known in a name: shorter ones are words ("Au", "Hof")


class Columns(NamedTuple):
    """Canonical records in the order given. All arrays of hashes are 0 where the value is missing.

    name: [n] row in `names`. city, postal_code, street, house_number, domain, mail_domain, host, mail_host, phone,
    registration_number, account: [n] hashes; account is the platform's own id of the organisation. country: [n].
    postal_area: hash of country and the first two characters of the postcode.
    """

    record_id: pa.Array
    source: Hashes
    name: Integers
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
    towns: Flags  # [words + 1] words of names that are towns of the countries of the table


def in_name_order(records: pa.Table) -> pa.Table:
    """Records by the first letters of their names, of equal ones by record_id, so that order of input does not matter.

    Records that are compared then lie beside each other in memory, whose reads limit the comparison.
    """
    rows = pa.table({name: _texts(records, name) for name in INPUT_COLUMNS if name in records.column_names})
    by_id = arrow.as_numbers(pc.sort_indices(_texts(rows, "record_id")))
    lower = pc.utf8_lower(_texts(rows, "name"))
    letters = np.append(np.frombuffer(lower.buffers()[2] or b"", np.uint8), np.uint8(0))
    offsets = arrow.offsets(lower)
    start, end = offsets[:-1], offsets[1:]
    key = np.zeros(len(rows), np.uint64)
    for place in range(_FIRST_LETTERS):
        at = start + place
        letter = np.where(at < end, letters[np.minimum(at, len(letters) - 1)], 0)
        key = key << np.uint64(8) | letter.astype(np.uint64)
    return rows.take(arrow.numbers(by_id[np.argsort(key[by_id], kind="stable")]))


def read_columns(records: pa.Table) -> Columns:
    """Canonical columns of records; columns of `INPUT_COLUMNS`, all but record_id and name may be missing.

    In their order, which is best that of `in_name_order`.
    """
    rows = records
    # The names first, while nothing else takes memory.
    encoded = _texts(rows, "name").dictionary_encode()
    name, names = arrow.as_numbers(encoded.indices).astype(np.int64), _without_nobody(read_names(encoded.dictionary))
    country, codes = _encode(pc.utf8_upper(pc.utf8_trim_whitespace(_texts(rows, "country"))))
    known_towns = _towns_of(frozenset(codes))
    city, city_words = read_cities(country, codes, _texts(rows, "city"))
    postal_code, postal_area = read_postal_codes(country, codes, _texts(rows, "postal_code"))
    street, house_number = read_streets(_texts(rows, "street"))
    domain, host = read_hosts(pa.concat_arrays([_texts(rows, "website"), _texts(rows, "email_domain")]))
    source = _canonical(_texts(rows, "source"), str)
    return Columns(
        record_id=_texts(rows, "record_id"),
        source=source,
        name=name,
        names=names,
        country=_hash(codes)[country],
        city=city,
        city_words=city_words,
        postal_code=postal_code,
        postal_area=postal_area,
        street=street,
        house_number=house_number,
        domain=np.ascontiguousarray(domain.reshape(2, -1).T),
        host=np.ascontiguousarray(host.reshape(2, -1).T),
        phone=read_phones(_texts(rows, "phone")),
        registration_number=_canonical(_texts(rows, "registration_number"), _registration_number),
        towns=np.array([*(text in known_towns for text in names.texts), False], dtype=bool),
        account=_account(source, _canonical(_texts(rows, "organisation_key"), str.strip)),
    )


def _without_nobody(names: Names) -> Names:
    """The names with those of nobody ("unbekannt", "privat") read as if nothing stood there.

    Compared as they are written together, which costs nothing more; a legal form makes a name of any word.
    """
    placeholders = read_names(arrow.texts(sorted(nobody())))
    found = np.isin(names.glued, placeholders.glued[placeholders.form == 0]) & (names.form == 0)
    emptied = {
        field: np.where(found, getattr(names, field).dtype.type(0), getattr(names, field))
        for field in ("core", "head", "glued", "initials", "numbers", "size")
    }
    return names._replace(**emptied, words=np.where(found[:, None], np.int32(-1), names.words))


@cache
def _nothing_together() -> frozenset[str]:
    return frozenset(words.replace(" ", "").upper() for words in nothing())


def read_phones(stated: pa.Array) -> Hashes:
    """[n] hashes of telephone numbers."""
    number, distinct = numbered(stated)
    return _canonical(pc.replace_substring_regex(distinct, r"[^0-9]+", ""), _phone)[number]


def _phone(digits: str) -> str:
    """One digit over and over ("000000") stands for no number."""
    return addresses.phone(digits) if len(set(digits)) > 1 else ""


def _registration_number(text: str) -> str:
    number = addresses.registration_number(text)
    repeated = len(number) > 2 and len(set(number)) == 1
    says_nothing = number.isalpha() and romanised(number.lower()).upper() in _nothing_together()
    return "" if repeated or says_nothing else number


@cache
def _towns_of(codes: frozenset[str]) -> frozenset[str]:
    """Towns of one long word of some countries, folded like the words of names."""
    names = (city.name for code in sorted(codes) for city in geonames.cities(code))
    return frozenset(
        spelling(romanised(name.lower())) for name in names if name.isalpha() and len(name) >= _SHORTEST_TOWN
    )


def _encode(values: pa.Array) -> tuple[Integers, list[str]]:
    """Number of each value and the distinct values."""
    number, distinct = numbered(values)
    return number, distinct.to_pylist()


def _pairs(one: Integers, other: Integers) -> tuple[Integers, list[tuple[int, int]]]:
    """Number of each pair of numbers and the distinct pairs."""
    number, packed = numbered(one << 32 | other)
    distinct = arrow.as_numbers(packed)
    return number, list(zip((distinct >> 32).tolist(), (distinct & 0xFFFFFFFF).tolist(), strict=True))


def read_cities(country: Integers, codes: list[str], cities: pa.Array) -> tuple[Hashes, Hashes]:
    """[n] hashes of cities within their country and [n, 3] of their words; country: [n] index into ``codes``."""
    city, texts = _encode(cities)
    place, in_country = _pairs(country, city)
    words = [[] if " ".join(found) in nothing() else found for found in map(towns.town_words, texts)]
    known = [towns.town(words[number], texts[number], codes[code]) for code, number in in_country]
    whole = [name and f"{codes[code]}|{name}" for (code, _), name in zip(in_country, known, strict=True)]
    return _hash(whole)[place], _word_hashes([[spelling(word) for word in name.split()] for name in known], 3)[place]


def read_postal_codes(country: Integers, codes: list[str], postal_codes: pa.Array) -> tuple[Hashes, Hashes]:
    """[n] hashes of postcodes within their country, and of the area that their first two characters name."""
    postal, texts = _encode(postal_codes)
    area, in_country = _pairs(country, postal)
    canonical = [addresses.postal_code(text) for text in texts]
    known = [(codes[code], canonical[number]) for code, number in in_country]
    whole, start = (
        _hash([postcode and f"{code}|{postcode[:length]}" for code, postcode in known]) for length in (None, 2)
    )
    return whole[area], start[area]


def read_streets(streets: pa.Array) -> tuple[Hashes, Hashes]:
    """[n, 3] hashes of the telling words of streets and [n] of the first house number, each distinct word read once."""
    index, distinct = numbered(streets)
    lower = pc.utf8_lower(distinct)
    says_nothing = pc.is_in(lower, arrow.texts(sorted(nothing())))
    told = pc.if_else(says_nothing, arrow.empty_texts(len(distinct)), lower)
    lists = pc.split_pattern_regex(told, r"[^\pL\pN\pM]+")
    owner = np.repeat(np.arange(len(lists)), arrow.as_numbers(pc.list_value_length(lists)).astype(np.int64))
    word, texts = _encode(lists.flatten())
    telling = _hash([addresses.street_word(text) for text in texts])[word]
    number = _hash([text.lstrip("0") if text[:1].isdigit() else "" for text in texts])[word]
    table = np.zeros((len(lists), 3), np.uint64)
    some = np.flatnonzero(telling)
    rank = np.arange(len(some)) - np.searchsorted(owner[some], owner[some])
    some, rank = some[rank < 3], rank[rank < 3]
    table[owner[some], rank] = telling[some]
    stated = np.flatnonzero(number)
    with_number, first = np.unique(owner[stated], return_index=True)
    house = np.zeros(len(lists), np.uint64)
    house[with_number] = number[stated[first]]
    return table[index], house[index]


def read_hosts(stated: pa.Array) -> tuple[Hashes, Hashes]:
    """[n] hashes of the registered domain and of the whole host of web or mail addresses; 0 for hosts shared by all."""
    number, distinct = numbered(stated)
    hosts = pc.replace_substring_regex(pc.utf8_lower(distinct), addresses.BEFORE_HOST, "")
    host_of, texts = _encode(pc.replace_substring_regex(hosts, addresses.AFTER_HOST, ""))
    index = host_of[number]
    domains = [addresses.domain(text) for text in texts]
    domain = _hash(domains)
    host = np.where(domain == 0, np.uint64(0), stable_hash(texts))
    return domain[index], host[index]


def _texts(rows: pa.Table, column: str) -> pa.Array:
    if column not in rows.column_names:
        return arrow.empty_texts(len(rows))
    array = rows[column].cast(pa.string()).combine_chunks()
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return pc.coalesce(array, arrow.empty_texts(len(rows))) if array.null_count else array


def _hash(values: list[str]) -> Hashes:
    return np.where(np.array([value != "" for value in values], dtype=bool), stable_hash(values), np.uint64(0))


def _canonical(values: pa.Array, canonical: Callable[[str], str]) -> Hashes:
    """Hash of the canonical form of each value, 0 for an empty one."""
    encoded = values.dictionary_encode()
    hashes = _hash([canonical(value) for value in encoded.dictionary.to_pylist()])
    return hashes[arrow.as_numbers(encoded.indices)] if len(values) else np.zeros(0, np.uint64)


def _word_hashes(lists: list[list[str]], width: int) -> Hashes:
    """[n, width] hashes of the first words, 0 where there is none."""
    table = np.zeros((len(lists), width), np.uint64)
    for column in range(width):
        table[:, column] = _hash([words[column] if len(words) > column else "" for words in lists])
    return table


def _account(source: Hashes, key: Hashes) -> Hashes:
    """The platform's own id means something inside that platform only."""
    return np.where(key == 0, np.uint64(0), key * np.uint64(31) ^ source)
