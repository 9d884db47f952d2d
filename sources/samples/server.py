"""A server that answers as the platforms would: the sample world over real HTTP on loopback, with faults on demand.

Every platform lies below its own name, ``/<platform><path of its address>``, which is where `HttpClient` looks with a
`base_url`. It pages natively, marks versions (ETag, 304) and can limit the rate. A mailbox is handed out as an mbox.
Faults are set per platform in `SampleServer.faults`, or for a run by ``/-/fault/<platform>/<fault>``.
"""

import gzip
import hashlib
import io
import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import openpyxl

from sources.access.inbox import read_export
from sources.platform import Platform
from sources.platforms import PLATFORMS
from sources.platforms.een import PAGE_SIZE
from sources.samples.build import WEEKS, inbox_of
from sources.week import Week

FOREVER = 3600.0


class Answer(NamedTuple):
    """What goes over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def _entity_bomb(body: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "&a;&a;">]>\n'
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>&b;</title></feed>"
    )


def _empty_of_its_kind(body: bytes) -> bytes:
    """An answer of the right kind that holds nothing."""
    start = body.lstrip()[:40].lower()
    if start.startswith(b"<!doctype html"):
        return b'<!DOCTYPE html><html><body><ol class="boerse-liste"></ol><div id="drehscheibe"></div></body></html>'
    if start.startswith(b"<?xml"):
        return b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>'
    if start.startswith((b"{", b"[")):
        value = json.loads(body)
        empty = {k: [] if isinstance(v, list) else v for k, v in value.items()} if isinstance(value, dict) else []
        return json.dumps(empty | {"total": 0} if isinstance(empty, dict) else empty).encode()
    if start.startswith(b"from "):
        return b""
    return b"" if start.startswith(b"pk") else body.splitlines(keepends=True)[0]


def _changed_layout(body: bytes) -> bytes:
    """The same content under other names: whatever a format calls its fields by is renamed."""
    start = body.lstrip()[:40].lower()
    if start.startswith((b"{", b"[")):
        return json.dumps(_renamed_keys(json.loads(body))).encode()
    if start.startswith(b"<!doctype html"):
        return re.sub(rb'(class|id)="', rb'\1="neu-', body)
    if start.startswith(b"<?xml"):
        return re.sub(rb"<(/?)(entry|item)\b", rb"<\1neu-\2", body)
    if start.startswith(b"from "):  # labels in the text, not the headers
        return re.sub(rb"(?m)^(?!From:|To:|Subject:|Date:)([A-Z]\w+(?: \w+)*):", rb"Neu \1:", body)
    if start.startswith(b"begin:"):
        return body.replace(b"UID:", b"X-UID:")
    return body.replace(b"xl/worksheets", b"xl/workshites") if start.startswith(b"pk") else b"Neu " + body


def _renamed_keys(value: Any, *, is_listed: bool = False) -> Any:
    """JSON with other keys in all objects that stand in a list."""
    if isinstance(value, list):
        return [_renamed_keys(item, is_listed=True) for item in value]
    if isinstance(value, dict):
        return {f"neu_{k}" if is_listed else k: _renamed_keys(v, is_listed=is_listed) for k, v in value.items()}
    return value


def _with_bad_item(body: bytes) -> bytes:
    """The same content and one item more that cannot be read, in the middle or at the end as its format has it."""
    start = body.lstrip()[:40].lower()
    if start.startswith((b"{", b"[")):
        value = json.loads(body)
        items = value if isinstance(value, list) else next(part for part in value.values() if isinstance(part, list))
        items.insert(len(items) // 2, "no object")
        return json.dumps(value).encode()
    if start.startswith(b"pk"):
        return _with_bad_line(body)
    for mark, item in _BAD_ITEMS.items():
        before, found, after = body.partition(mark)
        if found:
            return before + item + found + after
    header, *lines = body.splitlines(keepends=True)
    return b"".join([header, *lines, b"cells" + b";cells,cells" * header.count(max(b";,", key=header.count)) + b";,\n"])


# What stands before an item of a format, and a bad one to put there.
_BAD_ITEMS = {
    b"END:VCALENDAR": b"BEGIN:VEVENT\r\nUID:bad\r\nDTSTART;VALUE=DATE:20200431\r\nEND:VEVENT\r\n",
    b"<entry>": b"<entry></entry>",
    b"<item>": b"<item></item>",
    b'<li class="boerse-eintrag">': b'<li class="boerse-eintrag"><a class="boerse-titel" href="/boerse/eintrag/KB-2020-999">?</a></li>',
    b'<div class="eintrag"': b'<div class="eintrag" id="bad"><h4>?</h4></div>',
    b"<tr><td>1</td>": b"<tr><td>?</td></tr>",
    b"From mail": b"From mail@mailbox.example Thu Jan  1 00:00:00 1970\nno header at all\n\n",
}


def _with_bad_line(body: bytes) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(body))
    for sheet in workbook:
        if sheet.max_row > 1:
            sheet.append(["bad"] * (sheet.max_column + 2))
    changed = io.BytesIO()
    workbook.save(changed)
    return changed.getvalue()


_BOMB = gzip.compress(b" " * 20_000_000, 9, mtime=0)

# Fault -> what becomes of a good answer. "slow" and "cut_off" are the handler's business: they concern the wire.
FAULTS: Mapping[str, Callable[[Answer], Answer]] = {
    "error_500": lambda good: Answer(500, {}, b"internal error"),
    "too_many_429": lambda good: Answer(429, {"Retry-After": "1"}, b""),
    "slow": lambda good: good,
    "cut_off": lambda good: good,
    "wrong_encoding": lambda good: good._replace(
        body=good.body.decode("utf-8", "replace").encode("utf-16-be", "replace")
    ),
    "huge": lambda good: good._replace(body=good.body + b" " * 3_000_000),
    "zip_bomb": lambda good: Answer(200, {"Content-Encoding": "gzip"}, _BOMB),
    "entities": lambda good: good._replace(body=_entity_bomb(good.body)),
    "empty": lambda good: good._replace(body=_empty_of_its_kind(good.body)),
    "error_page": lambda good: good._replace(body=b"<!DOCTYPE html><html><body>Wartungsarbeiten</body></html>"),
    "changed_layout": lambda good: good._replace(body=_changed_layout(good.body)),
    "bad_item": lambda good: good._replace(body=_with_bad_item(good.body)),
    "redirect_away": lambda good: Answer(302, {"Location": "https://elsewhere.example/"}, b""),
}


@cache
def inbox(week: Week) -> dict[str, dict[str, bytes]]:
    """Platform -> file name without folder -> content of its sample in a week; raises ValueError for other weeks."""
    if week not in WEEKS:
        raise ValueError(f"the samples cover {WEEKS[0]} to {WEEKS[-1]}, not {week}")
    return {
        platform.name: {
            document.name.rpartition("/")[2]: document.content
            for document in read_export(platform, inbox_of(platform, week), week.ends_at)
        }
        for platform in PLATFORMS
    }


def answer(platform: Platform, path: str, query: Mapping[str, list[str]], week: Week) -> Answer:
    """What a platform would answer to an address."""
    files = inbox(week)[platform.name]
    body = _document(platform, path, query, files)
    if body is None:
        return Answer(404, {}, b"not found")
    if platform.name != "biosaxony":
        return Answer(200, {}, body)
    following, pages = int(query.get("page", ["1"])[0]) + 1, sum(name.startswith("posts-") for name in files)
    headers = {"X-WP-TotalPages": str(pages)}
    if following <= pages:
        headers["Link"] = f'<{platform.url}&page={following}>; rel="next"'
    return Answer(200, headers, body)


def answer_question(platform: Platform, path: str, question: Any, week: Week) -> Answer:
    """What a platform would answer to a posted question: TED's search, as far as we ask for it."""
    if platform.name != "ted" or path != urlsplit(platform.url).path:
        return Answer(405, {}, b"method not allowed")
    asked = question if isinstance(question, dict) else {}
    if not asked.get("query") or not asked.get("fields") or asked.get("paginationMode") != "ITERATION":
        return Answer(400, {}, b'{"message": "query, fields and paginationMode are wanted"}')
    page = asked.get("iterationNextToken", "t1").removeprefix("t")
    body = inbox(week)[platform.name].get(f"notices-{page}.json")
    return Answer(404, {}, b"not found") if body is None else Answer(200, {}, body)


