"""A whole week over the network: simulated platforms over HTTP, mailboxes on a real IMAP server over TLS."""

import imaplib
import mailbox
import os
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

import pandas as pd
import pytest
import trustme

from pipelines.resources import PlatformAccess, Settings
from pipelines.storage import SnapshotFolder
from sources.access.imap import ImapClient
from sources.access.inbox import read_export
from sources.listing import Listing, SourceState, empty
from sources.platform import Unreachable
from sources.platforms import PLATFORMS
from sources.samples.build import inbox_of
from sources.samples.server import SampleServer
from sources.week import Week
from sources.weekly.state import Snapshot, pull, settle

WEEK = Week(2020, 15)
USER, PASSWORD, KEY = "task-force", "not-guessed", "key-of-the-network"
BY_NAME = {platform.name: platform for platform in PLATFORMS}


class Network(NamedTuple):
    """The servers of the week, and what a reader must know to reach them."""

    platforms: SampleServer
    imap_url: str
    ca_file: Path


class Finished(NamedTuple):
    store: Path
    done: "subprocess.CompletedProcess[str]"


class TlsDoor(socketserver.BaseRequestHandler):
    """Takes encrypted connections and hands them on to the IMAP server, as a mail host's front door does."""

    context: ClassVar[ssl.SSLContext]
    inner_port: ClassVar[int]

    def handle(self) -> None:
        try:
            outside = self.context.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return  # a client that does not trust us
        with outside, socket.create_connection(("127.0.0.1", self.inner_port)) as inside:
            back = threading.Thread(target=_pass_on, args=(inside, outside))
            back.start()
            _pass_on(outside, inside)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has hung up


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _connected(port: int) -> imaplib.IMAP4:
    for _ in range(200):
        try:
            return imaplib.IMAP4("127.0.0.1", port)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the IMAP server does not start")


def _deliver(port: int) -> None:
    """Put the week's sample mails into the folders of the mailboxes."""
    with _connected(port) as box:
        box.login(USER, PASSWORD)
        for platform in PLATFORMS:
            if platform.mailbox:
                folder = urlsplit(platform.mailbox).path.strip("/")
                box.create(folder)
                [path] = [p for p in inbox_of(platform, WEEK).rglob("*.mbox") if platform.name in str(p)]
                with closing(mailbox.mbox(path, create=False)) as messages:
                    for message in messages:
                        box.append(folder, "", "", message.as_bytes())


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    inner_port = _free_port()
    command = [
        str(Path(sys.executable).with_name("pymap")),
        "--host",
        "127.0.0.1",
        "--port",
        str(inner_port),
        "--no-tls",
    ]
    credentials = ["--demo-user", USER, "--demo-password", PASSWORD]
    authority, ca_file = trustme.CA(), tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    TlsDoor.context, TlsDoor.inner_port = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), inner_port
    authority.issue_cert("localhost").configure_cert(TlsDoor.context)
    platforms = SampleServer(WEEK)
    platforms.keys["een"] = KEY
    with (
        subprocess.Popen([*command, "dict", *credentials], stderr=subprocess.DEVNULL) as imap,
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), TlsDoor) as door,
    ):
        door.daemon_threads = True
        for server in (platforms, door):
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        _deliver(inner_port)
        yield Network(platforms, f"imaps://localhost:{door.server_address[1]}", ca_file)
        door.shutdown()
        platforms.shutdown()
        platforms.server_close()
        imap.terminate()


@pytest.fixture(scope="module")
def environment(network: Network) -> dict[str, str]:
    return {
        "VERBUNDRADAR_IMAP_SERVER": network.imap_url,
        "VERBUNDRADAR_IMAP_USER": USER,
        "VERBUNDRADAR_IMAP_PASSWORD": PASSWORD,
        "VERBUNDRADAR_KEY_EEN": KEY,
        "SSL_CERT_FILE": str(network.ca_file),
    }


