"""Numbers that the state gives to people, and whether they can be right: NHS number, National Insurance number, UPN.

Each function returns the number as it is kept, without spaces, and raises `ValueError` with a sentence for whoever
typed it. A number that passes may still be somebody else's.
"""

import re

_TO_LEAVE_OUT = re.compile(r"[\s\u2010-\u2015.-]+")
_NHS = re.compile(r"[0-9]{10}")
_NINO = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]")
_UNUSED = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def _tidied(text: str) -> str:
    return _TO_LEAVE_OUT.sub("", text).upper()


def nhs(text: str) -> str:
    """Return an NHS number as ten digits.

    The last digit checks the others: weights 10 to 2, 11 less the sum modulo 11, where 11 counts as 0 and 10 never
    happens (NHS Data Dictionary, "NHS Number"). Ten equal digits are refused: they only ever fill a field.

    >>> nhs("943 476 5919"), nhs("999-000-0018")
    ('9434765919', '9990000018')
    >>> nhs("943 476 5918")
    Traceback (most recent call last):
    ValueError: This is not an NHS number: its last digit does not fit the others. Check each digit.
    >>> nhs("943 476")
    Traceback (most recent call last):
    ValueError: An NHS number has 10 digits, like 943 476 5919.
    """
    number = _tidied(text)
    if not _NHS.fullmatch(number):
        raise ValueError("An NHS number has 10 digits, like 943 476 5919.")
    rest = -sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    if rest != int(number[9]) or len(set(number)) == 1:
        raise ValueError(
            "This is not an NHS number: its last digit does not fit the others. Check each digit."
        )
    return number


def nino(text: str) -> str:
    """Return a National Insurance number in capitals: two letters, six digits, one letter.

    Which letters there can be: HMRC, National Insurance Manual, NIM39110. There is no check digit.

    >>> nino("qq 12 34 56 c")
    Traceback (most recent call last):
    ValueError: No National Insurance number looks like this. They are two letters, six digits and A, B, C or D.
    >>> nino("AB 12 34 56 C")
    'AB123456C'
    """
    number = _tidied(text)
    if not _NINO.fullmatch(number) or number[:2] in _UNUSED:
        raise ValueError(
            "No National Insurance number looks like this. They are two letters, six digits and A, B, C or D."
        )
    return number


def upn(text: str) -> str:
    """Return a pupil's unique number (UPN) in capitals: a check letter, eleven digits, and a digit or a letter.

    The letter checks the rest: each of the twelve characters times its place (2 to 13), modulo 23, in the alphabet
    without I, O and S (Department for Education, "Unique pupil numbers: guidance", calculating check letters).

    >>> upn("H801 200 001 001")
    'H801200001001'
    >>> upn("A801200001001")
    Traceback (most recent call last):
    ValueError: This is not a pupil's number: its first letter does not fit the rest. Check each character.
    >>> upn("801200001001")
    Traceback (most recent call last):
    ValueError: A pupil's number (UPN) has a letter, then 12 characters, like H801200001001.
    """
    number = _tidied(text)
    if not _UPN.fullmatch(number) or any(each not in _UPN_LETTERS for each in number if each.isalpha()):
        raise ValueError("A pupil's number (UPN) has a letter, then 12 characters, like H801200001001.")
    values = (int(each) if each.isdigit() else _UPN_LETTERS.index(each) for each in number[1:])
    if (
        _UPN_LETTERS[sum(value * place for value, place in zip(values, range(2, 14), strict=True)) % 23]
        != number[0]
    ):
        raise ValueError(
            "This is not a pupil's number: its first letter does not fit the rest. Check each character."
        )
    return number
