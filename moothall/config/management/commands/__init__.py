"""The config/management/commands room."""
