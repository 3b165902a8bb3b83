"""The pages on which stewards keep the register clean."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.linking import link_same, suggest, tell_apart
from moothall.persons.actions.records import add_fact
from moothall.persons.models import Fact, Link, Record
from moothall.workplace.queries.duplicates import likelihood
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_user
from tests.persons.making import a_birth, a_name, a_phone, an_email, make_record

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Register:
    """Two councils that share the register, a steward at both, one at Elm alone, an adviser and an auditor."""

    ash: Council
    elm: Council
    stella: Staff
    ed: Staff
    ada: Staff
    otto: Staff

    def browser(self, staff: Staff) -> Client:
        client = Client()
        client.force_login(staff.user)
        return client

    def record(self, council: Council, given: str, phone: str = "") -> Record:
        facts = [a_name(given, "Nair"), a_birth(), *([a_phone(phone)] if phone else [])]
        with scope.everything("making a record for a test"):
            return make_record(council=council, facts=facts, now=timezone.now() - 4 * WEEK)

    def guess(self, one: Record, other: Record, score: float = 3.0) -> Link:
        with scope.everything("asking in a test"):
            link = suggest(
                low=one.pk, high=other.pk, score=score, reasons=(), model=0, now=timezone.now() - 3 * WEEK
            )
        assert link is not None
        return link

    def join(self, one: Record, other: Record) -> Link:
        with scope.everything("joining in a test"):
            return link_same(
                by=Viewer.system(),
                one_id=one.pk,
                other_id=other.pk,
                why="By the batch",
                now=timezone.now() - 2 * WEEK,
            )

    def person_of(self, record: Record) -> int:
        with scope.everything("looking in a test"):
            return int(Record.objects.values_list("person_id", flat=True).get(pk=record.pk))


@pytest.fixture
def register(settings: Settings) -> Register:
    settings.SECOND_FACTOR = "off"
    with scope.everything("making a register for a test"):
        ash, elm = make_council(code="ash", name="Ash Council"), make_council(code="elm", name="Elm Council")
        make_agreement(councils=(ash, elm), kinds=("persons",), name="One register")
        stella = make_staff(council=ash, roles=("record-steward",), user=make_user(name="Stella Steward"))
        make_grant(staff=stella, role="record-steward", council=elm)
        ed = make_staff(council=elm, roles=("record-steward",), user=make_user(name="Ed Elm"))
        ada = make_staff(council=ash, roles=("adviser",), user=make_user(name="Ada Adviser"))
        otto = make_staff(council=ash, roles=("auditor",), user=make_user(name="Otto Auditor"))
        return Register(ash, elm, stella, ed, ada, otto)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class TestTheQueue:
    def test_lists_pairs_with_the_likeliest_first(self, register: Register) -> None:
        a, b, c = (register.record(register.ash, name) for name in ("Ann", "Anna", "Anne"))
        unlikely, likely = register.guess(a, b, -0.5), register.guess(b, c, 7.5)
        text = text_of(register.browser(register.stella).get("/work/duplicates/"))
        assert text.index(f"/work/duplicates/{likely.pk}/") < text.index(f"/work/duplicates/{unlikely.pk}/")
        assert "Very likely" in text
        assert "Possible" in text

    def test_can_be_narrowed_to_a_council(self, register: Register) -> None:
        inside = register.guess(register.record(register.ash, "Ann"), register.record(register.ash, "Anna"))
        across = register.guess(register.record(register.ash, "Bo"), register.record(register.elm, "Bob"))
        client = register.browser(register.stella)
        text = text_of(client.get(f"/work/duplicates/?council={register.elm.pk}"))
        assert f"/work/duplicates/{across.pk}/" in text
        assert f"/work/duplicates/{inside.pk}/" not in text
        assert "Nobody waits" in text_of(register.browser(register.ed).get("/work/duplicates/"))
        assert client.get("/work/duplicates/?council=nonsense&after=x").status_code == 200

    def test_is_for_whoever_may_decide(self, register: Register) -> None:
        for staff in (register.ada, register.otto):
            assert register.browser(staff).get("/work/duplicates/").status_code == 403
        assert 'href="/work/duplicates/"' in text_of(register.browser(register.stella).get("/work/"))
        assert 'href="/work/duplicates/"' not in text_of(register.browser(register.ada).get("/work/"))

    def test_says_how_likely_a_pair_is(self) -> None:
        assert [likelihood(score) for score in (6.0, 0.0, -0.1, None)] == [
            "Very likely", "Likely", "Possible", "",
        ]  # fmt: skip


class TestTwoRecordsSideBySide:
    def test_show_what_they_say_and_who_looked_is_on_record(self, register: Register) -> None:
        one, other = register.record(register.ash, "Ann"), register.record(register.elm, "Anna")
        link = register.guess(one, other)
        text = text_of(register.browser(register.stella).get(f"/work/duplicates/{link.pk}/"))
        assert "One register" in text
        assert "Date of birth the same" in text
        assert "Same person" in text
        with scope.everything("looking in a test"):
            seen = Entry.objects.filter(what="person.seen").values_list("about", flat=True)
            assert {*seen} == {f"record:{one.pk}", f"record:{other.pk}"}

    def test_become_one_person_and_lead_to_the_next_pair(self, register: Register) -> None:
        a, b, c = (register.record(register.ash, name) for name in ("Ann", "Anna", "Anne"))
        first, second = register.guess(a, b, 5.0), register.guess(b, c, 4.0)
        client = register.browser(register.stella)
        answer = client.post(f"/work/duplicates/{first.pk}/decide/", {"act": "same", "why": "Same passport"})
        assert answer.headers["Location"] == f"/work/duplicates/{second.pk}/"
        assert register.person_of(b) == a.origin_id
        assert "They are one person now" in text_of(client.get(answer.headers["Location"]))
        answer = client.post(f"/work/duplicates/{second.pk}/decide/", {"act": "apart", "why": ""})
        assert answer.headers["Location"] == "/work/duplicates/"
        assert register.person_of(c) == c.origin_id

    def test_stay_in_the_list_if_nobody_can_tell_with_what_was_found_out(self, register: Register) -> None:
        link = register.guess(register.record(register.ash, "Ann"), register.record(register.ash, "Anna"))
        client, path = register.browser(register.stella), f"/work/duplicates/{link.pk}/"
        answer = client.post(f"{path}decide/", {"act": "unsure", "why": ""})
        assert answer.status_code == 422
        assert "Say what you looked at" in text_of(answer)
        client.post(f"{path}decide/", {"act": "unsure", "why": "Rang them, no answer"})
        text = text_of(client.get("/work/duplicates/"))
        assert "Stella Steward: Rang them, no answer" in text

    def test_are_decided_once(self, register: Register) -> None:
        link = register.guess(register.record(register.ash, "Ann"), register.record(register.ash, "Anna"))
        client, path = register.browser(register.stella), f"/work/duplicates/{link.pk}/"
        assert client.post(f"{path}decide/", {"act": "dance", "why": ""}).status_code == 422
        assert client.post(f"{path}decide/", {"act": "same", "why": ""}).status_code == 302
        assert client.post(f"{path}decide/", {"act": "apart", "why": ""}).status_code == 409
        assert "One person" in text_of(client.get(path))

    def test_that_are_kept_apart_say_so(self, register: Register) -> None:
        a, b, c = (register.record(register.ash, name) for name in ("Ann", "Anna", "Anne"))
        link = register.guess(a, b)
        register.join(b, c)
        with scope.everything("telling apart in a test"):
            tell_apart(by=Viewer.system(), one_id=a.pk, other_id=c.pk, why="Sisters", now=timezone.now())
        client, path = register.browser(register.stella), f"/work/duplicates/{link.pk}/"
        text = text_of(client.get(path))
        assert "Two people" in text
        assert 'value="same"' not in text
        answer = client.post(f"{path}decide/", {"act": "same", "why": ""})
        assert answer.status_code == 409
        assert "kept apart" in text_of(answer)

    def test_can_be_read_and_not_decided_by_an_auditor(self, register: Register) -> None:
        link = register.guess(register.record(register.ash, "Ann"), register.record(register.ash, "Anna"))
        client, path = register.browser(register.otto), f"/work/duplicates/{link.pk}/"
        text = text_of(client.get(path))
        assert "Date of birth" in text
        assert 'value="same"' not in text
        assert client.post(f"{path}decide/", {"act": "same", "why": ""}).status_code == 403

    def test_of_which_one_is_locked_or_elsewhere_are_not_shown(self, register: Register) -> None:
        one, other = register.record(register.ash, "Ann"), register.record(register.elm, "Secretname")
        link = register.guess(one, other)
        path = f"/work/duplicates/{link.pk}/"
        for staff in (register.ed, register.otto):
            answer = register.browser(staff).get(path)
            assert answer.status_code == 404
            assert "Secretname" not in text_of(answer)
        with scope.everything("locking in a test"):
            Record.objects.filter(pk=other.pk).update(circle="safeguarding", locked_why="A court order.")
        answer = register.browser(register.stella).get(path)
        assert answer.status_code == 403
        assert "A court order" in text_of(answer)
        assert "Secretname" not in text_of(answer)


class TestTakingALinkBack:
    def test_asks_where_what_came_since_belongs_and_puts_it_there(self, register: Register) -> None:
        ann, bob = (
            register.record(register.ash, "Ann", "07700 900001"),
            register.record(register.ash, "Bob", "07700 900002"),
        )
        link = register.join(ann, bob)
        with scope.everything("learning in a test"):
            facts = [
                add_fact(
                    by=Viewer.system(),
                    record_id=ann.pk,
                    fact=fact,
                    source="adviser",
                    now=timezone.now() - WEEK,
                )
                for fact in (a_name("Bob", "Nair-Lee", "former"), an_email("x@example.org"))
            ]
        client, path = register.browser(register.stella), f"/work/duplicates/{link.pk}/undo/"
        text = text_of(client.get(path))
        assert "Name: Bob Nair-Lee" in text
        radio = rf'<input[^>]*name="place-fact-{facts[0].pk}"[^>]*value="{bob.pk}"[^>]*checked'
        assert re.search(radio, text)
        answer = client.post(path, {"why": ""})
        assert answer.status_code == 422
        assert "Say why it was wrong" in text_of(answer)
        assert "Choose whose" in text_of(answer)
        sent = {
            "why": "Two people",
            "apart": "on",
            f"place-fact-{facts[0].pk}": bob.pk,
            f"place-fact-{facts[1].pk}": ann.pk,
        }
        answer = client.post(path, sent)
        assert answer.status_code == 302
        assert (register.person_of(ann), register.person_of(bob)) == (ann.origin_id, bob.origin_id)
        text = text_of(client.get(answer.headers["Location"]))
        assert "They were said to be two people" in text
        with scope.everything("looking in a test"):
            names = Fact.objects.filter(record=bob.pk, kind="name", ended_at=None)
            assert {fact.body["given"] + fact.body["family"] for fact in names} == {"BobNair", "BobNair-Lee"}
        assert client.get(path).status_code == 409

    def test_refuses_a_record_that_was_not_offered(self, register: Register) -> None:
        ann, bob, cy = (register.record(register.ash, name) for name in ("Ann", "Bob", "Cy"))
        link = register.join(ann, bob)
        with scope.everything("learning in a test"):
            fact = add_fact(
                by=Viewer.system(),
                record_id=ann.pk,
                fact=an_email("x@example.org"),
                source="adviser",
                now=timezone.now() - WEEK,
            )
        sent = {"why": "Two people", f"place-fact-{fact.pk}": cy.pk}
        client = register.browser(register.stella)
        assert client.post(f"/work/duplicates/{link.pk}/undo/", sent).status_code == 422
        assert register.person_of(bob) == ann.origin_id

    def test_lets_a_council_take_its_own_record_out_without_seeing_the_other(
        self, register: Register
    ) -> None:
        theirs, ours = register.record(register.ash, "Secretname"), register.record(register.elm, "Ann")
        link = register.join(theirs, ours)
        client = register.browser(register.ed)
        links = f"/work/person/{ours.origin.reference}/links/"
        text = text_of(client.get(links, follow=True))
        assert "A record that you may not see" in text
        text = text_of(client.get(f"/work/duplicates/{link.pk}/undo/"))
        assert "Ash Council" in text
        assert "never join them again" not in text
        answer = client.post(f"/work/duplicates/{link.pk}/undo/", {"why": "Not ours"})
        assert answer.status_code == 302
        assert register.person_of(ours) == ours.origin_id
        assert "Secretname" not in text_of(client.get(answer.headers["Location"])) + text

    def test_says_what_it_does_not_separate(self, register: Register) -> None:
        a, b, c = (register.record(register.ash, name) for name in ("Ann", "Anna", "Anne"))
        links = [register.join(one, other) for one, other in ((a, b), (b, c), (a, c))]
        text = text_of(register.browser(register.stella).get(f"/work/duplicates/{links[2].pk}/undo/"))
        assert "Other links join these two records as well" in text

    def test_is_for_whoever_may_decide(self, register: Register) -> None:
        link = register.join(register.record(register.ash, "Ann"), register.record(register.ash, "Bob"))
        for staff, status in ((register.ada, 403), (register.otto, 403), (register.ed, 404)):
            path = f"/work/duplicates/{link.pk}/undo/"
            assert register.browser(staff).post(path, {"why": "x"}).status_code == status

    def test_works_for_two_people_too(self, register: Register) -> None:
        one, other = register.record(register.ash, "Ann"), register.record(register.elm, "Bob")
        with scope.everything("telling apart in a test"):
            wall = tell_apart(
                by=Viewer.system(), one_id=one.pk, other_id=other.pk, why="", now=timezone.now() - WEEK
            )
        client, path = register.browser(register.stella), f"/work/duplicates/{wall.pk}/undo/"
        assert "They were said to be two people" in text_of(client.get(path))
        assert client.post(path, {"why": "One after all"}).status_code == 302


class TestTheLinksOfAPerson:
    def test_tell_all_that_was_decided(self, register: Register) -> None:
        one, other = register.record(register.ash, "Ann"), register.record(register.elm, "Anna")
        link = register.guess(one, other, 5.25)
        client = register.browser(register.stella)
        client.post(f"/work/duplicates/{link.pk}/decide/", {"act": "same", "why": "Same passport"})
        text = text_of(client.get(f"/work/person/{one.origin.reference}/links/"))
        assert "Same passport" in text
        assert "+5.2 points, weights version 0" in text
        assert "They are one person." in text
        assert "Undo" in text

    def test_lead_to_more_records_of_the_same_person(self, register: Register) -> None:
        with scope.everything("making records for a test"):
            one, other = make_record(council=register.ash), make_record(council=register.elm)
        client = register.browser(register.stella)
        path = f"/work/person/{one.origin.reference}/links/"
        answer = client.post(path, {"act": "find"})
        assert answer.headers["Location"] == "/work/duplicates/"
        assert other.name in text_of(client.get("/work/duplicates/"))
        stranger = register.record(register.ash, "Zebedee", "01632 960001")
        answer = client.post(f"/work/person/{stranger.origin.reference}/links/", {"act": "find"}, follow=True)
        assert "Nobody else in the register is like them" in text_of(answer)

    def test_can_begin_with_two_people_whom_somebody_names(self, register: Register) -> None:
        one, other = register.record(register.ash, "Ann"), register.record(register.elm, "Zoe")
        client, path = register.browser(register.stella), f"/work/person/{one.origin.reference}/links/"
        for wrong in ("", "PSN-2222-2222", "rubbish", one.origin.reference):
            answer = client.post(path, {"act": "compare", "other": wrong})
            assert answer.status_code == 422
        answer = client.post(path, {"act": "compare", "other": other.origin.reference.lower()})
        assert answer.status_code == 302
        assert "Zoe Nair" in text_of(client.get(answer.headers["Location"]))

    def test_are_not_there_for_whoever_may_not_see_them(self, register: Register) -> None:
        one = register.record(register.ash, "Ann")
        path = f"/work/person/{one.origin.reference}/links/"
        assert register.browser(register.ada).get(path).status_code == 403
        assert register.browser(register.ed).get(path).status_code == 404
        auditor = register.browser(register.otto)
        assert "Nothing was decided yet" in text_of(auditor.get(path))
        assert auditor.post(path, {"act": "find"}).status_code == 404
