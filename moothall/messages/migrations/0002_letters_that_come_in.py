"""Letters that come in: mailboxes, what was received, and each letter byte for byte."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0001_councils"),
        ("moothall_messages", "0001_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=254, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("imap", "Fetched by IMAP"), ("webhook", "Handed over, signed")],
                        max_length=8,
                    ),
                ),
                ("host", models.CharField(blank=True, max_length=250)),
                ("port", models.PositiveIntegerField(default=993)),
                (
                    "security",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the first word"),
                            ("starttls", "STARTTLS"),
                            ("none", "None: only on this machine"),
                        ],
                        default="tls",
                        max_length=8,
                    ),
                ),
                ("user", models.CharField(blank=True, max_length=250)),
                (
                    "sealed",
                    models.TextField(help_text="The password, or the secret that letters are signed with."),
                ),
                ("folder", models.CharField(default="INBOX", max_length=250)),
                (
                    "plus",
                    models.BooleanField(
                        default=False, help_text="Mail to name+anything@… arrives here, too."
                    ),
                ),
                ("uidvalidity", models.BigIntegerField(null=True)),
                ("last_uid", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                ("failures", models.PositiveIntegerField(default=0)),
                (
                    "not_before",
                    models.DateTimeField(help_text="After a failure: when it is tried again.", null=True),
                ),
            ],
            options={
                "verbose_name": "mailbox",
                "verbose_name_plural": "mailboxes",
                "db_table": "messages_mailbox",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Received",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                (
                    "is_whole",
                    models.BooleanField(
                        default=True, help_text="Without: only its head; the rest is on the server."
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits to be put to its place"),
                            ("filed", "Put to its place"),
                            ("set-aside", "Set aside"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it waits, or was set aside.", max_length=500),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("letter", "A letter"),
                            ("auto-reply", "An automatic answer"),
                            ("bounce", "News that something was not delivered"),
                            ("bulk", "To a mailing list"),
                            ("loop", "Going round in a loop"),
                        ],
                        default="letter",
                        max_length=10,
                    ),
                ),
                ("sender_name", models.CharField(blank=True, max_length=200)),
                ("sender", models.CharField(blank=True, max_length=320)),
                ("to", models.TextField(blank=True)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("letter_id", models.CharField(blank=True, help_text="Its own Message-ID.", max_length=250)),
                (
                    "answers",
                    models.TextField(blank=True, help_text="The Message-IDs that it answers, one a line."),
                ),
                ("written_at", models.DateTimeField(null=True)),
                ("snippet", models.CharField(blank=True, max_length=300)),
                (
                    "thread",
                    models.CharField(
                        blank=True, help_text="What the letter that it answers is about.", max_length=80
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "db_table": "messages_received",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="messages_message_not_sent",
        ),
        migrations.AddField(
            model_name="message",
            name="answers",
            field=models.CharField(blank=True, db_default="", max_length=250),
        ),
        migrations.AddField(
            model_name="message",
            name="replies_itself",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="message",
            name="sender",
            field=models.CharField(blank=True, db_default="", max_length=320),
        ),
        migrations.AlterField(
            model_name="message",
            name="message_id",
            field=models.CharField(max_length=250),
        ),
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting to be sent"),
                    ("sent", "Sent"),
                    ("failed", "Could not be delivered"),
                    ("received", "Received"),
                ],
                default="queued",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["message_id"], name="messages_message_by_id"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "failed"])),
                fields=["state", "created_at"],
                name="messages_message_waiting",
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="council",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
            ),
        ),
        migrations.AddField(
            model_name="received",
            name="council",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="councils.council",
            ),
        ),
        migrations.AddField(
            model_name="received",
            name="mailbox",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received",
                to="moothall_messages.mailbox",
            ),
        ),
        migrations.AddField(
            model_name="received",
            name="message",
            field=models.OneToOneField(
                help_text="What it became when it was filed.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="received",
                to="moothall_messages.message",
            ),
        ),
        migrations.CreateModel(
            name="Raw",
            fields=[
                (
                    "received",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="raw",
                        serialize=False,
                        to="moothall_messages.received",
                    ),
                ),
                ("packed", models.BinaryField()),
                (
                    "council",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
            ],
            options={
                "db_table": "messages_raw",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="received",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["council", "arrived_at"],
                name="messages_received_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="received",
            index=models.Index(
                condition=models.Q(("state", "set-aside")),
                fields=["council", "-arrived_at"],
                name="messages_received_aside",
            ),
        ),
        migrations.AddIndex(
            model_name="received",
            index=models.Index(
                condition=models.Q(("thread", ""), _negated=True),
                fields=["sender", "thread", "arrived_at"],
                name="messages_received_thread",
            ),
        ),
        migrations.AddConstraint(
            model_name="received",
            constraint=models.UniqueConstraint(fields=("mailbox", "digest"), name="messages_received_once"),
        ),
    ]
