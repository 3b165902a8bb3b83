"""Commands that the councils room adds."""
