"""The processes of the persons room, published for a test."""

from datetime import datetime
from pathlib import Path

import moothall.persons
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process.language import read

FOLDER = Path(moothall.persons.__file__).parent / "processes"


def publish(key: str, now: datetime) -> None:
    path = FOLDER / f"{key}.yaml"
    source = path.read_text(encoding="utf-8")
    definition = read(source, file=path.name).definition
    assert definition is not None
    process.publish(by=Viewer.system(), definition=definition, source=source, now=now)
