"""Writes of the register: nothing else changes what it holds."""
