"""Reads of contacts: each takes the viewer first, and keeps to what they may see."""
