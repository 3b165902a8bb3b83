"""The first tables of measures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Benchmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "figure",
                    models.CharField(
                        help_text="The name of the figure, as it hangs in the register.", max_length=60
                    ),
                ),
                (
                    "label",
                    models.CharField(help_text="What it is called, like “Socitm median”.", max_length=100),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=12)),
                ("source", models.CharField(max_length=300)),
                ("year", models.PositiveSmallIntegerField()),
                ("in_force_from", models.DateField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=150)),
            ],
            options={
                "ordering": ["figure", "-in_force_from", "-id"],
                "indexes": [
                    models.Index(fields=["figure", "in_force_from"], name="measures_benchmark_of_figure")
                ],
            },
        ),
    ]
