"""What every test may use."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from moothall.councils import scope, walls
from moothall.journal import immutable
from moothall.process import store

# how long an example takes says something of the machine, not of the house
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Give each process of a parallel run a database of its own; the embedded one is in its memory already."""
    process = getattr(request.config, "workerinput", {}).get("workerid", "")
    if process and connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"test_{connection.settings_dict['NAME']}_{process}"


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
def _emptying_lifts_the_triggers() -> Iterator[None]:
    """Let the end of a test with real transactions empty the tables that only grow; nothing else can."""
    empty = BaseDatabaseOperations.execute_sql_flush
    tables: list[str] = []

    def lift(self: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        with walls.as_owner():
            tables.extend([] if tables else immutable.tables(connection))
            for table in tables:
                immutable.release(connection, table)
            try:
                empty(self, sql_list)
            finally:
                for table in tables:
                    immutable.protect(connection, table)

    patch = pytest.MonkeyPatch()
    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", lift)
    yield
    patch.undo()
