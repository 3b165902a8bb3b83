"""Made-up content for the gallery of components."""

from typing import Any


def context() -> dict[str, Any]:
    """Return what the gallery pages show."""
    return {}
