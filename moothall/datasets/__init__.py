"""Tables of many rows, and what is worked out over all of them at once: DuckDB keeps them, Splink links them.

For: linking files of people in batches, and learning the weights by which the register compares records.
Not for: people themselves (persons), figures (measures), or anything that a page waits for.
"""
