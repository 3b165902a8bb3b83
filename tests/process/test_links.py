"""Cases that somebody says belong together: in both histories, for whoever may see both."""

import pytest

from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, queries, store
from moothall.process.actions import keeping, linking
from moothall.process.engine.state import CaseState
from moothall.process.errors import CaseChanged, NotLinked
from moothall.process.models import Event, Link
from tests.process.hub import Hub, act, handed_over, heard, make_hub, ordinary, report
from tests.process.making import MONDAY, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def hub() -> Hub:
    publish_repair()
    return make_hub()


def link(
    hub: Hub, case: CaseState, other: CaseState, kind: str = "related", who: str = "outsider"
) -> CaseState:
    return actions.link(by=hub.named(who), case_id=case.id, other=other.reference, kind=kind, now=MONDAY)


def unlink(
    hub: Hub, case: CaseState, other: CaseState, kind: str = "related", who: str = "outsider"
) -> CaseState:
    return actions.unlink(by=hub.named(who), case_id=case.id, other=other.reference, kind=kind, now=MONDAY)


def links(hub: Hub, case: CaseState, who: str = "outsider") -> list[tuple[str, str]]:
    file = queries.case_file(hub.named(who), case.reference, MONDAY)
    return [(each.words, each.title) for each in file.links]


def said(hub: Hub, case: CaseState, who: str = "outsider") -> list[str]:
    return [line.sentence for line in queries.case_file(hub.named(who), case.reference, MONDAY).history][:1]


class TestALink:
    @pytest.mark.parametrize(("kind", "words"), [("related", "Related"), ("duplicate", "The same as")])
    def test_is_seen_from_both_cases(self, hub: Hub, kind: str, words: str) -> None:
        one, other = ordinary(hub), ordinary(hub)
        link(hub, one, other, kind)
        assert links(hub, one) == [(words, other.reference)]
        assert links(hub, other) == [(words, one.reference)]

    def test_stands_in_both_histories_and_in_both_records(self, hub: Hub) -> None:
        one, other = ordinary(hub), ordinary(hub)
        link(hub, other, one)
        assert said(hub, one) == [f"Related to: {other.reference}"]
        assert said(hub, other) == [f"Related to: {one.reference}"]

    def test_made_twice_or_the_other_way_round_is_one(self, hub: Hub) -> None:
        one, other = ordinary(hub), ordinary(hub)
        link(hub, one, other)
        seq = link(hub, one, other).seq
        assert link(hub, other, one).seq == store.load(other.id).seq  # type: ignore[union-attr]
        assert (Link.objects.count(), store.load(one.id).seq) == (1, seq)  # type: ignore[union-attr]

    def test_finds_a_reference_in_any_writing(self, hub: Hub) -> None:
        one, other = ordinary(hub), ordinary(hub)
        written = f" {other.reference.lower().replace('-', ' ')} "
        actions.link(by=hub.outsider, case_id=one.id, other=written, kind="related", now=MONDAY)
        assert Link.objects.get().other_id == other.id

    def test_makes_nobody_elses_page_old(self, hub: Hub) -> None:
        one, other = ordinary(hub), ordinary(hub)
        seen = one.seq
        link(hub, one, other)
        after = actions.act(
            by=hub.outsider, case_id=one.id, step="check", expected=seen, now=MONDAY, outcome="go"
        )  # fmt: skip
        assert after.steps["check"].state == "done"

    def test_is_taken_back_from_either_side(self, hub: Hub) -> None:
        one, other = ordinary(hub), ordinary(hub)
        link(hub, one, other)
        unlink(hub, other, one)
        assert (links(hub, one), links(hub, other)) == ([], [])
        assert said(hub, one) == [f"No longer linked to {other.reference}"]
        seq = unlink(hub, other, one).seq
        assert seq == store.load(other.id).seq  # type: ignore[union-attr]

    @pytest.mark.parametrize("kind", ["child", "opened", "friends"])
    def test_of_the_process_is_not_made_or_taken_back_by_hand(self, hub: Hub, kind: str) -> None:
        case = handed_over(hub)
        act(hub.family, case, "step_down", "accepted")
        child = queries.search(hub.family, "Xanthippe")[0]
        for change in (actions.link, actions.unlink):
            with pytest.raises(NotLinked):
                change(by=hub.owner, case_id=case.id, other=child.reference, kind=kind, now=MONDAY)
        assert Link.objects.count() == 1

    def test_joins_no_case_with_itself(self, hub: Hub) -> None:
        one = ordinary(hub)
        with pytest.raises(NotLinked, match="the case itself"):
            link(hub, one, one)

    @pytest.mark.parametrize("reference", ["", "nonsense", "AAA-0000-0000"])
    def test_wants_a_case_that_is_there(self, hub: Hub, reference: str) -> None:
        one = ordinary(hub)
        with pytest.raises(NotLinked, match="cannot find"):
            actions.link(by=hub.outsider, case_id=one.id, other=reference, kind="related", now=MONDAY)

    def test_is_refused_on_an_old_page_only_if_somebody_decided_something(self, hub: Hub) -> None:
        one, other = ordinary(hub), ordinary(hub)
        seen = one.seq
        act(hub.outsider, one, "check", "go")
        with pytest.raises(CaseChanged):
            actions.link(
                by=hub.outsider,
                case_id=one.id,
                other=other.reference,
                kind="related",
                now=MONDAY,
                expected=seen,
            )

    def test_is_tried_anew_when_somebody_changes_a_case_meanwhile(
        self, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = ordinary(hub), ordinary(hub)
        once, refusals = keeping.keep, [1, 1]

        def overtaken(case: CaseState, *given: object, **more: object) -> CaseState:
            if refusals:
                refusals.pop()
                raise CaseChanged(reference=case.reference)
            return once(case, *given, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(linking, "keep", overtaken)
        link(hub, one, other)
        assert Link.objects.count() == 1
        assert Event.objects.filter(kind="linked").count() == 2


class TestALinkToWhatSomebodyMayNotSee:
    def test_is_not_made(self, hub: Hub) -> None:
        ours, theirs = ordinary(hub), heard(hub)
        with pytest.raises(NotLinked, match="cannot find"):
            link(hub, ours, theirs)
        with pytest.raises(NotFound):
            link(hub, theirs, ours)
        assert not Link.objects.exists()

    def test_is_not_made_by_whoever_sees_only_a_part(self, hub: Hub) -> None:
        ours, theirs = ordinary(hub), heard(hub)
        with pytest.raises(Refused):
            link(hub, ours, theirs, who="school")
        with pytest.raises(Refused):
            link(hub, theirs, ours, who="school")

    def test_does_not_name_the_other_case(self, hub: Hub) -> None:
        ours, theirs = ordinary(hub), report(hub)
        link(hub, theirs, ours, who="guard")
        assert links(hub, ours, "guard") == [("Related", theirs.reference)]
        assert links(hub, ours) == [("Related", "a case you may not see")]
        assert said(hub, ours) == ["Related to: a case you may not see"]

    def test_is_not_told_to_whoever_sees_a_part_of_the_first(self, hub: Hub) -> None:
        ours, theirs, more = ordinary(hub), heard(hub), report(hub)
        link(hub, theirs, ours, who="guard")
        link(hub, theirs, more, who="guard")
        assert links(hub, theirs, "school") == [("Related", more.reference), ("Related", ours.reference)]
        file = queries.case_file(hub.school, theirs.reference, MONDAY)
        assert [each.headline for each in file.links] == ["", ours.headline]
