# Who asked for something on behalf of its user.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0001_councils"),
        ("estate", "0001_initial"),
        ("process", "0004_clocks_by_table"),
        ("servicedesk", "0002_waves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who asked for it on behalf of its user, if somebody did.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("asked_by__isnull", False)),
                fields=["asked_by", "id"],
                name="desk_asked_by",
            ),
        ),
    ]
