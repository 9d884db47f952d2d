"""Samples of the platforms that hand out tables: workbooks, CSV exports, directories, the survey."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from sources.platforms.logistik_mitteldeutschland import QUESTIONS
from sources.platforms.sammelordner_template import filled_template
from sources.readers.workbook import workbook_bytes
from sources.samples.world import Firm, Statement, amount_words, begins, draw, members, pick, shown, topics
from sources.week import Week

Files = dict[str, bytes]  # path inside the week's inbox -> content
PERSONS = ("Frau Beispiel", "Herr Muster", "Frau Dr. Probe")  # nobody


def to_csv(
    header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    """A table as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode(encoding)


def sheet_bytes(title: str, rows: Iterable[Sequence[object]], merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet; `merged` are cell ranges."""
    workbook = Workbook()
    sheet = workbook.create_sheet(title, 0)
    del workbook["Sheet"]
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    return workbook_bytes(workbook)


def place2tex(week: Week) -> Files:
    """The competence list: a title, two header rows with merged groups. From W17 on its numbers were given anew."""
    upper = ["Nr.", "Unternehmen", "", "", "", "Leistung", "", "", "Kapazität verfügbar", "", "Kapazität zukünftig", ""]
    lower = ["", "Name", "PLZ Ort", "Internet", "Ansprechpartner", "Art", "Kompetenz", "Erläuterung", "Menge", "ab"]
    rows: list[Sequence[object]] = [
        ["Kompetenzliste Textil, Stand " + str(week)],
        [*upper, "Stand"],
        [*lower, "Menge", "ab", ""],
    ]
    anew = {said.number: place for place, said in enumerate(shown("place2tex", Week(2020, 17)), start=1)}
    for said in shown("place2tex", week):
        number = anew.get(said.number, 500 + said.number) if week.number >= 17 else said.number
        is_future = draw(said.firm.firm_id, said.topic, "future") % 4 == 0
        capacity = [amount_words(said), begins(said)]
        rows.append(
            [f"T{number:03d}", said.spelled, f"{said.firm.postal_code} {said.firm.city}", f"www.{said.firm.domain}"]
            + [PERSONS[0], "sucht" if said.kind == "request" else "bietet", said.title, said.text]
            + (["", "", *capacity] if is_future else [*capacity, "", ""])
            + [f"{said.posted_on:%d.%m.%Y}"]
        )
    odd = ["T900", "TEXTIL-WERKE MUSTERALB AG", "72458 Albstadt", "", "", "bietet", "Masken", "Großauftrag"]
    rows.append([*odd, "100000000000000 Stück", "sofort", "", "", "02.04.2020"])
    rows.append(["T901", "Test", "", "", "", "bietet", "test", "", "1 Stück", "", "", "", "02.04.2020"])
    rows.append(
        ["T902", "WEBEREI N/A", "72336 Balingen", "N/A", "", "tauscht", "Garn", "N/A", "", "", "", "", "02.04.2020"]
    )
    return {"place2tex_kompetenzliste.xlsx": sheet_bytes("Kompetenzliste", rows, ["B2:E2", "F2:H2", "I2:J2", "K2:L2"])}


SENDERS = {
    "medtech": ("medtec-verband", "Verband Medizintechnik Süd"),
    "textile": ("textil-suedwest", "Textilverband Südwest-Alb"),
    "middle": ("ihk-verbund", "Kammerverbund Mitte"),
}


ANSWER_HEADER = [
    "Nr.", "Einrichtung", "PLZ / Ort", "Bietet / Sucht / Idee", "Gegenstand", "Erläuterung", "Umfang", "ab", "bis", "Stand",
    "Bemerkung intern",
]  # fmt: skip
CLAIM = ["Nähnetz Zollernalb", "72458 Albstadt", "bietet", "Behelfsmasken", "Verbund von neun Nähereien."]
ODD_ANSWERS = (  # the same network's capacity, claimed twice; and a window that ends before it begins
    [901, *CLAIM, "6.000 Stück pro Tag", "sofort", "", "läuft", ""],
    [902, *CLAIM, "8.000 Stück pro Tag", "sofort", "", "läuft", ""],
    [
        903,
        "Näherei Rückwärts",
        "72336 Balingen",
        "bietet",
        "Kittel",
        "",
        "50 Stück",
        "01.05.2020",
        "20.04.2020",
        "",
        "",
    ],
)


def bw_aufruf(week: Week) -> Files:
    """One answer sheet a sender, and one that is no workbook."""
    files: Files = {"bw_aufruf/verein-kaputt.xlsx": b"Sehr geehrte Damen und Herren, anbei unsere Antwort."}
    for zone, (stem, sender) in SENDERS.items():
        rows: list[Sequence[object]] = [
            ["Rückmeldung zum Aufruf"],
            ["Absender:", sender],
            ["Datum:", f"{week.monday:%d.%m.%Y}"],
            [],
            ANSWER_HEADER,
            *(_answer(said) for said in shown("bw_aufruf", week) if said.firm.zone == zone),
            *(ODD_ANSWERS if zone == "textile" else ()),
        ]
        files[f"bw_aufruf/{stem}.xlsx"] = sheet_bytes("Antwort", rows)
    return files


def _answer(said: Statement) -> list[object]:
    kind = "sucht" if said.kind == "request" else "bietet"
    return [
        said.number, said.spelled, f"{said.firm.postal_code} {said.firm.city}", kind, said.title, said.text,
        amount_words(said), begins(said), "", pick(("läuft", "geplant"), said.firm.firm_id), "Rückfrage ok",
    ]  # fmt: skip


CALL_HEADER = [
    "Lfd. Nr.", "Datum", "Uhrzeit", "Kürzel", "Organisation", "Ort", "Anliegen", "Thema", "Notiz", "Menge",
    "Rückruf unter", "Stand",
]  # fmt: skip
ODD_CALLS = (
    ["H9001", "01.04.2020", "9:00", "XY", "test1", "", "bietet", "test", "", "", "", ""],
    ["H9002", "01.04.2020", "9:05", "XY", "Fa. Unklar", "Ulm", "fragt", "Kurzarbeitergeld", "weitergeleitet", "", "", ""],
    [
        "H9003", "01.04.2020", "9:10", "XY", "Masken-Express", "Berlin", "bietet", "Masken", "nur Vorkasse",
        "98765432 Stück", "", "",
    ],
)  # fmt: skip


def call_log(week: Week) -> bytes:
    """The hotline's log: what was said on the telephone."""
    calls = [
        _call(said)
        for said in shown("biopro_hotline", week)
        if draw(said.firm.firm_id, said.topic, "channel") % 4  # every fourth wrote a mail
    ]
    return sheet_bytes("Anrufe", [CALL_HEADER, *calls, *ODD_CALLS])


def _call(said: Statement) -> list[str]:
    kind = "sucht" if said.kind == "request" else "bietet"
    return [
        f"H{said.number:04d}", f"{said.posted_on:%d.%m.%Y}", "10:15", "XY", said.spelled, said.firm.city, kind,
        said.title, said.text, amount_words(said), "0711 555 01 99", "offen",
    ]  # fmt: skip


ODD_SURVEY_ANSWERS = (
    ["990", "", "1", "de", "Spedition Abbruch", "", "", "biete", "Lkw", "", "", "", "", ""],
    [
        "991", "2020-03-30 10:00:00", "3", "de", "Bücherhof Weiß", "04109 Leipzig", "Sachsen", "suche",
        "Lagerhilfe – „dringend“", "Für Bücherpakete", "3 Stellen", "sofort", "", "nein",
    ],
)  # fmt: skip
# Where a postal code lies, by its first digits; the longest that fits counts.
LANDS = {
    "06": "Sachsen-Anhalt", "07": "Thüringen", "09": "Sachsen", "39": "Sachsen-Anhalt",
    "0": "Sachsen", "1": "Sachsen", "9": "Thüringen", "": "Sachsen-Anhalt",
}  # fmt: skip


def logistik_mitteldeutschland(week: Week) -> Files:
    """The survey's export; it closed at the end of W16, later exports repeat it."""
    answers = [_survey_answer(said) for said in shown("logistik_mitteldeutschland", min(week, Week(2020, 16)))]
    header = [f"{code}. {text}" for code, text in QUESTIONS.items()]
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *answers, *ODD_SURVEY_ANSWERS])
    return {"logistik_mitteldeutschland.csv": buffer.getvalue().encode("utf-8-sig")}


