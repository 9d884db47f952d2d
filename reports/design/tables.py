"""The one way to a table: great-tables behind a guard.

great-tables lets raw HTML through on several paths (`fmt`, `md`, `html`, `pattern=`), writes an 8.5 kB light-only
style per table and leaves ids to chance. Here every cell is escaped before it goes in unless it is our own `Markup`,
the result is read again token by token and refused if it holds anything outside the allow-list, the title becomes a
caption, and the style gives way to the page's own. About 200 rows are the sensible limit; longer lists are files.
"""

from collections.abc import Sequence
from html import escape as escape_text
from html.parser import HTMLParser
from typing import NamedTuple

import pandas as pd
from great_tables import GT
from markupsafe import Markup, escape

from reports.design.page import safe_url

ALLOWED = {
    "table": {"class", "id"},
    "caption": {"id"},
    "thead": set[str](),
    "tbody": {"class"},
    "tr": {"class"},
    "th": {"class", "id", "scope", "colspan", "rowspan", "headers", "data-label"},
    "td": {"class", "headers", "colspan", "data-label"},
    "a": {"href", "class", "aria-label"},
    "span": {"class", "lang"},
    "strong": set[str](),
    "br": set[str](),
    "svg": {"class", "width", "height", "viewbox", "role", "aria-labelledby", "aria-label"},
    "title": {"id"},
    "desc": {"id"},
    "rect": {"class", "x", "y", "width", "height", "fill", "stroke"},
    "circle": {"class", "cx", "cy", "r", "fill"},
    "polyline": {"class", "points", "fill", "stroke", "stroke-width"},
}
# What great-tables adds around and on its table: dropped, the page brings its own.
_OWN_ATTRIBUTES = {"data-quarto-disable-processing", "data-quarto-bootstrap", "aria-labelledby", "aria-describedby"}
_SVG_CASE = {"viewbox": "viewBox"}


class Cut(NamedTuple):
    """The first rows of a list as a table, None where there are no rows at all, and how many rows it leaves out."""

    table: Markup | None
    left_out: int


class UnsafeTable(ValueError):
    """A table held a tag or attribute outside the allow-list."""


class _Guard(HTMLParser):
    """Copies a table token by token, so that nothing reaches the page that was not looked at."""

    def __init__(self, caption: str, caption_id: str, labels: Sequence[str] | None) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._caption = f'<caption id="{caption_id}">{escape_text(caption)}</caption>'
        self._labels = labels
        self._column = 0
        self._in_style = False
        self._depth = 0  # inside the table

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style" and self._depth == 0:
            self._in_style = True
            return
        if tag == "div" and self._depth == 0:
            return
        if tag not in ALLOWED or (tag != "table" and self._depth == 0):
            raise UnsafeTable(f"tag <{tag}> is not allowed in a table")
        kept = [(name, value or "") for name, value in attrs if not (tag == "table" and name in _OWN_ATTRIBUTES)]
        for name, value in kept:
            if name not in ALLOWED[tag]:
                raise UnsafeTable(f"attribute {name} is not allowed on <{tag}>")
            if name == "href" and safe_url(value) != value:
                raise UnsafeTable("a link leads somewhere a reader must not go")
        if tag == "tr":
            self._column = 0
        if tag in ("td", "th") and self._labels and ("scope", "col") not in kept:
            kept.append(("data-label", self._labels[self._column]))
        if tag in ("td", "th"):
            self._column += 1
        written = "".join(f' {_SVG_CASE.get(name, name)}="{escape_text(value)}"' for name, value in kept)
        self.parts.append(f"<{tag}{written}>")
        if tag == "table":
            self.parts.append(self._caption)
        self._depth += tag == "table"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag != "br":
            self.parts.append(f"</{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False
        elif tag in ALLOWED and tag != "br":
            self.parts.append(f"</{tag}>")
            self._depth -= tag == "table"

    def handle_data(self, data: str) -> None:
        if not self._in_style and (self._depth or not data.isspace()):
            self.parts.append(escape_text(data, quote=False))

    def handle_comment(self, data: str) -> None:
        raise UnsafeTable("comments are not allowed in a table")

    def handle_decl(self, decl: str) -> None:
        raise UnsafeTable("declarations are not allowed in a table")


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str | Markup]],
    *,
    table_id: str,
    caption: str,
    numeric: Sequence[int] = (),
    is_stacked: bool = False,
    is_carded: bool = False,
) -> Markup:
    """One accessible table: caption, header cells, row headers from the first column, a focusable scroll region.

    Cells are text, or `Markup` from this package (links, badges, small charts). ``numeric`` columns are set flush
    right. With ``is_stacked`` each row becomes a block on narrow screens instead of a table that scrolls, with
    ``is_carded`` on phones alone, its numbers side by side. Raises UnsafeTable if anything outside the allow-list would
    reach the page.
    """
    columns = [f"c{number}" for number in range(len(header))]
    frame = pd.DataFrame([[str(escape(cell)) for cell in row] for row in rows], columns=columns, dtype="object")
    built = (
        GT(frame, rowname_col="c0", id=table_id)
        .tab_stubhead(str(header[0]))
        .cols_label({name: str(label) for name, label in zip(columns[1:], header[1:], strict=True)})
        .cols_align("left", columns[1:])
        .cols_align("right", [columns[number] for number in numeric])
        .fmt(lambda cell: cell, columns=columns)  # escaped above, so that links of our own can pass
    )
    guard = _Guard(caption, f"{table_id}-caption", header if is_stacked or is_carded else None)
    # great-tables sets cell by cell, which texts as Python objects bear best: 164 instead of 216 ms for 500 cells.
    with pd.option_context("mode.string_storage", "python"):
        guard.feed(built.as_raw_html())
    guard.close()
    kind = " ".join(["scroll", *(["stacked"] * is_stacked), *(["cards"] * is_carded)])
    return Markup(  # noqa: S704 every token passed the guard
        f'<div class="{kind}" id="{table_id}" role="region" aria-labelledby="{table_id}-caption" tabindex="0">'
        f"{''.join(guard.parts).strip()}</div>"
    )
