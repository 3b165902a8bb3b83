"""Decisions of the register: plain values in, an answer out. No Django, no database."""
