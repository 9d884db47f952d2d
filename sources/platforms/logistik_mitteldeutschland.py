"""logistik_mitteldeutschland: needs survey of the Netzwerk Logistik Mitteldeutschland (Leipzig/Halle).

Known: a survey of members' needs, and the situation by federal state.
Known of the software: LimeSurvey writes its CSV in UTF-8 with a mark, commas, every cell in quotes, one header row of
codes, texts or both ("G01Q01. Name …"); its times name no zone and are Berlin's. Assumed: that it is LimeSurvey, and
the questions. An answer without a submission date was not finished and is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sources.platform import Parsed, Platform, RawDocument, RowError, one_document
from sources.readers.survey import read_answers
from sources.rows.fields import coded, identified_by, moment, no_test, place, quantity, required, window
from sources.rows.read import read_rows
from sources.rows.text import described, present
from sources.week import local_day

QUESTIONS = {
    "id": "Antwort ID",
    "submitdate": "Datum Abgeschickt",
    "lastpage": "Letzte Seite",
    "startlanguage": "Start-Sprache",
    "G01Q01": "Name Ihres Unternehmens",
    "G01Q02": "Postleitzahl und Ort",
    "G01Q03": "Bundesland",
    "G02Q01": "Bieten oder suchen Sie?",
    "G02Q02": "Was genau?",
    "G02Q03": "Bitte beschreiben Sie",
    "G02Q04": "Menge je Zeitraum",
    "G02Q05": "Ab wann?",
    "G02Q06": "Bis wann?",
    "G03Q01": "Dürfen wir Sie zurückrufen?",
}
IGNORED_FIELDS = ("lastpage", "startlanguage", "G03Q01")  # how the survey was filled in, and by whom
KINDS = {"biete": "offer", "suche": "request"}
STATES = {"Sachsen": "DE-SN", "Sachsen-Anhalt": "DE-ST", "Thüringen": "DE-TH", "Brandenburg": "DE-BB"}


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One answer, one listing."""
    rows = (row for document in documents for row in read_answers(document, QUESTIONS))
    return read_rows("logistik_mitteldeutschland", rows, identified_by("id"), read_answer)


def read_answer(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one answer; raises RowError."""
    no_test(fields, "G01Q01", "G02Q02")
    required(fields, "submitdate")
    posted_at = moment(fields, "submitdate")
    kind = coded(fields, "G02Q01", KINDS)
    if kind is None or posted_at is None:
        raise RowError("G02Q01", "required", "neither offered nor sought")
    return {
        "kind": kind,
        "title": required(fields, "G02Q02"),
        "text": described(fields["G02Q03"]),
        "language": "de",
        "organisation_name": present(fields["G01Q01"]),
        **place(fields["G01Q02"]),
        "region": coded(fields, "G01Q03", STATES),
        "country": "DE",
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "G02Q04", "de"),
        **window(fields, "G02Q05", "G02Q06", local_day(posted_at)),
        "posted_at": posted_at,
    }


PLATFORM = Platform(
    name="logistik_mitteldeutschland",
    title="Bedarfsumfrage Logistik",
    operator="Netzwerk Logistik Mitteldeutschland e. V.",
    url="https://umfrage.logistik-mitteldeutschland.example/export/umfrage.csv",
    language="de",
    country="DE",
    kind_of_access="export",
    contact_route="Geschäftsstelle Netzwerk Logistik Mitteldeutschland",
    inbox_pattern="logistik_mitteldeutschland*.csv",
    expected_rows=(3, 5_000),
    fetch=one_document("logistik_mitteldeutschland.csv"),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
)
