"""Reads of the register: each takes the viewer first, and keeps to what they may see."""
