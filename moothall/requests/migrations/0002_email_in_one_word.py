"""What people read says “email”. Nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0001_requests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="request",
            name="channel",
            field=models.CharField(
                choices=[
                    ("web", "Website"),
                    ("phone", "Phone"),
                    ("face-to-face", "Face to face"),
                    ("e-mail", "Email"),
                    ("letter", "Letter"),
                ],
                default="web",
                max_length=20,
            ),
        ),
    ]
