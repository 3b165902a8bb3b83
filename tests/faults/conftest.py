"""Houses to be maltreated: each with a mail server, a nest, and a council in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.config.houses import House, house
from tests.faults.harness import Nest, nest
from tests.messages.postroom import Postroom


@dataclass
class Site:
    """A house of its own on the database of this run, what lives in it, and where its mail goes."""

    house: House
    nest: Nest
    postroom: Postroom

    def addresses_of_letters(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.postroom.letters]


def mail_to(room: Postroom) -> dict[str, str]:
    """Return the options that send mail there."""
    return {
        "MOOTHALL_MAIL_HOST": "127.0.0.1",
        "MOOTHALL_MAIL_PORT": str(room.port),
        "MOOTHALL_MAIL_STARTTLS": "false",
        "MOOTHALL_LOG_FORMAT": "text",
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A settled house. The tests of a module share it."""
    home = tmp_path_factory.mktemp("faults")
    with Postroom() as room, house(home) as found:
        found.surroundings.update(mail_to(room))
        found.settle()
        with nest(found.environment, home / "errors") as inside:
            inside.ask("settle", until="settled")
            yield Site(found, inside, room)


@pytest.fixture
def errors(site: Site) -> Path:
    return site.house.home / "errors"
