"""The forms of the service desk, area by area."""
