"""One world for all tests of the matrix: it is made once, and every cell is rolled back."""

import logging
import os
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from moothall.process import store
from tests.isolation.matrix import Matrix
from tests.isolation.quiet import keep_apart
from tests.isolation.visitors import Visitor, make_visitors
from tests.isolation.world import World, make_world

WHOLE = os.environ.get("MOOTHALL_TEST_ISOLATION") == "whole"
"""Whether every cell is tried, also those provably equal to another; `benchmarks/isolation.py` does."""
as_on_sqlite = pytest.mark.skipif(
    connection.vendor == "postgresql" and not WHOLE,
    reason="behind row-level security less could show than on SQLite: tried there, and here by benchmarks/isolation.py",
)
"""What proves no more behind a second wall than before it."""
_started = time.process_time()


def say(what: str, figures: object) -> None:
    """Print figures for `benchmarks/isolation.py`, which shows these lines."""
    sys.stdout.write(
        f"\nisolation: {connection.vendor}, {what}: {figures}, {time.process_time() - _started:.0f} s CPU so far\n"
    )


class House(NamedTuple):
    world: World
    visitors: list[Visitor]


@pytest.fixture(scope="module")
def surroundings(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Let a world be made that outlives a test: its files, its quick passwords, its quiet log, its transaction."""
    del django_db_setup
    quiet = override_settings(
        FILES_ROOT=tmp_path_factory.mktemp("files"),
        SECOND_FACTOR="off",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    )
    logging.disable(logging.ERROR)  # thousands of lines that nobody reads
    with django_db_blocker.unblock(), quiet:
        store.forget_versions()
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        store.forget_versions()
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def house(surroundings: None) -> House:
    """Make the world and sign everybody in, inside a transaction that is never kept."""
    world = keep_apart(make_world())
    return House(world, make_visitors(world))


@pytest.fixture
def matrix(house: House) -> Matrix:
    return Matrix(house.world, house.visitors)
