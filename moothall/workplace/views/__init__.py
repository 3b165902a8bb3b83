"""The pages of staff. Each reads its input, asks one query or does one action, and answers."""
