"""The pages of the service desk, area by area."""
