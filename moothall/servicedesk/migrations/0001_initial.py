"""The first tables of servicedesk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("councils", "0001_councils"),
        ("estate", "0001_initial"),
        ("process", "0004_clocks_by_table"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureVisibility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(max_length=60)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("committee", "The joint committee and the public"),
                            ("council", "Each council its own"),
                            ("officers", "Officers of the shared service"),
                        ],
                        max_length=10,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=150)),
            ],
            options={
                "ordering": ["figure", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.", unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("published_by", models.CharField(blank=True, max_length=150)),
                (
                    "unsigned_why",
                    models.CharField(
                        blank=True,
                        help_text="Why it was published before every council had signed.",
                        max_length=300,
                    ),
                ),
                (
                    "compared_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When what was published was last compared with what the calls say.",
                        null=True,
                    ),
                ),
            ],
            options={
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("prefix", models.CharField(max_length=12)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("may", models.JSONField(default=list, help_text="What it may do: “log”, “read”, “write”.")),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "minute",
                    models.PositiveBigIntegerField(
                        default=0, help_text="The minute of its last use, since 1970."
                    ),
                ),
                (
                    "asked",
                    models.PositiveIntegerField(default=0, help_text="How often it was used in that minute."),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("how-to", "How to"), ("known-error", "Known error")],
                        default="how-to",
                        max_length=12,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("users", "Everybody"), ("desk", "The desk only")],
                        default="users",
                        max_length=6,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("body", models.TextField(help_text="Paragraphs, with “- ” lists and “## ” headings.")),
                ("search_words", models.CharField(blank=True, max_length=500)),
                (
                    "problem_reference",
                    models.CharField(
                        blank=True, help_text="The problem that a known error belongs to.", max_length=20
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, help_text="How often it was published.")),
                ("change", models.JSONField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=150)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("helped", models.PositiveIntegerField(default=0)),
                ("not_helped", models.PositiveIntegerField(default=0)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("councils", models.ManyToManyField(blank=True, related_name="+", to="councils.council")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=150)),
                ("body", models.TextField()),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=150)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="servicedesk.article",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="ArticleVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("helped", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="servicedesk.article",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArticleWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40)),
                ("weight", models.PositiveSmallIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="servicedesk.article",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AssignmentRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveIntegerField(default=100)),
                ("title", models.CharField(max_length=100)),
                ("active", models.BooleanField(default=True)),
                ("kind", models.CharField(blank=True, max_length=10)),
                ("category", models.CharField(blank=True, max_length=60)),
                ("channel", models.CharField(blank=True, max_length=12)),
                (
                    "words",
                    models.CharField(
                        blank=True, help_text="One of these words stands in the call.", max_length=200
                    ),
                ),
                (
                    "at_most_priority",
                    models.PositiveSmallIntegerField(default=0, help_text="1: only P1; 0: any."),
                ),
                (
                    "pick",
                    models.CharField(
                        choices=[
                            ("nobody", "Leave it to the team"),
                            ("in-turn", "Whoever has waited longest"),
                            ("on-call", "Whoever is on call"),
                        ],
                        default="nobody",
                        max_length=8,
                    ),
                ),
                ("used", models.PositiveIntegerField(default=0)),
                (
                    "council",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="councils.team"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incident", "Incident"),
                            ("request", "Service request"),
                            ("problem", "Problem"),
                            ("change", "Change"),
                            ("major", "Major incident"),
                            ("task", "Task"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "In hand"),
                            ("approval", "With an approver"),
                            ("user", "With the user"),
                            ("supplier", "With a supplier"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("open", models.BooleanField(default=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("cancelled", "Withdrawn or refused"),
                            ("merged", "The same as another"),
                            ("moved", "Moved to another council"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(max_length=20)),
                ("headline", models.CharField(blank=True, max_length=200)),
                ("circle", models.CharField(blank=True, max_length=400)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(default=0, help_text="1 to 4; 0 until it is known."),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "Self-service"),
                            ("phone", "Phone"),
                            ("email", "Email"),
                            ("face-to-face", "Face to face"),
                            ("api", "Another system"),
                            ("monitoring", "Monitoring"),
                            ("recurring", "Recurring work"),
                            ("import", "Import"),
                        ],
                        default="portal",
                        max_length=12,
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=60)),
                ("caller_name", models.CharField(blank=True, max_length=150)),
                ("caller_email", models.EmailField(blank=True, max_length=320)),
                (
                    "automatic",
                    models.BooleanField(
                        default=False, help_text="No person asked: an alert, or recurring work."
                    ),
                ),
                (
                    "logged_at",
                    models.DateTimeField(
                        help_text="When it reached the desk; a call that was moved keeps it."
                    ),
                ),
                ("first_reply_at", models.DateTimeField(blank=True, null=True)),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, help_text="When it was last resolved.", null=True),
                ),
                ("first_resolved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
                (
                    "reopened_at",
                    models.DateTimeField(blank=True, help_text="When it was last reopened.", null=True),
                ),
                (
                    "moves",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often it was passed to another team."
                    ),
                ),
                (
                    "first_contact",
                    models.BooleanField(
                        help_text="Resolved by whoever took it first, in the first contact, without passing it on.",
                        null=True,
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(help_text="The next promise that runs out; far ahead if none does."),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "submission",
                    models.CharField(
                        blank=True,
                        help_text="The same form or message is one call.",
                        max_length=120,
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="closed",
                        to="servicedesk.article",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="call", to="process.case"
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="merged",
                        to="servicedesk.call",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="servicedesk.call",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incidents",
                        to="servicedesk.call",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                (
                    "resolved_team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.team",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.team",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ApiCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("idempotency", models.CharField(max_length=100)),
                ("sha256", models.CharField(help_text="Of what was asked for.", max_length=64)),
                ("at", models.DateTimeField()),
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
                    "key",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="logged",
                        to="servicedesk.apikey",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="servicedesk.call"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CannedReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("used", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=150)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="councils.team"
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="CatalogueItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=100)),
                ("description", models.CharField(max_length=300)),
                ("category", models.CharField(max_length=60)),
                (
                    "ask",
                    models.CharField(
                        blank=True, help_text="The question whose answer the team needs.", max_length=200
                    ),
                ),
                (
                    "approval",
                    models.CharField(
                        choices=[
                            ("none", "Nobody has to approve it"),
                            ("manager", "The user's manager"),
                            ("budget", "Whoever holds the budget"),
                            ("security", "Information security"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("price_pence", models.PositiveIntegerField(default=0)),
                ("offered", models.BooleanField(default=True)),
                ("standard_change", models.BooleanField(default=False)),
                ("councils", models.ManyToManyField(blank=True, related_name="+", to="councils.council")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.team",
                    ),
                ),
            ],
            options={
                "ordering": ["category", "title"],
            },
        ),
        migrations.CreateModel(
            name="AskedFor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("price_pence", models.PositiveIntegerField(default=0)),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="councils.staff",
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
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asked_for",
                        to="servicedesk.call",
                    ),
                ),
                (
                    "catalogue_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="servicedesk.catalogueitem",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("standard", "Standard"), ("normal", "Normal"), ("emergency", "Emergency")],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "Being prepared"),
                            ("board", "Before the board"),
                            ("approved", "Approved"),
                            ("making", "Being made"),
                            ("implemented", "Implemented"),
                            ("failed", "Failed"),
                            ("backed-out", "Backed out"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="raised",
                        max_length=12,
                    ),
                ),
                ("impact", models.PositiveSmallIntegerField(default=1, help_text="1 low to 4 very high.")),
                ("risk", models.PositiveSmallIntegerField(default=1, help_text="1 low to 4 very high.")),
                (
                    "complex",
                    models.BooleanField(
                        default=False, help_text="Four eyes and a second technical resource are needed."
                    ),
                ),
                ("retrospective", models.BooleanField(default=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review", models.TextField(blank=True)),
                (
                    "freeze_reason",
                    models.TextField(
                        blank=True, help_text="Why it was made although a council wanted nothing changed."
                    ),
                ),
                ("objectives_met", models.BooleanField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="servicedesk.call",
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
                    "second",
                    models.ForeignKey(
                        blank=True,
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
            },
        ),
        migrations.CreateModel(
            name="ChangeItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touched",
                        to="servicedesk.change",
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.item"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="change",
            name="items",
            field=models.ManyToManyField(
                related_name="+", through="servicedesk.ChangeItem", to="estate.item"
            ),
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("functional", "To another team"),
                            ("hierarchic", "To somebody with more say"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("to", models.CharField(max_length=150)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("by", models.CharField(max_length=150)),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="servicedesk.call",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("monitoring", "Alerts of monitoring"),
                            ("changes", "Changes that were observed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("secret", models.TextField(help_text="Sealed.")),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                (
                    "shape",
                    models.CharField(
                        default="plain", help_text="How its messages are written.", max_length=20
                    ),
                ),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                (
                    "error",
                    models.CharField(
                        blank=True, help_text="Why its last message was not taken.", max_length=300
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "storm",
                    models.ForeignKey(
                        blank=True,
                        help_text="The call of its last storm.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="servicedesk.call",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("summary", models.CharField(max_length=200)),
                ("severity", models.CharField(blank=True, max_length=10)),
                ("times", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="alerts",
                        to="servicedesk.call",
                    ),
                ),
                (
                    "feed",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="servicedesk.feed",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150)),
                ("email", models.EmailField(max_length=320)),
                ("since", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="servicedesk.call",
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=150)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=150)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
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
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Headcount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_force_from", models.DateField()),
                ("users", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=150)),
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
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Heard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
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
                    "feed",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="heard",
                        to="servicedesk.feed",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Imported",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.SlugField(max_length=40)),
                ("reference", models.CharField(max_length=80)),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported",
                        to="servicedesk.call",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("source", models.SlugField(default="import", max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("looked-at", "Looked at"),
                            ("waiting", "Being brought in"),
                            ("done", "Brought in"),
                        ],
                        default="looked-at",
                        max_length=9,
                    ),
                ),
                ("packed", models.BinaryField(default=bytes)),
                ("mapping", models.JSONField(default=dict)),
                (
                    "judged",
                    models.BooleanField(
                        default=True, help_text="Whether closed calls are held to the targets."
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                (
                    "known",
                    models.PositiveIntegerField(
                        default=0, help_text="Rows that an earlier import had brought already."
                    ),
                ),
                ("refused", models.PositiveIntegerField(default=0)),
                (
                    "report",
                    models.JSONField(default=list, help_text="Of each refused row: its line, and why."),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
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
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Major",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Going on"),
                            ("restored", "Restored, report to be written"),
                            ("review", "Report in review"),
                            ("closed", "Report approved"),
                            ("stood-down", "Stood down"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("bridge", models.CharField(blank=True, max_length=200)),
                (
                    "every_minutes",
                    models.PositiveSmallIntegerField(default=30, help_text="How often users are told."),
                ),
                ("opened_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("change", "A change"),
                            ("hardware", "Hardware"),
                            ("software", "Software"),
                            ("capacity", "Capacity"),
                            ("network", "Network or line"),
                            ("power", "Power or cooling"),
                            ("certificate", "An expired certificate or licence"),
                            ("security", "A security incident"),
                            ("mistake", "A mistake in operation"),
                            ("supplier", "A supplier's failure"),
                            ("unknown", "Not known"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "cause_owner",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shared", "The shared service"),
                            ("council", "A council's own team"),
                            ("supplier", "A supplier"),
                        ],
                        max_length=8,
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("root_cause", models.TextField(blank=True)),
                ("went_well", models.TextField(blank=True)),
                ("lessons", models.TextField(blank=True)),
                ("report_due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reported_at",
                    models.DateTimeField(
                        blank=True, help_text="When the report first went to review.", null=True
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("public_text", models.TextField(blank=True, help_text="The redacted report, as published.")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="major",
                        to="servicedesk.call",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="process.case"
                    ),
                ),
                (
                    "cause_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.item",
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                (
                    "public_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who wrote it last.",
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
            },
        ),
        migrations.CreateModel(
            name="LessonAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("done_text", models.CharField(blank=True, max_length=300)),
                ("done_by", models.CharField(blank=True, max_length=150)),
                ("dropped_why", models.CharField(blank=True, max_length=300)),
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.staff"
                    ),
                ),
                (
                    "major",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="servicedesk.major",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CallOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=100)),
                ("called_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.CharField(max_length=150)),
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
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                (
                    "major",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="call_outs",
                        to="servicedesk.major",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("called", "Called"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="called",
                        max_length=10,
                    ),
                ),
                ("minutes", models.TextField(blank=True)),
                ("called_by", models.CharField(max_length=150)),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                ("present", models.ManyToManyField(blank=True, related_name="+", to="councils.staff")),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1)),
                ("note", models.TextField(blank=True)),
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
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="servicedesk.change",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="servicedesk.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.CharField(max_length=150)),
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
                    "major",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="servicedesk.major",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Observed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=100)),
                (
                    "key",
                    models.CharField(
                        help_text="What the source calls it: the same is taken once.", max_length=100
                    ),
                ),
                ("at", models.DateTimeField()),
                ("item_name", models.CharField(max_length=200)),
                ("who", models.CharField(blank=True, max_length=150)),
                ("what", models.CharField(max_length=500)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("waiting", "To be looked at"),
                            ("matched", "Approved change"),
                            ("unauthorised", "Nobody approved it"),
                            ("retrospective", "Approved afterwards"),
                            ("harmless", "No change to a service"),
                        ],
                        default="waiting",
                        max_length=14,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="observed",
                        to="servicedesk.change",
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
                    "feed",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="servicedesk.feed",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("planned", models.BooleanField(default=False)),
                (
                    "degraded",
                    models.BooleanField(
                        default=False, help_text="It worked, but badly; not counted as away."
                    ),
                ),
                ("users", models.PositiveIntegerField(default=0)),
                ("public", models.CharField(blank=True, max_length=300)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.CharField(max_length=150)),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="outages",
                        to="servicedesk.call",
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.item"
                    ),
                ),
                (
                    "major",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="outages",
                        to="servicedesk.major",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="JointFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("slice", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveSmallIntegerField(help_text="Of the figure's definition.")),
                ("value", models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                ("n", models.PositiveIntegerField(default=0)),
                ("parts", models.JSONField(default=dict)),
                ("restated_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint",
                        to="servicedesk.pack",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CouncilFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("slice", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveSmallIntegerField(help_text="Of the figure's definition.")),
                ("value", models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                ("n", models.PositiveIntegerField(default=0)),
                ("parts", models.JSONField(default=dict)),
                ("restated_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
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
                    "pack",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="servicedesk.pack",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PackComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(blank=True, max_length=60)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
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
                    "pack",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="servicedesk.pack",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Recurring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("detail", models.TextField(blank=True)),
                (
                    "schedule",
                    models.CharField(
                        help_text="As cron writes it, in London's time: “0 7 * * 1”.", max_length=60
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("last_reference", models.CharField(blank=True, max_length=20)),
                ("set_by", models.CharField(max_length=150)),
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="estate.item",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.team"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("resolved_at", models.DateTimeField()),
                ("reopened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resolutions",
                        to="servicedesk.call",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RoomEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fact", "What happened"),
                            ("action", "What was done"),
                            ("decision", "Decision"),
                            ("notice", "What users were told"),
                            ("call-out", "Who was called"),
                        ],
                        default="fact",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(help_text="When it happened, as far as is known.")),
                ("text", models.TextField()),
                ("by", models.CharField(max_length=150)),
                ("written_at", models.DateTimeField()),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="servicedesk.roomentry",
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
                    "major",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="servicedesk.major",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=500)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="councils.staff"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="councils.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("away_from", models.DateField(blank=True, null=True)),
                ("away_until", models.DateField(blank=True, null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
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
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.staff"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="councils.staff",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="councils.staff"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="councils.team"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
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
                    "pack",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_offs",
                        to="servicedesk.pack",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SupplierCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("their_reference", models.CharField(blank=True, max_length=60)),
                ("hours", models.CharField(max_length=40)),
                ("target_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("respond_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("passed_at", models.DateTimeField()),
                ("respond_due_at", models.DateTimeField(blank=True, null=True)),
                ("responded_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("seconds", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "met",
                    models.BooleanField(
                        help_text="Whether they kept their promise; unknown while they have it.", null=True
                    ),
                ),
                ("chased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suppliers",
                        to="servicedesk.call",
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
                    "route",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.supportroute",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret_sha256", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recommend",
                    models.PositiveSmallIntegerField(blank=True, help_text="0 to 10, for NPS.", null=True),
                ),
                (
                    "content",
                    models.PositiveSmallIntegerField(blank=True, help_text="1 to 5, for CSAT.", null=True),
                ),
                ("words", models.TextField(blank=True)),
                (
                    "read_at",
                    models.DateTimeField(
                        blank=True, help_text="When the team that closed it read this.", null=True
                    ),
                ),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="survey",
                        to="servicedesk.call",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_at", models.DateTimeField()),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="councils.staff"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="councils.team",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="apikey",
            index=models.Index(fields=["council", "name"], name="desk_keys_of_council"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["state", "review_on"], name="desk_articles_to_review"),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.UniqueConstraint(
                fields=("article", "number"), name="desk_article_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="articlevote",
            constraint=models.UniqueConstraint(fields=("article", "user"), name="desk_article_vote_once"),
        ),
        migrations.AddIndex(
            model_name="articleword",
            index=models.Index(fields=["word", "article"], name="desk_words_of_articles"),
        ),
        migrations.AddConstraint(
            model_name="articleword",
            constraint=models.UniqueConstraint(fields=("article", "word"), name="desk_article_word_once"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("open", True)), fields=["team", "due_at", "id"], name="desk_team_queue"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("open", True)), fields=["person", "due_at", "id"], name="desk_own_queue"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("open", True)),
                fields=["council", "due_at", "id"],
                name="desk_council_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("open", True)),
                fields=["council", "state", "due_at", "id"],
                name="desk_state_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["council", "changed_at", "id"], name="desk_council_changed"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["team", "changed_at", "id"], name="desk_team_changed"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["council", "kind", "logged_at"], name="desk_by_logged"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["council", "resolved_at", "logged_at"], name="desk_by_resolved"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["requester", "id"], name="desk_of_requester"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["caller_email", "id"], name="desk_of_email"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["item", "logged_at"], name="desk_of_item"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["parent"], name="desk_children"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("problem__isnull", False)), fields=["problem"], name="desk_of_problem"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("article__isnull", False)),
                fields=["article", "id"],
                name="desk_of_article",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="desk_merged"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(fields=("reference", "council"), name="desk_call_once"),
        ),
        migrations.AddConstraint(
            model_name="apicall",
            constraint=models.UniqueConstraint(fields=("key", "idempotency"), name="desk_api_call_once"),
        ),
        migrations.AddConstraint(
            model_name="cannedreply",
            constraint=models.UniqueConstraint(fields=("team", "title"), name="desk_reply_once"),
        ),
        migrations.AddConstraint(
            model_name="changeitem",
            constraint=models.UniqueConstraint(fields=("change", "item"), name="desk_change_item_once"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["council", "starts_at"], name="desk_changes_by_window"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["council", "finished_at"], name="desk_changes_by_end"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="desk_change_ends_after_start",
            ),
        ),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(fields=["call", "at"], name="desk_escalations_of_call"),
        ),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(fields=["council", "at"], name="desk_escalations_by_time"),
        ),
        migrations.AddIndex(
            model_name="feed",
            index=models.Index(fields=["council", "kind"], name="desk_feeds_of_council"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["feed", "first_at"], name="desk_alerts_by_time"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at", None)), fields=("feed", "key"), name="desk_alert_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.UniqueConstraint(fields=("call", "email"), name="desk_follower_once"),
        ),
        migrations.AddIndex(
            model_name="freeze",
            index=models.Index(fields=["council", "starts_at"], name="desk_freezes_by_time"),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="desk_freeze_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="headcount",
            constraint=models.UniqueConstraint(
                fields=("council", "in_force_from"), name="desk_headcount_once"
            ),
        ),
        migrations.AddIndex(
            model_name="heard",
            index=models.Index(fields=["at"], name="desk_heard_by_time"),
        ),
        migrations.AddConstraint(
            model_name="heard",
            constraint=models.UniqueConstraint(fields=("feed", "message"), name="desk_heard_once"),
        ),
        migrations.AddConstraint(
            model_name="imported",
            constraint=models.UniqueConstraint(
                fields=("council", "source", "reference"), name="desk_imported_once"
            ),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["council", "at"], name="desk_imports_by_time"),
        ),
        migrations.AddIndex(
            model_name="major",
            index=models.Index(fields=["council", "opened_at"], name="desk_majors_by_time"),
        ),
        migrations.AddIndex(
            model_name="major",
            index=models.Index(fields=["cause_item", "cause"], name="desk_majors_by_cause"),
        ),
        migrations.AddIndex(
            model_name="lessonaction",
            index=models.Index(fields=["major", "due_on"], name="desk_actions_of_major"),
        ),
        migrations.AddIndex(
            model_name="lessonaction",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["council", "due_on"], name="desk_actions_open"
            ),
        ),
        migrations.AddIndex(
            model_name="callout",
            index=models.Index(fields=["major", "called_at"], name="desk_call_outs_of_major"),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(fields=("meeting", "change"), name="desk_agenda_once"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["major", "council", "at"], name="desk_notices_of_major"),
        ),
        migrations.AddIndex(
            model_name="observed",
            index=models.Index(fields=["council", "at"], name="desk_observed_by_time"),
        ),
        migrations.AddIndex(
            model_name="observed",
            index=models.Index(
                condition=models.Q(("verdict", "waiting")),
                fields=["council", "at"],
                name="desk_observed_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="observed",
            constraint=models.UniqueConstraint(
                fields=("council", "source", "key"), name="desk_observed_once"
            ),
        ),
        migrations.AddIndex(
            model_name="outage",
            index=models.Index(fields=["council", "started_at"], name="desk_outages_by_time"),
        ),
        migrations.AddIndex(
            model_name="outage",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["council", "item"], name="desk_outages_now"
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"
                ),
                name="desk_outage_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointfigure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("restated_at", None)),
                fields=("pack", "name", "slice"),
                name="desk_joint_figure_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="councilfigure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("restated_at", None)),
                fields=("pack", "council", "name", "slice"),
                name="desk_council_figure_once",
            ),
        ),
        migrations.AddIndex(
            model_name="packcomment",
            index=models.Index(fields=["pack", "council", "at"], name="desk_comments_of_pack"),
        ),
        migrations.AddIndex(
            model_name="recurring",
            index=models.Index(
                condition=models.Q(("active", True)), fields=["next_at"], name="desk_recurring_due"
            ),
        ),
        migrations.AddIndex(
            model_name="resolution",
            index=models.Index(fields=["call", "resolved_at"], name="desk_resolutions_of_call"),
        ),
        migrations.AddIndex(
            model_name="roomentry",
            index=models.Index(fields=["major", "at", "id"], name="desk_room_in_order"),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(fields=("staff", "name"), name="desk_filter_once"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("council",), name="desk_seat_once"
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["team", "ends_at"], name="desk_shifts_of_team"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="desk_shift_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.UniqueConstraint(fields=("pack", "council"), name="desk_sign_off_once"),
        ),
        migrations.AddIndex(
            model_name="suppliercall",
            index=models.Index(fields=["call", "passed_at"], name="desk_suppliers_of_call"),
        ),
        migrations.AddIndex(
            model_name="suppliercall",
            index=models.Index(fields=["council", "returned_at"], name="desk_suppliers_by_return"),
        ),
        migrations.AddIndex(
            model_name="suppliercall",
            index=models.Index(
                condition=models.Q(("returned_at", None)),
                fields=["council", "due_at"],
                name="desk_with_suppliers",
            ),
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["council", "asked_at"], name="desk_surveys_by_asking"),
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["council", "answered_at"], name="desk_surveys_by_answer"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(fields=("team", "staff"), name="desk_turn_once"),
        ),
    ]
