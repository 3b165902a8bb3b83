"""Which tests say the same on both databases, and are run on one of them."""

import pytest
from django.db import connection

same_on_both = pytest.mark.skipif(
    connection.vendor == "postgresql",
    reason="it says the same whatever the database: tried on SQLite",
)
"""What asks no more of a database than all pages do, or makes an embedded one of its own."""
