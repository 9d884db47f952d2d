"""Records as columns of integers: every distinct value is made canonical once, then only codes are compared."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Flags, Hashes, Integers
from matching.organisations import addresses, arrow
from matching.organisations.column_texts import among, changed, cut, matching
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

    Records that are compared then lie beside each other in memory. Columns come back with each distinct text once.
    """
    record_id = _texts(records, "record_id")
    names, lower = _distinct(records, "name")
    key = _first_letters(pc.utf8_lower(lower))[names]
    by_id = arrow.as_numbers(pc.sort_indices(record_id)).astype(np.int64)
    order = by_id[np.argsort(key[by_id], kind="stable")]
    taken = {"record_id": record_id.take(arrow.numbers(order))}
    for column in INPUT_COLUMNS:
        if column in records.column_names and column != "record_id":
            number, distinct = (names, lower) if column == "name" else _distinct(records, column)
            taken[column] = pa.DictionaryArray.from_arrays(arrow.numbers(number[order].astype(np.int32)), distinct)
    return pa.table(taken)


def _first_letters(texts: pa.Array) -> Hashes:
    """[n] the first bytes of texts as one number, by which they are in order."""
    letters = np.append(np.frombuffer(texts.buffers()[2] or b"", np.uint8), np.uint8(0))
    start, end = arrow.offsets(texts)[:-1], arrow.offsets(texts)[1:]
    key = np.zeros(len(texts), np.uint64)
    for place in range(_FIRST_LETTERS):
        at = start + place
        letter = np.where(at < end, letters[np.minimum(at, len(letters) - 1)], 0)
        key = key << np.uint64(8) | letter.astype(np.uint64)
    return key


def read_columns(records: pa.Table) -> Columns:
    """Canonical columns of records; columns of `INPUT_COLUMNS`, all but record_id and name may be missing.

    In their order, which is best that of `in_name_order`.
    """
    rows = records
    # The names first, while nothing else takes memory.
    name, distinct = _in_order(*_distinct(rows, "name"))
    names = _without_nobody(read_names(distinct))
    country, codes = read_countries(*_distinct(rows, "country"))
    known_towns = _towns_of(frozenset(codes))
    city, city_words = read_cities(country, codes, *_distinct(rows, "city"))
    postal_code, postal_area = read_postal_codes(country, codes, *_distinct(rows, "postal_code"))
    street, house_number = read_streets(*_distinct(rows, "street"))
    (site, sites), (mail, mails) = _distinct(rows, "website"), _distinct(rows, "email_domain")
    domains, hosts = read_hosts(pa.concat_arrays([sites, mails]))
    web = np.stack([site, mail + len(sites)], axis=1)
    source = _canonical(*_distinct(rows, "source"), str)
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
        domain=domains[web],
        host=hosts[web],
        phone=read_phones(*_distinct(rows, "phone")),
        registration_number=_canonical(*_distinct(rows, "registration_number"), _registration_number),
        towns=np.array([*(text in known_towns for text in names.texts), False], dtype=bool),
        account=_account(source, _canonical(*_distinct(rows, "organisation_key"), str.strip)),
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


def read_phones(phone: Integers, distinct: pa.Array) -> Hashes:
    """[n] hashes of the last eight digits of telephone numbers; one digit over and over ("000000") is no number."""
    digits = pc.replace_substring_regex(distinct, r"[^0-9]+", "")
    repeated = matching(digits, f"^(?:{'|'.join(f'{digit}+' for digit in range(10))})$")
    known = (np.diff(arrow.offsets(digits)) >= addresses.SHORTEST_PHONE) & ~repeated
    hashes = np.where(known, stable_hash(addresses.phones(digits)), np.uint64(0))
    return hashes[phone]


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


def read_countries(stated: Integers, distinct: pa.Array) -> tuple[Integers, list[str]]:
    """[n] number of each country and the distinct codes."""
    code, codes = numbered(pc.utf8_upper(pc.utf8_trim_whitespace(distinct)))
    return code[stated], codes.to_pylist()


def _pairs(one: Integers, other: Integers) -> tuple[Integers, list[tuple[int, int]]]:
    """Number of each pair of numbers and the distinct pairs."""
    number, packed = numbered(one << 32 | other)
    distinct = arrow.as_numbers(packed)
    return number, list(zip((distinct >> 32).tolist(), (distinct & 0xFFFFFFFF).tolist(), strict=True))


def read_cities(country: Integers, codes: list[str], city: Integers, cities: pa.Array) -> tuple[Hashes, Hashes]:
    """[n] hashes of cities within their country and [n, 3] of their words; country: [n] index into ``codes``."""
    texts = cities.to_pylist()
    place, in_country = _pairs(country, city)
    words = [[] if " ".join(found) in nothing() else found for found in map(towns.town_words, texts)]
    known = [towns.town(words[number], texts[number], codes[code]) for code, number in in_country]
    whole = [name and f"{codes[code]}|{name}" for (code, _), name in zip(in_country, known, strict=True)]
    return _hash(whole)[place], _word_hashes([[spelling(word) for word in name.split()] for name in known], 3)[place]


