"""What tests of the portal's pages need: a town, and a browser without a screen."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from moothall.councils import scope
from tests.requests.making import Town, make_town

Page = Callable[..., Any]


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """A district that takes missed bins, street problems and enquiries."""
    with scope.everything("making a town for a test"):
        made = make_town(services=("missed-bin", "street-problem", "general-enquiry"), code="ashfield")
    yield made


@pytest.fixture
def today() -> datetime:
    return datetime.now().astimezone()


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=False)
