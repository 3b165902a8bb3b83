"""Plain values and sums that every room may use: errors, colours, references, working time.

It is not for anything that asks a database, a browser or Django.
"""
