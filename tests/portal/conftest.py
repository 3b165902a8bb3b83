"""What tests of the portal's pages need: a town."""

import pytest

from moothall.councils import scope
from tests.requests.making import Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    """A district that takes missed bins, street problems and enquiries."""
    with scope.everything("making a town for a test"):
        return make_town(services=("missed-bin", "street-problem", "general-enquiry"), code="ashfield")
