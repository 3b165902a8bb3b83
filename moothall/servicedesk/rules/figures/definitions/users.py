"""What users say, and how much they need: satisfaction, calls per user, self-service."""

from moothall.measures.rules import Definition

_AFTER = "Asked after a call was closed; of the answers given in the month."
_PEOPLE = "Not counted: changes, duplicates, and what no person reported (alerts, recurring work)."
_HEADS = "User accounts as each council states them with a date, the mean over the days of the month."

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        name="nps",
        title="Net promoter score after a call",
        area="users",
        kind="nps",
        unit="points",
        better="up",
        formula=(
            "Would you recommend the service desk to a colleague, 0 to 10? The share of 9 and"
            " 10 less that of 0 to 6, from"
            f" -100 to 100, with its 95 per cent interval. {_AFTER}"
        ),
        advice=(
            "Fewer than 10 answers are not shown. Two scores whose intervals overlap may well be the same."
        ),
        source="F. Reichheld, The One Number You Need to Grow, 2003",
    ),
    Definition(
        name="csat",
        title="Content users",
        area="users",
        kind="share",
        unit="%",
        better="up",
        formula=(
            f"How content were you with how your call was dealt with, 1 to 5? The share of 4 and 5. {_AFTER}"
        ),
        advice="Read it with how many answered.",
        source="SDI, customer satisfaction; Socitm KPI 1",
    ),
    Definition(
        name="csat_mean",
        title="Contentment, of 5",
        area="users",
        kind="mean",
        unit="of 5",
        better="up",
        formula=f"The mean of the answers from 1 to 5. {_AFTER}",
        advice="For comparing with other desks that publish a mean.",
        source="SDI, customer satisfaction",
    ),
    Definition(
        name="survey_response",
        title="Answered when asked",
        area="users",
        kind="share",
        unit="%",
        better="up",
        formula=(
            "Of those who were asked in the month, those who had answered when the figures were worked out."
        ),
        advice="Under 15 per cent, scores speak for the few who care most.",
        source="SDI",
    ),
    Definition(
        name="calls_per_user",
        title="Calls per user",
        area="demand",
        kind="ratio",
        unit="per user",
        better="down",
        formula=(
            "Incidents and service requests logged in the month, divided by user accounts."
            f" {_PEOPLE} {_HEADS}"
        ),
        advice="Requests can rise because more can be asked for: read it beside incidents per user.",
        source="Socitm, calls per user per month",
        level="council",
    ),
    Definition(
        name="incidents_per_user",
        title="Incidents per user",
        area="demand",
        kind="ratio",
        unit="per user",
        better="down",
        formula=f"Incidents logged in the month, divided by user accounts. {_PEOPLE} {_HEADS}",
        advice="What failed, for each user: the desk does well if this falls.",
        source="Socitm, calls per user per month",
        level="council",
    ),
    Definition(
        name="self_service",
        title="Self-service",
        area="demand",
        kind="share",
        unit="%",
        better="up",
        formula=(
            "Of the incidents and service requests that people brought in the month, those"
            " that came by the portal or were"
            " resolved by an article."
        ),
        advice="Only good if users like it: read it beside what they say.",
        source="SDI, self-service",
        behind=True,
    ),
)
