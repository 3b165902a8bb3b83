"""What somebody may be allowed to do with the register of people."""

from moothall.councils.permissions import Permission


class Can(Permission):
    SEE = "persons.record.see", "see people's records"
    SEARCH = "persons.record.search", "look people up"
    ADD = "persons.record.add", "add people to the register"
    CHANGE = "persons.record.change", "change people's records"
    LOCK = "persons.record.lock", "lock people's records, and open them again"
    SEE_LINKS = "persons.link.see", "see which records may be the same person"
    DECIDE = "persons.link.decide", "say which records are the same person"
    SEE_LOOKS = "persons.look.see", "see who looked at a person's record"
    SEE_RIGHTS = "persons.right.see", "see what people have asked for under data protection law"
    EXERCISE = "persons.right.exercise", "restrict, rectify and erase records under data protection law"
    CONNECT = "persons.connection.make", "connect people's accounts with their records"
    SET_CUTOFFS = "persons.cutoff.set", "set when records are linked by themselves"
