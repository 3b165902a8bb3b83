"""Councils that most tests here start from."""

import pytest

from moothall.councils.models import Council
from tests import makers


@pytest.fixture
def ash(db: None) -> Council:
    return makers.make_council(code="ash", name="Ash District Council")


@pytest.fixture
def elm(db: None) -> Council:
    return makers.make_council(code="elm", name="Elm City Council")


@pytest.fixture
def oak(db: None) -> Council:
    return makers.make_council(code="oak", name="Oak County Council")
