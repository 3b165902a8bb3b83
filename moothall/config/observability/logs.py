"""Log lines: one JSON object each, or plain text. They carry names of acts, never what residents wrote."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from moothall.plain import request_id

FACTS = ("method", "view", "status", "ms", "council", "actor", "job", "part")
QUIET = ("asyncio", "granian.access", "PIL", "httpx", "urllib3")


class NoAddresses(logging.Filter):
    """Takes addresses out of Django's own lines: they may hold a reference, or the secret of a link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the name of the view in the place of each address."""
        if record.name.startswith("django.") and isinstance(record.args, tuple):
            match = getattr(getattr(record, "request", None), "resolver_match", None)
            name = match.view_name if match else "an address"
            record.args = tuple(
                name if isinstance(each, str) and each.startswith("/") else each for each in record.args
            )
        return True


class JsonLines(logging.Formatter):
    """One object a line: when, how bad, who says it, what, and the facts that were given."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := getattr(record, "request_id", "") or request_id.current():
            line["request_id"] = name
        line |= {fact: vars(record)[fact] for fact in FACTS if vars(record).get(fact) not in {None, ""}}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same for people who watch a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        facts = " ".join(f"{fact}={vars(record)[fact]}" for fact in FACTS if vars(record).get(fact))
        line = f"{at} {record.levelname.lower():7} {record.getMessage()} {facts}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def logging_settings(*, text: bool) -> dict[str, Any]:
    """Return what Django's LOGGING wants: everything to standard error, in one form."""
    form = TextLines if text else JsonLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{form.__module__}.{form.__qualname__}"}},
        "filters": {"no addresses": {"()": f"{NoAddresses.__module__}.{NoAddresses.__qualname__}"}},
        "handlers": {
            "line": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no addresses"]}
        },
        "root": {"handlers": ["line"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # a 4xx has its own line already
            "django.server": {"handlers": [], "propagate": True},
            "psycopg.pool": {
                "level": "ERROR"
            },  # it tells of each try while the server is away; we say so once
            **{name: {"level": "WARNING"} for name in QUIET},
        },
    }
