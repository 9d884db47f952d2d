"""Sheets as XLSX: text stays text whatever it begins with, no formula, no link, the same bytes for the same input."""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO

import xlsxwriter

from reports.ministry.package.release import Release
from reports.ministry.package.sheets import Sheet, Value


def as_xlsx(release: Release, made: Sequence[Sheet]) -> bytes:
    """The last day of the period stands for the time of making."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"title": made[0].heading[0], "created": datetime.combine(release.last, time())})
        head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        number = workbook.add_format({"num_format": "#,##0", "align": "right"})
        text = workbook.add_format({"text_wrap": True, "valign": "top"})
        sign = workbook.add_format({"align": "right"})
        for sheet in made:
            page = workbook.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, (heading, width) in enumerate(zip(sheet.heading, sheet.widths, strict=True)):
                page.set_column(column, column, width)
                page.write_string(0, column, heading, head)
            for row, cells in enumerate(sheet.rows, start=1):
                for column, value in enumerate(cells):
                    if isinstance(value, int):
                        page.write_number(row, column, value, number)
                    else:
                        page.write_string(row, column, value, sign if _is_sign(value) else text)
    return content.getvalue()


def _is_sign(value: Value) -> bool:
    return isinstance(value, str) and len(value) == 1
