"""Runs of the real command in a process of its own, as data staff start it."""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from shutil import which

import pytest

from tests.pipelines.mail_server import Server
from tests.pipelines.warm import Warm

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder of keys for all stores, so that their raw snapshots can be compared."""
    folder = tmp_path_factory.mktemp("keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERBUNDRADAR_KEYS", str(folder))
        yield folder


@pytest.fixture(scope="session")
def command() -> str:
    return str(Path(sys.executable).with_name("verbundradar"))


@pytest.fixture(scope="session")
def samples() -> Path:
    """The shipped samples: one inbox folder a week."""
    return Path(__file__).parents[2] / "sources" / "samples"


@pytest.fixture(scope="session")
def boards() -> Path:
    """Real exports that nobody here wrote."""
    folder = Path(__file__).parents[3] / "shared" / "data" / "boards"
    if not folder.is_dir():
        pytest.skip(f"real boards are not there: {folder}")
    return folder


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    """Run ``verbundradar`` with arguments; output as text."""
    with Warm() as warm:
        yield warm.run


@pytest.fixture(scope="session")
def digests() -> Callable[[Path], Mapping[str, str]]:
    """SHA-256 of every table and document in a store, by relative path."""

    def of(store: Path) -> Mapping[str, str]:
        return {
            str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
            for room in ("raw", "tables", "reports")
            for path in sorted((store / room).rglob("*"))
            if path.is_file()
        }

    return of


@pytest.fixture(scope="session")
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
