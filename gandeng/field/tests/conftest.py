import pytest

from gandeng.field.tests.factories import VILLAGE, Phone, accompanying
from gandeng.reconciliation.tests.conftest import bank, cycle, quick  # noqa: F401 (fixtures)
from gandeng.reconciliation.tests.world import payments_of, send, told


@pytest.fixture
def facilitator(cast, cycle, coordinator):  # noqa: F811
    """She accompanies every family of the village."""
    return accompanying(cast, coordinator)


@pytest.fixture
def failed(cycle, bank, quick):  # noqa: F811
    """A payment of the village that did not arrive."""
    first, second = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == VILLAGE]
    send(bank, cycle, [told(first, "FAILURE", "", reason="rekening pasif"), told(second, "CREDIT")])
    return first


@pytest.fixture
def phone(facilitator, client_of):
    """Hers, known to the server."""
    one = Phone(client_of(facilitator))
    assert one.enter().status_code == 201
    return one
