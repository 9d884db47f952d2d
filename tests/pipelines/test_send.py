"""Sending the digest: over TLS only, each reader once, recipients in the envelope only."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from shutil import which

import pytest
from click.testing import CliRunner

from pipelines.commands.open import issue_folder
from pipelines.commands.send import command


class Server(threading.Thread):
    """A mail server of few words on loopback: EHLO, STARTTLS, MAIL, RCPT, DATA, QUIT."""

    def __init__(self, certificate: Path, *, offers_tls: bool) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.offers_tls = offers_tls
        self.received: list[tuple[bool, str, str]] = []  # was encrypted, recipient, message

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.talk(connection)

    def talk(self, connection: socket.socket) -> None:
        encrypted, recipient = False, ""
        lines = connection.makefile("rb")

        def say(text: str) -> None:
            connection.sendall(f"{text}\r\n".encode())

        say("220 test")
        while line := lines.readline().decode():
            word = line.split(":")[0].strip().upper().split(" ")[0]
            if word == "EHLO":
                say("250-test\r\n250 STARTTLS" if self.offers_tls and not encrypted else "250 test")
            elif word == "STARTTLS":
                say("220 go")
                lines.close()
                connection = self.context.wrap_socket(connection, server_side=True)
                lines, encrypted = connection.makefile("rb"), True
            elif word == "RCPT":
                recipient = line.split("<")[1].split(">")[0]
                say("250 ok")
            elif word == "DATA":
                say("354 go")
                text = b""
                while (part := lines.readline()) != b".\r\n":
                    text += part
                self.received.append((encrypted, recipient, text.decode()))
                say("250 ok")
            elif word == "QUIT":
                say("221 bye")
                break
            else:
                say("250 ok")
        lines.close()
        connection.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if which("openssl") is None:
        pytest.skip("openssl is missing: no certificate for the test server")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    key = path.with_name("key.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", path]
    subprocess.run([*new, *subject], check=True, capture_output=True)
    path.write_text(path.read_text() + key.read_text())
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    running = Server(certificate, offers_tls=True)
    running.start()
    yield running
    running.listener.close()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    message = EmailMessage(policy=SMTP)
    message["To"] = "undisclosed-recipients:;"
    message["Subject"] = "Lagebild"
    message["Message-ID"] = "<2020-W17.de.0@verbundradar.example>"
    message.set_content("Auf einen Blick")
    for week in ("2020-W09", "2020-W17"):
        folder = tmp_path / "reports" / "lagebild" / week
        folder.mkdir(parents=True)
        (folder / "lagebild.de.eml").write_bytes(message.as_bytes())
    return tmp_path


def send(
    store: Path, server: Server, certificate: Path, *recipients: str, sender: str = "office@a.example"
) -> tuple[int, str]:
    options = ["--from", sender, "--server", f"localhost:{server.port}", "--certificates", str(certificate)]
    result = CliRunner().invoke(command, [*recipients, *options, "--store", str(store)])
    return result.exit_code, result.output.strip()


def test_each_reader_gets_it_once_and_encrypted(store: Path, server: Server, certificate: Path) -> None:
    assert send(store, server, certificate, "a@x.example", "b@x.example") == (0, "2 sent, 0 had it before")
    assert send(store, server, certificate, "a@x.example", "c@x.example") == (0, "1 sent, 1 had it before")
    assert [recipient for _, recipient, _ in server.received] == ["a@x.example", "b@x.example", "c@x.example"]
    for encrypted, _, message in server.received:
        assert encrypted
        assert "x.example" not in message
        assert "From: office@a.example" in message


def test_a_server_without_tls_gets_nothing(store: Path, certificate: Path) -> None:
    plain = Server(certificate, offers_tls=False)
    plain.start()
    code, output = send(store, plain, certificate, "a@x.example")
    plain.listener.close()
    assert code == 1
    assert "STARTTLS" in output
    assert plain.received == []


@pytest.mark.parametrize("address", ["a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", "nobody@", ""])
def test_an_address_that_is_not_plain_is_refused(store: Path, server: Server, certificate: Path, address: str) -> None:
    assert send(store, server, certificate, address)[0] == 1
    assert send(store, server, certificate, "a@x.example", sender=address)[0] == 1
    assert server.received == []


def test_the_newest_issue_is_the_one(store: Path) -> None:
    assert issue_folder(store, None).name == "2020-W17"
    assert issue_folder(store, "2020-W09").name == "2020-W09"
