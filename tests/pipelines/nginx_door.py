"""nginx with the configuration of deploy/, on loopback, before two UIs that a test names."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
PASSWORD = "drei-mal-raten"  # noqa: S105


@contextmanager
def running(folder: Path, certificate: Path, viewers: int, staff: int) -> Iterator[str]:
    """The address of a running nginx that knows anna, of the staff, and bert.

    certificate: key and certificate of localhost in one file. viewers, staff: ports of the two UIs.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    hashed = subprocess.run(["openssl", "passwd", "-6", PASSWORD], capture_output=True, text=True, check=True).stdout
    (folder / "secrets").mkdir(parents=True)
    for name, text in {
        "secrets/htpasswd": f"anna:{hashed}bert:{hashed}",
        "secrets/staff": "anna staff;\n",
        "secrets/tls.crt": certificate.read_text("utf-8"),
        "secrets/tls.key": certificate.read_text("utf-8"),
        "nginx.conf": _here(folder, port, viewers, staff),
    }.items():
        (folder / name).write_text(text, "utf-8")
    # In a container all of nginx is one user; here a root's workers would be another one, who may not read the secrets.
    as_root = "user root;" if os.geteuid() == 0 else ""
    program = ["nginx", "-p", folder, "-c", folder / "nginx.conf"]
    subprocess.run([*program, "-t", "-q", "-g", as_root], check=True)
    with subprocess.Popen([*program, "-g", f"daemon off; {as_root}"]) as started:
        try:
            _wait_for(port)
            yield f"https://localhost:{port}"
        finally:
            started.terminate()


def _here(folder: Path, port: int, viewers: int, staff: int) -> str:
    """The configuration with the places of this machine instead of those of its containers."""
    text = CONFIGURATION.read_text("utf-8")
    for there, here in {
        "listen 8443": f"listen 127.0.0.1:{port}",
        "ui-viewers:3000": f"127.0.0.1:{viewers}",
        "ui-staff:3000": f"127.0.0.1:{staff}",
        "/tmp/": f"{folder}/",  # noqa: S108
        "/dev/stdout": f"{folder}/access.log",
    }.items():
        assert there in text
        text = text.replace(there, here)
    return text


def _wait_for(port: int) -> None:
    by = time.monotonic() + 30
    while True:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < by, "nginx did not start"
        time.sleep(0.05)
