"""The front door for residents: each council's site at its own address.

For: finding a service, answering one question on a page, saving and returning, sending, following a request.
Not for: what a request is and who may see it (requests), pages for staff (workplace), or signing in (identity).
"""
