"""What somebody may be allowed to do with the estate."""

from moothall.councils.permissions import Permission


class Can(Permission):
    SEE = "estate.item.see", "see systems, who uses them and who supports them"
    CHANGE = "estate.item.change", "change what is recorded of systems and their support"
