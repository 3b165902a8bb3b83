"""The file that says a house's demonstration is set up."""

DONE = "demo-is-set-up"
