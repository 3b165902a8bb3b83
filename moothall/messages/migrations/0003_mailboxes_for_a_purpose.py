"""Mailboxes that are shared for a purpose, and letters that say where answers go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moothall_messages", "0002_letters_that_come_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="purpose",
            field=models.SlugField(
                blank=True,
                db_default="",
                default="",
                help_text="What it is for, if it is no council's own mail: then what comes may be any council's.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="reply_to",
            field=models.CharField(blank=True, db_default="", max_length=320),
        ),
    ]
