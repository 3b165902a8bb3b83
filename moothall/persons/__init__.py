"""The register: one record per person, across the councils.

For: what each council holds about a person (facts with their source and time, relationships, locks), finding somebody,
matching at intake and in batches, and the links that say which records are one person, each of which can be undone.
Not for: conversations (contacts), cases (process), files (records), signing in (identity), or pages.
Where to begin: `models` for what is kept, `rules` for how people are told apart, `actions` for what may be done.
"""
