"""`moothall mailbox`: where councils take mail, whether it comes in, and reading again what waits."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.messages import actions, imap, queries
from moothall.messages.models import Mailbox, Received
from moothall.plain.errors import HouseError


class Command(BaseCommand):
    help = "Add, list, check and remove the mailboxes of councils, and read again what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="take mail at an address")
        add.add_argument("address", help="like help@ash.example")
        add.add_argument("--council", required=True, help="code of the council")
        add.add_argument(
            "--host", default="", help="IMAP server; without one, letters are handed to the webhook"
        )
        add.add_argument("--port", type=int, default=993)
        add.add_argument("--security", choices=Mailbox.Security.values, default=Mailbox.Security.TLS.value)
        add.add_argument("--user", default="", help="user name at the server; the address if not said")
        add.add_argument("--folder", default="INBOX")
        add.add_argument(
            "--for",
            dest="purpose",
            choices=["desk"],
            default="",
            help="what it is for; “desk”: calls of the ICT service desk, from staff of every council",
        )
        add.add_argument("--plus", action="store_true", help="mail to name+anything@… arrives here, too")
        add.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input; else it is asked",
        )
        acts.add_parser("list", help="list the mailboxes, and how each is doing")
        check = acts.add_parser(
            "check", help="sign in to each mailbox that is fetched, and count its letters"
        )
        check.add_argument("address", nargs="?", default="", help="only this one")
        remove = acts.add_parser("remove", help="take no more mail at an address; what came in stays")
        remove.add_argument("address")
        again = acts.add_parser("again", help="read again what waits")
        again.add_argument(
            "letter", nargs="?", type=int, help="number of one letter; all that wait if not said"
        )

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        acts = {
            "add": self._add,
            "list": self._list,
            "check": self._check,
            "remove": self._remove,
            "again": self._again,
        }
        with scope.everything("mailboxes are looked after from the command line"):
            try:
                acts[act](options)
            except HouseError as error:
                raise CommandError(f"{error.sentence} {error.advice}".strip()) from error

    def _add(self, options: dict[str, Any]) -> None:
        council = council_by_code(options["council"])
        if council is None:
            raise CommandError(f"There is no council “{options['council']}”.")
        server = _server(options) if options["host"] else None
        added = actions.add_mailbox(
            by=Viewer.system(),
            council=council,
            address=options["address"],
            server=server,
            plus=options["plus"],
            purpose=options["purpose"],
            now=timezone.now(),
        )
        self.stdout.write(f"{council.name} takes mail at {added.mailbox.address}.")
        if server is None:
            place = reverse("mail_in:take", args=[added.mailbox.pk])
            self.stdout.write(
                f"Hand letters to {settings.PUBLIC_URL}{place}, signed with this secret, which is"
            )
            self.stdout.write(f"not shown again: {added.secret}")
        else:
            self.stdout.write(f"Now try it: moothall mailbox check {added.mailbox.address}")

    def _list(self, _: dict[str, Any]) -> None:
        for box in queries.mailboxes():
            seen = (
                f"looked at {box.last_seen_at:%d %B %Y %H:%M} UTC"
                if box.last_seen_at
                else "not looked at yet"
            )
            how = (
                f"imap {box.host}:{box.port}, {seen}"
                if box.kind == Mailbox.Kind.IMAP
                else f"webhook {box.pk}"
            )
            purpose = f", for the {box.purpose}" if box.purpose else ""
            self.stdout.write(f"  {box.address:40} {box.council.code:20} {how}{purpose}")
            if box.last_error:
                self.stdout.write(f"    {box.last_error}")

    def _check(self, options: dict[str, Any]) -> None:
        wanted = options["address"].lower()
        bad = 0
        for box in queries.mailboxes():
            if box.kind != Mailbox.Kind.IMAP or wanted not in {"", box.address}:
                continue
            try:
                with imap.opened(box, readonly=True) as found:
                    self.stdout.write(f"  {box.address}: {found.count} letters in {box.folder}.")
            except imap.Trouble as trouble:
                bad += 1
                self.stdout.write(f"  {box.address}: {trouble}")
        if bad:
            raise SystemExit(1)

    def _remove(self, options: dict[str, Any]) -> None:
        box = actions.remove_mailbox(by=Viewer.system(), address=options["address"], now=timezone.now())
        self.stdout.write(f"No more mail is taken at {box.address}.")

    def _again(self, options: dict[str, Any]) -> None:
        waiting = Received.objects.filter(state=Received.State.WAITING).values_list("pk", flat=True)
        numbers = [options["letter"]] if options["letter"] else list(waiting.order_by("pk"))
        for number in numbers:
            actions.process_again(by=Viewer.system(), received_id=number, now=timezone.now())
        self.stdout.write(f"{len(numbers)} letters are read again.")


def _server(options: dict[str, Any]) -> actions.Server:
    password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else getpass.getpass()
    return actions.Server(
        host=options["host"],
        port=options["port"],
        security=options["security"],
        user=options["user"] or options["address"],
        password=password,
        folder=options["folder"],
    )
