"""Letters about private cases are not there for those for whom the case is not, wherever the letter lies."""

from datetime import datetime

import pytest

from moothall.messages import actions, queries
from moothall.messages.models import Received
from moothall.plain.errors import NotFound
from moothall.process.models import Case
from tests.contacts.making import an_enquiry, make_desk
from tests.messages.making import make_mailbox, make_raw, receive, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


class TestALetterAboutAPrivateCase:
    @pytest.mark.parametrize("more", ["", "Auto-Submitted: auto-replied\r\n"])
    def test_is_read_by_nobody_outside_its_circle(self, now: datetime, more: str) -> None:
        desk = make_desk()
        case = an_enquiry(desk)
        mailbox = make_mailbox(now=now, council=desk.council)
        number = send(council=desk.council, now=now, about=f"case:{case.id}").message_id
        received = receive(make_raw(more=f"{more}In-Reply-To: {number}\r\n"), mailbox=mailbox, now=now)
        assert received.state == "filed"
        assert queries.raw(desk.auditor, received.pk)
        Case.objects.update(circle="hub")
        for viewer in (desk.auditor, desk.adviser):
            with pytest.raises(NotFound):
                queries.raw(viewer, received.pk)
            with pytest.raises(NotFound):
                queries.letter(viewer, received.pk)

    def test_is_in_no_list_while_it_waits(self, now: datetime) -> None:
        desk = make_desk()
        case = an_enquiry(desk)
        kept = actions.keep(mailbox=make_mailbox(now=now, council=desk.council), raw=make_raw(), now=now)
        Received.objects.filter(pk=kept.pk).update(thread=f"case:{case.id}")
        assert len(queries.waiting(desk.adviser)) == 1
        Case.objects.update(circle="hub")
        assert queries.waiting(desk.adviser) == []
