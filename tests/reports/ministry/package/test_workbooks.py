"""Workbooks and code lists say what the long file says, as text and numbers and nothing that a spreadsheet runs."""

import csv
import io
import re
from collections.abc import Mapping
from functools import cache
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from reports.language import LANGUAGES, Language
from reports.ministry.month_document import month_files
from reports.ministry.package import Release, localised
from reports.ministry.package.code_lists import as_csv, code_lists
from reports.ministry.package.opendocument import as_ods
from reports.ministry.package.sheets import Sheet, sheets
from reports.ministry.package.workbook import as_xlsx
from tests.reports.documents import wide_month
from tests.reports.ministry.package.released import LATER, OFFICE, release_files
from tests.reports.ministry.test_month import april

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://example.org")', "<b>&amp;</b>"]
ENDINGS = ("xlsx", "ods")


def long_rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(release_files()["statistics.csv"].decode())))


def cells(content: bytes, number: int) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(number).to_python()


def as_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_sheet_is_the_long_file(language: str, ending: str) -> None:
    found = cells(release_files()[localised("statistics", language, ending)], -1 % 5)
    assert [[as_text(one) for one in row] for row in found] == long_rows()


@pytest.mark.parametrize("ending", ENDINGS)
def test_tables_have_each_number_or_its_sign(ending: str) -> None:
    content = release_files()[f"statistics.{ending}"]
    for number, measure in enumerate(("listings", "organisations"), start=1):
        shown = [as_text(one) for row in cells(content, number)[1:] for one in row[1:]]
        assert shown == [row[7] or row[6] for row in long_rows() if row[4] == measure]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_cover_says_who_when_and_under_which_licence(ending: str) -> None:
    told = str(cells(release_files()[f"statistics.en.{ending}"], 0))
    for text in (OFFICE.publisher, OFFICE.contact, "dl-de/by-2-0", "3 May 2020", "11 May 2020", "sample data"):
        assert text in told


def hostile() -> list[Sheet]:
    return [Sheet("Blatt", (10,), ("=A1",), [[text] for text in FORMULAS])]


def release() -> Release:
    return Release.of(str(LATER), release_files()["statistics.csv"], is_sample=True)


def test_text_that_begins_like_a_formula_is_text() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(release(), hostile())))
    assert [cell.data_type for row in book["Blatt"].iter_rows() for cell in row] == ["s"] * (len(FORMULAS) + 1)
    for content in (as_xlsx(release(), hostile()), as_ods(release(), hostile())):
        assert [row[0] for row in cells(content, 0)][1:] == FORMULAS
    for name, content in release_files().items():
        if name.endswith(ENDINGS):
            parts = ZipFile(io.BytesIO(content))
            xml = "".join(parts.read(part).decode() for part in parts.namelist())
            assert not re.search("<f>|table:formula|hyperlink", xml)


def test_an_ods_begins_with_its_type_and_lists_its_parts() -> None:
    with ZipFile(io.BytesIO(release_files()["statistics.ods"])) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", 0)
        listed = set(re.findall(r'full-path="([^"]+)"', archive.read("META-INF/manifest.xml").decode()))
        assert listed - {"/"} == set(archive.namelist()) - {"mimetype", "META-INF/manifest.xml"}


def test_no_file_knows_when_it_was_made() -> None:
    for name, content in release_files().items():
        if name.endswith(ENDINGS):
            assert {one.date_time[0] for one in ZipFile(io.BytesIO(content)).infolist()} == {1980}


def test_code_lists_name_every_code_in_every_language() -> None:
    rows = {
        name: list(csv.DictReader(io.StringIO(content.decode())))
        for name, content in release_files().items()
        if name.startswith("codes_")
    }
    assert {row["code"] for row in rows["codes_region.csv"]} == {"DE-BW", "DE-REST", "FR-GES", "OTHER", "TOTAL"}
    assert {row["code"]: row["same_as"] for row in rows["codes_region.csv"]}["FR-GES"] == "NUTS 2024: FRF"
    wholes = {row["code"]: row["part_of"] for row in rows["codes_region.csv"]}
    assert wholes.pop("TOTAL") == ""
    assert set(wholes.values()) == {"TOTAL"}
    for row in (one for found in rows.values() for one in found):
        assert row["edition"]
        assert all(row[f"label_{language}"] not in ("", row["code"]) for language in LANGUAGES)


