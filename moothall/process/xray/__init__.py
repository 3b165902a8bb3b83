"""The X-ray: how the cases of a process really went, asked of the database in SQL, and the cases behind each figure.

Say which cases by a `Lens`; `cohort` asks the gate and the circles once; each view is a question about the cohort.
"""

from moothall.process.xray.asking import Spread
from moothall.process.xray.behind import PAGE, Behind, behind
from moothall.process.xray.choosing import Choice, choices
from moothall.process.xray.cohort import OTHERS, Cohort, Lens, cohort
from moothall.process.xray.comparing import First, Overview, StepByCouncil, compared, overview
from moothall.process.xray.exceptions import Exceptions, endings, exceptions
from moothall.process.xray.following import Follows, follows, routes
from moothall.process.xray.handing import HandOvers, hand_overs
from moothall.process.xray.months import months
from moothall.process.xray.promises import Promise, RanOut, promises
from moothall.process.xray.rework import Rework, rework
from moothall.process.xray.waiting import StepTimes, longest, waiting

__all__ = [
    "OTHERS",
    "PAGE",
    "Behind",
    "Choice",
    "Cohort",
    "Exceptions",
    "First",
    "Follows",
    "HandOvers",
    "Lens",
    "Overview",
    "Promise",
    "RanOut",
    "Rework",
    "Spread",
    "StepByCouncil",
    "StepTimes",
    "behind",
    "choices",
    "cohort",
    "compared",
    "endings",
    "exceptions",
    "follows",
    "hand_overs",
    "longest",
    "months",
    "overview",
    "promises",
    "rework",
    "routes",
    "waiting",
]
