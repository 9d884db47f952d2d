"""A mail server of few words on loopback: EHLO, STARTTLS, MAIL, RCPT, DATA, QUIT."""

import socket
import ssl
import threading
from pathlib import Path


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
