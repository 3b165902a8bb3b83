# What a clock has its time by, when it stood still, and what it had used when it ended.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("process", "0003_xray"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="calendar",
            field=models.CharField(
                blank=True, default="", help_text="In which calendar it is counted.", max_length=40
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="ended_by",
            field=models.CharField(
                blank=True,
                default="",
                help_text="“step”, or “wrote” if writing to whoever asked ended it.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="stood",
            field=models.TextField(
                blank=True,
                default="",
                help_text="When it stood still: from and until, in seconds since 1970, as JSON.",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="target",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The answer by which it has its time, if by a table.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="used_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="The open seconds it has taken without those, once it has ended.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="within",
            field=models.CharField(
                blank=True, default="", help_text="How long it has, in words.", max_length=40
            ),
        ),
    ]
