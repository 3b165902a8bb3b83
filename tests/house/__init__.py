"""Tests that read the building itself."""
