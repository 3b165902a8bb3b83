"""PostgreSQL, told before each statement whose rows may be touched."""
