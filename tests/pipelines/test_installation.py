"""An installation as deploy/ sets it up, of the real programs: PostgreSQL, an S3 server, nginx; back-up and restore.

Needs Debian's postgresql and nginx; without them these tests are skipped, in CI they must run.
"""

import asyncio
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import dagster as dg
import httpx
import pytest
import sqlalchemy as sql
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from pipelines.instance import use_dagster_home
from pipelines.mirror import Mirror
from pipelines.postgres import PostgresRecords
from tests.pipelines import nginx_door
from tests.pipelines.conftest import Run
from tests.pipelines.postgres_server import PASSWORD, PROGRAMS, Server, running

if os.environ.get("CI") and (PROGRAMS is None or which("nginx") is None):
    raise RuntimeError("CI must run the tests of an installation: install postgresql and nginx")
pytestmark = [
    pytest.mark.skipif(
        PROGRAMS is None or which("nginx") is None,
        reason="INSTALLATION TESTS DID NOT RUN: apt-get install postgresql nginx",
    ),
    # moto, boto3 and Dagster use what Python and others give up.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

# The first week with two platforms, one of pages and one of exports, passes through every step.
PLATFORMS = ("biopro_boerse", "sammelordner")
WEEK = ("run", "--week", "2020-W13", *(f"--platform={name}" for name in PLATFORMS))
LAUNCH = """mutation { launchRun(executionParams: {
  selector: {repositoryLocationName: "pipelines.definitions", repositoryName: "__repository__", jobName: "purge"}
}) { __typename } }"""
RUNS = "{ runsOrError { ... on Runs { results { runId status } } } }"
ADDRESS = "s3://radar/production"
Digests = Callable[[Path], Mapping[str, str]]


@pytest.fixture(scope="module")
def embedded(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a week whose records lie in it."""
    store = tmp_path_factory.mktemp("embedded") / "store"
    assert run(*WEEK, "--store", store).returncode in (0, 2)
    return store


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with running() as server:
        yield server


class OnPostgres(NamedTuple):
    """A week whose records are in PostgreSQL, which was killed and started again six times meanwhile."""

    store: Path
    status: int
    said: list[str]


@pytest.fixture(scope="module")
def on_postgres(command: str, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> OnPostgres:
    store = tmp_path_factory.mktemp("postgres") / "store"
    said, settings = [], os.environ | postgres.environment()
    call = [command, *WEEK, "--store", store]
    with subprocess.Popen(call, env=settings, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        for line in started.stderr:
            said.append(line)
            if any(f" [{step:>3}/" in line for step in range(8, 54, 8)):
                postgres.control("restart", "-m", "immediate")
    return OnPostgres(store, started.returncode, said)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of an S3 server with an empty bucket, whose login stands in a file."""
    import boto3
    from moto.server import ThreadedMotoServer

    login = tmp_path_factory.mktemp("login") / "s3_credentials"
    login.write_text("[default]\naws_access_key_id = radar\naws_secret_access_key = geheim\n", "utf-8")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*server.get_host_and_port()))
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(login))
        patch.setenv("VERBUNDRADAR_MIRROR", ADDRESS)
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="radar")
        yield client
    server.stop()


def objects(bucket: Any) -> dict[str, bytes]:
    """What is in the bucket, by its name in the store."""
    pages = bucket.get_paginator("list_objects_v2").paginate(Bucket="radar", Prefix="production/")
    keys = [one["Key"] for page in pages for one in page.get("Contents", []) if not one["Key"].endswith("/")]
    return {key.removeprefix("production/"): bucket.get_object(Bucket="radar", Key=key)["Body"].read() for key in keys}


def files(store: Path) -> dict[str, bytes]:
    """What should be in the bucket."""
    found = (path for room in ("tables", "reports") for path in (store / room).rglob("*") if path.is_file())
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in found}


def test_a_week_outlives_its_records_and_has_the_same_bytes(
    on_postgres: OnPostgres, embedded: Path, digests: Digests
) -> None:
    assert on_postgres.status in (0, 2), "".join(on_postgres.said)
    assert digests(on_postgres.store) == digests(embedded)


