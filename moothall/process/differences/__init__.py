"""Two definitions compared, in words for whoever decides whether the newer one is published.

Not for: cases, or what the change does to them (moving, rehearsal).
"""

from moothall.process.differences.whole import in_words

__all__ = ["in_words"]
