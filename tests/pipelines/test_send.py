"""Sending the digest: over TLS only, each reader once, recipients in the envelope only."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.commands.open import issue_folder
from pipelines.commands.send import command
from tests.pipelines.mail_server import Server


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
