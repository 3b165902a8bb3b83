"""Messages and the demonstration's mailbox."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("councils", "__first__")]

    operations = [
        migrations.CreateModel(
            name="KeptMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("sender", models.CharField(max_length=320)),
                ("to", models.CharField(max_length=1000)),
                ("subject", models.CharField(max_length=300)),
                ("body", models.TextField()),
                ("message_id", models.CharField(max_length=200)),
            ],
            options={"db_table": "messages_kept_mail"},
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(choices=[("email", "E-mail")], default="email", max_length=10)),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "Sent by the council"), ("in", "Received by the council")],
                        default="out",
                        max_length=3,
                    ),
                ),
                ("about", models.CharField(max_length=80)),
                ("to", models.CharField(max_length=320)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("html", models.TextField(blank=True, default="")),
                ("key", models.CharField(max_length=180, unique=True)),
                ("message_id", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("sent", "Sent"),
                            ("failed", "Could not be delivered"),
                        ],
                        default="queued",
                        max_length=6,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=500)),
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
                "db_table": "messages_message",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["about", "id"], name="messages_message_about"),
                    models.Index(
                        condition=~models.Q(state="sent"),
                        fields=["state", "created_at"],
                        name="messages_message_not_sent",
                    ),
                ],
            },
        ),
    ]
