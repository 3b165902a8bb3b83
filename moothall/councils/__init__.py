"""The partnership and its councils, who works for whom, who may do what, and what keeps councils apart.

For: councils, staff, teams, roles, agreements and working calendars; the gate that every act passes; the scope
without which no council-owned row can be read or written, and the database wrappers that hold it.
Not for: signing in (identity), what happened (journal), or any work that a council does (the rooms above).
"""
