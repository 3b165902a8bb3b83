"""Make the table of the shared cache, which counts tries to sign in across all processes."""

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_table(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_accounts")]

    operations = [migrations.RunPython(make_table, migrations.RunPython.noop, elidable=False)]
