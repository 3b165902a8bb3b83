"""The journal's own periodic work: seal, take back lapsed jobs, sign, tidy."""

from datetime import datetime

from django.conf import settings

from moothall.journal import checkpoints, jobs
from moothall.journal.hooks import every
from moothall.journal.sealing import Sealer

_sealer = Sealer()


@every(0.5, "journal.seal")
def seal(_now: datetime) -> int:
    """Seal what was written since."""
    return _sealer.seal()


@every(5, "journal.reclaim")
def reclaim(now: datetime) -> int:
    """Take back the jobs of workers that died."""
    return jobs.reclaim(now)


@every(3600, "journal.checkpoint")
def checkpoint(now: datetime) -> int:
    """Sign the heads of all chains."""
    return 0 if checkpoints.make(now, settings.HOME) is None else 1


@every(3600, "journal.tidy")
def tidy(now: datetime) -> int:
    """Forget jobs that were done long ago."""
    return jobs.tidy(now)
