"""What both commands of the demonstration agree on: how much is played, and the file that says it is set up."""

DONE = "demo-is-set-up"
REQUESTS = 2_000
