import pytest

from gandeng.monitoring.tests.factories import World
from gandeng.reconciliation.tests.conftest import quick  # noqa: F401 (a fixture)


@pytest.fixture
def world(cast, quick):  # noqa: F811
    """Two facilitators with three credited families each, nobody drawn yet."""
    return World(cast)
