"""The family of refusals: a code for machines, facts as fields, a sentence for people, a status."""

from collections.abc import Mapping
from typing import Any, ClassVar


class HouseError(Exception):
    """Something is in the way. `message` says what, `next_step` says what to do about it."""

    code: ClassVar[str] = "house.error"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "There is a problem"
    message: ClassVar[str] = "Something is in the way."
    next_step: ClassVar[str] = ""

    def __init__(self, **facts: Any) -> None:
        self.facts: Mapping[str, Any] = facts
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The message with its facts filled in.

        >>> NotFound(what="page").sentence
        'We cannot find that page.'
        """
        return self.message.format_map(_Facts(self.facts))

    @property
    def advice(self) -> str:
        """What the person can do next, with the facts filled in; empty if nothing helps."""
        return self.next_step.format_map(_Facts(self.facts))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key


class NotFound(HouseError):
    """It does not exist, or it does not exist for this viewer: the two are never told apart."""

    code = "house.not_found"
    status = 404
    title = "Page not found"
    message = "We cannot find that {what}."
    next_step = "Check the address or the reference and try again."


class Refused(HouseError):
    """The viewer may know of it, but may not do this."""

    code = "house.refused"
    status = 403
    title = "You cannot do this"
    message = "You do not have permission to {act}."
    next_step = "Ask your supervisor or your system administrator if you need it for your work."


class Stale(HouseError):
    """Somebody else changed it first; nothing was overwritten."""

    code = "house.stale"
    status = 409
    title = "Somebody else changed this first"
    message = "This changed while you were working on it, so your change was not saved."
    next_step = "Look at what changed, then decide again."


class Invalid(HouseError):
    """The input cannot be taken as it is; nothing was written."""

    code = "house.invalid"
    status = 422
    title = "Check what you entered"
    message = "Some answers need to be corrected."

    def __init__(self, fields: Mapping[str, list[str]] | None = None, **facts: Any) -> None:
        self.fields: dict[str, list[str]] = dict(fields or {})
        super().__init__(**facts)


class TooLarge(HouseError):
    """More was sent than is taken."""

    code = "house.too_large"
    status = 413
    title = "That is too large"
    message = "What you sent is larger than {limit}."
    next_step = "Send a smaller file, or fewer files."


class Unavailable(HouseError):
    """It cannot be done now, and can be tried again."""

    code = "house.unavailable"
    status = 503
    title = "Sorry, this is not working at the moment"
    message = "{what} is not available at the moment. Nothing you sent was half-saved."
    next_step = "Try again in a few minutes."
