"""What happens at sign-in is in the record."""

import json
from typing import Any

import pytest
from django.test import Client

from moothall.identity import actions
from moothall.journal.models import Entry
from tests import makers
from tests.identity.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


def written() -> list[tuple[str, str, str]]:
    rows = Entry.objects.order_by("pk").values_list("what", "actor_kind", "about")
    return [(what, kind, about) for what, kind, about in rows if what.startswith("identity.")]


class TestSigningIn:
    def test_is_written_down_with_who_and_how(self, client: Client, now: Any) -> None:
        ada = actions.open_account(
            email="a@b.example", name="Ada", now=now, password=PASSWORD, confirmed=True
        )
        sign_in(client, ada, "wrong")
        sign_in(client, ada)
        client.post("/account/logout/")
        about = f"user:{ada.pk}"
        assert written() == [
            ("identity.account_opened", "resident", about),
            ("identity.sign_in_failed", "resident", about),
            ("identity.signed_in", "resident", about),
            ("identity.signed_out", "resident", about),
        ]
        assert json.loads(Entry.objects.get(what="identity.signed_in").facts) == {
            "address": "127.0.0.1",
            "how": "password",
        }

    def test_of_staff_is_written_down_as_of_staff(self, client: Client, now: Any) -> None:
        ada = actions.open_account(
            email="a@b.example", name="Ada", now=now, password=PASSWORD, confirmed=True
        )
        makers.make_staff(council=makers.make_council(), user=ada)
        sign_in(client, ada)
        assert written()[-1] == ("identity.signed_in", "staff", f"user:{ada.pk}")

    def test_as_nobody_leaves_no_address_behind(self, client: Client) -> None:
        client.post("/account/login/", {"login": "nobody@ash.example", "password": "x"})
        assert written() == [("identity.sign_in_failed", "system", "user:unknown")]
        assert "nobody" not in str(list(Entry.objects.values()))