def test_a_month_is_a_period_too() -> None:
    made = Release.of("2020-04", release_files()["statistics.csv"], is_sample=False)
    assert (made.name, str(made.last), str(made.next_on)) == ("2020-04", "2020-04-30", "2020-06-01")
    assert made.period(Language("de")) == "1. April 2020 bis 30. April 2020"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_month_s_quantities_stand_by_product_group_and_unit(ending: str) -> None:
    content = april().files[localised("statistics", "fr", ending)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    heading, *found = book.get_sheet_by_name("Quantités, Groupe de produits").to_python()
    assert heading == ["Groupe de produits", "Unité", "Offre", "Demande"]
    rows = list(csv.DictReader(io.StringIO(april().files["statistics.csv"].decode())))
    known = {(row["product"], row["kind"]): row["sign"] or row["value"] for row in rows if row["unit"] == "piece"}
    assert [as_text(one) for one in found[0]] == [
        "Diagnostic", "pièces", known["diagnostics", "offer"], known["diagnostics", "request"]
    ]  # fmt: skip
    assert all("–" not in row or row[2:] != ["–", "–"] for row in found)


def test_a_month_names_every_code_in_every_language() -> None:
    lists = {
        name: list(csv.DictReader(io.StringIO(content.decode())))
        for name, content in april().files.items()
        if name.startswith("codes_")
    }
    for column in ("region", "product", "unit", "frame", "measure"):
        for row in lists[f"codes_{column}.csv"]:
            assert all(row[f"label_{language}"] not in ("", row["code"]) for language in LANGUAGES), row
    said = {row["code"]: row for row in lists["codes_product.csv"]}["protective_equipment"]
    assert len({said[f"label_{language}"] for language in LANGUAGES}) == 3
    assert {row["code"]: row["same_as"] for row in lists["codes_region.csv"]}["DE-BY"] == "NUTS 2024: DE2"
    wholes = {row["code"]: row["part_of"] for row in lists["codes_region.csv"]}
    expected = {
        "DE11": "DE-BW",
        "DE-BY": "DE-REST",
        "DE-REST": "NOT-BW",
        "NOT-BW": "TOTAL",
        "DE-BW": "TOTAL",
        "TOTAL": "",
    }
    assert {code: wholes[code] for code in expected} == expected
    assert {row["part_of"] for row in lists["codes_measure.csv"]} == {""}


def labels(code_list: bytes, language: str) -> dict[str, str]:
    return {row["code"]: row[f"label_{language}"] for row in csv.DictReader(io.StringIO(code_list.decode()))}


@cache
def with_steps() -> Mapping[str, bytes]:
    return month_files(wide_month())


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_s_steps_of_requests_stand_on_a_sheet_by_the_names_of_their_code_list(
    language: str, ending: str
) -> None:
    files, reader = with_steps(), Language(language)
    book = CalamineWorkbook.from_filelike(io.BytesIO(files[localised("statistics", language, ending)]))
    heading, first, *found = book.get_sheet_by_name(reader.gettext("Schritte der Gesuche")).to_python()
    rows = list(csv.DictReader(io.StringIO(files["statistics.csv"].decode())))
    told = {row["measure"]: row["sign"] or row["value"] for row in rows if row["measure"].startswith("reached_")}
    names, kinds = (labels(files[f"codes_{column}.csv"], language) for column in ("measure", "kind"))
    assert heading == [reader.gettext("Was aus den Gesuchen wurde"), kinds["request"]]
    assert first[0] == reader.gettext("Gesuche im Lauf des Monats")
    assert [[row[0], as_text(row[1])] for row in found] == [[names[step], value] for step, value in told.items()]
    assert len(told) == 4
    assert {".", "–"} & set(told.values())


def test_a_week_has_no_steps() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(release_files()["statistics.xlsx"]))
    assert "Schritte der Gesuche" not in book.sheet_names


def test_a_month_with_product_groups_has_a_table_of_each_axis_and_names_of_them_in_every_language() -> None:
    head = "period,region,region_label,kind,measure,unit,value,sign,status,product,product_label,frame"
    rows = [
        f"2020-04,{region},{place},{kind},listings,listing,{value},{'' if value else '.'},p,{product},{name},fine"
        for region, place in (("DE11", "Regierungsbezirk Stuttgart"), ("TOTAL", "Insgesamt"))
        for product, name in (("masks", "Masken"), ("TOTAL", "Insgesamt"))
        for kind, value in (("offer", "7"), ("request", ""), ("TOTAL", "7"))
    ]
    made = Release.of(
        "2020-04", "\r\n".join([head, *rows]).encode(), is_sample=False, names={"fr": {"masks": "Masques"}}
    )
    found = sheets(made, OFFICE, Language("fr"))
    assert [one.name for one in found][1:3] == ["Annonces, Région", "Annonces, Groupe de produits"]
    assert [list(row) for row in found[2].rows] == [["Masques", 7, ".", 7], ["Total", 7, ".", 7]]
    products = next(one for one in code_lists(made) if one.column == "product")
    assert b"masks,Masken,Masques,Masken" in as_csv(products, made)
