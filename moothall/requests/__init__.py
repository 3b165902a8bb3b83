"""The requests room."""
