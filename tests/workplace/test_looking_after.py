"""What administrators, auditors and operators look after: people, hours, the record, jobs, processes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from moothall.councils import actions as councils
from moothall.councils import scope
from moothall.councils.models import ClosingDay, Grant, Staff
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.journal.models import Entry, Job
from moothall.messages import deliveries
from tests.makers import make_grant, make_staff, make_user
from tests.workplace.staffed import House

pytestmark = pytest.mark.django_db
EVERY_PAGE = (
    "", "queues/", "search/", "new/", "people/", "teams/", "roles/", "agreements/", "hours/", "journal/", "jobs/",
    "processes/", "processes/missed-bin/",
)  # fmt: skip


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def written(beginning: str) -> list[str]:
    """Return what the record says, in order."""
    with scope.everything("looking in a test"):
        rows = Entry.objects.filter(what__startswith=beginning).order_by("id")
        return list(rows.values_list("what", flat=True))


class TestEveryPage:
    @pytest.mark.parametrize("path", EVERY_PAGE)
    def test_answers_whoever_is_let_in_and_refuses_the_others_in_a_sentence(
        self, house: House, path: str
    ) -> None:
        house.missed_bin()
        for staff in (house.ann, house.ada, house.sue, house.joe, house.olive):
            answer = house.browser(staff).get(f"/work/{path}")
            assert answer.status_code in {200, 403}
            if answer.status_code == 403:
                assert "You do not have permission to" in text_of(answer)

    @pytest.mark.parametrize("path", EVERY_PAGE)
    def test_names_nobody_of_a_council_that_shares_nothing(self, house: House, path: str) -> None:
        house.missed_bin(council=house.oak, name="Canary Resident")
        house.joe.grants.filter(council=house.oak).delete()
        for staff in (house.ann, house.sue, house.joe):
            text = text_of(house.browser(staff).get(f"/work/{path}"))
            for canary in ("Olive Other", "Canary Resident", "Oak waste team"):
                assert canary not in text

    def test_shows_in_the_menu_only_what_may_be_opened(self, house: House) -> None:
        text = text_of(house.browser(house.ada).get("/work/"))
        assert 'href="/work/new/"' in text
        assert 'href="/work/jobs/"' not in text
        assert 'href="/work/queues/"' not in text


class TestPeople:
    def test_are_listed_with_teams_and_roles(self, house: House) -> None:
        text = text_of(house.browser(house.joe).get("/work/people/?q=ann"))
        assert "Ann Officer" in text
        assert "Waste team" in text
        assert "Service officer" in text
        assert "Sue Supervisor" not in text

    def test_are_listed_with_each_role_once(self, house: House) -> None:
        several = make_staff(council=house.ash, roles=("officer",), user=make_user(name="Zoe Several"))
        make_grant(staff=several, role="officer", council=house.elm)
        make_grant(staff=several, role="adviser", council=house.elm)
        text = text_of(house.browser(house.joe).get("/work/people/?q=zoe"))
        assert "Service officer, also at Elm City Council" in text
        assert "Customer service adviser at Elm City Council" in text

    def test_are_given_a_role_and_lose_it_again(self, house: House) -> None:
        client, path = house.browser(house.joe), f"/work/people/{house.ada.pk}/"
        answer = client.post(f"{path}give-role/", {"role": "officer", "council": "ash"})
        assert answer.status_code == 302
        assert Grant.objects.filter(staff=house.ada, role="officer").exists()
        assert "now has the role “Service officer” at Ash District Council" in text_of(client.get(path))
        client.post(f"{path}take-role/", {"role": "officer", "council": "ash"})
        assert not Grant.objects.filter(staff=house.ada, role="officer").exists()
        assert written("role.") == ["role.granted", "role.revoked"]

    def test_are_not_given_a_role_twice(self, house: House) -> None:
        data = {"role": "adviser", "council": "ash"}
        answer = house.browser(house.joe).post(f"/work/people/{house.ada.pk}/give-role/", data)
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)

    def test_are_given_roles_only_by_whoever_may_and_only_where(self, house: House) -> None:
        path = f"/work/people/{house.ada.pk}/give-role/"
        assert house.browser(house.sue).post(path, {"role": "officer", "council": "ash"}).status_code == 403
        answer = house.browser(house.joe).post(path, {"role": "officer", "council": "oak"})
        assert answer.status_code == 422
        assert not Grant.objects.filter(staff=house.ada, role="officer").exists()

    def test_leave_and_may_then_do_nothing(self, house: House) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        data = {
            "last_day_day": yesterday.day,
            "last_day_month": yesterday.month,
            "last_day_year": yesterday.year,
        }
        client = house.browser(house.joe)
        assert client.post(f"/work/people/{house.ada.pk}/leaves/", data).status_code == 302
        assert Staff.objects.get(pk=house.ada.pk).ended_on == yesterday
        assert house.browser(house.ada).get("/work/").status_code == 403

    def test_do_not_leave_on_a_day_that_does_not_exist(self, house: House) -> None:
        data = {"last_day_day": "31", "last_day_month": "2", "last_day_year": "2027"}
        answer = house.browser(house.joe).post(f"/work/people/{house.ada.pk}/leaves/", data)
        assert answer.status_code == 422
        assert "The last day must be a real date" in text_of(answer)

    def test_of_another_council_do_not_exist(self, house: House) -> None:
        assert house.browser(house.joe).get(f"/work/people/{house.olive.pk}/").status_code == 404


class TestHours:
    def test_are_said_as_people_say_them(self, house: House) -> None:
        with transaction.atomic():
            councils.set_calendar(
                by=Viewer.system(),
                council=house.ash,
                weekly={"monday": [["08:30", "17:00"]], "tuesday": [["00:00", "24:00"]]},
                in_force_from=date(2026, 1, 1),
                now=timezone.now(),
            )
        text = text_of(house.browser(house.joe).get("/work/hours/"))
        assert "8:30am to 5pm" in text
        assert "midnight to midnight" in text

    def test_show_bank_holidays_and_closing_days(self, house: House) -> None:
        text = text_of(house.browser(house.joe).get("/work/hours/"))
        assert "Christmas Day" in text
        assert "Oak" not in text

    def test_are_closed_on_a_day_and_opened_again(self, house: House) -> None:
        day = date.today() + timedelta(days=40)  # noqa: DTZ011 - the day in the form
        day += timedelta(days=(7 - day.weekday()) % 7)
        data = {"day_day": day.day, "day_month": day.month, "day_year": day.year, "reason": "Staff training"}
        client = house.browser(house.joe)
        assert client.post("/work/hours/ash/close/", data).status_code == 302
        assert "Staff training" in text_of(client.get("/work/hours/"))
        twice = client.post("/work/hours/ash/close/", data)
        assert twice.status_code == 422
        client.post("/work/hours/ash/open/", {"day": day.isoformat()})
        with scope.everything("looking in a test"):
            assert not ClosingDay.objects.exists()

    def test_are_set_only_where_one_may(self, house: House) -> None:
        assert house.browser(house.joe).get("/work/hours/oak/close/").status_code == 404
        assert house.browser(house.ann).get("/work/hours/ash/close/").status_code == 403
        assert house.browser(house.joe).post("/work/hours/ash/open/", {"day": "never"}).status_code == 404


class TestTheRecord:
    def test_shows_what_happened_and_can_be_narrowed(self, house: House) -> None:
        reference = house.missed_bin()
        about = f"case:{house.case_id(reference)}"
        client = house.browser(house.joe)
        assert "request.made" in text_of(client.get("/work/journal/"))
        assert about in text_of(client.get(f"/work/journal/?about={about}"))
        assert "No entry fits" in text_of(client.get("/work/journal/?who=Nobody+At+All"))
        assert "case.started" in text_of(client.get("/work/journal/?what=case"))

    def test_says_how_its_chain_stands(self, house: House) -> None:
        house.missed_bin()
        assert "not sealed yet" in text_of(house.browser(house.joe).get("/work/journal/"))

    def test_shows_nothing_of_a_council_that_shares_nothing(self, house: House) -> None:
        reference = house.missed_bin(council=house.oak)
        about = f"case:{house.case_id(reference)}"
        assert "No entry fits" in text_of(house.browser(house.joe).get(f"/work/journal/?about={about}"))

    def test_pages_back(self, house: House) -> None:
        for _ in range(30):
            house.missed_bin()
        text = text_of(house.browser(house.joe).get("/work/journal/"))
        assert "Older entries" in text
        assert house.browser(house.joe).get("/work/journal/?before=10").status_code == 200


class TestJobs:
    def dead(self, house: House, council_id: int | None) -> Job:
        now = timezone.now()
        with transaction.atomic():
            journal.post(
                task=deliveries.deliver,
                key=f"dead:{council_id}",
                args={"message_id": 0},
                council_id=council_id,
                now=now,
            )
        job = Job.objects.get(key=f"dead:{council_id}")
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.DEAD,
            finished_at=now,
            attempts=8,
            last_error="Traceback\nConnectionRefusedError: no server",
        )
        return job

    def test_that_failed_are_shown_with_the_reason_and_sent_again(self, house: House) -> None:
        job = self.dead(house, house.ash.pk)
        client = house.browser(house.joe)
        text = text_of(client.get("/work/jobs/"))
        assert "ConnectionRefusedError: no server" in text
        assert "Traceback" not in text
        assert client.post(f"/work/jobs/{job.pk}/send-again/").status_code == 302
        assert Job.objects.get(pk=job.pk).state == Job.State.READY
        assert client.post(f"/work/jobs/{job.pk}/send-again/").status_code == 409
        assert written("job.") == ["job.sent_again"]

    def test_of_another_council_do_not_exist(self, house: House) -> None:
        job = self.dead(house, house.oak.pk)
        client = house.browser(house.joe)
        assert "ConnectionRefusedError" not in text_of(client.get("/work/jobs/"))
        assert client.post(f"/work/jobs/{job.pk}/send-again/").status_code == 404

    def test_are_not_for_officers(self, house: House) -> None:
        job = self.dead(house, house.ash.pk)
        assert house.browser(house.ann).get("/work/jobs/").status_code == 403
        assert house.browser(house.ann).post(f"/work/jobs/{job.pk}/send-again/").status_code == 403


class TestProcesses:
    def test_are_read_step_by_step(self, house: House) -> None:
        text = text_of(house.browser(house.sue).get("/work/processes/missed-bin/"))
        for words in ("Check the round", "It opens when “Report” is settled.", "goes back to “Check the round”",
                      "2 working days", "process: missed-bin"):  # fmt: skip
            assert words in text

    def test_that_are_not_published_do_not_exist(self, house: House) -> None:
        client = house.browser(house.sue)
        assert client.get("/work/processes/none/").status_code == 404
        assert client.get("/work/processes/missed-bin/?version=99").status_code == 404


class TestALeaver:
    def test_is_listed_among_those_who_have_left(self, house: House) -> None:
        left = make_staff(council=house.ash, user=make_user(name="Gone Already"))
        make_grant(staff=left, role="adviser")
        councils.end_staff(by=house.viewer(house.joe), staff=left, on=date(2026, 1, 31), now=timezone.now())
        client = house.browser(house.joe)
        assert "Gone Already" not in text_of(client.get("/work/people/"))
        assert "Gone Already" in text_of(client.get("/work/people/?gone=on"))
