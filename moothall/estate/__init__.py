"""The estate: the systems that councils use, on what they depend, and who supports them.

For: configuration items (ITIL 4), which council uses each with how many people, what depends on what, suppliers, and
support routes with their promises. Not for: calls about them (servicedesk), contracts as money (money), or pages. It is
as small as the service desk needs it; refresh plans, licences and convergence belong to later work.
"""
