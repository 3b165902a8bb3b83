"""Where the process files stand: in each room's `processes/`, in the partnership's own folder, and as examples."""

from pathlib import Path

from django.apps import apps
from django.conf import settings

ENDINGS = (".yaml", ".yml")


def folders() -> list[Path]:
    """Return the folders with process files; the partnership's own comes last, so that its version wins."""
    rooms = [Path(room.path) / "processes" for room in apps.get_app_configs()]
    return [folder for folder in [*rooms, *settings.PROCESS_FOLDERS] if folder.is_dir()]


def files() -> list[Path]:
    """Return every process file, in the order in which they are published."""
    return [
        path for folder in folders() for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS
    ]


def examples() -> list[Path]:
    """Return the files of examples: work inside and between councils, which is published only where it is wanted."""
    folder = Path(__file__).parent / "examples"
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
