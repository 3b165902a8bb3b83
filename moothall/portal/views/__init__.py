"""The pages of a council's site."""
