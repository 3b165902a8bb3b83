"""What staff of the shared offices ask of each other, and what comes of it: one module a kind of work."""

from collections.abc import Mapping

from moothall.config.demo.errands import family, gates, people, records, referrals
from moothall.config.demo.errands.telling import Errand

ERRANDS: Mapping[str, Errand] = {
    "mash": referrals.REFERRAL,
    "early-help": family.EARLY_HELP,
    "strategy-discussion": family.DISCUSSION,
    "starter": people.STARTER,
    "leaver": people.LEAVER,
    "stage-gate": gates.GATE,
    "disposal-review": records.DISPOSAL,
}
