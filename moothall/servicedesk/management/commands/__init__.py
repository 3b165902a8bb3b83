"""The service desk's management commands."""
