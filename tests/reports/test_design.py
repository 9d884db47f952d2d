"""Page, style, tables and charts that all documents share."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter
from great_tables import GT, html, md
from jinja2 import UndefinedError
from markupsafe import Markup
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from reports.design import tables
from reports.design.charts import Series, line_chart, sparkline
from reports.design.page import render_page, safe_url, style
from reports.design.spreadsheet import LONGEST_CELL, Cells, safe_cell, with_rows
from reports.design.tables import UnsafeTable, table
from reports.language import Language

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


@pytest.mark.parametrize(
    "url", ["https://a.example/x?y=1", "mailto:office@a.example", "#K-2020-17-01"]
)  # fmt: skip
def test_links_a_reader_may_follow(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "data:text/html,x",
        "http://a.example", "//a.example", "https:", "mailto:", "ftp://a.example", "vbscript:x", "https://a b.example",
        'https://a.example/"onload=x', "https://[broken", "", None,
    ],
)  # fmt: skip
def test_links_a_reader_must_not_follow(url: str | None) -> None:
    assert safe_url(url) == "#"


def test_cells_labels_and_captions_are_escaped() -> None:
    made = table([HOSTILE, HOSTILE], [(HOSTILE, HOSTILE)], table_id="t", caption=HOSTILE, is_stacked=True)
    assert "<script" not in made
    assert "<img" not in made
    assert made.count("&lt;script&gt;") >= 5


@pytest.mark.parametrize(
    "cell",
    [
        "<script>x</script>", "<img src=x>", '<a href="javascript:x">a</a>', '<a href="#x" onclick="x">a</a>',
        '<span style="x">a</span>', "<!-- x -->", '<td background="x">', "<iframe></iframe>", "<svg onload=x></svg>",
        '<a href="https://a.example" target="_blank">a</a>', "<!doctype html>", "<style>x</style>",
    ],
)  # fmt: skip
def test_markup_outside_the_allow_list_is_refused(cell: str) -> None:
    with pytest.raises(UnsafeTable):
        table(["A", "B"], [("x", Markup(cell))], table_id="t", caption="C")  # noqa: S704 it is to be refused


def test_the_guard_also_stops_what_great_tables_lets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(frame: object, rowname_col: str, id: str) -> GT:  # noqa: A002 the library's own name
        built: GT = GT(frame, rowname_col=rowname_col, id=id).tab_source_note(html("<script>x</script>"))  # type: ignore[arg-type]
        return built.tab_source_note(md("[x](javascript:alert(1))"))

    monkeypatch.setattr(tables, "GT", careless)
    with pytest.raises(UnsafeTable):
        table(["A"], [("x",)], table_id="t", caption="C")


def test_a_table_is_accessible() -> None:
    made = table(["A", "B"], [("x", "1")], table_id="t", caption="C", numeric=(1,))
    assert '<caption id="t-caption">C</caption>' in made
    assert 'role="region" aria-labelledby="t-caption" tabindex="0"' in made
    assert 'scope="col"' in made
    assert 'scope="row"' in made
    assert "<style" not in made


def test_the_same_table_is_the_same_bytes() -> None:
    assert len({table(["A", "B"], [("x", "1")], table_id="t", caption="C") for _ in range(3)}) == 1


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render_page("monitor/page.html", Language("de"), is_sample=True)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_by_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


THEMES = [
    dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{[^}]*\}", str(style()))
]


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "print"])
@pytest.mark.parametrize("paper", ["paper", "panel"])
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "second", "good", "warn", "bad"])
def test_every_pair_of_text_and_paper_is_readable(theme: dict[str, str], paper: str, text: str) -> None:
    assert contrast(theme[text], theme[paper]) >= 4.5


def test_there_are_three_themes() -> None:
    assert len(THEMES) == 3


def test_charts_say_what_they_show() -> None:
    lines = [Series("Angebote", [1, 2], "2"), Series(HOSTILE, [2, 1], "1")]
    for chart in (
        sparkline("s", [3, 1, 2], HOSTILE, "3, 1, 2"),
        line_chart("l", ["KW 1", HOSTILE], lines, "Titel", HOSTILE),
    ):
        assert "<title" in chart
        assert "<desc" in chart
        assert "<script" not in chart
        assert 'role="img"' in chart


def test_a_flat_course_and_zeros_can_be_drawn() -> None:
    assert "NaN" not in sparkline("s", [0, 0], "a", "b")
    assert "nan" not in line_chart("l", ["a"], [Series("x", [0], "0")], "a", "b")


def test_a_sparkline_of_one_value_is_refused() -> None:
    with pytest.raises(ValueError, match="two values"):
        sparkline("s", [1], "a", "b")


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1", "@x", "\tx", "\rx", " =x"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize(("value", "cell"), [(-1.5, "-1.5"), (3, "3"), (None, ""), ("a-b", "a-b"), (0.1 + 0.2, "0.3")])
def test_numbers_and_plain_text_stay(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def _book(headings: Sequence[Sequence[str]], rows: Sequence[Sequence[Cells]]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2020, 4, 26, tzinfo=UTC).replace(tzinfo=None)})
        for names in headings:
            sheet = book.add_worksheet()
            for column, name in enumerate(names):
                sheet.write_string(0, column, name)
    return with_rows(content.getvalue(), rows)


TEXTS = ["=1+1", "@x", "<f>1</f>&amp;", " two  spaces ", "ü„“\u202e", "tab\tline\nend", "{=x}", "http://a.example"]


def test_rows_read_as_written_by_two_readers() -> None:
    rows: list[Cells] = [[text, number, None, 0.1] for number, text in enumerate(TEXTS)]
    book = _book([["A", "B", "C", "D"], ["E"]], [rows, []])
    assert book == _book([["A", "B", "C", "D"], ["E"]], [rows, []])
    opened = load_workbook(BytesIO(book))
    assert opened.sheetnames == ["Sheet1", "Sheet2"]
    assert [[cell.value for cell in row] for row in opened["Sheet1"].iter_rows()] == [["A", "B", "C", "D"], *rows]
    assert {cell.data_type for cell in opened["Sheet1"]["A"]} == {"s"}
    assert not [cell.hyperlink for cell in opened["Sheet1"]["A"] if cell.hyperlink]
    again = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name("Sheet1").to_python()
    assert [row[0] for row in again[1:]] == TEXTS


def test_text_that_looks_like_an_escape_is_escaped() -> None:
    sheet = ZipFile(BytesIO(_book([["A"]], [[["_x0041_"]]]))).read("xl/worksheets/sheet1.xml")
    assert b">_x005F_x0041_<" in sheet  # a spreadsheet reads this as the text; unescaped it would read A


def test_what_a_sheet_cannot_hold_is_replaced_or_cut() -> None:
    book = _book([["A"]], [[["a\x00b\x0bc\ud800d\uffff"], ["x" * 40_000]]])
    values = [row[0] for row in load_workbook(BytesIO(book))["Sheet1"].iter_rows(values_only=True)]
    assert values[1] == "a b c d "
    assert len(values[2]) == LONGEST_CELL
