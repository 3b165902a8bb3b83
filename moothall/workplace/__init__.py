"""The workplace room."""
