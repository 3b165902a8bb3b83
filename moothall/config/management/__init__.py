"""The config/management room."""
