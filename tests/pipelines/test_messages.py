"""What wrong input is answered with: one line that names thing and remedy. `make pages` writes docs/messages.md."""

import io
import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.faults import fault_in
from pipelines.whole_files import write_whole
from sources.access.inbox import read_export
from sources.platform import PlatformError
from sources.platforms import PLATFORMS
from sources.samples.build import FOLDER
from sources.weekly.intake import read_snapshot

PAGE = Path(__file__).parents[2] / "docs" / "messages.md"
NOW = datetime(2020, 4, 20, tzinfo=UTC)
BY_NAME = {platform.name: platform for platform in PLATFORMS}
CSV = (FOLDER / "2020-W16" / "getusppe_offers.csv").read_bytes()
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2_000


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    return packed.getvalue()


# What is wrong -> the words after `verbundradar run --store STORE`, and files in the store.
CALLS: Mapping[str, tuple[list[str], Mapping[str, str]]] = {
    "a week that is none": (["--week", "2020-W99"], {}),
    "a day instead of a week": (["--week", "2020-04-13"], {}),
    "weeks the wrong way round": (["--week", "2020-W15..2020-W13"], {}),
    "a week that is not over": (["--week", "2999-W01"], {}),
    "a week before there was anything": (["--week", "2019-W01"], {}),
    "an inbox that is not there": (["--inbox", "not-there"], {}),
    "an inbox and live pages": (["--inbox", ".", "--live", "http://127.0.0.1:1"], {}),
    "a platform that nobody knows": (["--platform", "getuspe"], {}),
    "an option that nobody knows": (["--wek", "2020-W16"], {}),
    "a negative wait": (["--wait", "-1"], {}),
    "judgements without a column": (["--week", "2020-W13"], {"judgements.csv": "record_id_left\na:1\n"}),
    "options that are no YAML": (["--week", "2020-W13"], {"options.yaml": "a: [1\n"}),
    "plausible choices of an unknown kind": (["--week", "2020-W13"], {"plausible.yaml": "nothing_known: 1\n"}),
    "mutes without a column": (["--week", "2020-W13"], {"muted.csv": "listing\nx\n"}),
    "a remit of an unknown kind": (["--week", "2020-W13"], {"lagebild.yaml": "nothing_known: 1\n"}),
}
# What lies in the inbox -> file name and content.
FILES: Mapping[str, tuple[str, str, bytes]] = {
    "an .ods instead of a CSV": ("getusppe", "getusppe_offers.ods", b"PK"),
    "a zip": ("getusppe", "getusppe_offers.zip", archive(x=CSV)),
    "a workbook instead of a CSV": ("getusppe", "getusppe_offers.xlsx", b"PK"),
    "a PDF": ("getusppe", "getusppe_offers.pdf", b"%PDF"),
    "nothing": ("getusppe", "readme.txt", b"hello"),
    "an empty file": ("getusppe", "getusppe_offers.csv", b""),
    "an error page": ("getusppe", "getusppe_offers.csv", b"<!doctype html><title>502 Bad Gateway</title>"),
    "a CSV without its columns": ("getusppe", "getusppe_offers.csv", b"a,b\n1,2\n"),
    "a header alone": ("getusppe", "getusppe_offers.csv", CSV.splitlines(keepends=True)[0]),
    "a workbook with a password": ("place2tex", "place2tex.xlsx", OLE),
    "a damaged workbook": ("place2tex", "place2tex.xlsx", archive(x=b"1")),
    "half of a JSON file": ("cyberlago", "cyberlago_projects.json", b'{"projects": [{"id": '),
    "a calendar instead of a page": ("medicalmountains_drehscheibe", "medicalmountains_drehscheibe.html", b"BEGIN:"),
}
FAULTS = ("No space left on device", "Read-only file system", "Permission denied", "Disk quota exceeded")


def told_by_call(words: list[str], files: Mapping[str, str], store: Path) -> str:
    store.mkdir(parents=True)
    for name, text in files.items():
        (store / name).write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["run", "--store", str(store), *words])
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.stderr.strip().splitlines()[-1].replace(str(store), "STORE")


def told_by_inbox(platform: str, inbox: Path) -> str:
    with pytest.raises(PlatformError) as caught:
        read_snapshot(BY_NAME[platform], read_export(BY_NAME[platform], inbox, NOW))
    return str(caught.value).replace(str(inbox), "INBOX")


def old(path: Path) -> Path:
    os.utime(path, (NOW.timestamp(), NOW.timestamp()), follow_symlinks=False)
    return path


def strange(inbox: Path) -> Mapping[str, Callable[[], object]]:
    """What no file content shows."""
    export = inbox / "getusppe_offers.csv"
    return {
        "a link": lambda: export.symlink_to("/etc/hostname"),
        "a broken link": lambda: export.symlink_to("not-there"),
        "a pipe": lambda: os.mkfifo(export),
        "a file of 200 MB": lambda: (export.write_bytes(b""), os.truncate(export, 200_000_000)),
    }


def told(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Every message, by what is wrong, by where."""
    calls = {
        what: told_by_call(words, files, folder / f"store{number}")
        for number, (what, (words, files)) in enumerate(CALLS.items())
    }
    found = {}
    for number, (what, (platform, name, content)) in enumerate(FILES.items()):
        inbox = folder / f"inbox{number}"
        write_whole_in(inbox, name, content)
        found[what] = told_by_inbox(platform, inbox)
    for what in strange(folder):
        inbox = folder / what.replace(" ", "-")
        inbox.mkdir()
        strange(inbox)[what]()
        old(inbox / "getusppe_offers.csv")
        found[what] = told_by_inbox("getusppe", inbox)
    disk = {text: str(fault_in(text)) for text in FAULTS}
    return {"A wrong call or decision": calls, "A wrong delivery": found, "A store that cannot be written": disk}


def write_whole_in(inbox: Path, name: str, content: bytes) -> None:
    inbox.mkdir()
    write_whole(inbox / name, content)
    old(inbox / name)


HEAD = """# Messages

What wrong input is answered with; `make pages` writes this page from `tests/pipelines/test_messages.py`. A wrong call
ends with 1 and changes nothing. Of a wrong delivery the report uses the platform's last good state and says so; the run
ends with 2.
"""


def page(messages: Mapping[str, Mapping[str, str]]) -> str:
    lines = [HEAD.rstrip()]
    for title, rows in messages.items():
        lines += ["", f"## {title}", "", "| what is wrong | what is said |", "| --- | --- |"]
        lines += [f"| {what} | {text} |" for what, text in rows.items()]
    # The last whole week is another one every week, and platforms come.
    text = re.sub(r"to 20\d\d-W\d\d, the last", "to the last", "\n".join(lines) + "\n")
    return re.sub(r"(is not one of '\w+'), .*", r"\1 …", text)


def test_every_message_is_one_line_without_a_trace_and_stands_in_the_documents(tmp_path: Path) -> None:
    messages = told(tmp_path)
    lines = [text for rows in messages.values() for text in rows.values()]
    assert len(lines) >= 35
    for text in lines:
        assert len(text) > 20
        assert not re.search(r"Traceback|dagster|sqlite|pandera|[A-Za-z]+Error\b|/tmp/|\n", text), text
    written = page(messages)
    if os.environ.get("RENEW_GOLDENS"):
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written
