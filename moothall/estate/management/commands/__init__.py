"""`moothall estate`."""
