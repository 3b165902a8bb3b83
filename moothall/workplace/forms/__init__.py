"""The forms of the pages of staff. What the questions of a process ask is `process.forms`."""
