"""`python -m moothall`: the same as the command `moothall`."""

from moothall.cli import main

main()
