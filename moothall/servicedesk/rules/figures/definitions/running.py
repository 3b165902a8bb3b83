"""Whether services run: major incidents and what was learnt, availability, changes, suppliers."""

from moothall.measures.rules import Definition, Kind

OWNERS = (
    ("shared", "The shared service"),
    ("council", "A council's own team"),
    ("supplier", "A supplier"),
    ("unknown", "Not known yet"),
)
TIERS = (("tier-1", "Critical"), ("tier-2", "Important"), ("tier-3", "Standard"), ("tier-4", "Minor"))
_CLOSED = "Of the changes that were finished in the month: implemented, failed or backed out"
_AGREED = (
    "Agreed service time: the council's hours for each item in use, less agreed maintenance."
    " Away: outages that were not"
    " planned, within it; what only ran badly does not count."
)


def _major(name: str, title: str, formula: str, advice: str, **more: object) -> Definition:
    given: dict[str, object] = {
        "area": "majors", "kind": "count", "unit": "calls", "source": "ITIL 4, incident management", "better": "down",
        "behind": True,
    }  # fmt: skip
    return Definition(name=name, title=title, formula=formula, advice=advice, **(given | more))  # type: ignore[arg-type]


def _change(name: str, title: str, formula: str, advice: str, **more: object) -> Definition:
    given: dict[str, object] = {
        "area": "changes", "kind": "share", "unit": "%", "source": "ITIL 4, change enablement", "behind": True,
    }  # fmt: skip
    return Definition(name=name, title=title, formula=formula, advice=advice, **(given | more))  # type: ignore[arg-type]


MAJORS = (
    _major(
        "p1",
        "Priority 1 incidents",
        "Incidents of priority 1 logged in the month, by whose cause it was, as the report says.",
        "By owner: what a supplier or a council's own team caused, the shared service cannot mend alone.",
        slices=OWNERS,
    ),
    _major(
        "p1_in_time",
        "Priority 1 restored within target",
        (
            "Of the priority 1 incidents resolved in the month, those whose clock “resolve” was"
            " kept, by whose cause it was."
        ),
        "Few make a jumpy share: read the count beside it.",
        kind="share",
        unit="%",
        better="up",
        slices=OWNERS,
    ),
    _major(
        "reports_in_time",
        "Reports of major incidents on time",
        "Of the reports due in the month, those that went to review by the day they were due.",
        "A report that is late is a lesson that is late.",
        kind="share",
        unit="%",
        better="up",
    ),
    _major(
        "repeats",
        "Repeats of a known cause",
        "Major incidents of the month whose cause, in kind and item, is that of an earlier one.",
        "Each points to an action that was left undone, or did not help.",
    ),
    *(
        _major(
            f"actions_{key}",
            title,
            formula,
            "Actions from reports of major incidents. One that was dropped, with a reason, counts no more.",
            unit="actions",
            source="This partnership's own",
            better=better,
            level="council",
        )
        for key, title, formula, better in (
            ("due", "Actions that were due", "Actions whose day was in the month.", ""),
            (
                "done",
                "Actions that were done",
                "Actions that were done in the month, whenever they were due.",
                "up",
            ),
            (
                "overdue",
                "Actions overdue",
                "Actions whose day had passed at the end of the month, not done by then.",
                "down",
            ),
        )
    ),
)

AVAILABILITY = (
    *(
        Definition(
            name=name,
            title=title,
            area="availability",
            kind="share",
            unit="%",
            better="up",
            formula=formula,
            advice=advice,
            source="ITIL 4; Socitm KPI 15",
            slices=TIERS,
        )
        for name, title, formula, advice in (
            (
                "availability",
                "Availability",
                (
                    "Agreed service time less the time away, in per cent of it, over all items in"
                    f" use. {_AGREED}"
                ),
                "99.9 per cent of a month of office hours is ten minutes away.",
            ),
            (
                "availability_users",
                "Availability, weighted by users",
                f"The same with each minute counted once for each user who was hit, of all users. {_AGREED}",
                "An hour without a system of 4,000 people weighs more than one without a system of forty.",
            ),
        )
    ),
    Definition(
        name="breaks",
        title="Breaks",
        area="availability",
        kind="count",
        unit="breaks",
        better="down",
        formula=(
            "How often an item was away within its agreed service time: what runs on over a"
            " closed night is one break."
        ),
        advice="Many short ones annoy more than one long one.",
        source="ITIL 4",
    ),
    Definition(
        name="mtbf",
        title="Time between breaks",
        area="availability",
        kind="ratio",
        unit="hours",
        better="up",
        formula="Time available over all items, divided by the breaks of the month.",
        advice="Over all items together it is only for the trend.",
        source="ITIL 4, MTBF",
    ),
)

