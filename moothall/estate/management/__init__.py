"""Commands about the estate."""
