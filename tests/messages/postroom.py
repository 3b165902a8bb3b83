"""A mail server for tests: just enough SMTP, on this machine only, and as unfriendly as a test needs."""

import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message as Letter
from types import TracebackType
from typing import Self


class _Conversation(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self._say("220 postroom ready")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._data()
            elif word == b"RCPT":
                self._say(self.server.room.rcpt)
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))  # RFC 5321, 4.5.2
        if self.server.room.data.startswith("250"):
            self.server.room.letters.append(message_from_bytes(b"".join(lines)))
            self.server.room.on_letter()
        self._say(self.server.room.data)

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, room: "Postroom") -> None:
        self.room = room
        super().__init__(("127.0.0.1", port), _Conversation)


class Postroom:
    """Keeps the letters it takes; `rcpt` and `data` are what it answers to an address and to a letter."""

    def __init__(self, port: int = 0) -> None:
        self.letters: list[Letter] = []
        self.rcpt = self.data = "250 ok"
        self.on_letter: Callable[[], None] = lambda: None
        self._server = _Server(port, self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
