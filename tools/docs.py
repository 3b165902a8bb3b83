"""Write the pages that are made from the code: docs/options.md and parts of docs/house.md."""

import ast
import json
import os
import re
import sys
import tomllib
from pathlib import Path

from pydantic import SecretStr

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from moothall.config.options import Options  # noqa: E402 - the path to it is laid above

START, END = "<!-- made by `make docs` from {source} -->", "<!-- end -->"
OPTIONS_HEAD = """# Options

Every option is read from the environment, once, when a command starts. There is no other settings file.
This page is made by `make docs` from `moothall/config/options.py`, where each has its type.

| variable | default | meaning |
|---|---|---|
"""


def options_page() -> str:
    """Return docs/options.md as the options say it."""
    rows = []
    for name, option in Options.model_fields.items():
        default = option.get_default(call_default_factory=True)
        rows.append(f"| `MOOTHALL_{name.upper()}` | {shown(default)} | {option.description} |\n")
    return OPTIONS_HEAD + "".join(rows)


def shown(default: object) -> str:
    """Return a default as one would write it in the environment."""
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, bool | list):
        return f"`{json.dumps(default)}`"
    return f"`{default}`" if default not in {"", None} else "empty"


def floors() -> list[str]:
    """Return the floors of pyproject.toml from the roof down, as one line each."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return [str(layer) for layer in layers]


def rooms() -> dict[str, str]:
    """Return each built room, from the roof down, with the plate on its door."""
    names = [name for floor in floors() for name in re.findall(r"\w+", floor)]
    built = {name: ROOT / "moothall" / name / "__init__.py" for name in names}
    return {name: plate(file) for name, file in built.items() if file.exists()}


def plate(file: Path) -> str:
    """Return what a room's `__init__` says of it, as one paragraph."""
    return " ".join((ast.get_docstring(ast.parse(file.read_text())) or "").split())


def house_page(page: str) -> str:
    """Return docs/house.md with its floors and rooms as they are in the code."""
    section = "\n".join(
        f"{'' if '|' not in floor else '~ '}{floor.replace('(', '').replace(')', '')}" for floor in floors()
    )
    page = filled(page, "pyproject.toml", f"```\n{section}\n```")
    listed = "\n".join(f"- **{name}** {words}" for name, words in rooms().items())
    return filled(page, "each room's `__init__`", listed)


def filled(page: str, source: str, content: str) -> str:
    """Return the page with what stands between the marks of `source` replaced."""
    start = START.format(source=source)
    before, _, rest = page.partition(start)
    if not rest:
        sys.exit(f"docs/house.md has lost its mark: {start}")
    _, _, after = rest.partition(END)
    return f"{before}{start}\n{content}\n{END}{after}"


def main() -> None:
    """Write both pages."""
    docs = ROOT / "docs"
    (docs / "options.md").write_text(options_page())
    (docs / "house.md").write_text(house_page((docs / "house.md").read_text()))
    print("docs/options.md and docs/house.md say what the code says.")


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
