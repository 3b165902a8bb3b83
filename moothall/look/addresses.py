"""Addresses of pages that need nothing but their name: worked out once."""

from functools import cache

from django.urls import reverse


@cache
def address_of(name: str) -> str:
    """Return the address of a page that takes no further words; raises NoReverseMatch for a name that is none."""
    return reverse(name)
