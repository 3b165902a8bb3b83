"""What people read says “email”. Nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moothall_messages", "0003_mailboxes_for_a_purpose"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="channel",
            field=models.CharField(choices=[("email", "Email")], default="email", max_length=10),
        ),
    ]
