"""Service levels, and how long it took: response, resolution, restoring, first contact."""

from moothall.measures.rules import Definition

PRIORITIES = (("P1", "Priority 1"), ("P2", "Priority 2"), ("P3", "Priority 3"), ("P4", "Priority 4"))
_DESK = "incidents and service requests"
_NO_ROWS = (
    "Calls that were withdrawn, refused or merged count nowhere; one that was moved counts at the"
    " council it is at now."
)
_STRICT = (
    "It stands beside the plain one because that leaves out what was breached and is still"
    " open: closing old calls late"
    " makes the plain one worse, and this one no worse than it was."
)
_BUSINESS = (
    "In the council's opening hours then in force, without the time in which it waited for the"
    " user or a supplier."
)
_CLOCK = (
    "In clock time, nights and weekends included: what the user lived through. Read priority 1 and"
    " 2 by this one."
)
_TIMES = {
    "mean": ("mean", "Mean", "A few long ones pull it up: read it beside the median."),
    "median": ("median", "Half within", "Half took no longer than this."),
    "p90": ("p90", "Nine in ten within", "Nine of ten took no longer than this."),
}


def _level(clock: str, what: str) -> tuple[Definition, Definition]:
    plain = Definition(
        name=f"{clock}_sla",
        title=f"{what} within target",
        area="service",
        kind="share",
        unit="%",
        better="up",
        formula=(
            f"Of the {_DESK} that were last resolved in the month, those whose clock “{clock}” was"
            " kept, in per cent."
        ),
        advice=f"By priority: a good whole can hide a bad priority 1. {_NO_ROWS}",
        source="ITIL 4, service level management; Socitm KPI 2",
        slices=PRIORITIES,
        behind=True,
    )
    strict = Definition(
        name=f"{clock}_strict",
        title=f"{what} within target, strictly",
        area="service",
        kind="share",
        unit="%",
        better="up",
        formula=(
            f"Kept, as above, of the {_DESK} that were resolved in the month and those still"
            " open at its end whose clock"
            f" “{clock}” had run out by then."
        ),
        advice=_STRICT,
        source="This partnership's own, beside Socitm KPI 2",
        slices=PRIORITIES,
        behind=True,
    )
    return plain, strict


def _times(name: str, title: str, formula: str, area: str = "solving") -> tuple[Definition, ...]:
    return tuple(
        Definition(
            name=f"{name}_{key}",
            title=f"{title}: {words.lower()}",
            area=area,
            kind=kind,  # type: ignore[arg-type]
            unit="hours",
            better="down",
            formula=formula,
            advice=advice,
            source="ITIL 4, MTRS",
            slices=PRIORITIES,
            behind=True,
        )
        for key, (kind, words, advice) in _TIMES.items()
    )


DEFINITIONS: tuple[Definition, ...] = (
    *_level("response", "Answered"),
    *_level("resolve", "Resolved"),
    *_times(
        "respond",
        "Time to answer",
        (
            f"From when a call was logged to the first answer of a person, of the {_DESK} resolved"
            f" in the month. {_BUSINESS}"
        ),
        "service",
    ),
    *_times(
        "restore",
        "Time to restore",
        (
            "From when an incident was logged until service was restored, of those resolved in the"
            f" month. {_BUSINESS}"
        ),
    ),
    *_times(
        "restore_clock",
        "Time to restore, by the clock",
        (
            "From when an incident was logged until service was restored, of those resolved in the"
            f" month. {_CLOCK}"
        ),
    ),
    Definition(
        name="first_contact",
        title="Resolved at first contact",
        area="solving",
        kind="share",
        unit="%",
        better="up",
        formula=(
            "Resolved by whoever took it first, without passing it on or asking, and not"
            f" reopened within 5 working days; of the {_DESK} first resolved in the month that the"
            " first line could have resolved. Not counted: what no person reported, what had to be"
            " approved, and what the catalogue sends to another team that delivers it. The last"
            " 5 working days of a month are not over at its end."
        ),
        version=2,
        advice=(
            "Good desks reach 65 to 75 per cent; much higher can mean that easy calls come which"
            " need not have come."
        ),
        source="SDI, first contact resolution",
        behind=True,
    ),
    Definition(
        name="first_level",
        title="Resolved by the service desk itself",
        area="solving",
        kind="share",
        unit="%",
        better="up",
        formula=f"Resolved by a team that is the service desk, of the {_DESK} resolved in the month.",
        advice="It says where work is done, not how fast: read it beside first contact.",
        source="SDI, first level resolution",
        behind=True,
    ),
    Definition(
        name="reopened",
        title="Reopened",
        area="solving",
        kind="share",
        unit="%",
        better="down",
        formula=(
            f"Of the times that {_DESK} were resolved in the month, those after which the call"
            " was reopened within 14 days."
            " It counts in the month of resolving, so that last month may still grow."
        ),
        advice=(
            "Above 5 per cent, calls are closed too early. The last 14 days of a month are not"
            " over at its end."
        ),
        source="SDI, re-open rate",
        behind=True,
    ),
    Definition(
        name="moves",
        title="Passed on, per call",
        area="solving",
        kind="mean",
        unit="times",
        better="down",
        formula=f"How often a call went to another team, of the {_DESK} resolved in the month.",
        advice="Each time, somebody starts anew and the user waits.",
        source="SDI, reassignments",
        behind=True,
    ),
)
