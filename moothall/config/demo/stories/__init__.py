"""What residents ask for, and what comes of it: one module a service.

Each gives `ask`, the answers of a resident, and `HANDLE`, for each later step what is answered and how it turns out.
"""

from collections.abc import Mapping

from moothall.config.demo.stories import complaint, council_tax, enquiry, missed_bin, repair, street
from moothall.config.demo.stories.telling import Story

STORIES: Mapping[str, Story] = {
    "missed-bin": missed_bin.STORY,
    "street-problem": street.STORY,
    "housing-repair": repair.STORY,
    "council-tax-move": council_tax.STORY,
    "complaint": complaint.STORY,
    "general-enquiry": enquiry.STORY,
}
