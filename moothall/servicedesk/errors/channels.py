"""Why a channel of the desk may say no: files, keys, feeds, and what comes in by them."""

from moothall.plain.errors import Invalid, NotFound, Stale


class NotACallsFile(Invalid):
    code = "servicedesk.not_a_calls_file"
    message = "This file cannot be brought in. {why}"
    next_step = "Export the calls as CSV, with a line of column names first, and try again."


class MappingRefused(Invalid):
    code = "servicedesk.mapping_refused"
    message = "The columns are not settled yet. {why}"


class NoSuchImport(NotFound):
    code = "servicedesk.no_such_import"
    message = "There is no such import."


class ImportBegun(Stale):
    code = "servicedesk.import_begun"
    message = "This import has begun already."
    next_step = "Look at its page: it says what became of each row."
