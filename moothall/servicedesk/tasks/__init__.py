"""Periodic work and jobs of the service desk, area by area."""
