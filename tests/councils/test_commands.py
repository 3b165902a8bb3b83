"""A partnership's first steps at the command line, and what it is told when it errs."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from moothall.councils import checkup
from moothall.councils.models import Council, Partnership, Staff
from tests import makers

pytestmark = pytest.mark.django_db


def moothall(*words: str) -> str:
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def refused(*words: str) -> CommandError:
    with pytest.raises(CommandError) as caught:
        moothall(*words)
    return caught.value


def at(council: str, team: str) -> tuple[str, ...]:
    return ("--council", council, "--team", team)


class TestFirstSteps:
    def test_lead_from_nothing_to_an_administrator(self) -> None:
        assert "no council yet" in " ".join(one.what for one in checkup.check(timezone.now()))
        moothall("council", "partnership", "Three Rivers")
        said = moothall("council", "add", "ash", "Ash District Council", "--prefix", "ASH", "--nation", "WLS")
        assert "Its residents' pages are at /ash/." in said
        assert "Nobody is a partnership administrator" in " ".join(
            one.what for one in checkup.check(timezone.now())
        )
        words = ("ann@example.org", "Ann Archer", "--council", "ash", "--role", "partnership-administrator")
        assert "choose a password" in moothall("staff", "add", *words)
        assert "partnership-administrator at ash" in moothall("staff", "list")
        assert "Ash District Council" in moothall("council", "list")
        assert Partnership.objects.get().name == "Three Rivers"
        assert list(checkup.check(timezone.now())) == []

    def test_let_councils_share(self, ash: Council, elm: Council) -> None:
        words = ("--kind", "process", "--purpose", "One team", "--basis", "Local Government Act 1972")
        assert "is in force from" in moothall("council", "share", "Shared waste", "ash", "elm", *words)
        staff = makers.make_staff(council=ash)
        moothall("staff", "grant", staff.user.email, "officer", "--council", "elm")
        assert staff.grants.get().council == elm
        moothall("staff", "revoke", staff.user.email, "officer", "--council", "elm")
        assert not staff.grants.exists()

    def test_take_an_account_that_is_there(self, ash: Council) -> None:
        user, team = makers.make_user(password="a long enough password"), makers.make_team(council=ash)
        assert "choose a password" not in moothall(
            "staff", "add", user.email, "--council", "ash", "--team", team.code
        )
        assert Staff.objects.get().teams.get() == team

    def test_make_a_team_and_put_people_into_it(self, ash: Council) -> None:
        assert "Make it: moothall team add" in str(
            refused("staff", "add", "bo@x.org", "Bo", *at("ash", "streets"))
        )
        said = moothall("team", "add", "streets", "Street care", "--council", "ash", "--function", "highways")
        assert said == f"Street care does the work of “highways” for {ash.name}.\n"
        moothall("staff", "add", "bo@example.org", "Bo", *at("ash", "streets"))
        assert "serves ash: Bo" in moothall("team", "list")
        assert "no longer in Street care" in moothall("team", "leave", "bo@example.org", "streets")
        assert "nobody yet" in moothall("team", "list")
        assert "leads Street care" in moothall("team", "join", "bo@example.org", "streets", "--leads")
        assert Staff.objects.get().memberships.get().leads


class TestMistakes:
    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("council", "add", "ash", "Another", "--prefix", "ASX"), "Code already exists"),
            (("council", "add", "Bad Code", "Another", "--prefix", "ASX"), "A code has small letters"),
            (("staff", "add", "bo@example.org", "--council", "ash"), "say the person's name"),
            (
                ("staff", "add", "bo@example.org", "Bo", "--council", "oak"),
                "There is no council “oak”",
            ),
            (
                ("staff", "add", "bo@example.org", "Bo", "--council", "ash", "--team", "x"),
                "There is no team “x”",
            ),
            (
                ("team", "add", "waste", "Waste", "--council", "ash", "--serves", "oak"),
                "There is no council “oak”",
            ),
            (
                ("team", "join", "bo@example.org", "waste"),
                "Nobody of the staff signs in",
            ),
            (
                ("staff", "grant", "bo@example.org", "officer", "--council", "ash"),
                "Nobody of the staff signs in",
            ),
        ],
    )
    def test_are_answered_in_a_sentence(self, ash: Council, words: tuple[str, ...], told: str) -> None:
        with pytest.raises(CommandError, match=told):
            moothall(*words)
        assert not Staff.objects.exists()


class TestProtecting:
    def test_says_what_stands(self) -> None:
        said = moothall("protect")
        if connection.vendor == "postgresql":
            assert "councils_closingday" in said
            assert "journal_entry" in said
        else:
            assert "has no second wall" in said


class TestTheDoctor:
    def test_warns_of_several_councils_in_the_embedded_database(self, ash: Council, elm: Council) -> None:
        told = " ".join(finding.what for finding in checkup.check(timezone.now()))
        assert ("only one wall" in told) is (connection.vendor == "sqlite")
