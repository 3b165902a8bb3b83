"""The tables of a house for tests, made from the models: in a tenth of the time that its migrations take.

That both come to the same is tried in a house of its own: `tests/config/test_migrations.py`.
"""

from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

from moothall.councils import scope, walls


def make_tables() -> None:
    """Make those of an empty house, as `moothall migrate` would."""
    without = override_settings(MIGRATION_MODULES={app.label: None for app in apps.get_app_configs()})
    with walls.as_owner(), scope.everything("a house for tests is made"):
        with without:
            call_command(migrate.Command(), run_syncdb=True, verbosity=0)
        call_command("createcachetable", verbosity=0)
        say_all_was_run()


def say_all_was_run() -> None:
    """Say that all migrations were run, and protect the tables as the last of them would have. Enter a scope before."""
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    for app, name in executor.loader.graph.nodes:
        executor.recorder.record_applied(app, name)
    call_command("protect", stdout=StringIO())