def _survey_answer(said: Statement) -> list[str]:
    kind = "suche" if said.kind == "request" else "biete"
    land = next(name for digits, name in LANDS.items() if said.firm.postal_code.startswith(digits))
    return [
        str(said.number), f"{said.posted_on} 09:{said.number % 60:02d}:00", "3", "de", said.spelled,
        f"{said.firm.postal_code} {said.firm.city}", land, kind, said.title, said.text, amount_words(said), begins(said),
        "", "ja",
    ]  # fmt: skip


NETWORKS = {"medtech": "gesundheitsregion-baar", "lake": "netz-seenland", "middle": "handwerk-mitte"}


def sammelordner(week: Week) -> Files:
    """Filled templates of three networks."""
    files: Files = {"sammelordner/liesmich.xlsx": b"nur eine Notiz"}
    for zone, stem in NETWORKS.items():
        rows = [_template_row(said) for said in shown("sammelordner", week) if said.firm.zone == zone]
        if zone == "middle":
            rows.append(_odd_template_row())
        files[f"sammelordner/{stem}.xlsx"] = filled_template(stem, rows)
    return files


def _template_row(said: Statement) -> list[str]:
    firm, is_offer = said.firm, said.kind == "offer"
    return [
        str(said.number), "Angebot" if is_offer else "Gesuch", said.title, said.text, topics()[said.topic]["group"],
        said.spelled, firm.street, f"{firm.postal_code} {firm.city}", "Deutschland", f"www.{firm.domain}", amount_words(said), "",
        topics()[said.topic]["norm"], "", "", "behauptet" if is_offer else "", pick(("normal", "hoch"), firm.firm_id),
        begins(said), "", "offen", f"{said.posted_on:%d.%m.%Y}",
    ]  # fmt: skip


