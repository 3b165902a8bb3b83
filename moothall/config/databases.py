"""Where the house keeps its rows: one SQLite file, or PostgreSQL."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def embedded(home: Path) -> dict[str, Any]:
    """Return Django's settings for the embedded database, one file in the home folder."""
    return {
        "ENGINE": "moothall.councils.backends.sqlite3",
        "NAME": home / "moothall.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        "CONN_MAX_AGE": 600,  # opening the file and warming up anew for each page costs more than most pages
    }


def postgresql(url: str, role: str = "") -> dict[str, Any]:
    """Return Django's settings for a PostgreSQL address; `role` is the role that work is done as."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError("MOOTHALL_DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "moothall.councils.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 20, "timeout": 10},
            "server_side_binding": True,  # no page spends its time on quoting values,
            "prepare_threshold": 5,  # nor the server on planning anew what a connection asks all day
        },
        "CONN_MAX_AGE": 0,
        "MOOTHALL_ROLE": role,
    }
