"""What tests of the workplace share."""

from pathlib import Path

import pytest
from pytest_django import Settings

from moothall.councils import scope
from tests.process.hub import Hub, make_hub
from tests.workplace.boards import Board, make_board
from tests.workplace.desk_pages import Pages, make_pages
from tests.workplace.registered import Register, make_register
from tests.workplace.staffed import House, make_house


@pytest.fixture
def house(db: None, settings: Settings, tmp_path: Path) -> House:
    """A house at work, whose people need no second factor: that is tested in identity."""
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    with scope.everything("making a house for a test"):
        return make_house()


@pytest.fixture
def board(db: None, settings: Settings, tmp_path: Path) -> Board:
    """A council with a board, whose people need no second factor."""
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    with scope.everything("making a board for a test"):
        return make_board()


@pytest.fixture
def hub(db: None, settings: Settings, tmp_path: Path) -> Hub:
    """A council with a hub that keeps worries to itself."""
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    with scope.everything("making a hub for a test"):
        return make_hub()


@pytest.fixture
def register(house: House) -> Register:
    """The same house, with people in its register."""
    return make_register(house)


@pytest.fixture
def pages(db: None, settings: Settings, tmp_path: Path) -> Pages:
    """A service desk of two councils, whose people need no second factor."""
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    with scope.everything("making a desk for a test of pages"):
        return make_pages()
