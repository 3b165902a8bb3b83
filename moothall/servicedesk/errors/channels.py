"""Why a channel of the desk may say no: files, keys, feeds, and what comes in by them."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Stale


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


class NoSuchFeed(NotFound):
    code = "servicedesk.no_such_feed"
    message = "There is no such feed."


class FeedRefused(Invalid):
    code = "servicedesk.feed_refused"
    message = "{why}"


class FeedNotSigned(NotFound):
    """No such feed, or not its signature, or not just now: these are never told apart."""

    code = "servicedesk.feed_not_signed"
    message = (
        "There is no such feed, or this message is not signed with its secret, or was signed too long ago."
    )
    next_step = "Check the address, the secret, and the clock of the machine that sends."


class HeardAlready(Stale):
    code = "servicedesk.heard_already"
    title = "This message was taken already"
    message = "A message with the number “{number}” was taken already, so this one changes nothing."
    next_step = "Give each message a number of its own in webhook-id."


class MessageNotUnderstood(Invalid):
    code = "servicedesk.message_not_understood"
    message = "This message was not understood. {why}"
    next_step = "Compare it with the shape that the feed was set up for (docs/api.md)."


class MessageTooLarge(HouseError):
    code = "servicedesk.message_too_large"
    status = 413
    title = "This is too large"
    message = "A message may have {limit} at most."
    next_step = "Send several smaller ones."


class NoSuchAddress(NotFound):
    code = "servicedesk.no_such_address"
    title = "Nothing is here"
    message = "There is nothing at this address."
    next_step = (
        "Compare it with the OpenAPI document (/api/desk/v1/openapi.json), or with the address of the feed."
    )


class NoSuchKey(NotFound):
    code = "servicedesk.no_such_key"
    message = "There is no such key."


class KeyRefused(Invalid):
    code = "servicedesk.key_refused"
    message = "{why}"


class KeyNotKnown(HouseError):
    code = "servicedesk.key_not_known"
    status = 401
    title = "This needs a key"
    message = "There is no key in this request, or it is not one of ours, or it was ended."
    next_step = "Send the key as “Authorization: Bearer …”. Whoever sets up the desk makes keys."


class KeyMayNot(HouseError):
    code = "servicedesk.key_may_not"
    status = 403
    title = "This key may not do that"
    message = "This key may not {act}."
    next_step = "Ask whoever sets up the desk for a key that may."


class TooOften(HouseError):
    code = "servicedesk.too_often"
    status = 429
    title = "Too many requests"
    message = "This key may ask {limit} times a minute."
    next_step = "Wait until the next minute, and go on."


class KeyOfItsOwn(HouseError):
    code = "servicedesk.idempotency_key_reused"
    status = 422
    title = "This key of its own was used for something else"
    message = "The Idempotency-Key “{key}” was used for another call already."
    next_step = "Use a new one for each call, and the same one only to send the same call again."


class NoIdempotencyKey(Invalid):
    code = "servicedesk.no_idempotency_key"
    message = "The header Idempotency-Key is missing, or longer than 100 characters."
    next_step = "Give each new call one, so that it is logged once however often it is sent."
