"""A world of councils full of canaries: words that nobody may read who has no business at that council."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from moothall.councils import hooks, scope
from moothall.councils.models import CalendarVersion, ClosingDay, Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.journal import actions as journal
from moothall.journal.models import Job
from moothall.plain.actors import SYSTEM
from moothall.process import actions as process
from moothall.process import files
from moothall.process.language import read
from moothall.process.models import Attachment, Case
from moothall.requests import actions as requests
from moothall.requests import tokens
from moothall.requests.models import Draft
from tests import makers
from tests.isolation.desk import DeskThings, desk_of, publish_desk
from tests.isolation.disposed import dispose
from tests.isolation.letters import letter_comes
from tests.isolation.linked import Linked, link_across, link_people
from tests.isolation.majored import hit_across
from tests.isolation.people import add_people
from tests.isolation.published import publish_packs, token_of
from tests.isolation.residents import Own, connect_owner
from tests.isolation.service import SERVICE, SOURCE

OWN, SHARED, OTHER_KIND = "ash", "oak", "yew"
PLACES: Mapping[str, str] = {
    OWN: "own council",
    "elm": "other council, no agreement",
    SHARED: "other council, agreement in force",
    "fir": "other council, agreement ended",
    OTHER_KIND: "other council, agreement of another kind",
}
KIND_SHARED = "councils"
"""What the agreement with yew covers: people, teams and hours; no cases, no record, no jobs."""

KINDS = (
    "case",
    "staff",
    "desk",
    "team",
    "hours",
    "agreement",
    "entry",
    "job",
    "draft",
    "hidden",
    "partly",
    "title",
    "asker",
    "person",
    "own",
    "locked",
    "contact",
    "letter",
    "disposal",
    "call",
    "estate",
    "outage",
    "major",
)


def canary(code: str, kind: str) -> str:
    """Return the word that stands only in rows of this kind at this council."""
    return f"zq{code}{kind}"


QUIET = "quiet-matter"
TITLE = f"The {canary(OWN, 'title')}"
SAID = canary(OWN, "title")
"""How private steps are called, and how they turn out: for whoever reads processes, and in no case of one."""


@dataclass(frozen=True)
class Thing:
    """Everything of one council that an address may name. `exists` is false for what is nowhere."""

    code: str
    council_id: int = 0
    service: str = SERVICE
    reference: str = ""
    token: str = ""
    asked_reference: str = ""
    asked_token: str = ""
    person: str = ""
    kin: str = ""
    own: Own = field(default_factory=Own)
    locked: str = ""
    record: int = 0
    fact: int = 0
    relationship: int = 0
    linked: Linked = field(default_factory=lambda: Linked(0, 0, 0))
    contact: int = 0
    received: int = 0
    certificate: int = 0
    proposed: tuple[str, int] = ("", 0)
    restricted: tuple[str, int] = ("", 0)
    desk: DeskThings = field(default_factory=DeskThings)
    draft_token: str = ""
    seq: int = 0
    case_id: int = 0
    file: int = 0
    staff: int = 0
    user: int = 0
    team: int = 0
    crew: int = 0
    job: int = 0
    session: int = 0
    passkey: int = 0
    closing_day: date = date(2027, 1, 4)
    exists: bool = True
    # of what is kept apart: `hidden` from everybody who comes, `partly` there for the desk team, `locked`, or a case of
    # the service desk (`desk`), which is there for its roles alone
    level: str = ""
    apart: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = field(default=())

    def words(self) -> dict[str, str]:
        """Return every canary of this council with its kind; references count as `case`, links as `link`."""
        found = {canary(self.code, kind): kind for kind in KINDS}
        found |= {self.reference: "case", self.asked_reference: "case"}
        found |= {self.desk.call: "call"} if self.desk.call else {}
        found |= {self.person: "person", self.kin: "person"} if self.person else {}
        return found | dict(self.apart) | dict.fromkeys(self.secrets, "link")


@dataclass(frozen=True)
class World:
    """The things of each council, what of them is kept apart, and the resident who asked at all of them."""

    things: Mapping[str, Thing]
    councils: Mapping[str, Council]
    teams: Mapping[str, tuple[Team, Team]]
    owner: User
    apart: tuple[Thing, ...] = ()


def make_world(codes: tuple[str, ...] = tuple(PLACES)) -> World:
    """Fill the house. Ends inside no scope."""
    now = timezone.now()
    with scope.everything("a world is made for the isolation matrix"):
        _publish(now)
        councils = {code: _council(code) for code in codes}
        teams = {code: _teams(council) for code, council in councils.items()}
        owner = makers.make_user(name="Zoe Owner", email="owner@example.net")
        _agree(councils, now.date())
        things = {code: _thing(council, teams[code], owner, now) for code, council in councils.items()}
        hit_across(list(councils.values()), now)
        publish_packs(councils.values(), now)
        link_across([thing.linked.first for thing in things.values()], now)
    return World(things, councils, teams, owner)


def more_of(world: World, code: str) -> None:
    """Let more happen at one council, of everything there is."""
    now = timezone.now()
    with scope.everything("a council works on"):
        _thing(world.councils[code], world.teams[code], world.owner, now, again=True)


def another_request(world: World, code: str, now: datetime) -> None:
    """Let somebody ask a council for its service once more, and its crew be sent."""
    opened = _request(world.councils[code], world.owner, now)
    process.act(
        by=Viewer.system(), case_id=opened.request.case_id, step="check", expected=None, now=now, outcome="go"
    )


def _publish(now: datetime) -> None:
    source = SOURCE.replace("TITLE", TITLE).replace("SAID", SAID)
    definition = read(source).definition
    assert definition is not None, [str(each) for each in read(source).mistakes]
    process.publish(by=Viewer.system(), definition=definition, source=source, now=now)
    publish_desk(now)


def _council(code: str) -> Council:
    council = makers.make_council(code=code, name=f"{code.capitalize()} District Council")
    council.contact_email = f"help@{code}.example"
    council.save()
    return council


def _teams(council: Council) -> tuple[Team, Team]:
    """Return the desk and the crew of a council. Its hub has no member who ever comes here."""
    made = []
    for function in ("desk", "crew"):
        team = makers.make_team(
            council=council,
            code=f"{function}-{council.code}",
            function=function,
            name=f"The crew {canary(council.code, 'team')}" if function == "crew" else "The desk",
        )
        team.email = f"{function}.{canary(council.code, 'team')}@example.org"
        team.save()
        made.append(team)
    makers.make_team(council=council, code=f"hub-{council.code}", function="hub", name="The hub")
    return made[0], made[1]


def _agree(councils: Mapping[str, Council], today: date) -> None:
    """Sign what `PLACES` says, and agreements between others that are nobody's business at the own council."""
    own = councils[OWN]
    terms: dict[str, tuple[tuple[str, ...], date | None]] = {
        SHARED: (tuple(sorted(hooks.kinds())), None),
        "fir": (tuple(sorted(hooks.kinds())), today - timedelta(days=1)),
        OTHER_KIND: ((KIND_SHARED,), None),
    }
    for code, (kinds, ends_on) in terms.items():
        if code in councils:
            parties = (own, councils[code])
            makers.make_agreement(councils=parties, kinds=kinds, name=f"With {code}", ends_on=ends_on)
    for code, council in councils.items():
        if code != OWN and (other := councils.get("fir" if code == "elm" else "elm")):
            makers.make_agreement(councils=(council, other), name=canary(code, "agreement"))


