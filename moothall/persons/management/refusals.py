"""Why a file of people cannot be read, or nothing be learned from it."""

from moothall.plain.errors import HouseError


class TooFewPairs(HouseError):
    """There are too few records that share an NHS number."""

    code = "persons.too_few_pairs"
    message = "Only {pairs} pairs of records share an NHS number; {least} are needed to learn from."
    next_step = "Keep the weights there are, or learn from a file in which more records have NHS numbers."


class NoSuchCouncil(HouseError):
    code = "persons.no_such_council"
    message = "There is no council with the code “{council}”."
    next_step = "Say the code of a council, or none."


class FileRefused(HouseError):
    """A file as a whole cannot be used."""

    code = "persons.file_refused"
    message = "The file {file} cannot be used. {why}"
    next_step = "Nothing was changed. Put the file right, then try again."
