"""Why this room may say no."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Refused


class NoScope(HouseError):
    """Code asked for council-owned rows without saying whose. A fault of ours, never the person's."""

    code = "councils.no_scope"
    status = 500
    title = "Sorry, there is a problem with this page"
    message = (
        "{what} belongs to councils, and nothing says which councils may be looked at."
        " Enter scope.only(councils) or scope.everything(reason) first."
    )
    next_step = "Tell your system administrator what you were doing."


class OutOfScope(HouseError):
    """Code tried to write a row of a council that it is not working for."""

    code = "councils.out_of_scope"
    status = 500
    title = "Sorry, there is a problem with this page"
    message = "A row of {what} was to be written for a council outside the scope, so nothing was saved."
    next_step = "Tell your system administrator what you were doing."


class ForStaff(Refused):
    """Somebody who works for no council came to the workplace."""

    code = "councils.for_staff"
    next_step = "If you work for a council, sign in with your work account."


class NotTheOwner(HouseError):
    code = "councils.not_the_owner"
    status = 409
    message = "“{role}” does not own the tables of this database, so it cannot change or wall them."
    next_step = (
        "Run this with the address of their owner in MOOTHALL_DATABASE_URL, and only this: "
        "the house is served by a role that owns nothing."
    )


class NotValid(Invalid):
    code = "councils.not_valid"
    message = "{reason}"


class NotAnAgreement(Invalid):
    code = "councils.not_an_agreement"
    message = "This cannot be an agreement: {reason}."


class NoAgreement(Invalid):
    code = "councils.no_agreement"
    status = 409
    message = "{who} belongs to {employer}, and no agreement between {employer} and {council} is in force."
    next_step = "Sign an agreement between the two councils first."


class OneTeamOnly(Invalid):
    code = "councils.one_team_only"
    status = 409
    message = "{council} is already served by a team for “{function}”."
    next_step = "Let that team serve it, or give this one another function."


class NoSuchRole(Invalid):
    code = "councils.no_such_role"
    message = "“{role}” is not a role. Roles are {roles}."


class MayNotGrant(Invalid):
    code = "councils.may_not_grant"
    status = 403
    title = "You cannot do this"
    message = "You may not grant or take away the role of {role} at {council}."
    next_step = "Ask somebody whose role may do it: roles.yaml says who, under “granted by”."


class NotToOneself(Invalid):
    code = "councils.not_to_oneself"
    status = 403
    title = "You cannot do this"
    message = "Nobody gives a role to themselves."
    next_step = "Ask another administrator, so that two people know of it."


class LastAdministrator(Invalid):
    code = "councils.last_administrator"
    status = 409
    message = "{staff} is the last {role}. Nobody could put it right afterwards."
    next_step = "Give somebody else the role first."


class NoSuchCalendar(NotFound):
    code = "councils.no_such_calendar"
    message = "The council has no calendar named “{name}”."
    next_step = "Ask a council administrator to set its opening hours."


class NotACalendar(Invalid):
    code = "councils.not_a_calendar"
    message = "These opening hours cannot be used: {reason}."


class AlreadyThere(Invalid):
    code = "councils.already_there"
    status = 409
    message = "There is already {what}."


class StaffHasLeft(Invalid):
    code = "councils.staff_has_left"
    status = 409
    message = "{staff} no longer works for {employer}."
