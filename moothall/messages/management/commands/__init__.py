"""The messages room's management commands."""
