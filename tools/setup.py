"""Bring everything Moothall needs into .venv: packages by hash, itself, and the front-end files by lock.

Runs on any Python from 3.11 with nothing installed. Quick when nothing has changed since the last time.
"""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
HOUSE = "run.txt"
GROUPS = {
    "house": (ROOT / ".venv", (HOUSE, "dev.txt")),
    "bench": (ROOT / ".venv-bench", (HOUSE, "dev.txt", "bench.txt")),
    "oracle": (ROOT / ".venv-oracle", (HOUSE, "dev.txt", "oracle.txt")),
    "peer": (ROOT / ".venv-peer", ("peer.txt",)),
    "next": (ROOT / ".venv-next", (HOUSE, "dev.txt", "next.txt")),
}
NO_REGISTRY = (
    "The Python packages could not be brought. They come from PyPI, or from the index pip is set up with\n"
    "(`pip config list`). Check that this machine reaches it, then run the same command again."
)
NO_ASSETS = (
    "The front-end files could not be brought. They come from npm by package-lock.json. Check that this\n"
    "machine reaches the npm registry (`npm config get registry`), then run the same command again."
)


def main(group: str) -> None:
    """Set up one environment and say what is being done only when something is."""
    folder, locks = GROUPS[group]
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"Making {folder.name} …", flush=True)
        venv.create(folder, with_pip=True)
    stamp = folder / "moothall-setup"
    wanted = fingerprint([*(REQUIREMENTS / lock for lock in locks), ROOT / "pyproject.toml", Path(__file__)])
    if not stamp.exists() or stamp.read_text() != wanted:
        bring_packages(python, locks)
        stamp.write_text(wanted)
    if HOUSE in locks:
        bring_assets(python, folder)


def fingerprint(files: Sequence[Path]) -> str:
    """Return a digest that changes when one of the files does."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def bring_packages(python: Path, locks: Sequence[str]) -> None:
    """Install the locked packages and the house itself, without resolving anything anew."""
    print("Bringing the Python packages …", flush=True)
    if run([python, "-m", "pip", "--version"], quiet=True):  # an environment that uv made has none
        run([python, "-m", "ensurepip"], quiet=True)
    surroundings = index_of_pip(python)
    if run([python, "-m", "uv", "--version"], quiet=True):
        run([python, "-m", "pip", "install", "--quiet", "uv"], otherwise=NO_REGISTRY)
    for lock in locks:
        words = ["install", "--require-hashes", "--no-deps", "-r", str(REQUIREMENTS / lock)]
        if run([python, "-m", "uv", "pip", *words, "--quiet", "--python", python], surroundings):
            run([python, "-m", "pip", *words, "--quiet"], otherwise=NO_REGISTRY)
    if HOUSE not in locks:  # something of others, beside which the house is measured
        return
    itself = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    run(
        [python, "-m", "pip", *itself],
        {"MOOTHALL_SKIP_ASSETS": "1"},
        otherwise="Moothall could not be installed into its own environment; the reason stands above.",
    )


def index_of_pip(python: Path) -> dict[str, str]:
    """Return what uv must be told so that it asks the same index as pip."""
    found = {}
    for setting, variable in {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}.items():
        for place in ("global", "install", "user", "site", ":env:"):
            name = f"{place}.{setting}"
            answer = subprocess.run(
                [python, "-m", "pip", "config", "get", name], capture_output=True, text=True, check=False
            )
            if answer.returncode == 0 and answer.stdout.strip():
                found[variable] = answer.stdout.strip()
    return {variable: value for variable, value in found.items() if variable not in os.environ}


def bring_assets(python: Path, folder: Path) -> None:
    """Build the front-end files with the script that the wheel uses too, when their lock has changed."""
    builder, lock = ROOT / "tools" / "assets.py", ROOT / "package-lock.json"
    if not builder.exists():
        return
    stamp = folder / "moothall-assets"
    wanted = fingerprint([builder, lock])
    if stamp.exists() and stamp.read_text() == wanted and (ROOT / "node_modules").exists():
        return
    print("Bringing the front-end files …", flush=True)
    run([python, builder], otherwise=NO_ASSETS)
    stamp.write_text(wanted)


def run(
    command: Sequence[str | Path],
    surroundings: Mapping[str, str] | None = None,
    *,
    otherwise: str = "",
    quiet: bool = False,
) -> int:
    """Run a command; when it fails, leave with the sentence in `otherwise`, or return its status."""
    output = subprocess.DEVNULL if quiet else None
    status = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(surroundings or {})},
        stdout=output,
        stderr=output,
        check=False,
    ).returncode
    if status and otherwise:
        sys.exit(otherwise)
    return status


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "house")
