"""The config/demo room."""
