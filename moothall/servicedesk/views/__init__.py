"""Doors of the desk for machines: the API, and signed feeds. People come by the workplace."""
