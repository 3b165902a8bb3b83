"""Measures: one definition per figure, with its version, its source and how to read it, and benchmarks to hold it to.

For: the register of figures that rooms above hang here, the arithmetic that figures share (percentages, medians,
confidence intervals), and dated, sourced benchmarks that people keep. Not for: counting anything (the room that owns
the rows does), pages, or reports.
"""
