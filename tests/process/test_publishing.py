"""Publishing: numbered versions, overlays laid over them again, drafts, and two people where that is wanted."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, queries, store
from moothall.process.definition import Definition
from moothall.process.errors import (
    DraftChanged,
    DraftOvertaken,
    NeedsSomebodyElse,
    NoOverlay,
    NoSuchDraft,
    NoSuchProcess,
    NotAName,
    NotProposed,
    OneAlone,
    OverlayDoesNotFit,
)
from moothall.process.language import NotSound, read
from moothall.process.models import Case, ProcessDraft, ProcessVersion
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.process.making import MONDAY, REPAIR, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = MONDAY + timedelta(hours=1)
SYSTEM = Viewer.system()


def overlay(council: Council, rest: str = "clocks: {fix: {within: 1 working day}}\n") -> str:
    return f"overlay: repair\ncouncil: {council.code}\n{rest}"


def publish(source: str, now: Any = LATER) -> ProcessVersion:
    reading = read(source)
    assert reading.definition is not None, reading.mistakes
    return actions.publish(by=SYSTEM, definition=reading.definition, source=source, now=now)


def of(council_id: int | None = None) -> Definition:
    return store.definition_of(queries.newest_version("repair", council_id))


def designer(council: Council) -> Viewer:
    return make_viewer(make_staff(council=council, roles=("service-designer",)))


class TestAnOverlay:
    def test_is_followed_by_new_cases_of_its_council_only(self) -> None:
        publish_repair()
        ashby, other = make_council(), make_council()
        version = actions.publish_overlay(by=SYSTEM, source=overlay(ashby), now=LATER)
        assert (version.council, version.base and version.base.number, version.number) == (ashby, 1, 1)
        assert str(of(ashby.pk).clocks["fix"].within) == "1 working day"
        assert str(of(other.pk).clocks["fix"].within) == str(of().clocks["fix"].within) == "2 working days"
        case = actions.start_case(by=SYSTEM, council=ashby, process="repair", now=LATER)
        assert Case.objects.get(pk=case.id).version_id == version.pk
        assert queries.newest_versions(ashby.pk)["repair"][0] == version.pk
        assert queries.newest_versions()["repair"][0] != version.pk

    def test_is_the_same_version_twice_and_another_when_it_changes(self) -> None:
        publish_repair()
        ashby = make_council()
        first = actions.publish_overlay(by=SYSTEM, source=overlay(ashby), now=LATER)
        assert actions.publish_overlay(by=SYSTEM, source=overlay(ashby), now=LATER) == first
        second = actions.publish_overlay(
            by=SYSTEM, source=overlay(ashby, "words: {title: Mend}\n"), now=LATER
        )
        assert (second.number, of(ashby.pk).title) == (2, "Mend")

    def test_is_laid_over_every_new_version(self) -> None:
        publish_repair()
        ashby = make_council()
        actions.publish_overlay(by=SYSTEM, source=overlay(ashby), now=LATER)
        base = publish(REPAIR.replace("title: Report,", "title: Tell us,"))
        own = queries.overlay_of("repair", ashby)
        assert own is not None
        assert own.base == base
        made = of(ashby.pk)
        assert (made.steps["report"].title, str(made.clocks["fix"].within)) == ("Tell us", "1 working day")

    def test_that_does_not_fit_stops_the_whole_publication(self) -> None:
        publish_repair()
        ashby, brook = make_council(name="Ashby"), make_council(name="Brook")
        actions.publish_overlay(by=SYSTEM, source=overlay(ashby, "words: {title: Mend}\n"), now=LATER)
        actions.publish_overlay(by=SYSTEM, source=overlay(brook), now=LATER)
        rows = ProcessVersion.objects.count()
        with pytest.raises(OverlayDoesNotFit, match=r"Brook.*no clock “fix”\. Did you mean “fixed”"):
            publish(REPAIR.replace("\n  fix: {title: Repaired", "\n  fixed: {title: Repaired"))
        assert ProcessVersion.objects.count() == rows
        assert of().clocks.keys() == {"fix"}

    def test_can_be_removed_and_come_again(self) -> None:
        publish_repair()
        ashby = make_council()
        actions.publish_overlay(by=SYSTEM, source=overlay(ashby), now=LATER)
        assert queries.overlaid() == {"repair": 1}
        actions.remove_overlay(by=SYSTEM, key="repair", council=ashby, now=LATER)
        assert of(ashby.pk) == of()
        assert (queries.overlays("repair"), queries.overlaid()) == ([], {})
        with pytest.raises(NoOverlay):
            actions.remove_overlay(by=SYSTEM, key="repair", council=ashby, now=LATER)
        publish(REPAIR.replace("title: Report,", "title: Tell us,"))
        assert of(ashby.pk).steps["report"].title == "Tell us"
        actions.publish_overlay(by=SYSTEM, source=overlay(ashby), now=LATER)
        assert str(of(ashby.pk).clocks["fix"].within) == "1 working day"

    def test_with_mistakes_is_refused_with_its_lines(self) -> None:
        publish_repair()
        ashby = make_council()
        with pytest.raises(NotSound, match=r"overlay.yaml:3: clocks.fit"):
            actions.publish_overlay(
                by=SYSTEM, source=overlay(ashby, "clocks: {fit: {within: 1 day}}\n"), now=LATER
            )
        with pytest.raises(NotFound, match="nowhere"):
            actions.publish_overlay(by=SYSTEM, source="overlay: repair\ncouncil: nowhere\n", now=LATER)

    def test_is_published_by_a_designer_of_that_council_alone(self) -> None:
        publish_repair()
        ashby, other = make_council(), make_council()
        with pytest.raises(NotFound):
            actions.publish_overlay(by=designer(other), source=overlay(ashby), now=LATER)
        officer = make_viewer(make_staff(council=ashby, roles=("supervisor",)))
        with pytest.raises((NotFound, Refused)):
            actions.publish_overlay(by=officer, source=overlay(ashby), now=LATER)
        actions.publish_overlay(by=designer(ashby), source=overlay(ashby), now=LATER)
        entry = Entry.objects.get(what="process.overlay_published")
        assert entry.council_id == ashby.pk
        assert "2 working days becomes 1 working day" in str(entry.facts)


class TestThePublication:
    def test_says_in_the_journal_what_it_changed(self) -> None:
        publish_repair()
        publish(REPAIR.replace("within: 2 working days", "within: 1 working day"))
        entry = Entry.objects.filter(what="process.published").order_by("-id").first()
        assert entry is not None
        assert "The clock “Repaired”: 2 working days becomes 1 working day." in str(entry.facts)


class TestADraft:
    def test_keeps_even_a_text_with_mistakes_and_counts_its_saves(self) -> None:
        me = designer(make_council())
        first = actions.save_draft(
            by=me, key="repair", council=None, source="process: [", expected=None, now=MONDAY
        )
        assert (first.seq, first.source, first.saved_by_id) == (1, "process: [", me.actor.user_id)
        again = actions.save_draft(by=me, key="repair", council=None, source=REPAIR, expected=1, now=LATER)
        assert (again.seq, again.source, again.saved_at) == (2, REPAIR, LATER)
        assert not queries.drafted(first).sound
        with pytest.raises(NotSound):
            actions.save_draft(by=me, key="repair", council=None, source="x" * 300_000, expected=2, now=LATER)

    def test_has_a_name_and_an_overlay_something_to_lie_over(self) -> None:
        ashby = make_council()
        for key in ("Repair", "re pair", "", "x" * 61, "repair/../x"):
            with pytest.raises(NotAName):
                actions.save_draft(
                    by=designer(ashby), key=key, council=None, source="", expected=None, now=LATER
                )
        with pytest.raises(NoSuchProcess):
            actions.save_draft(
                by=designer(ashby), key="repair", council=ashby, source="", expected=None, now=LATER
            )

    @pytest.mark.parametrize("expected", [None, 0, 1, 3])
    def test_saved_by_somebody_meanwhile_gives_both_texts(self, expected: int | None) -> None:
        council = make_council()
        me, they = designer(council), designer(council)
        actions.save_draft(by=me, key="repair", council=None, source="mine", expected=None, now=MONDAY)
        actions.save_draft(by=they, key="repair", council=None, source="theirs", expected=1, now=MONDAY)
        with pytest.raises(DraftChanged, match=they.actor.name) as caught:
            actions.save_draft(by=me, key="repair", council=None, source="new", expected=expected, now=LATER)
        assert (caught.value.facts["theirs"], caught.value.facts["mine"]) == ("theirs", "new")
        assert ProcessDraft.objects.get().source == "theirs"

    def test_is_published_and_gone(self) -> None:
        publish_repair()
        council = make_council()
        make_team(council=council, function="desk")
        make_team(council=council, function="crew")
        me = designer(council)
        source = REPAIR.replace("title: Report,", "title: Tell us,")
        actions.save_draft(by=me, key="repair", council=None, source=source, expected=None, now=LATER)
        draft = queries.draft(me, "repair")
        assert draft.sound
        assert not any("team" in each.wrong for each in draft.mistakes)
        version = actions.publish_draft(by=me, key="repair", council=None, expected=1, now=LATER)
        assert (version.number, version.source, of().steps["report"].title) == (2, source, "Tell us")
        assert not ProcessDraft.objects.exists()
        with pytest.raises(NoSuchDraft):
            actions.publish_draft(by=me, key="repair", council=None, expected=1, now=LATER)

    def test_of_an_overlay_is_read_over_the_newest_version(self) -> None:
        publish_repair()
        ashby, other = make_council(), make_council()
        me = designer(ashby)
        actions.save_draft(
            by=me, key="repair", council=ashby, source=overlay(ashby), expected=None, now=LATER
        )
        draft = queries.draft(me, "repair", ashby)
        assert draft.definition is not None
        assert str(draft.definition.clocks["fix"].within) == "1 working day"
        with pytest.raises(NoSuchDraft):
            queries.draft(designer(other), "repair", ashby)
        version = actions.publish_draft(by=me, key="repair", council=ashby, expected=1, now=LATER)
        assert version.council == ashby
        wrong = overlay(other)
        actions.save_draft(by=me, key="repair", council=ashby, source=wrong, expected=None, now=LATER)
        with pytest.raises(NotSound, match="This is the draft of"):
            actions.publish_draft(by=me, key="repair", council=ashby, expected=1, now=LATER)

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            (REPAIR + "  more: {titel: More}\n", "“titel” is not a key here"),
            (REPAIR.replace("process: repair", "process: mend"), "This is the draft of “repair”"),
            (REPAIR.replace("go: {title: Send the crew}", "go: {title: Send the crew, open: mending}"),
             "repair.yaml:21: steps.check.outcomes.go.open: No process “mending” is published."),
            (REPAIR.replace("go: {title: Send the crew}", "go: {title: Send the crew, open: repair, "
                            "pass: {what: wat}}"),
             "“Repair” has no field “wat”"),
        ],
    )  # fmt: skip
    def test_with_mistakes_is_not_published(self, source: str, said: str) -> None:
        publish_repair()
        me = designer(make_council())
        actions.save_draft(by=me, key="repair", council=None, source=source, expected=None, now=LATER)
        for act in (actions.propose, actions.publish_draft):
            with pytest.raises(NotSound) as caught:
                act(by=me, key="repair", council=None, expected=1, now=LATER)
            assert said in caught.value.sentence
        assert ProcessVersion.objects.count() == 1

    def test_advises_on_teams_that_serve_nobody(self) -> None:
        council = make_council()
        me = designer(council)
        actions.save_draft(by=me, key="repair", council=None, source=REPAIR, expected=None, now=LATER)
        assert not any("team" in each.wrong for each in queries.draft(me, "repair").mistakes)
        make_team(council=council, function="roof")
        draft = queries.draft(me, "repair")
        assert draft.sound
        said = [str(each) for each in draft.mistakes]
        for name, place in (("desk", "repair.yaml:4: owner"), ("crew", "repair.yaml:33: steps.fix.by")):
            assert any(each.startswith(f"{place}: advice: No team for “{name}” serves") for each in said), (
                said
            )

    def test_older_than_the_newest_version_is_not_published_over_it(self) -> None:
        publish_repair()
        me = designer(make_council())
        actions.save_draft(by=me, key="repair", council=None, source=REPAIR, expected=None, now=MONDAY)
        publish(REPAIR.replace("title: Report,", "title: Tell us,"))
        with pytest.raises(DraftOvertaken, match="version 2 of “repair”"):
            actions.publish_draft(by=me, key="repair", council=None, expected=1, now=LATER)

    def test_can_be_thrown_away_and_is_for_designers_only(self) -> None:
        place = make_place()
        me = designer(place.council)
        actions.save_draft(by=me, key="repair", council=None, source=REPAIR, expected=None, now=MONDAY)
        for somebody in (place.officer, place.supervisor, place.adviser):
            with pytest.raises(Refused):
                actions.save_draft(by=somebody, key="repair", council=None, source="", expected=1, now=MONDAY)
            for act in (actions.propose, actions.withdraw, actions.publish_draft, actions.drop_draft):
                with pytest.raises(Refused):
                    act(by=somebody, key="repair", council=None, expected=1, now=MONDAY)
        with pytest.raises(Refused):
            queries.drafts(place.officer)
        actions.drop_draft(by=me, key="repair", council=None, expected=1, now=MONDAY)
        assert queries.drafts(me) == []
        assert Entry.objects.filter(what="process.draft_dropped").count() == 1


class TestWhereTwoPeoplePublish:
    @pytest.fixture(autouse=True)
    def _two(self, settings: Settings) -> None:
        settings.TWO_PERSON_PUBLISHING = True

    def test_neither_the_proposer_nor_the_last_writer_does(self) -> None:
        council = make_council()
        writer, proposer, publisher = designer(council), designer(council), designer(council)
        key: dict[str, Any] = {"key": "repair", "council": None, "now": LATER}
        actions.save_draft(by=writer, source=REPAIR, expected=None, **key)
        with pytest.raises(NotProposed):
            actions.publish_draft(by=publisher, expected=1, **key)
        actions.propose(by=proposer, expected=1, **key)
        for somebody, did in ((writer, "last saved"), (proposer, "proposed")):
            with pytest.raises(NeedsSomebodyElse, match=did):
                actions.publish_draft(by=somebody, expected=1, **key)
        assert actions.publish_draft(by=publisher, expected=1, **key).published_by == publisher.actor.name

    def test_a_change_or_a_withdrawal_takes_the_proposal_back(self) -> None:
        council = make_council()
        writer, publisher = designer(council), designer(council)
        key: dict[str, Any] = {"key": "repair", "council": None, "now": LATER}
        actions.save_draft(by=writer, source=REPAIR, expected=None, **key)
        assert actions.propose(by=writer, expected=1, **key).proposed_by_id == writer.actor.user_id
        actions.save_draft(by=writer, source=REPAIR + "\n", expected=1, **key)
        with pytest.raises(NotProposed):
            actions.publish_draft(by=publisher, expected=2, **key)
        actions.propose(by=writer, expected=2, **key)
        assert actions.withdraw(by=writer, expected=2, **key).proposed_at is None
        with pytest.raises(NotProposed):
            actions.publish_draft(by=publisher, expected=2, **key)

    def test_nobody_takes_an_overlay_away_alone(self) -> None:
        publish_repair()
        ashby = make_council()
        actions.publish_overlay(by=SYSTEM, source=overlay(ashby), now=LATER)
        with pytest.raises(OneAlone):
            actions.remove_overlay(by=designer(ashby), key="repair", council=ashby, now=LATER)
        actions.remove_overlay(by=SYSTEM, key="repair", council=ashby, now=LATER)

    def test_nobody_goes_round_the_draft_but_the_house_itself(self) -> None:
        council = make_council()
        definition = read(REPAIR).definition
        assert definition is not None
        with pytest.raises(NotProposed):
            actions.publish(by=designer(council), definition=definition, source=REPAIR, now=LATER)
        publish_repair()
        with pytest.raises(NotProposed):
            actions.publish_overlay(by=designer(council), source=overlay(council), now=LATER)
        actions.publish_overlay(by=SYSTEM, source=overlay(council), now=LATER)
        assert Entry.objects.filter(what="process.published", actor_name="Moothall").exists()
