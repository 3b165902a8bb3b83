"""Contacts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("councils", "0001_councils"),
        ("moothall_messages", "0001_messages"),
        ("persons", "0001_persons"),
        ("process", "0003_xray"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("e-mail", "E-mail"),
                            ("web", "Website"),
                            ("face-to-face", "Face to face"),
                            ("letter", "Letter"),
                            ("webchat", "Webchat"),
                            ("social", "Social media"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "They reached us"), ("out", "We reached them")],
                        default="in",
                        max_length=3,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "seconds",
                    models.PositiveIntegerField(blank=True, help_text="How long it took.", null=True),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        help_text="The phone number or e-mail address, as it is compared.",
                        max_length=320,
                    ),
                ),
                (
                    "given_name",
                    models.CharField(blank=True, help_text="Whom they said they were.", max_length=150),
                ),
                ("about", models.CharField(blank=True, help_text="The service it was about.", max_length=60)),
                ("summary", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("answered", "Answered"),
                            ("request", "Request made"),
                            ("added", "Added to a case"),
                            ("call-back", "Call-back promised"),
                            ("passed-on", "Passed on"),
                            ("signposted", "Sent to another organisation"),
                            ("no-answer", "No answer"),
                            ("waiting", "Waits to be read"),
                            ("set-aside", "Set aside"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "aside",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no-answer", "It needs no answer"),
                            ("advert", "Advertising or spam"),
                            ("twice", "We have it already"),
                            ("not-ours", "It is not for a council"),
                        ],
                        help_text="Why it was set aside.",
                        max_length=12,
                    ),
                ),
                (
                    "resolved",
                    models.BooleanField(help_text="Whether it was settled there and then.", null=True),
                ),
                (
                    "avoidable",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("progress", "Chasing progress"),
                            ("unclear", "A letter or page was unclear"),
                            ("repeated", "Had to ask again"),
                            ("missed", "We did not do what we promised"),
                            ("wrong-place", "Sent to the wrong place"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by", models.CharField(max_length=150)),
                (
                    "submission",
                    models.CharField(
                        help_text="The same form or message is one contact.", max_length=80, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contacts",
                        to="process.case",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contact",
                        to="moothall_messages.message",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contacts",
                        to="persons.record",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("record__isnull", False)),
                        fields=["record", "-at"],
                        name="contacts_of_record",
                    ),
                    models.Index(
                        condition=models.Q(("case__isnull", False)),
                        fields=["case", "-at"],
                        name="contacts_of_case",
                    ),
                    models.Index(
                        fields=["address", "-at"],
                        name="contacts_of_address",
                    ),
                    models.Index(fields=["council", "at"], name="contacts_by_time"),
                    models.Index(
                        condition=models.Q(("case", None), ("record", None)),
                        fields=["council", "at"],
                        name="contacts_of_nobody",
                    ),
                    models.Index(
                        condition=models.Q(("outcome", "waiting")),
                        fields=["council", "at"],
                        name="contacts_waiting",
                    ),
                ],
            },
        ),
    ]
