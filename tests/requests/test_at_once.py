"""Two hands at once: the same draft sent from two windows is one request."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from moothall.councils import scope
from moothall.messages.models import Message
from moothall.process.models import Case
from moothall.requests.models import Request
from tests.requests.making import make_draft, make_town, send

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


class TestTheSameDraft:
    def test_sent_by_four_windows_at_once_is_one_request(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("The SQLite of tests is in memory, where writers cannot wait for each other.")
        with scope.everything("a test with many hands"):
            town = make_town()
            draft = make_draft(town)
        start = Barrier(4)

        def press_send(_window: int) -> str:
            try:
                with scope.only([town.council.pk]):
                    start.wait()
                    return send(town, draft).reference
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as windows:
            references = set(windows.map(press_send, range(4)))
        assert len(references) == 1
        with scope.everything("a test looks"):
            assert Request.objects.count() == Case.objects.count() == Message.objects.count() == 1
