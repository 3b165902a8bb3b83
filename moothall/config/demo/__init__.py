"""The demonstration: a made-up partnership of three councils with a year of work behind it.

`cast` has the councils, teams and people, `residents` those who ask, `stories` what they ask and what comes of it,
`year` plays it all through the same actions that pages use, and `people` lets a visitor sign in as anyone.
Not for: tests, or a real partnership. Every name here is made up.
"""
