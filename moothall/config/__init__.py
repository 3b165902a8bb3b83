"""The roof: options, settings, addresses, the demonstration, and running the house (serve, doctor, backup, health).

It alone knows every room. It is not for business: what councils do belongs to a room below.
"""
