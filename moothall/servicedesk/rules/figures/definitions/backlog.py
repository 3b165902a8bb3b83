"""What came, what went, and what is still there: volumes, the backlog with its identity, and how old it is."""

from moothall.measures.rules import Definition

KINDS = (
    ("incident", "Incidents"),
    ("request", "Service requests"),
    ("problem", "Problems"),
    ("change", "Changes"),
    ("task", "Tasks"),
)
AGES = (
    ("0-2", "0 to 2 working days"),
    ("3-5", "3 to 5 working days"),
    ("6-10", "6 to 10 working days"),
    ("11-20", "11 to 20 working days"),
    ("21-60", "21 to 60 working days"),
    ("61+", "61 working days and more"),
)
_EDGES = ((2, "0-2"), (5, "3-5"), (10, "6-10"), (20, "11-20"), (60, "21-60"))
_DESK = "incidents and service requests"
_DESK_KINDS = KINDS[:2]
_IDENTITY = (
    "Open at the end = open at the beginning + logged + reopened - resolved - ended otherwise."
    " The pack checks it with every"
    " count made for itself."
)


def age_band(days: int) -> str:
    """Return the band of an age in working days.

    >>> age_band(0), age_band(20), age_band(61)
    ('0-2', '11-20', '61+')
    """
    return next((band for edge, band in _EDGES if days <= edge), "61+")


def _flow(name: str, title: str, formula: str, advice: str, **more: object) -> Definition:
    given: dict[str, object] = {
        "area": "calls", "kind": "count", "unit": "calls", "source": "SDI", "slices": _DESK_KINDS, "behind": True,
        "level": "council",
    }  # fmt: skip
    return Definition(name=name, title=title, formula=formula, advice=advice, **(given | more))  # type: ignore[arg-type]


DEFINITIONS: tuple[Definition, ...] = (
    _flow(
        "logged",
        "Calls logged",
        "Calls that reached the desk in the month, by kind. Kinds are never added up.",
        "The committee asked that what each council logs is not published: councils' arrangements differ.",
        slices=KINDS,
        whole=False,
    ),
    _flow(
        "backlog_before",
        "Open at the beginning of the month",
        f"Open {_DESK} just before the month began.",
        _IDENTITY,
        slices=(),
    ),
    _flow("came", "Logged", f"The {_DESK} logged in the month.", _IDENTITY, slices=()),
    _flow(
        "reopenings",
        "Reopened in the month",
        f"How often {_DESK} were reopened in the month, whenever they had been resolved.",
        _IDENTITY,
        slices=(),
    ),
    _flow(
        "resolved",
        "Resolved",
        f"How often {_DESK} were resolved in the month; a call that is resolved twice counts twice.",
        _IDENTITY,
        slices=(),
    ),
    _flow(
        "ended",
        "Ended otherwise",
        f"The {_DESK} that were withdrawn, refused or merged into another in the month.",
        _IDENTITY,
        slices=(),
    ),
    _flow(
        "backlog",
        "Open at the end of the month",
        f"The {_DESK} that were open at midnight after the last day of the month.",
        "Read it beside its age: many fresh calls are a busy day, few old ones are neglect.",
        slices=(
            *_DESK_KINDS,
            ("untriaged", "Not sorted yet"),
            ("held", "On hold: with the user or a supplier"),
        ),
        better="down",
    ),
    Definition(
        name="backlog_difference",
        title="Difference in the backlog",
        area="calls",
        kind="count",
        unit="calls",
        formula=f"What does not add up. {_IDENTITY}",
        advice=(
            "It must be 0. If it is not, do not trust the backlog of this month until somebody has"
            " found out why."
        ),
        source="This partnership's own check",
        level="council",
    ),
    Definition(
        name="backlog_change",
        title="Resolved for each call logged",
        area="calls",
        kind="ratio",
        unit="ratio",
        better="up",
        formula=f"Resolved or ended otherwise in the month, divided by logged or reopened in it: {_DESK}.",
        advice="1 and more: the backlog shrinks. Below 1 it grows, whatever the service level says.",
        source="SDI, backlog management",
    ),
    _flow(
        "age",
        "Age of what is open",
        f"The open {_DESK} by how many working days of their council went by since they were logged.",
        "What is older than 20 working days seldom mends itself: look at each.",
        slices=AGES,
        whole=False,
    ),
    *(
        Definition(
            name=f"age_{key}",
            title=title,
            area="calls",
            kind=kind,  # type: ignore[arg-type]
            unit="working days",
            better="down",
            formula=(
                f"Of the {_DESK} open at the end of the month, in working days of their council"
                " since they were logged."
            ),
            advice=advice,
            source="SDI, backlog ageing",
            level="council",
        )
        for key, kind, title, advice in (
            (
                "median",
                "median",
                "Age: half are no older than",
                "Half of what is open is no older than this.",
            ),
            ("p90", "p90", "Age: nine in ten are no older than", "One in ten is older than this."),
            (
                "oldest",
                "largest",
                "Age of the oldest",
                "Somebody should be able to say why it is still open.",
            ),
        )
    ),
    *(
        Definition(
            name=f"escalated_{way}",
            title=title,
            area="calls",
            kind="share",
            unit="%",
            formula=f"Of the {_DESK} logged in the month, those that were {words}, whenever.",
            advice=advice,
            source="SDI, escalation rate",
            behind=True,
        )
        for way, title, words, advice in (
            (
                "functional",
                "Passed to another team",
                "passed to a team that knows more",
                "Not bad in itself: a desk that passes nothing on may hold on too long.",
            ),
            (
                "hierarchic",
                "Raised to a manager",
                "raised to somebody with more say",
                "Each is a user, or a promise, that ran out of patience.",
            ),
        )
    ),
)
