"""What residents ask of their council: the catalogue, drafts that are saved, and requests that are followed.

For: which services a council offers, taking a request on any channel, proving who may follow one, and the words of
the emails about it.
Not for: pages (portal, workplace), how a request is worked on (process), or carrying emails (messages).
"""
