"""The performance pack: who sees what of it, what is said to it, and the calls behind its numbers."""

from datetime import date, timedelta
from typing import Any

import pytest

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused
from moothall.servicedesk.actions import packs
from moothall.servicedesk.errors.packs import (
    NoSuchPack,
    NotYourCouncil,
    PackRefused,
)
from moothall.servicedesk.models import JointFigure
from moothall.servicedesk.queries.packs import document, months, tabs
from moothall.servicedesk.queries.packs.behind import Wanted, calls_behind
from tests.makers import make_staff, make_viewer
from tests.servicedesk.committee import (
    NOW,
    OCTOBER,
    People,
    as_viewer,
    names,
    publish,
    said,
    seen,
)
from tests.servicedesk.rows import add_clock, at, make_call

pytestmark = pytest.mark.django_db


class TestWhoSeesWhat:
    def test_a_member_of_the_committee_sees_no_draft(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with pytest.raises(NoSuchPack), as_viewer(busy.member):
            document(busy.member, OCTOBER, "")
        with as_viewer(busy.member):
            assert months(busy.member, NOW) == []
        with as_viewer(busy.client):
            assert [line.month for line in months(busy.client, NOW)] == [OCTOBER]

    def test_a_member_sees_every_joint_figure_and_of_a_council_only_what_is_for_the_committee(
        self, busy: People
    ) -> None:
        publish(busy)
        assert "logged" in names(seen(busy.member))
        of_ash = names(seen(busy.member, busy.ash.council.code))
        assert "resolve_sla" in of_ash
        assert not {"logged", "calls_per_user", "supplier_sla"} & of_ash

    def test_a_client_officer_sees_more_of_the_own_council_than_of_the_other(self, busy: People) -> None:
        publish(busy)
        own, other = (names(seen(busy.client, each.council.code)) for each in (busy.ash, busy.elm))
        assert "logged" in own - other
        assert "supplier_sla" not in own
        assert "supplier_sla" in names(seen(busy.manager, busy.elm.council.code))

    def test_is_changed_by_whoever_prepares_the_pack_from_then_on(self, busy: People) -> None:
        publish(busy)
        packs.set_level(by=busy.manager, figure="resolve_sla", level="officers", now=NOW)
        assert "resolve_sla" not in names(seen(busy.client, busy.ash.council.code))
        packs.set_level(by=busy.manager, figure="resolve_sla", level="committee", now=NOW + timedelta(days=1))
        assert "resolve_sla" in names(seen(busy.member, busy.ash.council.code))
        with pytest.raises(Refused):
            packs.set_level(by=busy.client, figure="resolve_sla", level="council", now=NOW)

    def test_whoever_may_not_see_the_pack_of_a_council_has_no_page_of_it(self, busy: People) -> None:
        publish(busy)
        of_elm_only = make_viewer(make_staff(council=busy.elm.council, roles=("committee-member",)))
        with as_viewer(of_elm_only):
            assert [tab.code for tab in tabs(of_elm_only)] == ["", busy.elm.council.code]
            with pytest.raises(NoSuchPack):
                document(of_elm_only, OCTOBER, busy.ash.council.code)
        assert said(seen(of_elm_only), "came") == said(seen(busy.manager), "came")

    def test_a_resolver_sees_no_pack(self, busy: People) -> None:
        publish(busy)
        with pytest.raises(Refused), as_viewer(busy.resolver):
            document(busy.resolver, OCTOBER, "")


class TestComments:
    def test_stand_at_their_figure_and_are_kept_from_whoever_may_not_see_it(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("commenting"):
            for figure in ("logged", "resolve_sla", ""):
                packs.comment(
                    by=busy.client,
                    month=OCTOBER,
                    council_id=busy.ash.council.pk,
                    figure=figure,
                    text=f"On {figure}",
                    now=NOW,
                )
        packs.publish(by=busy.manager, month=OCTOBER, why="x", now=NOW)

        def read(viewer: Viewer) -> set[str]:
            shown = seen(viewer)
            blocks = [block for area in shown.areas for block in area.blocks]
            return {each.text for block in blocks for each in block.comments} | {
                each.text for each in shown.comments
            }

        assert read(busy.manager) == {"On logged", "On resolve_sla", "On"}
        assert read(busy.member) == {"On resolve_sla", "On"}
        assert "On resolve_sla" not in {
            each.text
            for block in seen(busy.member, busy.elm.council.code).areas[0].blocks
            for each in block.comments
        }

    def test_are_refused_empty_to_no_figure_and_for_another_council(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("commenting"):
            for figure, text in (("nonsense", "x"), ("", " "), ("supplier_sla", "x")):
                with pytest.raises(PackRefused):
                    packs.comment(
                        by=busy.client,
                        month=OCTOBER,
                        council_id=busy.ash.council.pk,
                        figure=figure,
                        text=text,
                        now=NOW,
                    )
            with pytest.raises(NotYourCouncil):
                packs.comment(
                    by=busy.client,
                    month=OCTOBER,
                    council_id=busy.elm.council.pk,
                    figure="",
                    text="x",
                    now=NOW,
                )


class TestTheCallsBehindANumber:
    def test_are_listed_for_whoever_may_see_them_and_counted_for_the_rest(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        wanted = Wanted("resolve_sla", "", "rest")
        with as_viewer(busy.manager):
            all_seen = calls_behind(busy.manager, OCTOBER, "", wanted, NOW)
        publish(busy)
        with as_viewer(busy.member):
            none_seen = calls_behind(busy.member, OCTOBER, "", wanted, NOW)
        assert all_seen.times == len(all_seen.calls) == all_seen.kept > 0
        assert (none_seen.times, none_seen.hidden, none_seen.calls) == (all_seen.times, all_seen.times, [])

    def test_say_so_if_the_pack_says_otherwise(self, busy: People) -> None:
        publish(busy)
        with scope.everything("more happens"):
            late = make_call(busy.ash, at(5), resolved=at(6))
            add_clock(late, "resolve", state="missed")
        with as_viewer(busy.manager):
            found = calls_behind(busy.manager, OCTOBER, "", Wanted("resolve_sla", "", "rest"), NOW)
        assert found.differs
        assert found.times == found.kept + 1

    def test_are_not_there_where_the_figure_is_not(self, busy: People) -> None:
        publish(busy)
        code = busy.ash.council.code
        for wanted in (Wanted("logged", "incident"), Wanted("resolve_sla", "P9"), Wanted("nps"), Wanted("x")):
            with pytest.raises(NotFound), as_viewer(busy.member):
                calls_behind(busy.member, OCTOBER, code, wanted, NOW)


class TestADifferenceInTheBacklog:
    def test_is_said_at_the_top_of_the_pack(self, busy: People) -> None:
        publish(busy)
        assert seen(busy.manager).warnings == []
        JointFigure.objects.filter(name="backlog_difference").update(value=3)
        assert "differs by +3" in seen(busy.manager).warnings[0]


class TestStatingUserAccounts:
    def test_is_dated_and_for_whoever_signs_or_prepares(self, people: People) -> None:
        with scope.everything("stating"):
            council_id = people.ash.council.pk
            given: dict[str, Any] = {
                "council_id": council_id,
                "source": "Payroll",
                "in_force_from": date(2026, 9, 1),
                "now": NOW,
            }
            packs.state_users(by=people.client, users=900, **given)
            assert packs.state_users(by=people.manager, users=950, **given).users == 950
            with pytest.raises(PackRefused):
                packs.state_users(by=people.manager, users=0, **given)
            with pytest.raises((Refused, NotFound)):
                packs.state_users(by=people.member, users=1, **given)
