"""Commands of the messages room."""
