"""The process room's management commands."""
