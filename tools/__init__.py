"""What `make` runs. Nothing in the house imports from here."""
