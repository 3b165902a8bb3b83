"""Reading a letter that came in, whatever is in it: plain Python over the standard library's `email`, and bounded.

`read` returns what a letter says, or raises `Unreadable` with a whole sentence; `envelope` only its head, and never
raises. Nothing here takes more than seconds, opens an archive, or believes what a header says about its length.
"""

from moothall.messages.parsing.automatic import Failure
from moothall.messages.parsing.envelopes import Envelope, envelope
from moothall.messages.parsing.letters import Attachment, Parsed, read
from moothall.messages.parsing.structure import Unreadable

__all__ = ["Attachment", "Envelope", "Failure", "Parsed", "Unreadable", "envelope", "read"]
