"""The pages of articles: written by one, published by another, found and voted on by everybody."""

from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.servicedesk.actions import articles
from moothall.servicedesk.actions.articles import Written
from moothall.servicedesk.models import Article
from tests.servicedesk.desked import Desk, an_incident
from tests.workplace.desk_sets import make_set_up, page, send, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Settings, tmp_path: Path) -> Desk:
    return make_set_up(settings, tmp_path)


class TestArticles:
    FORM: ClassVar[dict[str, Any]] = {
        "title": "Reset your password", "body": "## How\n\n- Go to <the page>", "kind": "how-to", "audience": "users",
        "search_words": "", "problem_reference": "",
    }  # fmt: skip

    def test_are_written_by_one_and_published_by_another(self, desk: Desk) -> None:
        assert send(desk, "articles-new/", "analyst", **self.FORM).status_code == 302
        article = Article.objects.get()
        assert "It waits to be published" in page(desk, f"articles/{article.key}/")
        page(desk, f"articles/{article.key}/", "user", 404)
        assert "Reset your password" in page(desk, "articles/?tab=waiting")
        send(desk, f"articles/{article.key}/publish/", expected=1)
        shown = page(desk, f"articles/{article.key}/", "user")
        assert '<h2 class="govuk-heading-m">How</h2>' in shown
        assert "&lt;the page&gt;" in shown
        assert "Reset your password" in page(desk, "articles/?q=passwrd", "user")

    def test_are_not_published_by_whoever_wrote_them(self, desk: Desk) -> None:
        send(desk, "articles-new/", **self.FORM)
        article = Article.objects.get()
        assert "somebody else has to publish it" in page(desk, f"articles/{article.key}/")
        response = send(desk, f"articles/{article.key}/publish/", expected=1)
        assert response.status_code == 409
        assert "somebody else has to read and publish it" in text_of(response)

    def test_show_a_change_to_writers_until_it_is_published(self, desk: Desk) -> None:
        article = published(desk)
        changed: dict[str, Any] = self.FORM | {"title": "New title", "expected": article.revision}
        send(desk, f"articles/{article.key}/change/", "analyst", **changed)
        shown = page(desk, f"articles/{article.key}/")
        assert "A change waits to be published" in shown
        assert '<del><span class="govuk-visually-hidden">Gone: </span>Reset your password</del>' in shown
        assert '<ins><span class="govuk-visually-hidden">New: </span>New title</ins>' in shown
        assert "New title" not in page(desk, f"articles/{article.key}/", "user")
        article.refresh_from_db()
        send(desk, f"articles/{article.key}/drop/", "analyst", expected=article.revision)
        assert "New title" not in page(desk, f"articles/{article.key}/")

    def test_that_somebody_else_changed_meanwhile_lose_nothing_of_what_was_typed(self, desk: Desk) -> None:
        article = published(desk)
        data: dict[str, Any] = self.FORM | {"title": "Mine", "expected": article.revision}
        send(desk, f"articles/{article.key}/change/", "analyst", **(data | {"title": "Theirs"}))
        response = send(desk, f"articles/{article.key}/change/", "colleague", **data)
        assert response.status_code == 422
        assert "Somebody else changed this article" in text_of(response)
        assert 'value="Mine"' in text_of(response)

    def test_take_a_vote_of_any_of_the_staff(self, desk: Desk) -> None:
        article = published(desk)
        send(desk, f"articles/{article.key}/vote/", "elm_user", helped="yes")
        assert "You said that it helped" in page(desk, f"articles/{article.key}/", "elm_user")
        assert "1 of 1" in page(desk, "articles/")

    def test_are_looked_at_again_retired_and_brought_back(self, desk: Desk) -> None:
        article = published(desk)
        day: dict[str, Any] = {"review_on_day": "1", "review_on_month": "2", "review_on_year": "2030"}
        send(desk, f"articles/{article.key}/reviewed/", **day)
        article.refresh_from_db()
        assert str(article.review_on) == "2030-02-01"
        wrong = send(desk, f"articles/{article.key}/reviewed/", **(day | {"review_on_day": "40"}))
        assert wrong.status_code == 422
        send(desk, f"articles/{article.key}/retire/")
        page(desk, f"articles/{article.key}/", "user", 404)
        assert "Reset your password" in page(desk, "articles/?tab=retired")
        send(desk, f"articles/{article.key}/bring-back/")
        assert "Draft" in page(desk, f"articles/{article.key}/")
        assert "Version 1" in page(desk, f"articles/{article.key}/1/")
        page(desk, f"articles/{article.key}/1/", "user", 404)

    def test_begin_with_what_a_call_says_and_nothing_of_its_user(self, desk: Desk) -> None:
        with scope.everything("logging a call for a test"):
            call = an_incident(desk, now=timezone.now())
        shown = page(desk, f"articles-new/?from={call.reference}", "analyst")
        assert call.headline in shown
        assert call.caller_email not in shown
        assert call.headline not in page(desk, "articles-new/?from=NOSUCH-1", "analyst")


def published(desk: Desk) -> Article:
    now = timezone.now()
    with scope.everything("making an article for a test"):
        draft = articles.write(by=desk.analyst, written=Written("Reset your password", "Go there."), now=now)
        return articles.publish(by=desk.manager, key=draft.key, expected=1, now=now)
