"""Why this room may say no."""

from moothall.plain.errors import Invalid


class NotABenchmark(Invalid):
    code = "measures.not_a_benchmark"
    message = "{why}"
