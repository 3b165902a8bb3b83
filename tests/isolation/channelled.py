"""What other systems send each council's desk, with canaries: a key, a feed, a file of calls."""

import zlib
from datetime import datetime

from moothall.councils.models import Council
from moothall.identity.sealing import seal
from moothall.servicedesk.models import ApiKey, Feed, ImportRun
from moothall.servicedesk.rules import signing


def channels_of(council: Council, now: datetime) -> None:
    """Give a council's desk a key, a feed and a file that was looked at; a second time, nothing more."""
    word = f"zq{council.code}call"
    if ApiKey.objects.filter(council=council).exists():
        return
    ApiKey.objects.create(
        council=council, name=f"Kiosk {word}", prefix=f"mh_{council.code}", sha256=word, may=["read"],
        made_at=now, made_by=word,
    )  # fmt: skip
    key = f"feed-{council.code}"
    secret = seal(signing.new_secret(), f"servicedesk.feed:{key}")
    Feed.objects.create(
        council=council, key=key, name=f"Watch {word}", kind="monitoring", secret=secret,
        error=f"It was {word}", made_at=now, made_by=word,
    )  # fmt: skip
    ImportRun.objects.create(
        council=council, name=f"{word}.csv", sha256=word, at=now, by=word, rows=1,
        packed=zlib.compress(f"Title,Opened\nIt is {word},20/11/2026\n".encode()),
        mapping={"columns": {"summary": "Title", "logged_at": "Opened"}},
    )  # fmt: skip
