"""The wheel carries the built front-end files; git does not."""

import os
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent


class Assets(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - as hatchling calls it
        """Build the files unless they are there, or the installation is in place and brings them itself."""
        built = ROOT / "moothall" / "look" / "static" / "assets" / "govuk-frontend.css"
        if os.environ.get("MOOTHALL_SKIP_ASSETS") or version == "editable" or built.exists():
            return
        runpy.run_path(str(ROOT / "tools" / "assets.py"))["build"](runtime_only=True)
