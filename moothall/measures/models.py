"""What is kept of measures: the benchmarks that figures are held to, each dated and with its source."""

from django.db import models


class Benchmark(models.Model):
    """A value to hold a figure to, from a day on, until another follows. Never a constant in code."""

    figure = models.CharField(max_length=60, help_text="The name of the figure, as it hangs in the register.")
    label = models.CharField(max_length=100, help_text="What it is called, like “Socitm median”.")
    value = models.DecimalField(max_digits=12, decimal_places=4)
    source = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    in_force_from = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["figure", "-in_force_from", "-id"]
        indexes = [models.Index(fields=["figure", "in_force_from"], name="measures_benchmark_of_figure")]

    def __str__(self) -> str:
        return f"{self.figure}: {self.label}"
