"""The designer: processes read, written, tried, published by one or by two people, and cases moved."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.process import actions
from moothall.process.language import read
from moothall.process.models import Case, ProcessDraft, ProcessVersion
from moothall.workplace.queries import rehearsing
from tests.makers import make_grant, make_staff, make_user
from tests.workplace.staffed import House

BPMN = Path(__file__).parent.parent / "process" / "bpmn"


@pytest.fixture
def dee(house: House) -> Staff:
    """A service designer of Ash, who may also write for Elm."""
    found = make_staff(council=house.ash, roles=("service-designer",), user=make_user(name="Dee Designer"))
    make_grant(staff=found, role="service-designer", council=house.elm)
    return found


@pytest.fixture
def client(house: House, dee: Staff) -> Client:
    return house.browser(dee)


@pytest.fixture
def other(house: House) -> Client:
    """A second service designer."""
    staff = make_staff(council=house.ash, roles=("service-designer",), user=make_user(name="Max Second"))
    return house.browser(staff)


def published() -> str:
    return ProcessVersion.objects.filter(key="missed-bin", council=None).order_by("-number")[0].source


def changed() -> str:
    return published().replace("title: Check the round", "title: Look at the round")


def save(client: Client, source: str, *, expected: int = 0, at: str = "missed-bin/draft/") -> object:
    return client.post(f"/work/processes/{at}", {"source": source, "expected": expected, "act": "save"})


def text_of(client: Client, path: str) -> str:
    answer = client.get(f"/work/{path}")
    assert answer.status_code == 200, answer.content.decode()[:500]
    return " ".join(answer.content.decode().split())


class TestReading:
    def test_shows_a_process_as_picture_as_list_and_as_text(self, client: Client) -> None:
        page = text_of(client, "processes/missed-bin/")
        assert '<svg class="picture" role="img"' in page
        assert "It opens when “Report” is settled." in page
        assert "within: 2 working days" in page
        assert "Write a new version" in page

    def test_asks_no_more_of_many_processes_than_of_one(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        text_of(client, "processes/")
        with CaptureQueriesContext(connection) as asked:
            text_of(client, "processes/")
        number = len(asked)
        for key in ("missed-bin-two", "missed-bin-three"):
            source = published().replace("process: missed-bin", f"process: {key}")
            definition = read(source).definition
            assert definition is not None
            actions.publish(by=Viewer.system(), definition=definition, source=source, now=timezone.now())
        assert "missed-bin-three" in text_of(client, "processes/")
        with django_assert_num_queries(number):
            text_of(client, "processes/")

    def test_offers_no_writing_to_whoever_only_looks(self, house: House) -> None:
        page = text_of(house.browser(house.joe), "processes/missed-bin/")
        assert "Write a new version" not in page
        assert house.browser(house.joe).get("/work/processes/missed-bin/draft/").status_code == 403

    def test_gives_a_process_away_as_bpmn_and_as_a_picture(self, client: Client) -> None:
        bpmn = client.get("/work/processes/missed-bin/bpmn/")
        assert bpmn.headers["Content-Disposition"] == 'attachment; filename="missed-bin.bpmn"'
        assert b"<bpmn:userTask" in bpmn.content
        drawn = client.get("/work/processes/missed-bin/picture/")
        assert drawn.headers["Content-Type"].startswith("image/svg+xml")
        assert drawn.headers["Content-Disposition"].startswith("attachment")

    def test_says_what_changed_between_versions(self, client: Client) -> None:
        save(client, changed())
        client.post("/work/processes/missed-bin/draft/decide/", {"act": "publish", "expected": 1})
        page = text_of(client, "processes/missed-bin/changes/")
        assert "Look at the round" in page
        assert "From version 1 to version 2" in page
        assert page.count("picture-step--marked") == 1

    def test_a_version_that_is_not_there_is_not_found(self, client: Client) -> None:
        assert client.get("/work/processes/missed-bin/?version=99").status_code == 404
        assert client.get("/work/processes/nothing/").status_code == 404


class TestWriting:
    def test_begins_with_what_is_in_force_and_keeps_every_comment(self, client: Client) -> None:
        page = client.get("/work/processes/missed-bin/draft/").content.decode()
        assert (
            "# A household&#x27;s bin was not emptied" in page
            or "# A household&#39;s bin was not emptied" in page
        )
        save(client, "# kept\n" + changed())
        assert ProcessDraft.objects.get(key="missed-bin").source.startswith("# kept\n#")

    def test_checks_without_keeping_anything(self, client: Client) -> None:
        answer = client.post(
            "/work/processes/missed-bin/draft/", {"source": "process: x", "expected": 0, "act": "check"}
        )
        assert answer.status_code == 200
        assert "mistake" in answer.content.decode()
        assert not ProcessDraft.objects.exists()

    def test_checks_as_it_is_typed(self, client: Client) -> None:
        wrong = published().replace("by: waste", "buy: waste", 1)
        found = client.post("/work/processes/missed-bin/draft/check/", {"source": wrong}).json()
        assert not found["sound"]
        line = next(number for number, each in enumerate(wrong.splitlines(), 1) if "buy: waste" in each)
        assert line in [each["line"] for each in found["mistakes"] if each["serious"]]
        right = client.post("/work/processes/missed-bin/draft/check/", {"source": changed()}).json()
        assert right["sound"]
        assert "Look at the round" in right["picture"]

    def test_does_not_overwrite_what_somebody_else_saved(self, client: Client, other: Client) -> None:
        save(client, changed())
        save(other, changed().replace("Look at", "Inspect"), expected=1)
        answer = client.post(
            "/work/processes/missed-bin/draft/",
            {"source": changed().replace("Look at", "See to"), "expected": 1, "act": "save"},
        )
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Max Second saved this draft after you opened it" in page
        assert "Inspect the round" in page
        assert "See to the round" in page
        assert 'name="expected" value="2"' in page
        assert "Inspect" in ProcessDraft.objects.get(key="missed-bin").source

    def test_takes_no_empty_text(self, client: Client) -> None:
        answer = client.post(
            "/work/processes/missed-bin/draft/", {"source": "", "expected": 0, "act": "save"}
        )
        assert answer.status_code == 422
        assert "Write the process first" in answer.content.decode()

    def test_shows_markup_as_text(self, client: Client) -> None:
        page = client.post(
            "/work/processes/missed-bin/draft/",
            {
                "source": changed().replace("Look at", "<script>alert(1)</script>"),
                "expected": 0,
                "act": "check",
            },
        ).content.decode()
        assert "<script>alert" not in page


class TestBeginning:
    def test_a_new_process_from_a_template_is_a_draft(self, client: Client) -> None:
        answer = client.post(
            "/work/new-process/",
            {"title": "Skip permit: roads", "key": "skip-permit", "like": "process:missed-bin"},
        )
        assert answer.status_code == 302
        draft = ProcessDraft.objects.get(key="skip-permit")
        assert "process: skip-permit\n" in draft.source
        assert 'title: "Skip permit: roads"\n' in draft.source
        assert text_of(client, "processes/skip-permit/draft/review/")

    def test_a_blank_one_is_sound(self, client: Client) -> None:
        client.post("/work/new-process/", {"title": "Anything", "key": "anything", "like": "blank"})
        answer = client.post("/work/processes/anything/draft/decide/", {"act": "publish", "expected": 1})
        assert answer.status_code == 302
        assert ProcessVersion.objects.get(key="anything").title == "Anything"

    @pytest.mark.parametrize("key", ["missed-bin", "Missed Bin", "", "a/b"])
    def test_a_name_that_is_taken_or_no_name_is_refused(self, client: Client, key: str) -> None:
        answer = client.post("/work/new-process/", {"title": "Bins", "key": key, "like": "blank"})
        assert answer.status_code == 422
        assert not ProcessDraft.objects.exists()

    def test_a_bpmn_file_becomes_a_draft(self, client: Client) -> None:
        with (BPMN / "camunda-modeler.bpmn").open("rb") as file:
            answer = client.post("/work/new-process/import/", {"file": file, "key": ""})
        assert answer.status_code == 302
        assert "process: skip-permit\n" in ProcessDraft.objects.get(key="skip-permit").source

    def test_another_file_is_refused_with_what_is_wrong(self, client: Client, tmp_path: Path) -> None:
        (tmp_path / "x.bpmn").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a/>')
        with (tmp_path / "x.bpmn").open("rb") as file:
            answer = client.post("/work/new-process/import/", {"file": file})
        assert answer.status_code == 422
        assert "document type" in answer.content.decode()


class TestPublishing:
    def test_shows_before_it_what_it_changes_and_would_come_to(self, client: Client, house: House) -> None:
        reference = house.missed_bin()
        house.act(house.ann, reference, "return", {"crew_report": "nothing"})
        house.act(house.ann, reference, "emptied", {}, step="collect")
        house.missed_bin()
        save(client, changed())
        assert "100 made-up cases" in text_of(client, "processes/missed-bin/draft/review/")
        page = text_of(client, "processes/missed-bin/draft/review/?with=all")
        assert "Look at the round" in page
        assert "Every case ended" in page
        assert "1 closed case: 1 the same way, 0 another way" in page
        assert "1 case: 1 safe, 0 need a choice" in page

    def test_with_the_people_of_a_council_shows_who_is_missing(self, client: Client) -> None:
        page = text_of(client, "processes/missed-bin/try/?cases=40&council=ash")
        assert "people who work for Ash District Council" in page

    def test_by_one_person_makes_the_next_version(self, client: Client) -> None:
        save(client, changed())
        answer = client.post("/work/processes/missed-bin/draft/decide/", {"act": "publish", "expected": 1})
        assert answer.headers["Location"] == "/work/processes/missed-bin/"
        newest = ProcessVersion.objects.filter(key="missed-bin").order_by("-number")[0]
        assert (newest.number, newest.published_by) == (2, "Dee Designer")
        assert not ProcessDraft.objects.exists()

    def test_by_two_people_one_proposes_and_the_other_publishes(
        self, client: Client, other: Client, settings: Settings
    ) -> None:
        settings.TWO_PERSON_PUBLISHING = True
        save(client, changed())
        decide = "/work/processes/missed-bin/draft/decide/"
        assert client.post(decide, {"act": "publish", "expected": 1}).status_code == 409
        assert client.post(decide, {"act": "propose", "expected": 1}).status_code == 302
        assert client.post(decide, {"act": "publish", "expected": 1}).status_code == 403
        assert "Publish it" not in text_of(client, "processes/missed-bin/draft/review/")
        assert "Publish it" in text_of(other, "processes/missed-bin/draft/review/")
        assert other.post(decide, {"act": "publish", "expected": 1}).status_code == 302
        assert ProcessVersion.objects.filter(key="missed-bin", number=2).exists()

    def test_refuses_a_draft_with_mistakes_or_one_that_changed(self, client: Client) -> None:
        decide = "/work/processes/missed-bin/draft/decide/"
        save(client, published().replace("by: waste", "buy: waste", 1))
        assert client.post(decide, {"act": "publish", "expected": 1}).status_code == 422
        save(client, changed(), expected=1)
        assert client.post(decide, {"act": "publish", "expected": 1}).status_code == 409
        assert client.post(decide, {"act": "nothing", "expected": 2}).status_code == 404

    def test_throws_a_draft_away(self, client: Client) -> None:
        save(client, changed())
        client.post("/work/processes/missed-bin/draft/decide/", {"act": "drop", "expected": 1})
        assert not ProcessDraft.objects.exists()


class TestAnOwnWay:
    SOURCE = "overlay: missed-bin\ncouncil: ash\nclocks: {return: {within: 3 working days}}\n"

    def test_is_written_published_and_taken_back(self, client: Client) -> None:
        assert "follows the shared process as it is" in text_of(client, "processes/missed-bin/at/ash/")
        assert "overlay: missed-bin" in text_of(client, "processes/missed-bin/at/ash/draft/")
        save(client, self.SOURCE, at="missed-bin/at/ash/draft/")
        assert "3 working days" in text_of(client, "processes/missed-bin/at/ash/draft/review/")
        client.post("/work/processes/missed-bin/at/ash/draft/decide/", {"act": "publish", "expected": 1})
        assert "3 working days" in text_of(client, "processes/missed-bin/at/ash/")
        assert "its own clocks, teams or words" in text_of(client, "processes/missed-bin/")
        client.post("/work/processes/missed-bin/at/ash/remove/")
        assert "follows the shared process as it is" in text_of(client, "processes/missed-bin/at/ash/")

    def test_of_another_council_does_not_exist(self, client: Client) -> None:
        for path in ("", "draft/", "draft/review/"):
            assert client.get(f"/work/processes/missed-bin/at/oak/{path}").status_code == 404
        answer = client.post("/work/processes/missed-bin/at/oak/draft/check/", {"source": self.SOURCE})
        assert answer.status_code == 404

    def test_is_checked_against_its_own_council(self, client: Client) -> None:
        found = client.post("/work/processes/missed-bin/at/elm/draft/check/", {"source": self.SOURCE}).json()
        assert "Write “council: elm”." in json.dumps(found, ensure_ascii=False)


class TestMoving:
    def test_tries_asks_and_moves(self, client: Client, house: House) -> None:
        references = [house.missed_bin(), house.missed_bin()]
        gone = published().replace("  check:\n", "  inspect:\n").replace("back: check\n", "back: inspect\n")
        gone = gone.replace("check.outcome", "inspect.outcome")
        save(client, gone)
        client.post("/work/processes/missed-bin/draft/decide/", {"act": "publish", "expected": 1})
        page = text_of(client, "processes/missed-bin/move/")
        assert "2 cases: 0 safe, 2 need a choice" in page
        tried = client.post("/work/processes/missed-bin/move/", {"act": "try", "choice_0": "inspect"})
        assert "2 cases: 2 safe, 0 need a choice" in " ".join(tried.content.decode().split())
        moved = client.post("/work/processes/missed-bin/move/", {"act": "move", "choice_0": "inspect"})
        assert moved.status_code == 302
        assert len(references) == Case.unscoped("a test").count()

    def test_of_more_cases_than_a_page_can_try_is_left_to_the_command(
        self, client: Client, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rehearsing, "MOST_RUNNING", 1)
        house.missed_bin()
        assert "1 case" in text_of(client, "processes/missed-bin/move/")
        house.missed_bin()
        assert "moothall process migrate missed-bin --dry-run" in text_of(
            client, "processes/missed-bin/move/"
        )
        save(client, changed())
        page = text_of(client, "processes/missed-bin/draft/review/?with=running")
        assert "There are 2 of them" in page

    def test_is_only_for_those_who_may(self, house: House) -> None:
        assert house.browser(house.sue).get("/work/processes/missed-bin/move/").status_code == 403


FOUR_PEOPLE = """\
process: four-people
title: Four people
owner: waste
start: [waste]
steps:
  ask: {title: Ask, by: waste}
  check:
    title: Check
    by: waste
    need: [{rule: check.by != ask.by, say: Somebody else checks.}]
  confirm:
    title: Confirm
    by: waste
    need: [{rule: confirm.by != ask.by && confirm.by != check.by, say: A third person confirms.}]
  seal:
    title: Seal
    by: waste
    need: [{rule: seal.by != ask.by && seal.by != check.by && seal.by != confirm.by, say: A fourth person seals it.}]
    outcomes: {sealed: {title: Sealed, end: done}}
"""


class TestTooFewPeople:
    def test_are_found_before_publishing_with_the_real_teams_of_a_council(self, client: Client) -> None:
        save(client, FOUR_PEOPLE, at="four-people/draft/")
        review = "processes/four-people/draft/review/"
        alone = text_of(client, f"{review}?with=made-up&cases=30")
        assert "Every case ended" in alone
        assert "Not every made-up case ended" not in alone
        page = text_of(client, f"{review}?with=made-up&cases=30&council=ash")
        assert "Too few people:" in page
        assert "A fourth person seals it." in page
        assert "Not every made-up case ended" in page
