"""The language of process files: from YAML to a Definition, or to mistakes that say what to write instead.

Not for: running a process, or knowing which teams exist.
"""

from moothall.process.language.handing_over import held_against
from moothall.process.language.mistakes import Mistake
from moothall.process.language.reading import NotSound, Reading, load, read

__all__ = ["Mistake", "NotSound", "Reading", "held_against", "load", "read"]
