"""Changes to what the service desk keeps, area by area."""
