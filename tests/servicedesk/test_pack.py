"""The performance pack: worked out, signed, published, never changed again; and who sees what of it."""

from datetime import date, timedelta

import pytest

from moothall.councils import scope
from moothall.councils.actions import add_closing_day
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.plain.errors import Refused
from moothall.servicedesk.actions import packs
from moothall.servicedesk.errors.packs import (
    NoSuchPack,
    NotEveryCouncil,
    NotSigned,
    NotYourCouncil,
    Published,
    StillToCome,
)
from moothall.servicedesk.models import Call, CouncilFigure, JointFigure, SignOff
from tests.makers import make_staff, make_viewer
from tests.servicedesk.committee import NOW, OCTOBER, People, publish, said, seen
from tests.servicedesk.rows import at, make_call

pytestmark = pytest.mark.django_db


class TestWorkingOut:
    def test_keeps_a_draft_with_every_figure_of_each_council_and_of_all(self, busy: People) -> None:
        pack = packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("to count"):
            assert JointFigure.objects.filter(pack=pack).count() > 130
            assert (
                CouncilFigure.objects.filter(pack=pack).count()
                == 2 * JointFigure.objects.filter(pack=pack).count()
            )
            assert Entry.objects.filter(what="servicedesk.pack_worked_out", about=f"pack:{pack.pk}").exists()

    def test_again_replaces_it(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        first = said(seen(busy.manager), "came")
        with scope.everything("more happens"):
            make_call(busy.ash, at(5))
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        assert int(said(seen(busy.manager), "came")) == int(first) + 1

    def test_is_refused_to_whoever_only_reads_it_and_for_a_month_to_come(self, people: People) -> None:
        with pytest.raises(Refused):
            packs.work_out(by=people.client, month=OCTOBER, now=NOW)
        with pytest.raises(StillToCome):
            packs.work_out(by=people.manager, month=OCTOBER.back(-2), now=NOW)

    def test_of_the_months_before_fills_the_trend(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        assert packs.work_out_before(by=busy.manager, month=OCTOBER, now=NOW) == 12
        assert packs.work_out_before(by=busy.manager, month=OCTOBER, now=NOW) == 0
        line = next(
            line for _, block, line in seen(busy.manager).lines() if block.definition.name == "backlog"
        )
        assert [point.month.key for point in line.trend][0::12] == ["2025-10", "2026-10"]
        assert line.trend[11].value == line.before
        assert line.trend[0].said == "0"


class TestSigningOff:
    def test_is_for_whoever_works_for_that_council(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            with pytest.raises(NotYourCouncil):
                packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.elm.council.pk, now=NOW)
            with pytest.raises(NoSuchPack):
                packs.sign_off(by=busy.member, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
        assert [(each.council, bool(each.at)) for each in seen(busy.manager).signs] == [
            ("Ash Council", True),
            ("Elm Council", False),
        ]

    def test_has_to_be_done_again_once_the_figures_of_that_council_changed(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            packs.sign_off(by=busy.client_of_elm, month=OCTOBER, council_id=busy.elm.council.pk, now=NOW)
            make_call(busy.elm, at(5))
            packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
            assert list(SignOff.objects.values_list("council__name", flat=True)) == ["Ash Council"]

    def test_can_be_taken_back_before_publication(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            council_id = busy.ash.council.pk
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=council_id, now=NOW)
            packs.take_back_sign_off(by=busy.client, month=OCTOBER, council_id=council_id, now=NOW)
            assert not SignOff.objects.exists()


class TestPublishing:
    def test_waits_for_every_council_or_says_why_not(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            with pytest.raises(NotSigned) as refused:
                packs.publish(by=busy.manager, month=OCTOBER, why=" ", now=NOW)
        assert "Elm Council" in refused.value.sentence
        assert "Ash Council" not in refused.value.sentence
        packs.publish(by=busy.manager, month=OCTOBER, why="The committee meets", now=NOW)
        assert any("The committee meets" in note for note in seen(busy.member).notes)

    def test_needs_no_reason_once_all_have_signed(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            packs.sign_off(by=busy.client_of_elm, month=OCTOBER, council_id=busy.elm.council.pk, now=NOW)
        assert packs.publish(by=busy.manager, month=OCTOBER, why="", now=NOW).unsigned_why == ""

    def test_is_refused_before_the_month_is_over(self, people: People) -> None:
        packs.work_out(by=people.manager, month=OCTOBER, now=at(20))
        with pytest.raises(StillToCome):
            packs.publish(by=people.manager, month=OCTOBER, why="x", now=at(20))

    def test_is_refused_to_whoever_prepares_one_council_only(self, people: People) -> None:
        packs.work_out(by=people.manager, month=OCTOBER, now=NOW)
        one = make_viewer(make_staff(council=people.ash.council, roles=("desk-manager",)))
        with pytest.raises(NotEveryCouncil):
            packs.publish(by=one, month=OCTOBER, why="x", now=NOW)

    def test_freezes_it(self, busy: People) -> None:
        publish(busy)
        for act in (
            lambda: packs.work_out(by=busy.manager, month=OCTOBER, now=NOW),
            lambda: packs.publish(by=busy.manager, month=OCTOBER, why="x", now=NOW),
            lambda: packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW),
        ):
            with scope.everything("trying"), pytest.raises(Published):
                act()

    def test_makes_it_stand_whatever_is_put_right_later(self, busy: People) -> None:
        publish(busy)
        before = {(b.definition.name, line.key): line.said for _, b, line in seen(busy.manager).lines()}
        with scope.everything("history is put right"):
            Call.objects.filter(kind="incident").update(priority=1)
            add_closing_day(
                by=Viewer.system(), council=busy.ash.council, day=date(2026, 10, 14), reason="Flood", now=NOW
            )
            call = Call.objects.filter(resolved_at__gte=OCTOBER.start, resolved_at__lt=OCTOBER.end).first()
            assert call is not None
            call.case.clocks.update(state="missed")
            Call.objects.filter(pk=call.pk).update(
                resolved_at=None,
                open=True,
                reopened=1,
                reopened_at=NOW + timedelta(days=1),
                changed_at=NOW + timedelta(days=1),
            )
        after = {(b.definition.name, line.key): line.said for _, b, line in seen(busy.manager).lines()}
        assert after == before
        later = NOW + timedelta(days=2)
        assert packs.compare(by=busy.manager, month=OCTOBER, now=later) > 5
        shown = seen(busy.manager)
        assert {(b.definition.name, line.key): line.said for _, b, line in shown.lines()} == before
        restated = {each.title: each for each in shown.restated}
        assert restated["Resolved within target"].published != restated["Resolved within target"].now
        assert "1 call was reopened" in restated["Resolved within target"].why

    def test_compared_at_once_finds_nothing(self, busy: People) -> None:
        publish(busy)
        assert packs.compare(by=busy.manager, month=OCTOBER, now=NOW) == 0
