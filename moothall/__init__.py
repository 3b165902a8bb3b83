"""Moothall: the digital platform that several UK councils run together."""

__version__ = "0.1.0"