@pytest.fixture(scope="module")
def finished(
    network: Network, environment: dict[str, str], command: str, tmp_path_factory: pytest.TempPathFactory
) -> Finished:
    """One week of all platforms, pulled by the command in a process of its own."""
    store = tmp_path_factory.mktemp("live")
    call = [command, "run", "--live", network.platforms.base_url, "--store", str(store), "--week", str(WEEK)]
    done = subprocess.run(
        call, env={**os.environ, **environment}, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode in (0, 2), done.stderr
    return Finished(store, done)


def test_a_week_over_the_network_is_the_week_of_the_files(finished: Finished) -> None:
    states = pd.read_parquet(finished.store / "tables" / "source_states" / f"{WEEK}.parquet").set_index("platform")
    assert set(states["state"]) == {"fresh"}, states["reason"].dropna().to_dict()
    for platform in PLATFORMS:
        exported = Snapshot(WEEK, "", partial(read_export, platform, inbox_of(platform, WEEK), WEEK.ends_at))
        delivered = pd.DataFrame({"platform": [platform.name], "input_sha256": [""], "failure": [None]}, dtype="str")
        expected = settle(platform, WEEK, delivered, [exported], empty(Listing), empty(SourceState))
        stored = finished.store / "tables" / f"listings_{platform.name}" / str(WEEK)
        for part in ("listings", "members"):
            pulled, read = (
                table.drop(columns="retrieved_at", errors="ignore")
                for table in (pd.read_parquet(stored / f"{part}.parquet"), getattr(expected, part))
            )
            pd.testing.assert_frame_equal(pulled, read, check_dtype=False, obj=f"{platform.name}: {part}")
    assert Path(finished.done.stdout.splitlines()[-1]).is_file()


def test_the_mailboxes_were_read_from_the_mail_server(finished: Finished, network: Network) -> None:
    asked = {path for path, _ in network.platforms.answered}
    for platform in PLATFORMS:
        if platform.mailbox:
            assert f"/{platform.name}{urlsplit(platform.mailbox).path}" not in asked
    assert "/biopro_hotline/hotline/anrufe.xlsx" in asked
    assert {"/go_cluster/news.xml", "/go_cluster/verzeichnis.csv"} <= asked


def test_no_secret_is_kept_or_told(finished: Finished) -> None:
    told = finished.done.stdout + finished.done.stderr
    kept = b"".join(path.read_bytes() for path in finished.store.rglob("*") if path.is_file())
    for secret in (PASSWORD, KEY):
        assert secret not in told
        assert secret.encode() not in kept


def test_the_next_week_asks_only_for_what_has_changed(
    finished: Finished, network: Network, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    access = PlatformAccess(Settings(finished.store, live=network.platforms.base_url))
    snapshots = SnapshotFolder(finished.store)
    before = pd.read_parquet(finished.store / "tables" / "source_states" / f"{WEEK}.parquet").set_index("platform")

    def pulled(name: str, week: Week) -> tuple[str, Counter[int]]:
        """What was kept, and how often the server gave each answer."""
        network.platforms.answered.clear()
        [row] = pull(BY_NAME[name], week, access, snapshots).to_dict("records")
        assert pd.isna(row["failure"]), row
        return row["input_sha256"], Counter(
            status for path, status in network.platforms.answered if not path.endswith("robots.txt")
        )

    names = ("een", "getusppe", "biopro_boerse", "go_cluster")
    for name in names:
        sha256, answers = pulled(name, WEEK.shifted(1))
        assert sha256 == before.loc[name, "input_sha256"]
        assert answers[200] == 0 < answers[304], name
    network.platforms.week = WEEK.shifted(2)
    try:
        changed = {name: pulled(name, WEEK.shifted(2)) for name in names}
    finally:
        network.platforms.week = WEEK
    for name, (sha256, answers) in changed.items():
        assert sha256 != before.loc[name, "input_sha256"]
        assert answers[200] > 0, name
    assert changed["biopro_boerse"][1][304] > 0  # detail pages that nobody touched
    newest = next(iter(snapshots.newest_first("een", WEEK.shifted(2)))).documents()
    assert all(document.etag for document in newest)


def test_no_past_week_is_made_of_todays_pages(
    finished: Finished, network: Network, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    snapshots = SnapshotFolder(tmp_path)
    rehearsed = PlatformAccess(Settings(tmp_path, live=network.platforms.base_url))
    real = PlatformAccess(Settings(tmp_path, live=""))  # asks nobody: the week is long over
    alone = [(rehearsed, WEEK.shifted(-6), BY_NAME["getusppe"])]
    every = [(access, week, one) for access, week in ((rehearsed, WEEK.shifted(-1)), (real, WEEK)) for one in PLATFORMS]
    for access, week, platform in (*alone, *every):
        [row] = pull(platform, week, access, snapshots).to_dict("records")
        kept = [one.documents() for one in snapshots.newest_first(platform.name, week)]
        assert not any(document.is_page for documents in kept for document in documents)
        if not kept:  # a mailbox holds what it held
            assert pd.isna(row["input_sha256"])
            assert f"nothing of {week} was stored in its time" in row["failure"]
    assert not list(snapshots.newest_first("getusppe", WEEK))
    [row] = pull(BY_NAME["getusppe"], WEEK, rehearsed, snapshots).to_dict("records")
    assert pd.isna(row["failure"])


def test_without_its_key_a_platform_fails_alone(
    finished: Finished, network: Network, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VERBUNDRADAR_KEY_EEN", raising=False)
    access = PlatformAccess(Settings(tmp_path, live=network.platforms.base_url))
    failure = pull(BY_NAME["een"], WEEK, access, SnapshotFolder(tmp_path))["failure"].iloc[0]
    assert failure.endswith("HTTP 401")


def test_a_mail_server_that_nobody_vouches_for_is_not_trusted(network: Network) -> None:
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        ImapClient(USER, PASSWORD, network.imap_url).get(BY_NAME["biopro_hotline"].mailbox)


def test_a_new_mail_changes_the_mark_of_its_mailbox(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(network.ca_file))
    client, url = ImapClient(USER, PASSWORD, network.imap_url), BY_NAME["biopro_hotline"].mailbox
    before = client.mark(url)
    assert before == client.mark(url) != ""
    with _connected(TlsDoor.inner_port) as box:
        box.login(USER, PASSWORD)
        box.append(urlsplit(url).path.strip("/"), "", "", b"Subject: another\r\n\r\nnew\r\n")
    assert client.mark(url) not in ("", before)
