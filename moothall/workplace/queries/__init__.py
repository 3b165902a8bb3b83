"""Reads for the pages of staff: what the rooms below know, put together for one page each. The viewer comes first."""
