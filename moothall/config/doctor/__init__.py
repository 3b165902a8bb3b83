"""The questions of `moothall doctor`. A room may hang more of its own with `plain.checkup.hang`."""
