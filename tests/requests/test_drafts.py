"""Answers under way: kept, returned to, thrown away."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moothall.messages.models import Message
from moothall.process.errors import AnswersRefused
from moothall.process.files import Kept, keep
from moothall.process.models import Attachment, ProcessVersion
from moothall.requests import actions, queries, tokens
from moothall.requests.errors import ContactRefused, DraftGone, NoSuchService, ServiceClosed, TooManyLinks
from moothall.requests.models import Draft
from tests.makers import make_user
from tests.requests.making import BIN, MONDAY, Town, make_draft, make_town, publish, resident, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def town() -> Town:
    return make_town()


def answer(town: Town, key: str, value: object, draft: Draft | None = None) -> Draft:
    return actions.answer(
        by=town.visitor,
        council=town.council,
        service="missed-bin",
        draft_id=draft.pk if draft else None,
        key=key,
        value=value,
        now=MONDAY,
    )


class TestAnAnswer:
    def test_begins_a_draft_of_the_newest_version(self, town: Town) -> None:
        draft = answer(town, "address", BIN["address"])
        assert draft.version_id == publish("missed-bin")
        assert draft.answers == {"address": BIN["address"]}
        assert draft.expires_at == MONDAY + timedelta(days=28)

    def test_is_refused_in_words_and_not_kept(self, town: Town) -> None:
        with pytest.raises(AnswersRefused) as caught:
            answer(town, "address", {"line1": "12 High Street"})
        assert "town" in caught.value.fields["address"][0]
        assert not Draft.objects.exists()

    def test_cannot_jump_the_queue(self, town: Town) -> None:
        with pytest.raises(NoSuchService):
            answer(town, "put_out", "yes")

    def test_survives_while_a_change_of_mind_hides_it(self, town: Town) -> None:
        draft = make_draft(town, answers={"address": BIN["address"], "bin": "garden"}, contact=None)
        draft = answer(town, "bin", "refuse", answer(town, "collection_day", "2026-11-23", draft))
        assert draft.answers["bin"] == "refuse"
        assert draft.answers["collection_day"] == "2026-11-23"

    def test_leaves_another_councils_draft_alone(self, town: Town) -> None:
        other = make_town()
        theirs = answer(other, "address", BIN["address"])
        mine = answer(town, "address", BIN["address"], theirs)
        assert mine.pk != theirs.pk
        assert mine.council_id == town.council.pk

    def test_is_not_taken_when_the_council_has_closed_the_service(self, town: Town) -> None:
        actions.switch_service(
            by=town.administrator,
            council=town.council,
            service="missed-bin",
            is_open=False,
            words="Crews are on strike.",
            now=MONDAY,
        )
        with pytest.raises(ServiceClosed, match="strike"):
            answer(town, "address", BIN["address"])

    def test_of_somebody_signed_in_is_found_again(self, town: Town) -> None:
        me = resident(make_user(), town.council)
        draft = make_draft(town, by=me)
        assert [each.pk for each in queries.unfinished(me, town.council, MONDAY)] == [draft.pk]
        stranger = resident(make_user(), town.council)
        assert queries.unfinished(stranger, town.council, MONDAY) == []


class TestANewVersion:
    def test_leaves_a_draft_with_the_version_it_was_begun_with(self, town: Town) -> None:
        draft = make_draft(town)
        before = draft.version_id
        newer = ProcessVersion.objects.get(pk=before)
        body = newer.body.replace("Which bin was missed?", "Which bin?")
        ProcessVersion.objects.create(
            key=newer.key,
            number=2,
            title=newer.title,
            sha256="0" * 64,
            body=body,
            source="",
            published_at=MONDAY,
            published_by="",
        )
        sent = send(town, draft)
        assert sent.request.case.version_id == before


class TestTheLinkBack:
    def send_link(self, town: Town, draft: Draft, email: str = "sam@example.org") -> Draft:
        return actions.send_return_link(
            by=town.visitor,
            council=town.council,
            service="missed-bin",
            draft_id=draft.pk,
            email=email,
            now=MONDAY,
        )

    def test_opens_the_draft_and_no_other(self, town: Town) -> None:
        draft = self.send_link(town, make_draft(town))
        token = tokens.opened(draft.token_sealed)
        assert token in Message.objects.get().body
        assert queries.draft_returned_to(town.visitor, town.council, token, MONDAY).pk == draft.pk
        with pytest.raises(DraftGone):
            queries.draft_returned_to(town.visitor, make_town().council, token, MONDAY)

    def test_is_kept_only_as_a_digest_and_sealed(self, town: Town) -> None:
        draft = make_draft(town)
        raw = tokens.opened(draft.token_sealed)
        assert raw
        assert raw not in f"{draft.token_digest} {draft.token_sealed}"

    def test_is_sent_a_few_times_and_no_more(self, town: Town) -> None:
        draft = make_draft(town)
        for _ in range(5):
            self.send_link(town, draft)
        with pytest.raises(TooManyLinks):
            self.send_link(town, draft)
        assert Message.objects.count() == 5

    def test_goes_only_to_an_address(self, town: Town) -> None:
        with pytest.raises(ContactRefused):
            self.send_link(town, make_draft(town), "nowhere")

    def test_ends_after_28_days(self, town: Town) -> None:
        token = tokens.opened(make_draft(town).token_sealed)
        with pytest.raises(DraftGone):
            queries.draft_returned_to(town.visitor, town.council, token, MONDAY + timedelta(days=28))


class TestOldDrafts:
    def test_are_deleted_and_younger_ones_kept(self, town: Town) -> None:
        old, young = make_draft(town), make_draft(town)
        Draft.objects.filter(pk=old.pk).update(expires_at=MONDAY)
        assert actions.forget_old(MONDAY) == 1
        assert [each.pk for each in Draft.objects.all()] == [young.pk]

    def test_that_were_sent_leave_the_request_behind(self, town: Town) -> None:
        sent = send(town, make_draft(town))
        actions.forget_old(MONDAY + timedelta(days=40))
        assert type(sent.request).objects.filter(pk=sent.request.pk).exists()

    def test_are_put_away_by_their_owner(self, town: Town) -> None:
        draft = make_draft(town)
        actions.put_away(council=town.council, service="missed-bin", draft_id=draft.pk)
        assert not Draft.objects.exists()


class TestFilesNobodyWants:
    def kept(self, town: Town, settings: Any, tmp_path: Path) -> tuple[Draft, Path]:
        settings.FILES_ROOT = tmp_path
        upload = SimpleUploadedFile("note.txt", b"where the bin is")
        file = keep(upload, limit=1000)
        draft = actions.answer(
            by=town.visitor,
            council=town.council,
            service="missed-bin",
            draft_id=make_draft(town).pk,
            key="photo",
            value=[{"id": file.sha256, "name": file.name}],
            files=[file],
            now=MONDAY,
        )
        path = tmp_path / file.sha256[:2] / file.sha256
        os.utime(path, (0, 0))
        return draft, path

    def test_go_with_their_draft(
        self, town: Town, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        draft, path = self.kept(town, settings, tmp_path)
        with django_capture_on_commit_callbacks(execute=True):
            actions.put_away(council=town.council, service="missed-bin", draft_id=draft.pk)
        assert not path.exists()

    def test_stay_while_a_case_has_them(
        self, town: Town, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        draft, path = self.kept(town, settings, tmp_path)
        with django_capture_on_commit_callbacks(execute=True):
            send(town, draft)
            actions.forget_old(MONDAY + timedelta(days=40))
        assert path.exists()

    def test_stay_for_a_day(
        self, town: Town, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        draft, path = self.kept(town, settings, tmp_path)
        path.touch()
        with django_capture_on_commit_callbacks(execute=True):
            actions.put_away(council=town.council, service="missed-bin", draft_id=draft.pk)
        assert path.exists()


class TestFilesOfADraft:
    def test_come_along_when_it_is_sent(self, town: Town) -> None:
        draft = make_draft(town, answers={key: BIN[key] for key in BIN if key != "photo"})
        kept = Kept(sha256="a" * 64, name="bin.jpg", content_type="image/jpeg", size=10)
        draft = actions.answer(
            by=town.visitor,
            council=town.council,
            service="missed-bin",
            draft_id=draft.pk,
            key="photo",
            value=[{"id": kept.sha256, "name": kept.name}],
            files=[kept],
            now=MONDAY,
        )
        case_id = send(town, draft).request.case_id
        found = Attachment.objects.get(case_id=case_id)
        assert (found.sha256, found.name, found.field) == (kept.sha256, kept.name, "photo")

    def test_are_not_taken_on_a_name_that_was_never_kept_here(self, town: Town) -> None:
        draft = make_draft(town, answers={**BIN, "photo": [{"id": "b" * 64, "name": "x.jpg"}]})
        case_id = send(town, draft).request.case_id
        assert not Attachment.objects.filter(case_id=case_id).exists()
