"""The doors for staff, at /work/: worklists, cases, search, queues, and what administrators and auditors look after.

For: showing what the rooms below know and handing over what somebody decided. Not for: rules, permissions or words of
a service, which live below; nor for residents, whose door is the portal.
"""
