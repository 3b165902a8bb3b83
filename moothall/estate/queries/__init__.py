"""What is read of the estate."""
