"""A PostgreSQL of Debian's packages on loopback, with a password, for the time of some tests."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
PASSWORD = "p/ss@w:rd"  # noqa: S105 - signs that an address must not take for its own


class Server:
    """One server and its database `dagster`."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = folder
        # The server refuses to run as root.
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self.password_file = folder / "password"
        self.password_file.write_text(f"{PASSWORD}\n", "utf-8")
        self.password_file.chmod(0o644)

    @property
    def address(self) -> str:
        return f"postgresql://dagster@127.0.0.1:{self.port}/dagster"

    def environment(self) -> dict[str, str]:
        return {
            "VERBUNDRADAR_POSTGRES": self.address,
            "VERBUNDRADAR_POSTGRES_PASSWORD_FILE": str(self.password_file),
        }

    def run(self, program: str, *arguments: str | Path, stdin: bytes | None = None) -> bytes:
        """The output of one of PostgreSQL's programs."""
        assert PROGRAMS is not None
        started = subprocess.run(
            [PROGRAMS / program, *arguments],
            user=self._user,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PGPASSWORD": PASSWORD, "LC_ALL": "C.UTF-8"},
            input=stdin,
            stdout=subprocess.PIPE,
            check=True,
        )
        return started.stdout

    def query(self, statement: str) -> None:
        """Execute a statement in the database `dagster`."""
        self.run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "dagster", "-q", "-c", statement, "dagster")

    def control(self, *words: str) -> None:
        """Start, restart or stop it, and wait."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.run("pg_ctl", "-D", "data", "-l", "log", "-s", "-w", "-o", options, *words)


@contextmanager
def running() -> Iterator[Server]:
    """A server with an empty database, gone afterwards."""
    # Not below pytest's folders, which only their owner may enter.
    with TemporaryDirectory(prefix="verbundradar-postgres-") as folder:
        server = Server(Path(folder))
        login = ("-U", "dagster", "-A", "scram-sha-256", "--pwfile", str(server.password_file))
        server.run("initdb", "-D", "data", *login, "-E", "UTF8", "-N")
        server.control("start")
        try:
            server.run("createdb", "-h", "127.0.0.1", "-p", str(server.port), "-U", "dagster", "dagster")
            yield server
        finally:
            server.control("stop", "-m", "immediate")
