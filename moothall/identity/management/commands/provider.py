"""`moothall provider`: the sign-in providers (OpenID Connect) of the councils."""

import argparse
import sys
from getpass import getpass
from pathlib import Path
from typing import Any

import requests
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from moothall.identity import actions, proofs
from moothall.identity.models import Provider
from moothall.identity.rules import ProviderDetails
from moothall.plain.errors import HouseError, Invalid


class Command(BaseCommand):
    help = "Add, check, list, switch on or off the sign-in providers of the councils."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, parser_class=argparse.ArgumentParser)
        acts.add_parser("list", help="show all providers")
        for act in ("on", "off", "check"):
            acts.add_parser(act).add_argument("code")
        add = acts.add_parser("add", help="add a provider, or change the one with that code")
        add.add_argument("code", help="part of its addresses, such as ash-staff")
        add.add_argument("--council", default="", help="code of the council; none: offered by all councils")
        add.add_argument("--name", required=True, help="as people know it, such as “Ash staff sign-in”")
        add.add_argument("--issuer", required=True, help="such as https://id.ash.gov.uk/realms/staff")
        add.add_argument("--client-id", required=True)
        add.add_argument(
            "--secret-file", type=Path, help="file with the client secret; none: it is asked for"
        )
        add.add_argument(
            "--token-auth-method", choices=Provider.TokenAuth.values, default=Provider.TokenAuth.BASIC
        )
        add.add_argument(
            "--domain",
            action="append",
            default=[],
            help="email domain whose people sign in here; repeatable",
        )
        add.add_argument(
            "--vouches",
            action="store_true",
            help="addresses in its domains count as confirmed (Entra ID does not say so itself)",
        )
        add.add_argument(
            "--asks-second-factor",
            action="store_true",
            help="staff who come from it need no second factor here",
        )

        add.add_argument(
            "--proves-identity",
            action="store_true",
            help="its claims say who somebody is, checked against documents: they may connect people's records",
        )
        add.add_argument(
            "--identity-keys-file",
            type=Path,
            help="DID document with the keys of its signed identities (GOV.UK One Login); then nothing else counts",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except Invalid as error:
            sentences = "\n".join(sentence for found in error.fields.values() for sentence in found)
            raise CommandError(f"{error.sentence}\n{sentences}") from error
        except HouseError as error:
            raise CommandError(error.sentence) from error

    def _add(self, options: dict[str, Any]) -> None:
        details = ProviderDetails(
            code=options["code"],
            council_code=options["council"],
            name=options["name"],
            issuer=options["issuer"].rstrip("/"),
            client_id=options["client_id"],
            token_auth_method=options["token_auth_method"],
            domains=tuple(each.strip().lower().removeprefix("@") for each in options["domain"]),
            vouches=options["vouches"],
            asks_second_factor=options["asks_second_factor"],
            proves_identity=options["proves_identity"],
            identity_keys=_keys(options["identity_keys_file"]),
        )
        provider = actions.keep_provider(details, secret=_secret(options["secret_file"]))
        self.stdout.write(
            f"Kept {provider.name}. Register this redirect address with it, after the address of your site:\n"
            f"{reverse('openid_connect_callback', args=[provider.code])}"
        )

    def _list(self, _options: dict[str, Any]) -> None:
        for each in Provider.objects.all():
            state = "on" if each.is_active else "off"
            whose = each.council_code or "all councils"
            proves = ("proves identity",) if each.proves_identity else ()
            self.stdout.write(
                "  ".join((each.code, state, whose, each.name, each.issuer, *proves, *each.domains))
            )

    def _on(self, options: dict[str, Any]) -> None:
        actions.switch_provider(code=options["code"], is_active=True)

    def _off(self, options: dict[str, Any]) -> None:
        actions.switch_provider(code=options["code"], is_active=False)

    def _check(self, options: dict[str, Any]) -> None:
        """Ask the provider to describe itself, and compare it with what is kept here."""
        provider = Provider.objects.filter(code=options["code"]).first()
        if provider is None:
            raise CommandError(f"We cannot find that provider “{options['code']}”.")
        try:
            answer = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=10)
            answer.raise_for_status()
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise CommandError(f"{provider.issuer} does not describe itself: {error}") from error
        if told.get("issuer") != provider.issuer:
            raise CommandError(f"It calls itself {told.get('issuer')}, and is kept as {provider.issuer}.")
        ways = told.get("token_endpoint_auth_methods_supported", [Provider.TokenAuth.BASIC])
        if provider.token_auth_method not in ways:
            raise CommandError(f"It does not take {provider.token_auth_method}, but {', '.join(ways)}.")
        self.stdout.write(f"{provider.name} answers as it should.")


def _keys(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return proofs.keys_in(file.read_text())
    except proofs.NoKeys as error:
        raise CommandError(f"{file}: {error}") from error


def _secret(file: Path | None) -> str:
    if file is not None:
        return file.read_text().strip()
    return getpass("Client secret: ").strip() if sys.stdin.isatty() else sys.stdin.readline().strip()
