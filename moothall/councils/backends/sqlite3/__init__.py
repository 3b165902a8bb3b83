"""SQLite, made safe for a council: durable, one fair queue of writers."""
