"""What can be permitted. Each room names its own; `roles.yaml` alone says who may."""

from django.db.models import TextChoices


class Permission(TextChoices):
    """A permission: `<kind>.<thing>.<verb>`, and the words that finish “You do not have permission to …”.

    The kind is also what an agreement between councils covers.
    """

    @property
    def kind(self) -> str:
        return self.value.partition(".")[0]

    @property
    def seeing(self) -> str:
        """The permission to see the same thing."""
        return self.value.rpartition(".")[0] + ".see"


class Can(Permission):
    SEE_STAFF = "councils.staff.see", "see who works here, in which team and role"
    MANAGE_STAFF = (
        "councils.staff.manage",
        "add people of the staff, put them into teams, give and take roles",
    )
    SEE_AGREEMENTS = "councils.agreement.see", "see agreements between councils"
    SIGN_AGREEMENTS = "councils.agreement.sign", "sign and end agreements between councils"
    SEE_CALENDARS = "councils.calendar.see", "see opening hours and closing days"
    SET_CALENDARS = "councils.calendar.set", "set opening hours and closing days"
    SEE_COUNCILS = "councils.council.see", "see how a council is set up"
    ADD_COUNCILS = "councils.council.add", "add councils to the partnership"


class Record(Permission):
    """What may be permitted around the journal. It lies below this room and knows no permissions itself."""

    SEE_ENTRIES = "journal.entry.see", "see the record of what happened"
    SEE_JOBS = "journal.job.see", "see the jobs that run in the background"
    SEND_AGAIN = "journal.job.send_again", "send failed jobs again"
