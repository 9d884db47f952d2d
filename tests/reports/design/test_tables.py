"""Tables are accessible, the same every time, and let nothing through that was not looked at."""

import pytest
from great_tables import GT, html, md
from markupsafe import Markup

from reports.design import tables
from reports.design.tables import UnsafeTable, table

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


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


def test_a_table_of_cards_names_every_value() -> None:
    made = table(["A", "B"], [("x", "1")], table_id="t", caption="C", numeric=(1,), is_carded=True)
    assert '<div class="scroll cards"' in made
    assert 'data-label="B">1</td>' in made


def test_the_same_table_is_the_same_bytes() -> None:
    assert len({table(["A", "B"], [("x", "1")], table_id="t", caption="C") for _ in range(3)}) == 1
