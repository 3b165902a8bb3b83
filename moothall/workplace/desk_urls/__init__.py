"""The addresses of the service desk, all under /work/desk/: one file for each area."""

from moothall.workplace.desk_urls import calls, changes, channels, helping, majors, packs

PATTERNS = [
    *calls.PATTERNS,
    *helping.PATTERNS,
    *channels.PATTERNS,
    *majors.PATTERNS,
    *changes.PATTERNS,
    *packs.PATTERNS,
]
