"""The journal: the record, its seals and checkpoints, the jobs."""

import django.db.models.deletion
from django.db import migrations, models

from moothall.journal.immutable import immutable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("body", models.TextField()),
                ("root", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=8)),
                ("user_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=200)),
                ("what", models.CharField(max_length=80)),
                ("about", models.CharField(max_length=80)),
                ("council_id", models.BigIntegerField(null=True)),
                ("facts", models.TextField()),
                ("request_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task", models.CharField(max_length=200)),
                ("args", models.TextField()),
                ("key", models.CharField(default="", max_length=200)),
                ("council_id", models.BigIntegerField(null=True)),
                ("lane", models.BigIntegerField(default=0)),
                ("priority", models.SmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Ready"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("dead", "Dead"),
                        ],
                        default="ready",
                        max_length=8,
                    ),
                ),
                ("posted_at", models.DateTimeField()),
                ("run_after", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("token", models.PositiveBigIntegerField(default=0)),
                ("holder", models.CharField(default="", max_length=80)),
                ("leased_until", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("result", models.TextField(default="null")),
                ("last_error", models.TextField(default="")),
                ("request_id", models.CharField(default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("holder", models.CharField(default="", max_length=80)),
                ("held_until", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="journal.entry",
                    ),
                ),
                ("council_id", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["about", "id"], name="journal_entry_about"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                models.F("lane"),
                models.OrderBy(models.F("priority"), descending=True),
                models.F("run_after"),
                condition=models.Q(("state", "ready")),
                name="journal_job_ready",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["state", "leased_until"], name="journal_job_leases"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["state", "finished_at"], name="journal_job_endings"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True), fields=("key",), name="journal_job_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("council_id", "seq"), name="journal_seal_one_chain"),
        ),
        immutable("journal_entry"),
        immutable("journal_seal"),
        immutable("journal_checkpoint"),
    ]