def _thing(
    council: Council, teams: tuple[Team, Team], owner: User, now: datetime, *, again: bool = False
) -> Thing:
    code = council.code
    mark = "-again" if again else ""
    staff = _keeper(council, teams, mark)
    keeper = makers.make_viewer(staff, today=now.date())
    opened = _request(council, owner, now)
    asked = _request(council, owner, now)
    waiting = _ask(keeper, asked.request.case_id, code, now)
    attached = _write_on(keeper, opened.request.case_id, code, now)
    draft = _draft(council, owner, now)
    known = add_people(council, opened.request.case_id, now)
    disposed = dispose(council, now)
    came = letter_comes(council, mark, now)
    return Thing(
        code=code,
        council_id=council.pk,
        reference=opened.reference,
        token=opened.token,
        asked_reference=asked.reference,
        asked_token=asked.token,
        draft_token=tokens.opened(draft.token_sealed),
        person=known.person,
        kin=known.kin,
        own=connect_owner(council, owner, known.record, now),
        record=known.record,
        fact=known.fact,
        relationship=known.relationship,
        linked=link_people(council, now),
        contact=came.contact,
        received=came.received,
        certificate=disposed.certificate,
        proposed=disposed.proposed,
        restricted=disposed.restricted,
        desk=desk_of(council, now),
        seq=Case.objects.get(pk=opened.request.case_id).seq,
        case_id=opened.request.case_id,
        file=attached.pk,
        staff=staff.pk,
        user=staff.user_id,
        team=teams[0].pk,
        crew=teams[1].pk,
        job=_dead_job(council, mark, now).pk,
        session=staff.user.usersession_set.get().pk,
        passkey=staff.user.authenticator_set.get().pk,
        closing_day=_open_and_close(council, mark, now),
        secrets=(opened.token, asked.token, tokens.opened(draft.token_sealed), token_of(code)),
        exists=bool(waiting),
    )


