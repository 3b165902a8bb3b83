"""Why passing calls to suppliers may be refused."""

from moothall.plain.errors import Invalid, NotFound, Stale


class NoSuchRoute(Invalid):
    code = "servicedesk.no_such_route"
    message = "This council has no such support for that system. Choose one of its support routes."


class NotWithSupplier(Stale):
    code = "servicedesk.not_with_supplier"
    title = "No supplier has this call"
    message = "This call is not with a supplier any more."
    next_step = "Look at the call as it is now, then decide again."


class NoSuchSupplierCall(NotFound):
    code = "servicedesk.no_such_supplier_call"
    message = "We cannot find that call with a supplier."
