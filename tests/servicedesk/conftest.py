"""What tests of the performance pack share."""

import pytest

from moothall.councils import scope
from tests.servicedesk.committee import People, make_people
from tests.servicedesk.month_of_work import work
from tests.servicedesk.rows import make_ground


@pytest.fixture
def people() -> People:
    """Those who read a pack of two councils in which nothing has happened."""
    with scope.everything("making people for a test"):
        return make_people((make_ground(name="Ash Council"), make_ground(name="Elm Council")))


@pytest.fixture
def busy() -> People:
    """Those who read a pack of two councils with a month of work."""
    with scope.everything("making a month for a test"):
        return make_people(work(30))
