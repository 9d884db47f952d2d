"""As much of a mail server as readers need, on loopback."""

import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar


class ImapServer(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 as a reader needs; it refuses whatever would change the mailbox."""

    messages: ClassVar[list[bytes]] = []
    commands: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.say("* OK IMAP4rev1 ready")
        for line in self.rfile:
            tag, command, *rest = line.decode().strip().split(" ", 2)
            name = f"{command} {rest[0].split(' ')[0]}".upper() if command.upper() == "UID" else command.upper()
            self.commands.append(name)
            if name == "LOGIN" and '"secret"' not in line.decode() and "secret" not in line.decode():
                self.say(f"{tag} NO wrong password")
            elif name in ("LOGIN", "NOOP", "CLOSE"):
                self.say(f"{tag} OK done")
            elif name == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1", f"{tag} OK done")
            elif name == "EXAMINE":
                self.say(f"* {len(self.messages)} EXISTS", f"{tag} OK [READ-ONLY] done")
            elif name == "UID SEARCH":
                self.say(f"* SEARCH {' '.join(str(n) for n in range(1, len(self.messages) + 1))}", f"{tag} OK done")
            elif name == "UID FETCH":
                self.fetch(tag, rest[0].split(" ")[1])
            elif name == "LOGOUT":
                self.say("* BYE", f"{tag} OK done")
                return
            else:
                self.say(f"{tag} NO refused")

    def fetch(self, tag: str, numbers: str) -> None:
        for number in map(int, numbers.split(",")):
            body = self.messages[number - 1]
            self.say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(body)} FLAGS () BODY[] {{{len(body)}}}")
            self.wfile.write(body + b")\r\n")
        self.say(f"{tag} OK done")

    def say(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def serving(messages: Sequence[bytes]) -> Iterator[int]:
    """A server that holds these messages; its port."""
    ImapServer.commands.clear()
    ImapServer.messages[:] = messages
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), ImapServer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