def _odd_template_row() -> list[str]:
    return [
        "99", "Angebot", "=HYPERLINK(\"https://boese.example\";\"Masken\")", "<script>alert(1)</script>", "Masken", "Billig & Schnell",
        "", "", "Atlantis", "javascript:alert(1)", "10 Stück", "", "", "", "", "", "", "", "", "", "01.04.2020",
    ]  # fmt: skip


DIRECTORY_HEADER = [
    "ID",
    "Cluster",
    "Name",
    "Typ",
    "Straße",
    "PLZ",
    "Ort",
    "Land",
    "Kompetenzen",
    "Geschäftsführung",
    "Website",
]
COUNTRY_NAMES = {"DE": "Deutschland", "FR": "Frankreich", "CH": "Schweiz", "AT": "Österreich"}


def directory(platform: str, cluster: str, prefix: str, delimiter: str, encoding: str) -> Files:
    """A member directory as CSV."""
    rows = [
        [f"{prefix}{number:03d}", cluster, *_member(firm)] for number, firm in enumerate(members(platform), start=1)
    ]
    rows.append([f"{prefix}001", cluster, "Doppelter Eintrag GmbH", *[""] * 8])
    rows.append([f"{prefix}998", cluster, "", "Unternehmen", *[""] * 7])
    return {f"{platform}_mitglieder.csv": to_csv(DIRECTORY_HEADER, rows, delimiter, encoding)}


def _member(firm: Firm) -> list[str]:
    competences = "; ".join(str(topics()[topic]["de"][0][0]) for topic in firm.topics)
    return [
        firm.name, firm.type, firm.street, firm.postal_code, firm.city, COUNTRY_NAMES[firm.country], competences, PERSONS[1],
        f"https://www.{firm.domain}",
    ]  # fmt: skip


def linkhealth_bw(week: Week) -> Files:
    """Members of the health clusters: semicolons, UTF-8 with a mark, the same in all weeks."""
    return directory("linkhealth_bw", "Gesundheitscluster BW", "LH", ";", "utf-8-sig")


def biolago(week: Week) -> Files:
    """Members of BioLAGO: tabs, Windows-1252."""
    return directory("biolago", "BioLAGO", "BL", "\t", "cp1252")


def cebr_members() -> bytes:
    """Members of the bioregions, in English, with names in several scripts."""
    header = [
        "id",
        "bioregion",
        "member",
        "kind",
        "representative",
        "address",
        "postcode",
        "city",
        "country",
        "expertise",
        "web",
    ]
    rows = [
        [
            f"C{number:03d}",
            f"Bioregion {firm.city}",
            firm.name,
            "company",
            PERSONS[2],
            firm.street,
            firm.postal_code,
            firm.city,
        ]
        + [firm.country, "; ".join(str(topics()[t]["en"][0][0]) for t in firm.topics), f"www.{firm.domain}"]
        for number, firm in enumerate(members("cebr"), start=1)
    ]
    return to_csv(header, [*rows, ["C999", "", "Nameless", *[""] * 8]])


def participants() -> bytes:
    """Participants of Meet & Match."""
    header = [
        "N°",
        "Organisme",
        "Type",
        "Nom du participant",
        "Adresse",
        "Code postal",
        "Ville",
        "Pays",
        "Compétences",
        "Site",
    ]
    rows = [
        [
            str(number),
            firm.name.upper(),
            "entreprise",
            PERSONS[0],
            firm.street,
            f"{firm.postal_code} CEDEX",
            firm.city.upper(),
        ]
        + ["France", "; ".join(str(topics()[t]["fr"][0][0]) for t in firm.topics), f"www.{firm.domain}"]
        for number, firm in enumerate(members("biovalley_france"), start=1)
        if number % 2
    ]
    return to_csv(header, [*rows, ["99", "Sans Pays SA", "", "", "", "", "", "Atlantide", "", ""]], ";")


def clusters() -> bytes:
    """The directory of clusters."""
    header = ["Nr.", "Cluster", "Träger", "Clustermanagement", "PLZ", "Ort", "Themen", "Internet"]
    rows = [
        [
            "G1",
            "Medizintechnik Hochdrau",
            "Clusterbüro Hochdrau GmbH",
            PERSONS[1],
            "78532",
            "Tuttlingen",
            "Medizintechnik",
            "www.hochdrau.example",
        ],
        [
            "G2",
            "Textil Neckarbogen",
            "Textilbogen e. V.",
            PERSONS[0],
            "72764",
            "Reutlingen",
            "Textil; Faser",
            "www.textilbogen.example",
        ],
        [
            "G3",
            "Diagnostik Seeufer",
            "Seeufer Diagnostik e. V.",
            "",
            "78462",
            "Konstanz",
            "Diagnostik",
            "www.seeufer.example",
        ],
        ["G4", "Logistik Elbaue", "Elbaue Logistiknetz e. V.", "", "39104", "Magdeburg", "Logistik", ""],
    ]
    return to_csv(header, rows, ";")
