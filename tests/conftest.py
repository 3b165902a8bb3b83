"""What every test may use."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from moothall.councils import scope


@pytest.fixture
def everything() -> Iterator[None]:
    """Touch rows of every council, for tests that are not about keeping them apart."""
    with scope.everything("a test that is not about scopes"):
        yield


@pytest.fixture
def now() -> datetime:
    """A Monday morning in November, when every council is open."""
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
