"""Reading the building itself: each function returns the faults it finds, as sentences that say where."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "shared", "services"}
DATABASE_ENGINES = "backends"  # Django asks for a module named `base` in a folder of that name
PUBLIC_SHELVES = {"actions", "queries", "models", "permissions", "errors", "rules", "hooks", "gate"}
PRIVATE_SHELVES = {"views", "forms", "urls", "effects", "tasks", "tests", "apps", "migrations"}
# Made for the rooms above: how every form looks, and a definition's questions as a form.
OFFERED = {"moothall.look.forms", "moothall.process.forms"}
MOST_LINES, MOST_FUNCTION_LINES = 400, 60
WRITTEN_BY_HAND = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".yaml",
    ".yml",
    ".toml",
    ".md",
    ".sh",
    ".service",
    "",
}
HYPHENED_EMAIL = re.compile(r"(?<!\")\be-mail", re.IGNORECASE)
REGISTRY_HOSTS = [
    name.replace(" ", ".")  # written apart, so that this file does not name them itself
    for name in (
        *("pypi org", "pythonhosted org", "registry npmjs org", "registry yarnpkg com", "deb debian org"),
        *("crates io", "proxy golang org", "unpkg com", "cdn jsdelivr net", "cdnjs cloudflare com"),
        *("fonts googleapis com", "fonts gstatic com"),
    )
]
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:work/(?:main|shared)|root|home/\w+|Users/\w+|tmp/moot|opt/(?:wheels|pypi))\b"
)
LEFT_UNDONE = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
FOREIGN_LOAD = re.compile(r"""(?:src=|<link[^>]+href=|url\(|from\s|import\s*\()\s*["']?https?://""")


def tracked() -> list[Path]:
    """Return every file of the repository that git keeps or would keep."""
    words = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in sorted(names) if name and (ROOT / name).is_file()]


def text_of(file: Path) -> str:
    """Return the text of a file, or nothing for pictures and the like."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def by_hand(files: Iterable[Path]) -> Iterator[Path]:
    """Leave out what was made by a machine: locks, migrations, the licence and pictures."""
    for file in files:
        made = "migrations" in file.parts or "requirements" in file.parts or file.name == "LICENSE"
        if file.suffix in WRITTEN_BY_HAND and not made:
            yield file


def vague_names(files: Iterable[Path]) -> list[str]:
    return [
        f"{file}: a name that says nothing; name the idea."
        for file in files
        if file.stem in VAGUE and DATABASE_ENGINES not in file.parts
    ]


def too_long(file: Path, text: str) -> list[str]:
    """Find files and functions that are longer than one can keep in mind."""
    found = []
    if (lines := text.count("\n")) > MOST_LINES and file.suffix != ".md":
        found.append(f"{file}: {lines} lines; at {MOST_LINES} it becomes a folder with one file per noun.")
    if file.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    found.append(
                        f"{file}:{node.lineno}: {node.name} has {length} lines, over {MOST_FUNCTION_LINES}."
                    )
    return found


def without_opening_line(file: Path, text: str) -> list[str]:
    tree = ast.parse(text)
    return (
        [f"{file}: opens without a line that says what it is."]
        if tree.body and not ast.get_docstring(tree)
        else []
    )


def poor_plate(file: Path, text: str) -> list[str]:
    """Find rooms whose `__init__` does not say what they are for and what they are not for, or holds code."""
    tree = ast.parse(text)
    words = ast.get_docstring(tree) or ""
    says_both = words.count(".") > 1 and re.search(r"\b[Nn]o(?:t|r|thing|where|)\b", words)
    found = [] if says_both else [f"{file}: say what the room is for, and what it is not for."]
    return found + ([f"{file}: the plate of a room holds no code."] if len(tree.body) > 1 else [])


def left_undone(file: Path, text: str) -> list[str]:
    return [f"{file}:{number}: left undone." for number, line in numbered(text) if LEFT_UNDONE.search(line)]


def places_of_this_machine(file: Path, text: str) -> list[str]:
    return [
        f"{file}:{number}: names a place on one machine."
        for number, line in numbered(text)
        if MACHINE_PATH.search(line)
    ]


def registries(file: Path, text: str) -> list[str]:
    found = [(number, host) for number, line in numbered(text) for host in REGISTRY_HOSTS if host in line]
    return [f"{file}:{number}: names the host {host}; tools know where to ask." for number, host in found]


def hyphened_email(file: Path, text: str) -> list[str]:
    """Find what people would read otherwise than on GOV.UK. The channel's own key, in quotation marks, is kept so."""
    return [
        f"{file}:{number}: write “email”, as GOV.UK does."
        for number, line in numbered(text)
        if HYPHENED_EMAIL.search(line)
    ]


def foreign_loads(file: Path, text: str) -> list[str]:
    if file.suffix not in {".html", ".css", ".js", ".mjs"}:
        return []
    return [
        f"{file}:{number}: loads from another host."
        for number, line in numbered(text)
        if FOREIGN_LOAD.search(line)
    ]


def numbered(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.splitlines(), start=1)


def trespasses(graph: grimp.ImportGraph) -> list[str]:
    """Find imports of another room's private shelves; the roof (config) knows every room."""
    found = []
    for importer in graph.modules:
        room = importer.split(".")[1:2]
        if not room or room == ["config"]:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            parts = imported.split(".")
            elsewhere = parts[0] == "moothall" and parts[1:2] != room
            offered = ".".join(parts[:3]) in OFFERED
            if elsewhere and not offered and len(parts) > 2 and parts[2] in PRIVATE_SHELVES:
                found.append(f"{importer} imports {imported}: the {parts[2]} of another room are private.")
    return sorted(found)
