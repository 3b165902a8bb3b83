"""Copies of the whole house, made while it is open, and brought back: see docs/deployment.md."""
