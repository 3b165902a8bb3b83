"""The requests room's management commands."""
