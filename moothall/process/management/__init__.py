"""The journal room's management commands."""
