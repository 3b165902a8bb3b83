"""Accounts, sign-in providers, and the shared cache that counts tries to sign in across all processes."""

import django.db.models.functions.text
import django.utils.timezone
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_cache(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("council_code", models.CharField(blank=True, db_index=True, max_length=40)),
                ("name", models.CharField(max_length=100)),
                ("issuer", models.URLField(max_length=300)),
                ("client_id", models.CharField(max_length=200)),
                ("sealed_secret", models.TextField()),
                (
                    "token_auth_method",
                    models.CharField(
                        choices=[
                            ("client_secret_basic", "secret in the header"),
                            ("client_secret_post", "secret in the form"),
                        ],
                        default="client_secret_basic",
                        max_length=30,
                    ),
                ),
                ("domains", models.JSONField(default=list)),
                ("vouches", models.BooleanField(default=False)),
                ("asks_second_factor", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["council_code", "name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="email address")),
                ("name", models.CharField(max_length=150)),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="identity_user_email_once"
                    )
                ],
            },
        ),
        migrations.RunPython(make_cache, migrations.RunPython.noop, elidable=False),
    ]