def read_postal_codes(
    country: Integers, codes: list[str], postal: Integers, postal_codes: pa.Array
) -> tuple[Hashes, Hashes]:
    """[n] hashes of postcodes within their country, and of the area that their first two characters name."""
    area, in_country = _pairs(country, postal)
    canonical = [addresses.postal_code(text) for text in postal_codes.to_pylist()]
    known = [(codes[code], canonical[number]) for code, number in in_country]
    whole, start = (
        _hash([postcode and f"{code}|{postcode[:length]}" for code, postcode in known]) for length in (None, 2)
    )
    return whole[area], start[area]


def read_streets(street: Integers, distinct: pa.Array) -> tuple[Hashes, Hashes]:
    """[n, 3] hashes of the telling words of streets and [n] of the first house number, each distinct word read once."""
    lower = pc.utf8_lower(distinct)
    told = changed(lower, among(lower, nothing()), lambda some: arrow.empty_texts(len(some)))
    owner, words = cut(told)
    word, texts = numbered(words)
    telling = _hash(addresses.street_words(texts))[word]
    counts = matching(texts, r"^\p{Nd}")
    number = np.where(counts, _hash(pc.utf8_ltrim(texts, characters="0")), np.uint64(0))[word]
    table = np.zeros((len(distinct), 3), np.uint64)
    some = np.flatnonzero(telling)
    rank = np.arange(len(some)) - np.searchsorted(owner[some], owner[some])
    some, rank = some[rank < 3], rank[rank < 3]
    table[owner[some], rank] = telling[some]
    stated = np.flatnonzero(number)
    with_number, first = np.unique(owner[stated], return_index=True)
    house = np.zeros(len(distinct), np.uint64)
    house[with_number] = number[stated[first]]
    return table[street], house[street]


def read_hosts(stated: pa.Array) -> tuple[Hashes, Hashes]:
    """Hashes of the registered domain and of the whole host of web or mail addresses; 0 for hosts shared by all."""
    hosts = pc.replace_substring_regex(pc.utf8_lower(stated), addresses.BEFORE_HOST, "")
    number, distinct = numbered(pc.replace_substring_regex(hosts, addresses.AFTER_HOST, ""))
    whole = stable_hash(distinct)
    registered = addresses.is_registered(distinct)  # most hosts
    domain = np.where(registered, whole, np.uint64(0))
    others = distinct.filter(arrow.flags(~registered)).to_pylist()
    domain[~registered] = _hash([addresses.domain(text) for text in others])
    host = np.where(domain == 0, np.uint64(0), whole)
    return domain[number], host[number]


def _distinct(rows: pa.Table, column: str) -> tuple[Integers, pa.Array]:
    """[n] number of each value of a column, and the distinct texts."""
    if column in rows.column_names and pa.types.is_dictionary(rows.schema.field(column).type):
        encoded = rows[column].combine_chunks()
        encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
        return _numbers(encoded)
    return numbered(_texts(rows, column))


def _numbers(encoded: pa.DictionaryArray) -> tuple[Integers, pa.Array]:
    """The numbers of encoded texts and the distinct texts; what is missing is the empty text."""
    number, texts = arrow.as_numbers(encoded.indices).astype(np.int64), encoded.dictionary
    if not encoded.null_count:
        return number, texts
    empty = np.flatnonzero(np.diff(arrow.offsets(texts)) == 0)
    if not len(empty):
        empty = np.array([len(texts)])
        texts = pa.concat_arrays([texts, arrow.empty_texts(1)])
    number[arrow.as_flags(encoded.is_null())] = empty[0]
    return number, texts


def _in_order(number: Integers, distinct: pa.Array) -> tuple[Integers, pa.Array]:
    """The same in the order in which the values first occur, so that names lie in memory as their records do."""
    ordered, first = numbered(number)
    return ordered, distinct.take(first)


def _texts(rows: pa.Table, column: str) -> pa.Array:
    if column not in rows.column_names:
        return arrow.empty_texts(len(rows))
    array = rows[column].cast(pa.string()).combine_chunks()
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return pc.coalesce(array, arrow.empty_texts(len(rows))) if array.null_count else array


def _hash(values: list[str] | pa.StringArray) -> Hashes:
    """Hash of each text, 0 for an empty one."""
    texts = arrow.texts(values) if isinstance(values, list) else values
    return np.where(np.diff(arrow.offsets(texts)) > 0, stable_hash(texts), np.uint64(0))


def _canonical(number: Integers, distinct: pa.Array, canonical: Callable[[str], str]) -> Hashes:
    """Hash of the canonical form of each value, 0 for an empty one."""
    return _hash([canonical(value) for value in distinct.to_pylist()])[number]


def _word_hashes(lists: list[list[str]], width: int) -> Hashes:
    """[n, width] hashes of the first words, 0 where there is none."""
    table = np.zeros((len(lists), width), np.uint64)
    for column in range(width):
        table[:, column] = _hash([words[column] if len(words) > column else "" for words in lists])
    return table


def _account(source: Hashes, key: Hashes) -> Hashes:
    """The platform's own id means something inside that platform only."""
    return np.where(key == 0, np.uint64(0), key * np.uint64(31) ^ source)
