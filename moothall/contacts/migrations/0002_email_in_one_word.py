"""What people read says “email”. Nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_contacts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="address",
            field=models.CharField(
                blank=True, help_text="The phone number or email address, as it is compared.", max_length=320
            ),
        ),
        migrations.AlterField(
            model_name="contact",
            name="channel",
            field=models.CharField(
                choices=[
                    ("phone", "Phone"),
                    ("e-mail", "Email"),
                    ("web", "Website"),
                    ("face-to-face", "Face to face"),
                    ("letter", "Letter"),
                    ("webchat", "Webchat"),
                    ("social", "Social media"),
                ],
                max_length=20,
            ),
        ),
    ]
