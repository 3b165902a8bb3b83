"""What every test may use."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import Event

from moothall.councils import scope, walls
from moothall.journal import immutable
from moothall.process import store
from moothall.process.language import nodes
from tests.tables import say_all_was_run

# how long an example takes says something of the machine, not of the house
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


HERE = Path(__file__).parent
WITH_DJANGO = {"config", "faults", "identity", "isolation", "journeys", "look"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what depends on the database or on Django: the rest says the same on each, and is run on one of them.

    With `MOOTHALL_TEST_SHARE=3` every third of the tests of a room is kept, and all that try the house with its Django.
    """
    for item in items:
        if _room(item) in WITH_DJANGO or {"db", "django_db_setup"} & {*getattr(item, "fixturenames", ())}:
            item.add_marker("django")
    share = int(os.environ.get("MOOTHALL_TEST_SHARE", "1"))
    left_out = [
        item for item in items if item.get_closest_marker("django") and _room(item) not in WITH_DJANGO
    ]
    left_out = [item for number, item in enumerate(left_out) if number % share]
    config.hook.pytest_deselected(items=left_out)
    without = {*left_out}
    items[:] = [item for item in items if item not in without]


def _room(item: pytest.Item) -> str:
    """Return the folder of a test."""
    return item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""


@pytest.fixture(scope="session")
def _as_owner() -> Iterator[ExitStack]:
    """Act as the owner of the tables, until this is closed."""
    with ExitStack() as acting:
        acting.enter_context(walls.as_owner())
        yield acting


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest, _as_owner: ExitStack) -> None:
    """Give each process of a parallel run a database of its own; the embedded one is in its memory already."""
    settings = connection.settings_dict
    settings["TEST"] |= {"MIGRATE": False, "ROLE": settings.get("MOOTHALL_ROLE", "")}
    settings["MOOTHALL_ROLE"] = ""  # until there are tables
    process = getattr(request.config, "workerinput", {}).get("workerid", "")
    if process and connection.vendor == "postgresql":
        settings["TEST"]["NAME"] = f"test_{settings['NAME']}_{process}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, _as_owner: ExitStack) -> None:
    """Let the tables that were made from the models be those of a house (see `tests/tables.py`)."""
    del django_db_setup
    with django_db_blocker.unblock(), _as_owner, scope.everything("a database for tests is made"):
        connection.settings_dict["MOOTHALL_ROLE"] = connection.settings_dict["TEST"]["ROLE"]
        say_all_was_run()


@pytest.fixture(autouse=True, scope="session")
def _files_are_parsed_once() -> Iterator[None]:
    """Keep what the parser said of sound files: to parse the same few anew took a third of the time of the pages."""

    @lru_cache(maxsize=64)
    def events(text: str) -> Sequence[Event]:
        return [*YAML(typ="safe", pure=True).parse(text)]

    class Remembering(YAML):
        def parse(self, text: str) -> Iterator[Event]:
            try:
                return iter(events(text))
            except (YAMLError, ValueError):
                told: Iterator[Event] = super().parse(text)  # what is said before the fault counts
                return told

    patch = pytest.MonkeyPatch()
    patch.setattr(nodes, "YAML", Remembering)
    yield
    patch.undo()


@pytest.fixture
def everything() -> Iterator[None]:
    """Touch rows of every council, for tests that are not about keeping them apart."""
    with scope.everything("a test that is not about scopes"):
        yield


@pytest.fixture(autouse=True)
def forget_versions() -> None:
    """Forget process versions read before: a rolled back test leaves their numbers free for others."""
    store.forget_versions()


@pytest.fixture
def now() -> datetime:
    """A Monday morning in November, when every council is open."""
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _mail_stays_in_the_test(settings: Settings) -> None:
    """Let the outbox carry mail to `django.core.mail.outbox`."""
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True, scope="session")
def _emptying_is_of_what_is_full() -> Iterator[None]:
    """Let the end of a test with real transactions empty the tables that have rows, also those that only grow.

    PostgreSQL makes new files for whatever it truncates: for all tables of the house that took seconds for each test.
    """
    growing: set[str] = set()

    def empty(operations: BaseDatabaseOperations, _all_of_them: Sequence[str]) -> None:
        database = operations.connection
        with walls.as_owner(), scope.everything("a test's rows are taken away"), transaction.atomic():
            growing.update([] if growing else immutable.tables(database))
            full = _full_tables(database)
            for table in growing.intersection(full):
                immutable.release(database, table)
            with database.cursor() as cursor:
                for table in full:
                    cursor.execute(f"DELETE FROM {operations.quote_name(table)}")
                if database.vendor == "postgresql":
                    cursor.execute(
                        "SET CONSTRAINTS ALL IMMEDIATE"
                    )  # no trigger is made while checks are owed
            for table in growing.intersection(full):
                immutable.protect(database, table)

    patch = pytest.MonkeyPatch()
    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", empty)
    yield
    patch.undo()


def _full_tables(database: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of models that have a row."""
    tables = database.introspection.django_table_names(only_existing=True, include_views=False)
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {database.ops.quote_name(table)})" for table in tables
    ]
    with database.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]
