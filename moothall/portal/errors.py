"""Why the portal may say no."""

from moothall.plain.errors import HouseError


class TooManyCodes(HouseError):
    code = "portal.too_many_codes"
    status = 429
    title = "You have tried too many codes"
    message = "You have entered a code 5 times within an hour, so we have stopped for now."
    next_step = (
        "Wait an hour, then try again. A letter's code works no more after 5 wrong tries: if yours does not work then,"
        " ask for a new letter under “Your details”."
    )


class TooManyLetters(HouseError):
    code = "portal.too_many_letters"
    status = 429
    title = "You have asked for a letter already"
    message = "You have asked for a letter 3 times within a day, so we have stopped for now."
    next_step = "Wait for the letter. If none comes within 10 working days, contact us."
