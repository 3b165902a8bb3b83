"""What somebody may be allowed to do with measures."""

from moothall.councils.permissions import Permission


class Can(Permission):
    SEE = "measures.figure.see", "see figures and what they mean"
    SET_BENCHMARKS = "measures.benchmark.set", "set the benchmarks that figures are held to"
