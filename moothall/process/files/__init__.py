"""Files that people send: looked through, cleaned, kept once under their own digest, and given back as they are.

`keep` takes an upload and says no in a whole sentence, or returns what was kept; `open_kept` reads it again;
`response` is the one way in which a kept file leaves the house.
"""

from moothall.process.files.keeping import Kept, forget, keep, open_kept
from moothall.process.files.serving import response

__all__ = ["Kept", "forget", "keep", "open_kept", "response"]
