"""The councils room."""
