"""The pages of the pack: a document with what somebody may do to it, and where each number leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.measures import hooks
from moothall.measures.permissions import Can as MeasuresCan
from moothall.servicedesk.documents import FORMATS
from moothall.servicedesk.documents.pages import trend
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import packs
from moothall.servicedesk.queries.packs.seeing import speaks_for
from moothall.servicedesk.rules.packs.document import Block, Line, PackDocument


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a pack. `charts` has the trend of each figure that has one, by its name."""

    document: PackDocument
    tabs: Sequence[tuple[str, str, bool]]
    charts: Mapping[str, Markup]
    files: Sequence[tuple[str, str]]
    may_prepare: bool
    may_sign: bool
    may_comment: bool
    signed: bool
    is_over: bool
    sees_calls: bool

    def leads(self, block: Block, line: Line, part: str = "of") -> str:
        """Return where a number leads; nowhere if it counts no calls, or none at all, or the viewer sees no calls."""
        if not self.sees_calls or not block.definition.behind or not line.n:
            return ""
        asked = {"figure": block.definition.name, "slice": line.key, "part": part}
        given = urlencode({key: value for key, value in asked.items() if value and value != "of"})
        return f"{address_of(self.document.month.key, self.document.council)}calls/?{given}"

    def rest(self, block: Block, line: Line) -> int:
        """Return how many of a share it does not hold for, where that can be listed."""
        if not self.sees_calls or block.definition.kind != "share" or not block.definition.behind:
            return 0
        if line.value is None:
            return 0
        return line.n - round(float(line.value) * line.n / 100)


def shown(viewer: Viewer, month: str, code: str, now: datetime) -> Shown:
    """Return the page of a pack: of one council, or of all together."""
    document = packs.document(viewer, packs.month_named(month), code)
    number = document.council_id
    is_draft = not document.is_published
    blocks = [block for area in document.areas for block in area.blocks]
    return Shown(
        document=document,
        tabs=[(each.name, address_of(month, each.code), each.code == code) for each in packs.tabs(viewer)],
        charts={block.definition.name: drawn for block in blocks if (drawn := trend(block))},
        files=[(each.words, _file(month, code, ending)) for ending, each in FORMATS.items()],
        may_prepare=gate.anywhere(viewer, Can.PREPARE_PACK),
        may_sign=bool(code) and is_draft and speaks_for(viewer, number),
        may_comment=bool(code)
        and is_draft
        and (speaks_for(viewer, number) or gate.may(viewer, Can.PREPARE_PACK, number)),
        signed=bool(code) and any(each.at for each in document.signs),
        is_over=document.month.end <= now,
        sees_calls=gate.anywhere(viewer, Can.SEE),
    )


def figure_choices() -> list[tuple[str, str]]:
    """Return every figure as a choice, by its title."""
    return sorted(((each.name, each.title) for each in hooks.defined().values()), key=lambda pair: pair[1])


def may_set_benchmarks(viewer: Viewer) -> bool:
    return gate.anywhere(viewer, MeasuresCan.SET_BENCHMARKS)


def address_of(month: str, code: str) -> str:
    """Return where the pack of a month is, of one council or of all together."""
    if code:
        return reverse("workplace:desk_pack_council", args=[month, code])
    return reverse("workplace:desk_pack", args=[month])


def _file(month: str, code: str, ending: str) -> str:
    if code:
        return reverse("workplace:desk_pack_council_file", args=[month, code, ending])
    return reverse("workplace:desk_pack_file", args=[month, ending])
