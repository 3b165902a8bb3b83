"""What is read of the service desk, area by area."""
