"""Changes to the estate."""
