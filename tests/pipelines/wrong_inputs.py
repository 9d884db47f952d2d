"""What people do wrong at the command line, in the store, in the environment and in an inbox, as data.

Written down before any of it was tried; how it was answered at first sight stands in docs/messages.md.
"""

import csv
import io
from collections.abc import Callable, Mapping
from typing import NamedTuple
from zipfile import ZipFile

import openpyxl
import pandas as pd

from sources.samples.build import FOLDER

WEEK = FOLDER / "2020-W16"
CSV = (WEEK / "getusppe_offers.csv").read_bytes()
SURVEY = (WEEK / "logistik_mitteldeutschland.csv").read_text("utf-8-sig")
LIST = (WEEK / "place2tex_kompetenzliste.xlsx").read_bytes()
PROJECTS = (WEEK / "cyberlago_projects.json").read_bytes()
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    return packed.getvalue()


def changed(workbook: bytes, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A workbook after a change."""
    opened, written = openpyxl.load_workbook(io.BytesIO(workbook)), io.BytesIO()
    change(opened)
    opened.save(written)
    return written.getvalue()


def with_cell(column: str, value: str) -> bytes:
    """The survey with another value in its first answer; column: how its heading begins."""
    lines = list(csv.reader(io.StringIO(SURVEY, newline="")))
    place = next(index for index, name in enumerate(lines[0]) if name.startswith(column))
    lines[1][place] = value
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(lines)
    return written.getvalue().encode("utf-8-sig")


def numbers() -> bytes:
    """A stored table that gave out the number K-2020-13-01."""
    return pd.DataFrame({"opportunity_id": ["K-2020-13-01"]}).to_parquet()


class Call(NamedTuple):
    """Words after ``verbundradar``, STORE in them is the store's path; files in the store; variables."""

    words: str
    files: Mapping[str, str | bytes] = {}
    environment: Mapping[str, str] = {}


RUN = "run --store STORE --week 2020-W13"
CASE = {"tables/opportunity_numbers/2020-W13.parquet": numbers()}


def decided(name: str, content: str | bytes) -> Call:
    """A week that is run with a decision file."""
    return Call(RUN, {name: content})


def told_to(**variables: str) -> Call:
    """A week that is run with variables ``VERBUNDRADAR_…``."""
    return Call(RUN, environment={f"VERBUNDRADAR_{name}": value for name, value in variables.items()})


CALLS: Mapping[str, Call] = {
    "a week that is none": Call("run --store STORE --week 2020-W99"),
    "a day instead of a week": Call("run --store STORE --week 2020-04-13"),
    "weeks the wrong way round": Call("run --store STORE --week 2020-W15..2020-W13"),
    "a week that is not over": Call("run --store STORE --week 2999-W01"),
    "a week before there was anything": Call("run --store STORE --week 2019-W01"),
    "an inbox that is not there": Call("run --store STORE --inbox not-there"),
    "an inbox and live pages": Call("run --store STORE --inbox . --live http://127.0.0.1:1"),
    "a platform that nobody knows": Call("run --store STORE --platform getuspe"),
    "an option that nobody knows": Call("run --store STORE --wek 2020-W16"),
    "a negative wait": Call("run --store STORE --wait -1"),
    # From here on: the second list.
    "a week 60": Call("run --store STORE --week 2020-W60"),
    "a week 53 of a year without": Call("run --store STORE --week 2021-W53"),
    "a week without its year": Call("run --store STORE --week W16"),
    "a week without its W": Call("run --store STORE --week 2020-16"),
    "weeks with a hyphen between": Call("run --store STORE --week 2020-W16-2020-W18"),
    "weeks with a comma between": Call("run --store STORE --week 2020-W16,2020-W18"),
    "a week without its option": Call("run --store STORE 2020-W16"),
    "an option before the command": Call("--store STORE run --week 2020-W16"),
    "an option without its value": Call("run --store STORE --week"),
    "a command that nobody knows": Call("rnu --store STORE"),
    "a wait in words": Call("run --store STORE --wait long"),
    "two platforms with a comma between": Call("run --store STORE --platform getusppe,ted"),
    "an inbox that is a file": Call("run --store STORE --inbox STORE/a.csv", {"a.csv": "a"}),
    "a live address without its scheme": Call(f"{RUN} --live 127.0.0.1:1"),
    "a store that is a file": Call("run --store STORE/a.txt --week 2020-W13", {"a.txt": "a"}),
    "a store that is a file, schedules": Call("schedules --store STORE/a.txt", {"a.txt": "a"}),
    "a store that is a file, archive": Call("archive --store STORE/a.txt", {"a.txt": "a"}),
    "a state that nobody knows": Call("schedules onn --store STORE"),
    "a port in words": Call("dev --port three --store STORE"),
    "a port that no machine has": Call("simulate --port 99999"),
    "a week that the samples lack": Call("simulate --port 0 --week 2020-W40"),
    "an issue that is not there": Call("open --week 2020-W16 --store STORE"),
    "a store without an issue": Call("archive --store STORE"),
    "statistics of nothing": Call("statistics --store STORE"),
    "a month 13": Call("statistics --month 2020-13 --store STORE"),
    "a month by its name": Call("statistics --month April --store STORE"),
    "statistics of a week that was not run": Call("statistics --week 2020-W16 --store STORE"),
    "an explanation without a stored week": Call("explain a:1 b:2 --store STORE"),
    "an explanation of a week that is none": Call("explain a:1 b:2 --week 2020-99 --store STORE"),
    "a review of a week that was not run": Call("review --week 2020-W16 --output STORE/r.xlsx --store STORE"),
    "records that are not there": Call("resolve STORE/not-there.csv --output STORE/o.csv"),
    "records as a workbook": Call("resolve STORE/r.xlsx --output STORE/o.csv", {"r.xlsx": LIST}),
    "records in another encoding": Call(
        "resolve STORE/r.csv --output STORE/o.csv", {"r.csv": "record_id,name\n1,Müller\n".encode("cp1252")}
    ),
    "records with a comma in a name": Call(
        "resolve STORE/r.csv --output STORE/o.csv", {"r.csv": "record_id,name\n1,Müller, Erben\n2,B\n3,C,D,E\n"}
    ),
    "records with one id twice": Call(
        "resolve STORE/r.csv --output STORE/o.csv", {"r.csv": "record_id,name\n1,A\n1,B\n"}
    ),
    "a result as a workbook": Call("resolve STORE/r.csv --output STORE/o.xlsx", {"r.csv": "record_id,name\n1,A\n"}),
    "a quantity with dots and comma": Call(
        "match STORE/r.csv STORE/o.csv --output STORE/m.csv",
        {"r.csv": 'listing_id,title,quantity\n1,Masken,"1.000,5"\n', "o.csv": "listing_id,title\n2,Masken\n"},
    ),
    "a day that no calendar has": Call(
        "match STORE/r.csv STORE/o.csv --output STORE/m.csv",
        {"r.csv": "listing_id,title,posted_at\n1,Masken,31.02.2020\n", "o.csv": "listing_id,title\n2,Masken\n"},
    ),
    "tables that are not there, allocate": Call(
        "allocate --requests a.csv --offers b.csv --distances c.csv --output d.csv"
    ),
    "a network's name with a blank": Call("template --network 'Netz Süd' --output STORE/t.xlsx"),
    "nobody to send to": Call("send --from a@a.example --server smtp.a.example:587 --store STORE"),
    "a mail server without its port": Call(
        "send b@b.example --from a@a.example --server smtp.a.example --store STORE",
        {"reports/lagebild/2020-W13/lagebild.de.eml": "Message-ID: <1@a.example>\n\nx\n"},
    ),
    "a mail server that does not answer": Call(
        "send b@b.example --from a@a.example --server 127.0.0.1:1 --store STORE",
        {"reports/lagebild/2020-W13/lagebild.de.eml": "Message-ID: <1@a.example>\n\nx\n"},
    ),
    "a language that nobody reads": Call("open --language it --store STORE"),
    "an address that is none, erase": Call("erase --email meier.example --store STORE"),
    "one word instead of a name, erase": Call("erase --name Meier --store STORE"),
    "a listing without its platform": Call("erase --listing 4711 --store STORE"),
    "a store that is not there, purge": Call("purge --store STORE/not-there"),
    "an opportunity without its state": Call("decide K-2020-13-01 --store STORE", CASE),
    "an opportunity that nobody told": Call("decide K-2020-13-99 agreed --store STORE", CASE),
    "an outcome that nobody knows": Call("decide K-2020-13-01 ready --store STORE", CASE),
    "a role that nobody has": Call("decide K-2020-13-01 agreed --role boss --store STORE", CASE),
    "a German day": Call("decide K-2020-13-01 agreed --on 29.04.2020 --store STORE", CASE),
    "a decision of tomorrow": Call("decide K-2020-13-01 agreed --on 2999-01-01 --store STORE", CASE),
}
ENVIRONMENT: Mapping[str, Call] = {
    "an alert to no address": told_to(ALERT_TO="staff", ALERT_FROM="a@a.example", SMTP_SERVER="s.example:587"),
    "an alert from nobody": told_to(ALERT_TO="staff@a.example", SMTP_SERVER="s.example:587"),
    "an alert without a server": told_to(ALERT_TO="staff@a.example", ALERT_FROM="a@a.example"),
    "a port of a mail server in words": told_to(
        ALERT_TO="staff@a.example", ALERT_FROM="a@a.example", SMTP_SERVER="s.example:smtp"
    ),
    "a language of alerts that nobody reads": told_to(
        ALERT_TO="staff@a.example", ALERT_FROM="a@a.example", SMTP_SERVER="s.example:587", ALERT_LANGUAGE="it"
    ),
    "certificates that are not there": told_to(
        ALERT_TO="staff@a.example", ALERT_FROM="a@a.example", SMTP_SERVER="s.example:587", SMTP_CERTIFICATES="not-there"
    ),
    "two addresses for answers": told_to(ANSWERS_TO="a@a.example, b@b.example"),
    "a mailbox for answers without its scheme": told_to(ANSWERS_MAILBOX="imap.a.example/INBOX"),
    "an archive of a kind that nobody knows": told_to(ARCHIVE="html"),
    "platforms that nobody knows": Call(
        "statistics --week 2020-W13 --store STORE", environment={"VERBUNDRADAR_PLATFORMS": "getuspe, ted"}
    ),
    "an address of statistics without its slash": told_to(STATISTICS_ADDRESS="http://a.example"),
    "a misspelt variable": Call(RUN, environment={"VERBUNDRADAR_INOBX": "inbox"}),
    "a misspelt file of a secret": Call(RUN, environment={"VERBUNDRADAR_SMTP_PASWORD_FILE": "/run/secrets/smtp"}),
    "a former number to erase": Call("erase --listing 'place2tex:T006 (2020-W16)' --store STORE"),
    "a folder of keys that is a file": Call(RUN, {"k": "x"}, {"VERBUNDRADAR_KEYS": "STORE/k"}),
    "a contact of statistics that is none": told_to(STATISTICS_CONTACT="the office"),
}
PAIR = "record_id_left,record_id_right,verdict\n"
MUTE = "opportunity_id,organisation_id,concept_id,from_week,until_week,reason\n"
ENTRY = "opportunity_id,state,reason,role,way,said_at,note,source,token\n"
PLAUSIBLE = "listings:\n- listing_id: ted:1\n  verdict: hold\n  reason: r\n  decided_on: 2020-04-27\n"
DECISIONS: Mapping[str, Call] = {
    "judgements without a column": decided("judgements.csv", "record_id_left\na:1\n"),
    "options that are no YAML": decided("options.yaml", "a: [1\n"),
    "plausible choices of an unknown kind": decided("plausible.yaml", "nothing_known: 1\n"),
    "mutes without a column": decided("muted.csv", "listing\nx\n"),
    "a remit of an unknown kind": decided("lagebild.yaml", "nothing_known: 1\n"),
    # From here on: the second list.
    "a judgement of a day that is none": decided(
        "judgements.csv", PAIR.strip() + ",judged_on\na:1,b:2,same,2020-13-45\n"
    ),
    "a verdict that nobody knows": decided("judgements.csv", PAIR + "a:1,b:2,gleich\n"),
    "two judgements that contradict each other": decided("judgements.csv", PAIR + "a:1,b:2,same\nb:2,a:1,different\n"),
    "judgements in another encoding": decided("judgements.csv", (PAIR + "a:1,b:2,gemäß\n").encode("cp1252")),
    "a judgement with a comma in its reason": decided("judgements.csv", PAIR + "a:1,b:2,same,x,y,z,mehr\n"),
    "judgements as a workbook": decided("judgements.xlsx", LIST),
    "a folder in place of judgements": decided("judgements.csv/x.csv", "a"),
    "a reason that nobody knows": decided("feedback.csv", "verdict,reason\ndeclined,too far\n"),
    "one pair judged twice": decided(
        "feedback.csv", "verdict,reason,request_id,offer_id\naccepted,,a:1,b:2\ndeclined,other,a:1,b:2\n"
    ),
    "a verdict of a German day": decided("feedback.csv", "verdict,reason,judged_on\naccepted,,26.04.2020\n"),
    "verdicts in another encoding": decided("feedback.csv", "verdict,reason,note\naccepted,,für\n".encode("cp1252")),
    "a concept that nobody knows": decided("options.yaml", "eu_rule: [ffp9_mask]\n"),
    "a number as a text": decided("options.yaml", "maximum_partners: drei\n"),
    "options with a tab": decided("options.yaml", "maximum_partners:\n\t3\n"),
    "an option twice": decided("options.yaml", "maximum_partners: 3\nmaximum_partners: 4\n"),
    "options as a list": decided("options.yaml", "- maximum_partners: 3\n"),
    "an option without its value": decided("options.yaml", "maximum_partners:\n"),
    "options of another ending": decided("options.yml", "maximum_partners: 3\n"),
    "options in another encoding": decided("options.yaml", "required: {ffp2_mask: [Müller]}\n".encode("cp1252")),
    "a choice without its reason": decided("plausible.yaml", PLAUSIBLE.replace("  reason: r\n", "")),
    "a choice of an unknown verdict": decided("plausible.yaml", PLAUSIBLE.replace("hold", "held")),
    "a choice of no day": decided("plausible.yaml", PLAUSIBLE.replace("2020-04-27", "27.4.")),
    "a mute of a week 60": decided("muted.csv", MUTE + "K-2020-16-01,,,2020-W16,2020-W60,later\n"),
    "a mute that ends before it begins": decided("muted.csv", MUTE + "K-2020-16-01,,,2020-W18,2020-W16,later\n"),
    "a mute without its reason": decided("muted.csv", MUTE + "K-2020-16-01,,,2020-W16,2020-W18,\n"),
    "a mute with a comma in its reason": decided("muted.csv", MUTE + "K-2020-16-01,,,2020-W16,2020-W18,a, b\n"),
    "mutes in another encoding": decided(
        "muted.csv", (MUTE + "K-2020-16-01,,,2020-W16,2020-W18,spä\n").encode("cp1252")
    ),
    "mutes under a second ending": decided("muted.csv.txt", MUTE),
    "a country by its name": decided("lagebild.yaml", "countries: [Germany]\n"),
    "a region without its country": decided("lagebild.yaml", "regions: [BW]\n"),
    "an address without its s": decided("lagebild.yaml", "address: http://a.example/\n"),
    "no week to keep anything": decided("retention.yaml", "raw: 0\n"),
    "weeks in words": decided("retention.yaml", "raw: half a year\n"),
    "tables that go before raw": decided("retention.yaml", "tables: 4\n"),
    "an outcome that nobody knows, by hand": decided(
        "cases.csv", ENTRY + "K-2020-13-01,ready,,lead,command,2020-04-29T08:15:00Z,,,\n"
    ),
    "an outcome of a German day": decided("cases.csv", ENTRY + "K-2020-13-01,agreed,,lead,command,29.04.2020,,,\n"),
    "a closing without its reason": decided(
        "cases.csv", ENTRY + "K-2020-13-01,declined,,lead,command,2020-04-29T08:15:00Z,,,\n"
    ),
}


def _reordered(workbook: openpyxl.Workbook) -> None:
    workbook.move_sheet(workbook.create_sheet("Notizen"), -1)


# What lies in the inbox -> platform, file name and content.
Delivery = tuple[str, str, bytes]
FILES: Mapping[str, Delivery] = {
    "an .ods instead of a CSV": ("getusppe", "getusppe_offers.ods", b"PK"),
    "a zip": ("getusppe", "getusppe_offers.zip", archive(x=CSV)),
    "a workbook instead of a CSV": ("getusppe", "getusppe_offers.xlsx", b"PK"),
    "a PDF": ("getusppe", "getusppe_offers.pdf", b"%PDF"),
    "nothing": ("getusppe", "readme.txt", b"hello"),
    "an empty file": ("getusppe", "getusppe_offers.csv", b""),
    "an error page": ("getusppe", "getusppe_offers.csv", b"<!doctype html><title>502 Bad Gateway</title>"),
    "a CSV without its columns": ("getusppe", "getusppe_offers.csv", b"a,b\n1,2\n"),
    "a header alone": ("getusppe", "getusppe_offers.csv", CSV.splitlines(keepends=True)[0]),
    "a workbook with a password": (
        "place2tex",
        "place2tex.xlsx",
        OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2_000,
    ),
    "a damaged workbook": ("place2tex", "place2tex.xlsx", archive(x=b"1")),
    "half of a JSON file": ("cyberlago", "cyberlago_projects.json", b'{"projects": [{"id": '),
    "a calendar instead of a page": ("medicalmountains_drehscheibe", "medicalmountains_drehscheibe.html", b"BEGIN:"),
    # From here on: the second list.
    "a renamed column": ("getusppe", "getusppe_offers.csv", CSV.replace(b",qty,", b",amount,", 1)),
    "no header": ("getusppe", "getusppe_offers.csv", CSV.partition(b"\n")[2]),
    "another platform's export": ("getusppe", "getusppe_offers.csv", (WEEK / "findthemasks_requests.csv").read_bytes()),
    "two rows of forty": ("getusppe", "getusppe_offers.csv", b"\n".join(CSV.split(b"\n")[:3])),
    "a download that was broken off": ("getusppe", "getusppe_offers.csv.part", CSV[:900]),
    "a mark of a spreadsheet that is open": ("place2tex", "~$place2tex.xlsx", b"\x05user"),
    "a scanned list": ("place2tex", "place2tex.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 99),
    "a PDF that is taken": ("place2tex", "place2tex.pdf", b"%PDF-1.7\n"),
    "a letter instead of a workbook": ("place2tex", "place2tex.docx", archive(**{"word/document.xml": b"<w/>"})),
    "a workbook of notes": (
        "place2tex", "place2tex.xlsx", changed(LIST, lambda book: book.active.delete_rows(2, 99))
    ),
    "a list in place of a list's entry": ("cyberlago", "cyberlago_projects.json", b"[[1, 2], [3]]"),
    "an error in JSON": ("cyberlago", "cyberlago_projects.json", b'{"error": "401 unauthorised"}'),
    "JSON line by line": ("cyberlago", "cyberlago_projects.json", b'{"id": "hh-1"}\n{"id": "hh-2"}\n'),
    "a page that asks for a password": (
        "medicalmountains_drehscheibe", "medicalmountains_drehscheibe.html",
        b"<!doctype html><html><title>Login</title><form><input type=password></form></html>",
    ),
    "a folder without its pages": ("biopro_boerse", "biopro_boerse/logo.png", b"\x89PNG"),
    "a mailbox of another program": ("lifescience_nord", "lifescience_nord.pst", b"!BDN" + b"\0" * 99),
    "a feed that is a page": ("biovalley_france", "biovalley_france/annonces.xml", b"<!doctype html><title>x</title>"),
    "one of two files": ("biovalley_france", "biovalley_france/participants.csv", b"a;b\n1;2\n"),
    "templates that are none": ("sammelordner", "sammelordner/netz-seenland.xlsx", LIST),
}  # fmt: skip
COLUMN_MORE = ("getusppe", "getusppe_offers.csv", b"phone," + CSV.replace(b"\n", b"\n0171,").removesuffix(b"0171,"))
# What stands in one row of the survey -> column and value.
CELLS: Mapping[str, tuple[str, str]] = {
    "an American day": ("submitdate", "04/16/2020 09:02"),
    "a day that is none": ("submitdate", "2020-02-31 09:02:00"),
    "no day at all": ("submitdate", ""),
    "a kind that nobody knows": ("G02Q01", "verkaufe"),
    "no kind": ("G02Q01", ""),
    "no title": ("G02Q02", ""),
    "a state of another country": ("G01Q03", "Elsass"),
    "a quantity with an exponent": ("G02Q04", "1e12 Stück"),
    "a quantity below zero": ("G02Q04", "-5 Stück"),
    "a formula that failed": ("submitdate", "#WERT!"),
    "an id that another row has": ("id", "3"),
    "an end before the beginning": ("G02Q06", "01.01.2020"),
}
# What is read all the same -> platform, file name and content; as many rows as the right file has.
READ: Mapping[str, Delivery] = {
    "UTF-16": ("getusppe", "getusppe_offers.csv", CSV.decode().encode("utf-16")),
    "Windows-1252": (
        "logistik_mitteldeutschland", "logistik_mitteldeutschland.csv", SURVEY.encode("cp1252", "replace")
    ),
    "semicolons": ("getusppe", "getusppe_offers.csv", CSV.replace(b",", b";")),
    "tabs": ("getusppe", "getusppe_offers.csv", CSV.replace(b",", b"\t")),
    "a line sep=;": ("getusppe", "getusppe_offers.csv", b"sep=;\r\n" + CSV.replace(b",", b";")),
    "an upper-case ending": ("getusppe", "GETUSPPE_OFFERS.CSV", CSV),
    "the header twice": ("getusppe", "getusppe_offers.csv", CSV.split(b"\n")[0] + b"\n" + CSV),
    "a title above the header": ("getusppe", "getusppe_offers.csv", b"Export of Monday\n\n" + CSV),
    "a notice below the table": ("getusppe", "getusppe_offers.csv", CSV + b"\nSource: the board\n"),
    "columns in another order": (
        "getusppe", "getusppe_offers.csv",
        b"\n".join(b",".join(reversed(line.split(b","))) for line in CSV.splitlines()),
    ),
    "a workbook under a CSV's name": (
        "getusppe", "getusppe_offers.csv",
        changed(changed(LIST, lambda book: book.active.delete_rows(1, 99)), lambda book: [
            book.active.append(line.decode().split(",")) for line in CSV.splitlines()
        ]),
    ),
    "a sheet of notes before the table": ("place2tex", "place2tex.xlsx", changed(LIST, _reordered)),
    "a zipped workbook": ("place2tex", "place2tex.zip", archive(**{"liste.xlsx": LIST})),
    "a folder in place of its one file": ("getusppe", "getusppe_offers.csv/export.csv", CSV),
}  # fmt: skip
