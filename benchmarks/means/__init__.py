"""What the benchmarks are made with: a house of their own, a town that lives in it, and how time is taken."""
