# The index that an X-ray reads cases by.

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0001_councils"),
        ("process", "0002_complete"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["process", "id", "council", "opened_at", "circle"], name="process_case_by_process"
            ),
        ),
    ]
