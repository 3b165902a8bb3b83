"""A process as a picture, drawn by the house itself, and the same as a list for whoever does not see it.

`ways` says where each outcome leads; `nodes` what is drawn and how large; `layers`, `ordering`, `columns` and
`routes` where it stands (Sugiyama, Tagawa and Toda 1981; Brandes and Köpf 2002); `drawing` makes the SVG of it.
Not for: deciding anything about a case. No Django, no clock, no chance: the same definition gives the same picture.
"""

from moothall.process.picture.drawing import measured, svg, team_colours
from moothall.process.picture.listing import Entry, Turn, outline
from moothall.process.picture.nodes import Counts, Mark

__all__ = ["Counts", "Entry", "Mark", "Turn", "measured", "outline", "svg", "team_colours"]
