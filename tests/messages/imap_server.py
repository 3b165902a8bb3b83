"""A mail server for tests, read by IMAP: just enough of it, on this machine only, and as broken as a test needs."""

import re
import socketserver
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

_SET = re.compile(r"(\d+)(?::(\d+|\*))?")


class _Conversation(socketserver.StreamRequestHandler):
    server: "_Server"

    def setup(self) -> None:
        context = self.server.room.context
        if context is not None:
            self.request.settimeout(5)
            self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode("latin-1").rstrip("\r\n"):
            tag, _, rest = line.partition(" ")
            self.server.room.heard.append(rest)
            self.server.room.on_line(rest)
            word = rest.upper().split(" ")[0]
            if word == "UID":
                self._uid(tag, rest[4:])
            else:
                getattr(self, f"_{word.lower()}", self._unknown)(tag, rest)
            if word == "LOGOUT":
                return

    def _unknown(self, tag: str, rest: str) -> None:
        self._say(f"{tag} OK {rest.split(' ', maxsplit=1)[0]} done")

    def _capability(self, tag: str, _: str) -> None:
        self._say("* CAPABILITY IMAP4rev1")
        self._say(f"{tag} OK done")

    def _login(self, tag: str, rest: str) -> None:
        good = '"secret"' in rest
        self._say(f"{tag} OK signed in" if good else f"{tag} NO [AUTHENTICATIONFAILED] wrong password")

    def _select(self, tag: str, rest: str) -> None:
        room = self.server.room
        if '"INBOX"' not in rest:
            self._say(f"{tag} NO no such folder")
            return
        self._say(f"* {len(room.letters)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {room.uidvalidity}] valid")
        if room.says_next:
            self._say(f"* OK [UIDNEXT {max(room.letters, default=0) + 1}] next")
        self._say(f"{tag} OK [READ-WRITE] selected")

    _examine = _select

    def _logout(self, tag: str, _: str) -> None:
        self._say("* BYE bye")
        self._say(f"{tag} OK done")

    def _uid(self, tag: str, rest: str) -> None:
        room = self.server.room
        word = rest.split(" ", maxsplit=1)[0].upper()
        if word == "SEARCH":
            found = _SET.search(rest)
            assert found is not None
            last = 2**32 if found[2] in {None, "*"} else int(found[2])
            there = [str(uid) for uid in sorted(room.letters) if int(found[1]) <= uid <= last]
            self._say(f"* SEARCH {' '.join(there)}")
        elif word == "FETCH" and not self._fetch(int(rest.split(" ")[1]), rest, tag):
            return
        elif word == "STORE":
            room.seen.append(int(rest.split(" ")[1]))
        self._say(f"{tag} OK done")

    def _fetch(self, uid: int, rest: str, tag: str) -> bool:
        room = self.server.room
        raw = room.letters.get(uid)
        if raw is None:
            return True
        if "SIZE" in rest:
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            return True
        if uid in room.withheld:
            self._say(f"{tag} NO cannot open it")
            return False
        body = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in rest else raw
        self._say(f"* 1 FETCH (UID {uid} BODY[] {{{len(body)}}}")
        self.wfile.write(body)
        self._say(")")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, room: "LetterRoom") -> None:
        self.room = room
        super().__init__(("127.0.0.1", 0), _Conversation)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up: tests make them."""


class LetterRoom:
    """Holds letters by their UID. `heard` is what clients said; `withheld` are letters that it does not give."""

    def __init__(self, *letters: bytes, context: ssl.SSLContext | None = None) -> None:
        self.letters = dict(enumerate(letters, 1))
        self.uidvalidity = 7
        self.says_next = True
        self.seen: list[int] = []
        self.heard: list[str] = []
        self.withheld: set[int] = set()
        self.on_line: Callable[[str], None] = lambda _line: None
        self.context = context
        self._server = _Server(self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
