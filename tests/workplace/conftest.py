"""What tests of the workplace share."""

from pathlib import Path

import pytest
from pytest_django import Settings

from moothall.councils import scope
from tests.workplace.staffed import House, make_house


@pytest.fixture
def house(db: None, settings: Settings, tmp_path: Path) -> House:
    """A house at work, whose people need no second factor: that is tested in identity."""
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    with scope.everything("making a house for a test"):
        return make_house()
