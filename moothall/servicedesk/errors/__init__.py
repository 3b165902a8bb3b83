"""Why the service desk may say no, area by area."""
