"""What somebody may be allowed to do with contacts."""

from moothall.councils.permissions import Permission


class Can(Permission):
    SEE = "contacts.contact.see", "see contacts with people"
    RECORD = "contacts.contact.record", "record contacts"
    SORT = "contacts.contact.sort", "put contacts and mail to their person and case"
    COUNT = "contacts.demand.see", "see how many contacts could have been avoided"