def _document(
    platform: Platform, path: str, query: Mapping[str, list[str]], files: Mapping[str, bytes]
) -> bytes | None:
    """What lies at an address: by the paging of those that page, else as `_file`."""
    own, last = urlsplit(platform.url), path.rstrip("/").rpartition("/")[2]
    asked = {key: values[0] for key, values in query.items()}
    match platform.name:
        case "biopro_boerse":
            page = f"liste-{asked.get('seite', '1')}.html"
            return files.get(f"{last}.html") if "/eintrag/" in path else files.get(page) if path == own.path else None
        case "biosaxony":
            return files.get(f"posts-{asked.get('page', '1')}.json") if path == own.path else None
        case "een":
            return (
                files.get(f"profiles-{int(asked.get('offset', '0')) // PAGE_SIZE + 1}.json")
                if path == own.path
                else None
            )
        case "ted":
            return None  # it answers questions only
        case "biom_covid19" if last == "eintraege":
            return files.get("eintraege.html")
        case _:
            return _file(platform, path, files)


def _file(platform: Platform, path: str, files: Mapping[str, bytes]) -> bytes | None:
    """A mailbox, a file under its own name, or at the platform's own address its one document or a listing of all."""
    if platform.mailbox and path == urlsplit(platform.mailbox).path:
        return next(body for name, body in files.items() if name.endswith(".mbox"))
    if path != urlsplit(platform.url).path:
        return files.get(path.rstrip("/").rpartition("/")[2])
    if len(files) == 1:
        return next(iter(files.values()))
    links = "".join(f'<li><a href="{name}">{name}</a></li>' for name in sorted(files))
    return f"<!DOCTYPE html><html><body><ul>{links}</ul></body></html>".encode()


