"""With two councils, an agreement of another kind puts every council into the scope: there the gate stands alone."""

import pytest

from tests.isolation.addresses import addresses
from tests.isolation.conftest import as_on_sqlite, say
from tests.isolation.matrix import Matrix
from tests.isolation.quiet import keep_apart
from tests.isolation.visitors import make_visitors
from tests.isolation.world import OTHER_KIND, OWN, make_world

pytestmark = [pytest.mark.django_db, as_on_sqlite]


@pytest.mark.usefixtures("surroundings")
class TestTwoCouncils:
    def test_sharing_something_else_share_no_cases(self) -> None:
        world = keep_apart(make_world((OWN, OTHER_KIND)))
        matrix = Matrix(world, make_visitors(world))
        pages = [each for each in addresses() if each.permissions or each.name == "workplace:home"]
        figures = matrix.run(
            matrix.cells(pages, whole=False, wanted=lambda cell: cell.thing.code == OTHER_KIND)
        )
        say("two councils, sharing another kind", figures)
        assert figures.leaks == []
        assert figures.faults == []
