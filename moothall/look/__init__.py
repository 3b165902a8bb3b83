"""The look room."""