def _keeper(council: Council, teams: tuple[Team, Team], mark: str) -> Staff:
    """Make somebody who leads the council's teams, has a passkey and is signed in somewhere."""
    code, word = council.code, canary(council.code, "desk")
    staff = makers.make_staff(
        council=council,
        roles=("officer", "supervisor"),
        user=makers.make_user(name=f"Kim {canary(code, 'staff')}", email=f"{word}{mark}@example.org"),
        job_title=f"Keeper {word}",
    )
    for team in teams:
        team.memberships.create(staff=staff, leads=True)
    UserSession.objects.create(
        user=staff.user, ip="192.0.2.1", session_key=f"session-{code}{mark}", user_agent=word
    )
    Authenticator.objects.create(user=staff.user, type=Authenticator.Type.WEBAUTHN, data={"name": word})
    return staff


def _open_and_close(council: Council, mark: str, now: datetime) -> date:
    """Set opening hours and a closing day, and write something into the record; return the day."""
    CalendarVersion.objects.create(
        council=council,
        name=f"office{mark}",
        in_force_from=date(2020, 1, 1),
        nation="ENG",
        weekly={"monday": [["09:00", "17:00"]]},
    )
    closing = ClosingDay.objects.create(
        council=council,
        date=now.date() + timedelta(days=40 if mark else 30),
        reason=f"Party {canary(council.code, 'hours')}",
    )
    journal.write(
        by=SYSTEM,
        what="canary.sang",
        about=f"cage:{council.pk}",
        council_id=council.pk,
        now=now,
        facts={"song": canary(council.code, "entry")},
    )
    day: date = closing.date
    return day


def _by(owner: User, council: Council) -> Viewer:
    return Viewer.resident(user_id=owner.pk, name=owner.name, council_id=council.pk)


def _request(council: Council, owner: User, now: datetime) -> requests.Sent:
    word, asker = canary(council.code, "case"), canary(council.code, "asker")
    draft = _answered(council, owner, word, now)
    requests.give_contact(
        by=_by(owner, council),
        council=council,
        service=SERVICE,
        draft_id=draft.pk,
        raw={"name": f"Pat {asker}", "email": f"{asker}@example.org", "phone": "", "prefers": "email"},
        now=now,
    )
    return requests.submit(
        by=_by(owner, council), council=council, service=SERVICE, draft_id=draft.pk, now=now
    )


def _draft(council: Council, owner: User, now: datetime) -> Draft:
    return _answered(council, owner, canary(council.code, "draft"), now)


def _answered(council: Council, owner: User, word: str, now: datetime) -> Draft:
    draft = None
    for key in ("what", "more"):
        draft = requests.answer(
            by=_by(owner, council),
            council=council,
            service=SERVICE,
            draft_id=draft.pk if draft else None,
            key=key,
            value=f"It said {word}",
            now=now,
        )
    assert draft is not None
    return draft


def _ask(keeper: Viewer, case_id: int, code: str, now: datetime) -> bool:
    answers = {"question": f"Which {canary(code, 'case')}?"}
    case = process.act(
        by=keeper, case_id=case_id, step="check", expected=None, now=now, answers=answers, outcome="ask"
    )
    return any(run.asks_requester for run in case.open_steps())


def _write_on(keeper: Viewer, case_id: int, code: str, now: datetime) -> Attachment:
    word = canary(code, "case")
    process.note(by=keeper, case_id=case_id, text=f"A note of {word}", now=now)
    upload = SimpleUploadedFile(f"{word}.txt", f"Inside the file: {word}".encode())
    attached = process.attach(by=keeper, case_id=case_id, file=files.keep(upload, limit=10_000), now=now)
    process.take(by=keeper, case_id=case_id, step="check", expected=None, now=now)
    return attached


def _dead_job(council: Council, mark: str, now: datetime) -> Job:
    word = canary(council.code, "job")
    return Job.objects.create(
        task="moothall.messages.deliveries.deliver",
        args='{"args": [], "kwargs": {"message_id": 1}}',
        key=f"{word}-key{mark}",
        council_id=council.pk,
        lane=council.pk,
        state=Job.State.DEAD,
        posted_at=now,
        run_after=now,
        finished_at=now,
        last_error=f"Trouble with {word}",
    )
