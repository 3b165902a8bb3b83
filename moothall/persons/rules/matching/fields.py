"""What is compared of two people, and what can come of it: each field with its levels, the best first, and in words.

This table is the one place where fields and levels have their names: the weights, the live comparison and the batch
all follow it. A field of which one side is unknown is `missing`, and counts nothing.
"""

from dataclasses import dataclass

MISSING = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its levels, from the first that may hold to the last, and what an adviser reads of each."""

    key: str
    levels: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the levels, `missing` first: a level's number is its place here."""
        return ("missing", *self.levels)


FIELDS = (
    Field(
        "forename",
        {
            "initial": "Only an initial of the forename, which fits",
            "same": "Forename the same",
            "swapped": "Forename and surname the other way round",
            "other": "Forename the same as another that they use",
            "nickname": "Forename is a form of the same name",
            "part": "Forename is part of the other",
            "typo": "Forename nearly the same",
            "close": "Forename alike, but another name",
            "differs": "Forename differs",
        },
    ),
    Field(
        "surname",
        {
            "same": "Surname the same",
            "swapped": "",
            "other": "Surname the same as another that they use or had",
            "part": "Surname is part of the other",
            "typo": "Surname nearly the same",
            "sound": "Surname sounds alike",
            "close": "Surname somewhat alike",
            "differs": "Surname differs",
        },
    ),
    Field(
        "middle",
        {
            "same": "Middle name the same",
            "initial": "Initial of the middle name fits",
            "differs": "Middle name differs",
        },
    ),
    Field(
        "born",
        {
            "january": "Date of birth the same, but 1 January, which often stands for unknown",
            "same": "Date of birth the same",
            "turned": "Day and month of birth the other way round",
            "near": "Date of birth one digit off",
            "parts": "Date of birth the same in two of day, month and year",
            "stood": "Year of birth the same; one says 1 January, which often stands for unknown",
            "year": "Only the year of birth the same",
            "differs": "Date of birth differs",
        },
    ),
    Field(
        "address",
        {
            "uprn": "Address the same",
            "spot": "House and postcode the same",
            "line": "First line of the address the same, in another postcode nearby",
            "postcode": "Postcode the same, another house",
            "district": "Moved house nearby, or another address",
            "differs": "Moved house, or another address",
        },
    ),
    Field("phone", {"same": "Phone the same", "near": "Phone one digit off", "differs": "Phone differs"}),
    Field(
        "email",
        {
            "same": "Email the same",
            "local": "Email the same before the @",
            "differs": "Email differs",
        },
    ),
    Field(
        "nhs",
        {
            "same": "NHS number the same",
            "near": "NHS number one digit off, and cannot be right",
            "differs": "Another valid NHS number",
        },
    ),
    Field(
        "nino",
        {
            "same": "National Insurance number the same",
            "near": "National Insurance number one character off",
            "differs": "National Insurance number differs",
        },
    ),
    Field("key", {"same": "A reference in another system the same", "differs": ""}),
)
BY_KEY = {field.key: field for field in FIELDS}