def test_what_lost_its_connection_is_done_again(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in postgres.environment().items():
        monkeypatch.setenv(name, value)
    runs = PostgresRecords.from_config_value(None, {}).run_storage
    broken = []

    def break_it(_connection: Any, cursor: Any, *_: Any) -> None:
        if not broken:
            broken.append(cursor.connection.info.backend_pid)
            postgres.query(f"SELECT pg_terminate_backend({broken[0]})")

    sql.event.listen(runs._engine, "before_cursor_execute", break_it)
    assert runs.get_runs_count() >= 0
    assert broken


def test_a_server_that_does_not_answer_is_said_in_a_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBUNDRADAR_POSTGRES", "postgresql://dagster@127.0.0.1:1/dagster")
    ended = run(*WEEK, "--store", tmp_path / "store")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.splitlines()[-1] == (
        "Error: the PostgreSQL of Dagster's records does not answer: this week's report was not made, earlier ones stay"
        " as they are; see that it runs and run the week again"
    )


def test_no_file_of_a_store_holds_the_password(on_postgres: OnPostgres) -> None:
    held = b"".join(path.read_bytes() for path in on_postgres.store.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in held
    assert b"ss%40w" not in held
    assert not list((on_postgres.store / "dagster").rglob("*.db"))


def test_a_bucket_holds_the_same_bytes(
    run: Run, on_postgres: OnPostgres, embedded: Path, bucket: Any, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(on_postgres.store, store)
    first, again = run("mirror", "--store", store), run("mirror", "--store", store)
    wanted = files(embedded)
    assert first.stdout == f"{len(wanted)} written, 0 deleted, 0 unchanged: {ADDRESS}\n", first.stderr
    assert again.stdout == f"0 written, 0 deleted, {len(wanted)} unchanged: {ADDRESS}\n"
    found = objects(bucket)
    sums = found.pop("SHA256SUMS")
    assert found == wanted
    assert len(sums.splitlines()) == len(wanted)
    assert not Mirror(store, ADDRESS).must_copy()

    gone, changed = store / min(wanted), store / max(wanted)
    gone.unlink()
    changed.write_bytes(b"changed")
    assert Mirror(store, ADDRESS).must_copy()
    assert run("mirror", "--store", store).stdout.startswith("1 written, 1 deleted, ")
    found = objects(bucket)
    assert found[max(wanted)] == b"changed"
    assert min(wanted) not in found


def test_a_bucket_that_is_not_there_is_said_in_a_line(
    run: Run, embedded: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBUNDRADAR_MIRROR", "s3://elsewhere/production")
    ended = run("mirror", "--store", embedded)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: s3://elsewhere/production: ")
    assert len(ended.stderr.splitlines()) == 1


def test_destroyed_and_restored_a_store_makes_the_same_week(
    run: Run, embedded: Path, digests: Digests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine: other folders for store and keys."""
    assert run("backup", tmp_path / "store.zip", "--store", embedded).returncode == 0
    assert run("backup", "--keys", tmp_path / "keys.zip", "--store", embedded).returncode == 0
    monkeypatch.setenv("VERBUNDRADAR_KEYS", str(tmp_path / "keys"))
    new = tmp_path / "new"
    for arguments in (("--keys", tmp_path / "keys.zip"), (tmp_path / "store.zip",)):
        ended = run("restore", *arguments, "--store", new)
        assert ended.returncode == 0, ended.stderr
    assert digests(new) == digests(embedded)
    assert runs_of(new) == runs_of(embedded)
    ended = run(*WEEK, "--anew", "--store", new)
    assert ended.returncode in (0, 2), ended.stderr
    assert digests(new) == digests(embedded)
    assert len(runs_of(new)) == len(runs_of(embedded)) + 1


def runs_of(store: Path, server: Server | None = None) -> dict[str, str]:
    """States of the runs that are recorded in a store, or in a server."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"DAGSTER_HOME": "", **(server.environment() if server else {})}.items():
            patch.setenv(name, value)
        use_dagster_home(store)
        with dg.DagsterInstance.get() as instance:
            return {run.run_id: run.status.value for run in instance.get_runs()}


def test_records_survive_dump_and_restore(postgres: Server, on_postgres: OnPostgres) -> None:
    before = runs_of(on_postgres.store, postgres)
    assert set(before.values()) == {"SUCCESS"}
    login = ("-h", "127.0.0.1", "-p", str(postgres.port), "-U", "dagster")
    dump = postgres.run("pg_dump", *login, "-Fc", "dagster")
    postgres.run("dropdb", *login, "--force", "dagster")
    postgres.run("createdb", *login, "dagster")
    postgres.run("pg_restore", *login, "-d", "dagster", "--clean", "--if-exists", stdin=dump)
    assert runs_of(on_postgres.store, postgres) == before


class Staff(BaseHTTPRequestHandler):
    """Stands for the UI of the staff, of which the door is tested, not the UI: it tells what it was asked."""

    def do_GET(self) -> None:
        told = json.dumps({"ui": "staff", "login": self.headers.get("Authorization")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, _format: str, *_arguments: object) -> None:
        """Say nothing."""


class Door(NamedTuple):
    """nginx before the viewers' real UI and a stand-in of the staff's."""

    address: str
    tls: ssl.SSLContext

    def client(self, user: str = "", password: str = nginx_door.PASSWORD) -> httpx.Client:
        return httpx.Client(base_url=self.address, verify=self.tls, auth=(user, password) if user else None, timeout=60)


@pytest.fixture(scope="module")
def door(
    command: str,
    postgres: Server,
    on_postgres: OnPostgres,
    certificate: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    call = [command, "serve", "ui", "--read-only", "--port", str(port), "--store", folder / "empty"]
    settings = os.environ | postgres.environment()
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Staff) as staff,
        nginx_door.running(folder / "nginx", certificate, port, staff.server_port) as address,
        (folder / "ui.log").open("wb") as log,
        subprocess.Popen(call, env=settings, stdout=log, stderr=subprocess.STDOUT) as viewers,
    ):
        threading.Thread(target=staff.serve_forever, daemon=True).start()
        try:
            door = Door(address, ssl.create_default_context(cafile=str(certificate)))
            with door.client("bert") as bert:
                by = time.monotonic() + 300
                while bert.get("/server_info").status_code != 200:  # 502 until it listens
                    assert viewers.poll() is None, (folder / "ui.log").read_text("utf-8")
                    assert time.monotonic() < by
                    time.sleep(0.3)
            yield door
        finally:
            staff.shutdown()
            viewers.terminate()


def test_without_a_password_nobody_sees_anything(door: Door) -> None:
    for user, password in (("", ""), ("bert", "falsch"), ("carl", nginx_door.PASSWORD)):
        with door.client(user, password) as client:
            for path in ("/", "/server_info", "/staff"):
                assert client.get(path).status_code == 401
            assert client.post("/graphql", json={"query": RUNS}).status_code == 401


def test_a_viewer_sees_runs_and_starts_none(door: Door, postgres: Server, on_postgres: OnPostgres) -> None:
    before = runs_of(on_postgres.store, postgres)
    with door.client("bert") as bert:
        answer = bert.post("/graphql", json={"query": RUNS})
        seen = answer.json()["data"]["runsOrError"]["results"]
        refused = bert.post("/graphql", json={"query": LAUNCH}).json()
    assert {one["runId"]: one["status"] for one in seen} == before
    assert refused["data"]["launchRun"]["__typename"] == "UnauthorizedError"
    assert runs_of(on_postgres.store, postgres) == before
    assert {
        name: answer.headers[name] for name in ("x-content-type-options", "x-frame-options", "referrer-policy")
    } == {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin"}
    assert "strict-transport-security" in answer.headers


def test_who_is_of_the_staff_gets_the_other_ui_and_the_password_stays_at_the_door(door: Door) -> None:
    with door.client("anna") as anna:
        assert anna.get("/").json() == {"ui": "staff", "login": None}
        assert anna.post("/graphql", json={"query": LAUNCH}).json()["ui"] == "staff"


def test_other_pages_get_nothing_done_in_the_name_of_who_is_logged_in(door: Door) -> None:
    own = {"Origin": door.address}
    with door.client("anna") as anna:
        assert anna.post("/graphql", json={"query": LAUNCH}, headers=own).status_code == 200
        for answer in (
            anna.get("/graphql", params={"query": LAUNCH}),
            anna.post("/graphql", params={"query": LAUNCH}, data={"a": "b"}),
            anna.post("/graphql", json={"query": LAUNCH}, headers={"Origin": "https://elsewhere.example"}),
            anna.post("/graphql", json={"query": LAUNCH}, headers={"Origin": "null"}),
            anna.post("/graphql", json={"query": LAUNCH}, headers={"Origin": f"{door.address}.elsewhere.example"}),
            anna.options("/graphql", headers={"Origin": "https://elsewhere.example"}),
        ):
            assert answer.status_code == 403


def test_a_page_that_is_open_hears_of_news_over_a_socket(door: Door) -> None:
    login = {"Authorization": f"Basic {b64encode(f'bert:{nginx_door.PASSWORD}'.encode()).decode()}"}
    address = f"{door.address.replace('https', 'wss')}/graphql"

    # Not the client with threads: TLS of Python 3.11 loses what one thread sends while another reads (2 in 1,500).
    def from_page(origin: str) -> connect:
        return connect(
            address,
            origin=Origin(origin),
            ssl=door.tls,
            additional_headers=login,
            subprotocols=[Subprotocol("graphql-ws")],
        )

    async def ask() -> None:
        async with from_page(door.address) as page:
            await page.send(json.dumps({"type": "connection_init"}))
            assert json.loads(await page.recv()) == {"type": "connection_ack"}
        with pytest.raises(InvalidStatus, match="403"):
            await from_page("https://elsewhere.example")

    asyncio.run(asyncio.wait_for(ask(), 60))