CHANGES = (
    _change(
        "change_success",
        "Changes that were successful",
        (
            f"{_CLOSED}. Successful: implemented in its window, no incident of it within 5 working"
            " days, and its objectives met."
        ),
        "A change without review counts as having met its objectives until somebody says otherwise.",
        better="up",
    ),
    _change(
        "change_emergency",
        "Emergency changes",
        f"{_CLOSED}, those of the type emergency.",
        "Above 10 per cent, planning fails.",
        better="down",
    ),
    _change(
        "change_failed",
        "Changes that failed",
        f"{_CLOSED}, those that failed.",
        "Look at each review.",
        better="down",
    ),
    _change(
        "change_backed_out",
        "Changes backed out",
        f"{_CLOSED}, those that were backed out.",
        "Backing out in time is better than failing.",
        better="down",
    ),
    _change(
        "change_unauthorised",
        "Changes that nobody had approved",
        "Of the changes implemented with approval in the month and those observed in it"
        " without one, the latter. One that was"
        " approved only afterwards counts; what waits to be looked at does not count yet.",
        "It counts what was found: better looking makes it worse before it gets better.",
        better="down",
        behind=False,
        level="council",
    ),
    _change(
        "change_incidents",
        "Incidents caused by a change",
        "Of the incidents logged in the month, those that are linked with a change.",
        "Only what somebody linked: a low share may mean that nobody looked.",
        better="down",
    ),
    _change(
        "change_lead",
        "From raised to decided: half within",
        "Calendar days from when a normal change was raised to the decision, of those decided in the month.",
        "Short is not always good: the board must have had time to read.",
        kind="median",
        unit="days",
        better="down",
    ),
    _change(
        "change_four_eyes",
        "Exceptions from four eyes",
        (
            "Complex changes finished in the month without a second technical resource, or with"
            " their author as that."
        ),
        "There should be none.",
        kind="count",
        unit="changes",
        better="down",
        level="council",
    ),
)


def _supplier(
    name: str, title: str, kind: Kind, unit: str, formula: str, advice: str, **more: object
) -> Definition:
    given: dict[str, object] = {
        "source": "ITIL 4, supplier management",
        "level": "officers",
        "better": "down",
    }
    return Definition(
        name=name,
        title=title,
        area="suppliers",
        kind=kind,
        unit=unit,
        formula=formula,
        advice=advice,
        **(given | more),  # type: ignore[arg-type]
    )


SUPPLIERS = (
    _supplier(
        "supplier_sla",
        "Suppliers within target",
        "share",
        "%",
        (
            "Of the calls that suppliers gave back in the month and had promised a time for, those"
            " within it, in their hours."
        ),
        "Their promise is for their part of the call only.",
        better="up",
        behind=True,
    ),
    _supplier(
        "supplier_share",
        "Suppliers' share of the time",
        "share",
        "%",
        (
            "Of the time by the clock from logged to resolved, of incidents and requests resolved"
            " in the month, what suppliers had."
        ),
        "Whose time it was; it says nothing of whose fault.",
    ),
    _supplier(
        "supplier_credits",
        "Service credits due",
        "count",
        "pounds",
        (
            "For each contract: missed promises of the month times the credit for each, up to its"
            " limit, of the monthly charge."
        ),
        "Due by the contract's own terms; claim it with the calls behind the missed promises.",
        better="",
    ),
)

DEFINITIONS: tuple[Definition, ...] = (*MAJORS, *AVAILABILITY, *CHANGES, *SUPPLIERS)
