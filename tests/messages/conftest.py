"""What the tests of this room share: letters are offered to nobody from the rooms above."""

import pytest

from moothall.messages import hooks


@pytest.fixture(autouse=True)
def _nobody_above(monkeypatch: pytest.MonkeyPatch) -> None:
    for held in ("_takers", "_knowers", "_told", "_sights"):
        monkeypatch.setattr(hooks, held, {})
