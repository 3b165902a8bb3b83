"""A published pack and a draft, with canaries of each council, and what a user of each said of a call."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from moothall.councils.models import Council
from moothall.servicedesk.models import (
    Call,
    CouncilFigure,
    Headcount,
    JointFigure,
    Pack,
    PackComment,
    SignOff,
    Survey,
)

FIGURE = "resolve_sla"


def token_of(code: str) -> str:
    """Return the secret of the link on which a user of a council says how it was."""
    return f"rate-{code}-{'r' * 20}"


def publish_packs(councils: Iterable[Council], now: datetime) -> None:
    """Publish one month and draft another, with what each council said; and let a user of each say how it was."""
    for first, state in ((date(2026, 9, 1), "published"), (date(2026, 8, 1), "draft")):
        pack = Pack.objects.create(
            month=first,
            state=state,
            made_at=now,
            made_by="x",
            published_at=now if state == "published" else None,
        )
        JointFigure.objects.create(pack=pack, name=FIGURE, version=1, value=Decimal(80), n=10)
        for council in councils:
            _of_council(council, pack, now)
    for council in councils:
        _heard(council, now)


def _of_council(council: Council, pack: Pack, now: datetime) -> None:
    word = f"zq{council.code}said"
    facts = {"council": council, "pack": pack, "name": FIGURE, "version": 1, "n": 5}
    CouncilFigure.objects.create(value=Decimal(70), **facts)
    CouncilFigure.objects.create(value=Decimal(60), restated_at=now, why=f"Because of {word}", **facts)
    PackComment.objects.create(
        pack=pack, council=council, figure=FIGURE, text=f"It said {word}", at=now, by="x"
    )
    PackComment.objects.create(pack=pack, council=council, text=f"All in all {word}", at=now, by="x")
    if pack.state == Pack.State.PUBLISHED:
        SignOff.objects.create(pack=pack, council=council, at=now, by=f"Sig {word}")


def _heard(council: Council, now: datetime) -> None:
    Headcount.objects.create(
        council=council,
        in_force_from=date(2026, 1, 1),
        users=90,
        source=f"zq{council.code}heads",
        set_at=now,
        set_by="x",
    )
    call = Call.objects.filter(council=council, circle="").order_by("id").first()
    assert call is not None
    Survey.objects.create(
        council=council,
        call=call,
        secret_sha256=hashlib.sha256(token_of(council.code).encode()).hexdigest(),
        asked_at=now,
        answered_at=now,
        recommend=3,
        content=2,
        words=f"It took zq{council.code}heard",
    )