class SampleServer(ThreadingHTTPServer):
    """The sample world of one week on a loopback port (0: any free one)."""

    daemon_threads = True

    def __init__(self, week: Week, port: int = 0, requests_per_second: float | None = None) -> None:
        inbox(week)  # read now, so that no first answer is slow
        super().__init__(("127.0.0.1", port), _Handler)
        self.week = week
        self.moment: datetime | None = None  # what its clock shows; None: when the report of its week is made
        self.faults: dict[str, str] = {}  # platform -> fault
        self.keys: dict[str, str] = {}  # platform -> the access key that it asks for
        self.answered: list[tuple[str, int]] = []  # paths and what became of them, for tests
        self.requests_per_second = requests_per_second
        self.last_asked: dict[str, float] = {}

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of ours; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typed narrower than used

    @property
    def base_url(self) -> str:
        """Where `HttpClient` finds it."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: SampleServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self._answer(json.loads(self.rfile.read(length) or b"null"))

    def do_GET(self) -> None:
        self._answer(None)

    def _answer(self, question: Any) -> None:
        parts = urlsplit(self.path)
        _, name, *rest = parts.path.split("/", 2)
        if name == "-":
            self._command(rest[0] if rest else "")
            return
        platform = next((p for p in PLATFORMS if p.name == name), None)
        path = f"/{rest[0] if rest else ''}"
        if platform is None or path == "/robots.txt":
            self._send(Answer(404, {}, b"not found"))
        elif name in self.server.keys and self.headers.get(platform.key_header) != self.server.keys[name]:
            self._send(Answer(401, {}, b"no valid key"))
        elif self._is_too_fast(name):
            self._send(Answer(429, {"Retry-After": "1"}, b""))
        elif self.command == "POST":
            self._serve(platform, answer_question(platform, path, question, self.server.week))
        else:
            self._serve(platform, answer(platform, path, parse_qs(parts.query), self.server.week))

    def _serve(self, platform: Platform, good: Answer) -> None:
        fault = self.server.faults.get(platform.name)
        etag = f'"{hashlib.sha256(good.body).hexdigest()[:16]}"'
        if fault is None and good.status == 200 and self.headers.get("If-None-Match") == etag:
            self._send(Answer(304, {"ETag": etag}, b""))
        elif fault is None or good.status != 200:
            self._send(good._replace(headers={"ETag": etag, **good.headers}))
        else:
            self._send(FAULTS[fault](good), is_slow=fault == "slow", is_cut_off=fault == "cut_off")

    def _send(self, reply: Answer, *, is_slow: bool = False, is_cut_off: bool = False) -> None:
        self.server.answered.append((self.path, reply.status))
        self.send_response_only(reply.status)
        played = self.server.moment or self.server.week.ends_at + timedelta(hours=6)
        self.send_header("Date", format_datetime(played, usegmt=True))
        for header, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(header, value)
        self.end_headers()
        try:
            if is_slow:
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.05)
            elif is_cut_off:
                self.wfile.write(reply.body[: len(reply.body) // 2])
                self.close_connection = True
            else:
                self.wfile.write(reply.body)
        except ConnectionError:
            self.close_connection = True  # the client has heard enough

    def _command(self, command: str) -> None:
        """``fault/<platform>/<fault>`` sets a fault, ``fault/<platform>`` ends it, ``week/<week>`` turns the page."""
        match command.split("/"):
            case ["fault", name, fault] if fault in FAULTS:
                self.server.faults[name] = fault
            case ["fault", name]:
                self.server.faults.pop(name, None)
            case ["week", week] if week in map(str, WEEKS):
                self.server.week = Week.parse(week)
            case _:
                self._send(Answer(404, {}, b"not a command\n"))
                return
        self._send(Answer(200, {}, b"done\n"))

    def _is_too_fast(self, name: str) -> bool:
        limit = self.server.requests_per_second
        now = time.monotonic()
        last = self.server.last_asked.get(name, -FOREVER)
        self.server.last_asked[name] = now
        return limit is not None and now - last < 1 / limit

    def log_message(self, *_: object) -> None:
        """No access log: tests and demonstrations have nothing to read there."""
