"""Playing three major incidents: one with a whole report, one in review that points back to it, one that goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from moothall.config.demo.cast import Cast
from moothall.councils.models import Staff
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.servicedesk.actions import lessons, majors, publishing, reviewing, waves
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.models import LessonAction, Major
from moothall.servicedesk.queries import publishing as published
from moothall.servicedesk.rules.reviewing import Report

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_FIRST, _SECOND = 33, 8
_MINUTES_TO_NOTICE = 26
_FIREWALL = Report(
    summary="On a Tuesday at 9:12am care records could not be reached from any office of two councils. Care workers"
    " on visits could not see plans or medication, and wrote on paper. The service was back at 11:02am.",
    cause="change",
    cause_owner="shared",
    root_cause="The evening before, Rhys Gould removed a rule from the firewall FW-EDGE-02 (10.20.4.1) that looked"
    " unused. The database of care records is reached by it from 9am, when the night copy ends. The rule was not tried"
    " out on a test bed, and nobody who looks after care records saw the change.",
    went_well="The bridge was open after six minutes. Users heard every half hour. The paper forms were where the plan"
    " says they are.",
    lessons="“Not used in the last day” is not “not used”. Whoever looks after a system must see a change of what it"
    " needs.",
)
_AGAIN = Report(
    summary="Care records could not be reached for 52 minutes, after a change of the firewall on the evening before.",
    cause="change",
    cause_owner="shared",
    root_cause="A rule was moved below one that refuses everything. As a month ago, the change had not been tried out:"
    " the test bed that was promised then is not there yet.",
    went_well="The cause was found in twelve minutes, since the last report named the place.",
    lessons="An action that is late is a risk that stays.",
)


class Told(NamedTuple):
    """How one begins: which system, what the caller said, how many it hits, and who called."""

    system: str
    summary: str
    impact: str
    council: str
    caller: str


_NOBODY = Told("care-records", "Nobody can open care records", "all-councils", "fernshire", "Hannah Blythe")
_ONCE_MORE = Told("care-records", "Care records are away again", "all-councils", "fernshire", "Joseph Quaye")
_PHONES = Told("telephony", "No telephone of the city council works", "council", "alderbridge", "Leon Ward")


@dataclass
class Scene:
    """Who plays, and at what time it began."""

    cast: Cast
    now: datetime
    people: Mapping[str, Staff]

    def viewer(self, name: str) -> Viewer:
        return viewer_for(self.people[name].user, today=self.now.date())

    @property
    def louise(self) -> Viewer:
        return self.viewer("Louise Tranter")


def play(cast: Cast, now: datetime) -> None:
    """Play them in the order in which they happened."""
    people = {each.user.name: each for each in Staff.objects.select_related("user", "council")}
    scene = Scene(cast, now, people)
    first = _reported(scene, _morning(now, _FIRST))
    _publish(scene, first, now - (_FIRST - 12) * _DAY)
    _in_review(scene, _morning(now, _SECOND))
    _going_on(scene)


def _morning(now: datetime, days: int) -> datetime:
    """Return 9:12 on a working day about so many days ago."""
    at = (now - days * _DAY).replace(hour=9, minute=12, second=0, microsecond=0)
    return at - max(0, at.weekday() - 4) * _DAY


def _major(scene: Scene, began: datetime, told: Told) -> Major:
    staff = scene.people[told.caller]
    item = Item.objects.get(code=told.system)
    call = log_call(
        by=scene.viewer("Paul Everett"),
        council=scene.cast.councils[told.council],
        kind="incident",
        answers={
            "summary": told.summary,
            "detail": "Everybody on this floor has it.",
            "category": "network",
            "impact": told.impact,
            "urgency": "no",
        },
        now=began,
        submission=f"demo-major-{told.system}-{began.date()}",
        channel="phone",
        requester_id=staff.user_id,
        item_id=item.pk,
    )
    major: Major = Major.objects.select_related("call", "case").get(call_id=call.pk)
    return major


def _lead(scene: Scene, major: Major, at: datetime) -> None:
    majors.lead_major(
        by=scene.louise,
        major_id=major.pk,
        manager_id=None,
        bridge="01632 960 999, code 4471",
        every_minutes=30,
        now=at,
    )


def _say(scene: Scene, major: Major, began: datetime, lines: tuple[tuple[int, str, str, str], ...]) -> None:
    """Write lines, each so many minutes after it began, by whoever knew."""
    for minutes, name, kind, text in lines:
        at = began + minutes * _MINUTE
        majors.write_line(
            by=scene.viewer(name), major_id=major.pk, kind=kind, text=text, at=at, now=at + _MINUTE
        )


def _tell(scene: Scene, major: Major, at: datetime, text: str, codes: tuple[str, ...]) -> None:
    texts = {scene.cast.councils[code].pk: text for code in codes}
    majors.tell_councils(by=scene.louise, major_id=major.pk, texts=texts, now=at)


def _call(scene: Scene, major: Major, name: str, at: datetime, answered: int | None) -> None:
    called = majors.call_out(by=scene.louise, major_id=major.pk, staff_id=scene.people[name].pk, now=at)
    if answered is not None:
        by = scene.viewer(name)
        majors.answered(by=by, major_id=major.pk, call_out_id=called.pk, now=at + answered * _MINUTE)


def _restore(scene: Scene, major: Major, at: datetime, fix: str) -> None:
    majors.restore_major(by=scene.louise, major_id=major.pk, fix=fix, now=at)
    waves.follow_at_once(parent_id=major.call_id, fix=fix, now=at + _MINUTE)


def _promise(scene: Scene, major: Major, text: str, name: str, due: datetime, now: datetime) -> LessonAction:
    return lessons.add_action(
        by=scene.louise,
        major_id=major.pk,
        text=text,
        owner_id=scene.people[name].pk,
        due_on=due.date(),
        now=now,
    )


def _send(scene: Scene, major: Major, report: Report, at: datetime) -> None:
    item = Item.objects.get(code="core-network")
    reviewing.save_report(by=scene.louise, major_id=major.pk, report=report, cause_item_id=item.pk, now=at)
    reviewing.send_report(by=scene.louise, major_id=major.pk, now=at + _MINUTE)


def _vote(scene: Scene, major: Major, name: str, at: datetime, choice: str = "for", text: str = "") -> None:
    by = scene.viewer(name)
    reviewing.vote_on_report(by=by, major_id=major.pk, choice=choice, text=text, now=at)


def _reported(scene: Scene, began: datetime) -> Major:
    """Play a month ago: care records away after a change of the firewall; sent back once, and approved."""
    major = _major(
        scene,
        began,
        _NOBODY,
    )
    _log_again(scene, began + 4 * _MINUTE)
    _lead(scene, major, began + 6 * _MINUTE)
    _call(scene, major, "Rhys Gould", began + 7 * _MINUTE, 3)
    _call(scene, major, "Katya Lindqvist", began + 8 * _MINUTE, 5)
    both = ("fernshire", "alderbridge")
    _tell(
        scene,
        major,
        began + 12 * _MINUTE,
        "Care records cannot be opened. Please use the paper forms. We are looking for the cause.",
        both,
    )
    _say(
        scene,
        major,
        began,
        (
            (18, "Katya Lindqvist", "fact", "The database is up; nothing from the offices reaches it."),
            (31, "Rhys Gould", "fact", "FW-EDGE-02 drops the packets since 21:40 last night."),
            (
                38,
                "Louise Tranter",
                "decision",
                "Put the rule of yesterday back, then look at what else it touches.",
            ),
        ),
    )
    _tell(
        scene,
        major,
        began + 41 * _MINUTE,
        "We have found the cause and are taking back a change. We expect care records to work before 11am.",
        both,
    )
    _say(
        scene,
        major,
        began,
        ((64, "Rhys Gould", "action", "The rule is back; the first office can connect."),),
    )
    _tell(
        scene, major, began + 72 * _MINUTE, "Some offices can work again. We are checking all others.", both
    )
    _restore(scene, major, began + 110 * _MINUTE, "The rule that was removed is back on the firewall.")
    _learned(scene, major, began)
    major.refresh_from_db()
    return major


def _learned(scene: Scene, major: Major, began: datetime) -> None:
    """Promise what follows from it, let the councils review it twice, and close one action."""
    later = began + 2 * _DAY
    _promise(scene, major, "Set up a test bed for firewall rules", "Rhys Gould", began + 18 * _DAY, later)
    done = _promise(
        scene,
        major,
        "Show changes of what a system needs to whoever looks after it",
        "Tessa Vaughan",
        began + 14 * _DAY,
        later,
    )
    _promise(scene, major, "Draw which systems need which rule", "Katya Lindqvist", began + 55 * _DAY, later)
    _send(scene, major, _FIREWALL, began + 3 * _DAY)
    _vote(scene, major, "Monica Reyes", began + 4 * _DAY, "against", "Say why nobody noticed before nine.")
    reviewing.send_report(by=scene.louise, major_id=major.pk, now=began + 5 * _DAY)
    _vote(scene, major, "Adrian Fell", began + 6 * _DAY)
    _vote(scene, major, "Monica Reyes", began + 7 * _DAY)
    lessons.finish_action(
        by=scene.viewer("Tessa Vaughan"),
        action_id=done.pk,
        text="The board's agenda shows it, and they get a letter.",
        now=began + 13 * _DAY,
    )


def _log_again(scene: Scene, at: datetime) -> None:
    """Let somebody of the other council report the same: it goes under the first."""
    log_call(
        by=scene.viewer("Zainab Yousef"),
        council=scene.cast.councils["alderbridge"],
        kind="incident",
        answers={
            "summary": "Care records show an error at sign-in",
            "category": "software",
            "impact": "council",
            "urgency": "no",
        },
        now=at,
        submission=f"demo-major-again-{at.date()}",
        channel="phone",
        requester_id=scene.people["Ffion Harding"].user_id,
        item_id=Item.objects.get(code="care-records").pk,
    )


def _publish(scene: Scene, major: Major, at: datetime) -> None:
    """Write what everybody may read from what is proposed, and let another person publish it."""
    text = published.proposed(Viewer.system(), major, at).text
    publishing.save_public(by=scene.louise, major_id=major.pk, text=text, now=at)
    by = scene.viewer("Monica Reyes")
    publishing.publish_report(by=by, major_id=major.pk, sure=True, now=at + _DAY)


def _in_review(scene: Scene, began: datetime) -> None:
    """Play a week ago: the same cause once more, and the action that would have helped is overdue."""
    major = _major(
        scene,
        began,
        _ONCE_MORE,
    )
    _lead(scene, major, began + 4 * _MINUTE)
    _call(scene, major, "Ben Achterberg", began + 5 * _MINUTE, 2)
    both = ("fernshire", "alderbridge")
    _tell(
        scene, major, began + 9 * _MINUTE, "Care records cannot be opened. Please use the paper forms.", both
    )
    _say(
        scene,
        major,
        began,
        (
            (
                12,
                "Ben Achterberg",
                "fact",
                "It is the firewall: a rule stands below the one that refuses everything.",
            ),
        ),
    )
    _tell(scene, major, began + 38 * _MINUTE, "We are putting the order of the rules right.", both)
    _restore(scene, major, began + 52 * _MINUTE, "The rules of the firewall are in the right order.")
    _promise(
        scene,
        major,
        "Have the test bed ready, with a second person for each change of rules",
        "Louise Tranter",
        began + 25 * _DAY,
        began + _DAY,
    )
    _send(scene, major, _AGAIN, began + 3 * _DAY)
    _vote(scene, major, "Adrian Fell", began + 4 * _DAY)


def _going_on(scene: Scene) -> None:
    """Play now: the telephones of one council, told of a while ago; the next notice is due in a few minutes."""
    began = scene.now - (_MINUTES_TO_NOTICE + 14) * _MINUTE
    major = _major(
        scene,
        began,
        _PHONES,
    )
    _lead(scene, major, began + 3 * _MINUTE)
    _call(scene, major, "Katya Lindqvist", began + 4 * _MINUTE, 2)
    _call(scene, major, "Rhys Gould", began + 6 * _MINUTE, None)
    _say(
        scene,
        major,
        began,
        (
            (
                9,
                "Katya Lindqvist",
                "fact",
                "The line of Callwell to the city hall has carried nothing for 20 minutes.",
            ),
        ),
    )
    _tell(
        scene,
        major,
        began + 14 * _MINUTE,
        "Desk phones do not work. Please use mobile phones or Teams. The supplier is looking at the line.",
        ("alderbridge",),
    )
    _say(
        scene,
        major,
        began,
        (
            (
                22,
                "Louise Tranter",
                "decision",
                "Send calls of the contact centre to the second line meanwhile.",
            ),
            (29, "Katya Lindqvist", "action", "The contact centre answers on the second line."),
        ),
    )
