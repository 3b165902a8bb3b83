"""Providers that prove who somebody is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_accounts")]

    operations = [
        migrations.AddField("provider", "proves_identity", models.BooleanField(default=False)),
        migrations.AddField(
            "provider",
            "identity_keys",
            models.JSONField(
                default=dict,
                help_text="The issuer and public keys of signed identities; none where plain claims count.",
            ),
        ),
    ]
