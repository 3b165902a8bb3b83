"""The pages of the desk's channels: secrets are shown once, and calls come in from a file that is looked at first."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from moothall.councils import scope
from moothall.servicedesk.models import ApiKey, Call, Feed, ImportRun
from tests.servicedesk.channel_world import work_through
from tests.workplace.desk_pages import NOT_FOUND, REFUSED, UNPROCESSABLE, Pages, text_of

pytestmark = pytest.mark.django_db

CSV = (
    "Number,Title,Opened,State,Group\n"
    "1,Cannot print,20/11/2026 10:00,In Progress,Platforms\n"
    "2,Dark screen,20/11/2026 11:00,Mislaid,\n"
    "3,,20/11/2026 12:00,New,\n"
)


def council(pages: Pages) -> int:
    return int(pages.desk.elm.pk)


def uploaded(pages: Pages, text: str = CSV, who: str = "manager", **fields: Any) -> Any:
    file = SimpleUploadedFile("calls.csv", text.encode())
    given = {"council": council(pages), "source": "old-desk", "file": file, **fields}
    return pages.browser(who).post("/work/desk/import/new/", given)


def latest() -> ImportRun:
    with scope.everything("a test"):
        found: ImportRun = ImportRun.objects.latest("id")
    return found


class TestKeys:
    def test_are_made_shown_once_and_ended(self, pages: Pages) -> None:
        browser = pages.browser("manager")
        given = {"council": council(pages), "name": "Foyer kiosk", "may": ["log", "read"]}
        answer = browser.post("/work/desk/keys/new/", given)
        with scope.everything("a test"):
            key = ApiKey.objects.get()
        assert f"{key.prefix}" in text_of(answer)
        assert "shown this once" in text_of(answer)
        listed = text_of(browser.get("/work/desk/keys/"))
        assert "Foyer kiosk" in listed
        assert "log calls; read and find calls" in listed
        secret = text_of(answer).split('desk-secret">')[1].split("<")[0]
        assert secret not in listed
        browser.post(f"/work/desk/keys/{key.pk}/end/")
        assert "Ended" in text_of(browser.get("/work/desk/keys/"))

    def test_are_refused_with_what_is_missing(self, pages: Pages) -> None:
        answer = pages.browser("manager").post(
            "/work/desk/keys/new/", {"council": council(pages), "name": "X"}
        )
        assert answer.status_code == UNPROCESSABLE
        assert "Select what the key may do" in text_of(answer)

    def test_say_so_when_there_are_none(self, pages: Pages) -> None:
        assert "There are no keys yet" in text_of(pages.browser("manager").get("/work/desk/keys/"))

    @pytest.mark.parametrize(
        "address", ["keys/", "keys/new/", "feeds/", "feeds/new/", "import/", "import/new/"]
    )
    def test_are_not_for_analysts(self, pages: Pages, address: str) -> None:
        assert pages.browser("analyst").get(f"/work/desk/{address}").status_code == REFUSED


class TestFeeds:
    def _made(self, pages: Pages, shape: str = "monitoring:alertmanager") -> tuple[Any, Feed]:
        given = {"council": council(pages), "name": "Prometheus", "shape": shape}
        answer = pages.browser("manager").post("/work/desk/feeds/new/", given)
        with scope.everything("a test"):
            return answer, Feed.objects.get()

    def test_are_made_with_a_secret_that_is_shown_once(self, pages: Pages) -> None:
        answer, feed = self._made(pages)
        assert "whsec_" in text_of(answer)
        assert f"/api/feeds/{feed.key}/" in text_of(answer)
        shown = text_of(pages.browser("manager").get(f"/work/desk/feeds/{feed.pk}/"))
        assert "whsec_" not in shown
        assert "Prometheus Alertmanager" in shown
        assert "Never" in shown

    def test_get_another_secret_are_tested_and_ended(self, pages: Pages) -> None:
        first, feed = self._made(pages, "changes:netbox")
        browser = pages.browser("manager")
        again = browser.post(f"/work/desk/feeds/{feed.pk}/secret/")
        assert "whsec_" in text_of(again)
        assert text_of(again) != text_of(first)
        tried = browser.post(f"/work/desk/feeds/{feed.pk}/test/", follow=True)
        assert "Nothing was logged" in text_of(tried)
        ended = browser.post(f"/work/desk/feeds/{feed.pk}/end/", follow=True)
        assert "is ended" in text_of(ended)
        assert "Test it" not in text_of(browser.get(f"/work/desk/feeds/{feed.pk}/"))

    def test_are_not_there_for_others(self, pages: Pages) -> None:
        assert pages.browser("manager").get("/work/desk/feeds/99/").status_code == NOT_FOUND


class TestImport:
    def test_shows_the_first_rows_before_anything_is_brought_in(self, pages: Pages) -> None:
        answer = uploaded(pages)
        run = latest()
        assert answer["Location"] == f"/work/desk/import/{run.pk}/"
        shown = text_of(pages.browser("manager").get(answer["Location"]))
        assert "3 rows. Nothing is brought in yet." in shown
        assert "Cannot print" in shown
        assert "It does not say what is wrong." in shown
        assert "Status “Mislaid”: what is it here?" in shown
        with scope.everything("a test"):
            assert not Call.objects.exists()

    def test_is_mapped_and_brought_in_and_reports_what_it_refused(self, pages: Pages) -> None:
        uploaded(pages)
        run = latest()
        browser, here = pages.browser("manager"), f"/work/desk/import/{run.pk}/"
        settled = {
            "column_reference": "Number", "column_summary": "Title", "column_logged_at": "Opened",
            "column_status": "State", "column_team": "Group", "word_status_0": "open", "dates": "day first",
            "judged": "on",
        }  # fmt: skip
        answer = browser.post(here, settled, follow=True)
        assert "The columns are settled" in text_of(answer)
        assert "is not a status that is known" not in text_of(answer)
        browser.post(f"{here}start/")
        assert "It is being brought in" in text_of(browser.get(here))
        work_through(timezone.now())
        shown = text_of(browser.get(here))
        assert "It does not say what is wrong." in shown
        with scope.everything("a test"):
            assert Call.objects.filter(channel="import", council=pages.desk.elm).count() == 2
        assert "calls.csv" in text_of(browser.get("/work/desk/import/"))

    def test_asks_for_the_columns_that_it_cannot_do_without(self, pages: Pages) -> None:
        uploaded(pages, "Colour,Words\nred,It is red\n")
        browser, here = pages.browser("manager"), f"/work/desk/import/{latest().pk}/"
        assert "Bring them in" not in text_of(browser.get(here))
        answer = browser.post(here, {"dates": "day first"})
        assert answer.status_code == UNPROCESSABLE
        assert "Choose the column of “Summary”" in text_of(answer)

    @pytest.mark.parametrize(
        ("text", "why"),
        [("no table", "does not name columns"), ("A,B\n", "It has no rows"), ("", "The file is empty")],
    )
    def test_says_why_a_file_cannot_be_read(self, pages: Pages, text: str, why: str) -> None:
        answer = uploaded(pages, text)
        assert answer.status_code == UNPROCESSABLE
        assert why in text_of(answer)

    def test_forgets_a_file_that_is_not_to_be_brought_in(self, pages: Pages) -> None:
        uploaded(pages)
        pages.browser("manager").post(f"/work/desk/import/{latest().pk}/drop/")
        with scope.everything("a test"):
            assert not ImportRun.objects.exists()
