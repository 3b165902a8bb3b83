"""What the service desk keeps, area by area."""

from moothall.servicedesk.models.calls import Call, Escalation, Follower, SupplierCall
from moothall.servicedesk.models.changes import (
    AgendaItem,
    Change,
    ChangeItem,
    Freeze,
    Meeting,
    Observed,
    Seat,
)
from moothall.servicedesk.models.channels import Alert, ApiCall, ApiKey, Feed, Heard, Imported, ImportRun
from moothall.servicedesk.models.helping import (
    Article,
    ArticleVersion,
    ArticleVote,
    ArticleWord,
    AskedFor,
    AssignmentRule,
    CannedReply,
    CatalogueItem,
    Recurring,
    SavedFilter,
    Shift,
    Turn,
)
from moothall.servicedesk.models.majors import CallOut, LessonAction, Major, Notice, RoomEntry
from moothall.servicedesk.models.outages import Outage
from moothall.servicedesk.models.packs import (
    CouncilFigure,
    FigureVisibility,
    Headcount,
    JointFigure,
    Pack,
    PackComment,
    SignOff,
)
from moothall.servicedesk.models.resolutions import Resolution
from moothall.servicedesk.models.surveys import Survey
from moothall.servicedesk.models.waves import Wave, WaveCall

__all__ = [
    "AgendaItem",
    "Alert",
    "ApiCall",
    "ApiKey",
    "Article",
    "ArticleVersion",
    "ArticleVote",
    "ArticleWord",
    "AskedFor",
    "AssignmentRule",
    "Call",
    "CallOut",
    "CannedReply",
    "CatalogueItem",
    "Change",
    "ChangeItem",
    "CouncilFigure",
    "Escalation",
    "Feed",
    "FigureVisibility",
    "Follower",
    "Freeze",
    "Headcount",
    "Heard",
    "ImportRun",
    "Imported",
    "JointFigure",
    "LessonAction",
    "Major",
    "Meeting",
    "Notice",
    "Observed",
    "Outage",
    "Pack",
    "PackComment",
    "Recurring",
    "Resolution",
    "RoomEntry",
    "SavedFilter",
    "Seat",
    "Shift",
    "SignOff",
    "SupplierCall",
    "Survey",
    "Turn",
    "Wave",
    "WaveCall",
]
