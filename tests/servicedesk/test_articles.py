"""Articles: written by one, published by another, found by what people type, and looked at again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused
from moothall.servicedesk.actions import articles as actions
from moothall.servicedesk.actions.articles import Written
from moothall.servicedesk.models import Article, ArticleVersion, ArticleWord
from moothall.servicedesk.queries import articles as queries
from moothall.servicedesk.rules import articles as rules
from moothall.servicedesk.rules.article_markup import html_of
from moothall.servicedesk.rules.articles import ArticleChanged, NothingToPublish, OwnArticle
from tests.makers import make_council, make_staff, make_viewer
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
BODY = "Go to the sign-in page.\n\n- Choose “Forgotten password”\n- Type your work email address"


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=("ict-incident",))


def written(title: str = "Reset your password", **facts: Any) -> Written:
    return Written(title=title, body=facts.pop("body", BODY), **facts)


def an_article(desk: Desk, title: str = "Reset your password", **facts: Any) -> Article:
    """Write an article as the analyst and publish it as the manager."""
    draft = actions.write(by=desk.analyst, written=written(title, **facts), now=NOW)
    return actions.publish(by=desk.manager, key=draft.key, expected=draft.revision, now=NOW)


def titles(found: list[Article]) -> list[str]:
    return [each.title for each in found]


class TestPublishing:
    def test_takes_somebody_who_did_not_write_it_last(self, desk: Desk) -> None:
        draft = actions.write(by=desk.manager, written=written(), now=NOW)
        with pytest.raises(OwnArticle):
            actions.publish(by=desk.manager, key=draft.key, expected=draft.revision, now=NOW)
        changed = actions.change(
            by=desk.analyst, key=draft.key, written=written(), expected=draft.revision, now=NOW
        )
        done = actions.publish(by=desk.manager, key=draft.key, expected=changed.revision, now=NOW)
        assert (done.state, done.version) == (Article.State.PUBLISHED, 1)

    def test_takes_the_permission(self, desk: Desk) -> None:
        draft = actions.write(by=desk.analyst, written=written(), now=NOW)
        with pytest.raises(Refused):
            actions.publish(by=desk.colleague, key=draft.key, expected=draft.revision, now=NOW)

    def test_says_when_to_look_at_it_again(self, desk: Desk) -> None:
        assert an_article(desk).review_on == date(2027, 11, 23)

    def test_of_a_change_leaves_readers_the_old_words_until_then(self, desk: Desk) -> None:
        article = an_article(desk)
        changed = actions.change(
            by=desk.analyst,
            key=article.key,
            written=written("Change your password", body="New words"),
            expected=article.revision,
            now=NOW,
        )
        assert queries.article_seen(desk.user, article.key).title == "Reset your password"
        again = actions.publish(by=desk.manager, key=article.key, expected=changed.revision, now=NOW)
        assert (again.title, again.version, again.change) == ("Change your password", 2, None)
        kept = ArticleVersion.objects.filter(article=article).values_list("number", "title")
        assert list(kept) == [(2, "Change your password"), (1, "Reset your password")]

    def test_of_nothing_new_is_refused(self, desk: Desk) -> None:
        article = an_article(desk)
        with pytest.raises(NothingToPublish):
            actions.publish(by=desk.manager, key=article.key, expected=article.revision, now=NOW)

    def test_of_what_somebody_changed_meanwhile_is_refused(self, desk: Desk) -> None:
        draft = actions.write(by=desk.analyst, written=written(), now=NOW)
        actions.change(by=desk.analyst, key=draft.key, written=written("Else"), expected=1, now=NOW)
        with pytest.raises(ArticleChanged):
            actions.publish(by=desk.manager, key=draft.key, expected=1, now=NOW)

    def test_a_wider_audience_waits_for_a_second_pair_of_eyes_as_well(self, desk: Desk) -> None:
        article = an_article(desk, audience=Article.Audience.DESK)
        actions.change(
            by=desk.analyst, key=article.key, written=written(), expected=article.revision, now=NOW
        )
        with pytest.raises(NotFound):
            queries.article_seen(desk.user, article.key)


class TestWhoAnArticleIsThereFor:
    def test_a_draft_is_there_for_writers_only(self, desk: Desk) -> None:
        draft = actions.write(by=desk.analyst, written=written(), now=NOW)
        assert queries.article_seen(desk.colleague, draft.key) == draft
        for other in (desk.user, desk.client):
            with pytest.raises(NotFound):
                queries.article_seen(other, draft.key)

    def test_what_is_for_the_desk_is_not_there_for_users(self, desk: Desk) -> None:
        article = an_article(desk, audience=Article.Audience.DESK)
        assert queries.article_seen(desk.engineer, article.key) == article
        with pytest.raises(NotFound):
            queries.article_seen(desk.user, article.key)

    def test_what_is_for_one_council_is_not_there_for_users_of_another(self, desk: Desk) -> None:
        article = an_article(desk, council_ids=[desk.ash.pk])
        assert queries.article_seen(desk.user, article.key) == article
        with pytest.raises(NotFound):
            queries.article_seen(desk.elm_user, article.key)

    def test_what_is_for_a_council_can_only_be_changed_by_those_who_write_there(self, desk: Desk) -> None:
        far = make_council()
        stranger = make_viewer(make_staff(council=far, roles=("desk-manager",)))
        article = an_article(desk, council_ids=[desk.ash.pk])
        with pytest.raises(NotFound):
            actions.retire(by=stranger, key=article.key, now=NOW)
        with pytest.raises(Refused):
            actions.write(by=stranger, written=written(council_ids=[desk.ash.pk]), now=NOW)

    def test_nobody_outside_the_staff_sees_any(self, desk: Desk) -> None:
        an_article(desk)
        assert queries.found(Viewer.anonymous(desk.ash.pk), "password") == []


class TestFindingArticles:
    def test_by_a_word_its_beginning_and_its_plural(self, desk: Desk) -> None:
        an_article(desk)
        for asked in ("password", "PASSW", "passwords", "pässword"):
            assert titles(queries.found(desk.user, asked)) == ["Reset your password"], asked

    def test_by_a_word_that_was_typed_wrongly(self, desk: Desk) -> None:
        an_article(desk)
        assert titles(queries.found(desk.user, "pasword")) == ["Reset your password"]
        assert queries.found(desk.user, "xylophone") == []

    def test_puts_first_what_has_it_in_the_title(self, desk: Desk) -> None:
        an_article(desk, "Work from home", body="You need the VPN and your password.")
        an_article(desk, "VPN does not connect", body="Restart the laptop.")
        assert titles(queries.found(desk.user, "vpn")) == ["VPN does not connect", "Work from home"]

    def test_wants_all_words_where_something_has_them_all(self, desk: Desk) -> None:
        an_article(desk, "Printer is jammed", body="Open the tray.")
        an_article(desk, "Printer is offline", body="Restart the spooler.")
        assert titles(queries.found(desk.user, "printer spooler")) == ["Printer is offline"]

    def test_by_the_words_that_users_say_for_it(self, desk: Desk) -> None:
        an_article(desk, search_words="locked out, log in")
        assert titles(queries.found(desk.user, "I am locked out")) == ["Reset your password"]

    def test_finds_neither_drafts_nor_what_is_retired(self, desk: Desk) -> None:
        actions.write(by=desk.analyst, written=written("A draft password"), now=NOW)
        article = an_article(desk)
        actions.retire(by=desk.manager, key=article.key, now=NOW)
        assert queries.found(desk.analyst, "password") == []
        assert not ArticleWord.objects.exists()

    def test_asks_the_database_no_more_often_however_many_there_are(self, desk: Desk) -> None:
        for number in range(5):
            an_article(desk, f"Password of system {number}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(queries.found(desk.user, "password system")) == 5
        assert len(asked) == 2


class TestSuggesting:
    def test_names_what_fits_a_call(self, desk: Desk) -> None:
        an_article(desk, "Outlook does not open", body="Start it with the safe mode.")
        an_article(desk, "Book a meeting room", body="In the calendar.")
        call = an_incident(desk, summary="Outlook does not open any more")
        assert titles(queries.suggested(desk.analyst, call)) == ["Outlook does not open"]

    def test_names_what_is_about_the_system_of_the_call(self, desk: Desk) -> None:
        item = make_item(name="Care records")
        an_article(desk, "When it is slow", body="Wait.", item_id=item.pk)
        call = an_incident(desk, summary="Something odd", item_id=item.pk)
        assert titles(queries.suggested(desk.analyst, call)) == ["When it is slow"]

    def test_names_nothing_where_nothing_fits(self, desk: Desk) -> None:
        an_article(desk)
        assert queries.suggested(desk.user, "The lift is stuck") == []


class TestVoting:
    def test_counts_each_person_once(self, desk: Desk) -> None:
        article = an_article(desk)
        for helped in (True, False):
            actions.vote(by=desk.user, key=article.key, helped=helped, now=NOW)
        actions.vote(by=desk.elm_user, key=article.key, helped=True, now=NOW)
        article.refresh_from_db()
        assert (article.helped, article.not_helped) == (1, 1)
        assert queries.vote_of(desk.user, article) is False

    def test_is_not_there_for_whom_the_article_is_not(self, desk: Desk) -> None:
        article = an_article(desk, audience=Article.Audience.DESK)
        with pytest.raises(NotFound):
            actions.vote(by=desk.user, key=article.key, helped=True, now=NOW)


class TestLookingAgain:
    def test_lists_what_is_due_and_takes_it_off_when_somebody_looked(self, desk: Desk) -> None:
        article = an_article(desk)
        assert list(queries.due(desk.manager, NOW.date())) == []
        late = NOW + timedelta(days=350)
        assert list(queries.due(desk.manager, late.date())) == [article]
        actions.looked_at(by=desk.manager, key=article.key, review_on=None, now=late)
        assert list(queries.due(desk.manager, late.date())) == []


class TestWhatAnArticleClosed:
    def test_is_counted_for_those_who_may_see_the_calls(self, desk: Desk) -> None:
        article = an_article(desk)
        call = an_incident(desk)
        type(call).objects.filter(pk=call.pk).update(article=article)
        assert queries.closed_by(desk.analyst, article).total == 1
        assert queries.closed_by(desk.user, article).total == 0


class TestTheMarkup:
    @pytest.mark.parametrize(
        "evil",
        [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,x)",
            "[x](//evil.example)",
            '[x](https://a.example/"onmouseover="x)',
            "[<img src=x>](https://a.example)",
            "## <b>bold</b>",
            "- <i>x</i>",
            "https://a.example/<script>",
        ],
    )
    def test_lets_nothing_through_but_its_own(self, evil: str) -> None:
        made = html_of(evil)
        for tag in (
            "<script",
            "<img",
            "<b>",
            "<i>",
            'javascript:alert(1)"',
            'href="data',
            'href="//',
            '"onmouse',
        ):
            assert tag not in made.replace("&lt;", "(")

    def test_makes_lists_headings_links_and_lines(self) -> None:
        made = html_of(
            "## First\nOne\nTwo\n\n1. Open [it](/work/desk/)\n2. See https://a.example/b.\n   and go on"
        )
        assert made == (
            '<h2 class="govuk-heading-m">First</h2>\n'
            '<p class="govuk-body">One<br>Two</p>\n'
            '<ol class="govuk-list govuk-list--number">'
            '<li>Open <a class="govuk-link" rel="noreferrer" href="/work/desk/">it</a></li>'
            '<li>See <a class="govuk-link" rel="noreferrer" href="https://a.example/b">https://a.example/b</a>.'
            " and go on</li></ol>"
        )


class TestTheWords:
    def test_that_begin_alike_are_one_range(self) -> None:
        for prefix in ("a", "az", "pri", "p9", "9"):
            end = rules.after(prefix)
            for word in (prefix, prefix + "zzz", prefix + "0"):
                assert prefix <= word < end
