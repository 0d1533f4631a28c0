import hashlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.keys import make_key
from gandeng.payments.models import Instruction
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN, csv_of, payments_of, rupiah
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process


@pytest.fixture
def quick(monkeypatch):
    """Files are read without the child process."""
    read_in_this_process(monkeypatch)


@pytest.fixture
def cycle(db):
    """Banjarmasin: two families at BRI, one at the post; Banjarbaru: one at BRI."""
    return make_cycle(
        (
            (BANJARMASIN, "BRI", 225_000),
            (BANJARMASIN, "BRI", 750_000),
            (BANJARMASIN, "POS", 400_000),
            (BANJARBARU, "BRI", 300_000),
        )
    )


@pytest.fixture
def bank(cast):
    """Sends for BRI in Banjarmasin."""
    return cast("CHANNEL_OFFICER", "6371", channel="BRI")


class Machine:
    """A program with somebody's key."""

    def __init__(self, acting):
        self.acting = acting
        with in_territory(acting):
            self.key, self.text = make_key(acting, name="Server uji", days=90)
        self.client = Client(headers={"authorization": f"Bearer {self.text}"})

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path, told=None, **headers):
        return self.client.post(f"/api/v1/{path}", told or {}, headers=headers)

    def send(self, cycle, rows, /, *, name="bri.csv", again="kirim-0001", **changed):
        told = {"channel": "BRI", "region_code": "6371", "rows": len(rows), "rupiah": rupiah(rows)}
        told |= {"file": SimpleUploadedFile(name, csv_of(rows))} | changed
        return self.post(f"cycles/{cycle.pk}/result-files", told, **{"idempotency-key": again})


@pytest.fixture
def machine():
    """`machine(acting)`: a program that shows a key of the person."""
    return Machine


@pytest.fixture
def bri(cycle, bank, machine):
    return machine(bank)


@pytest.fixture
def ours(cycle):
    """The payments BRI of Banjarmasin was ordered to make."""
    return [one for one in payments_of(cycle) if one.channel == "BRI" and one.village_code == BANJARMASIN]


def order(cycle, region, channel="BRI", content=b"PK terkunci"):
    """An order whose file is there."""
    path = settings.DATA_DIR / "instructions" / f"{cycle.pk}-{region}-{channel}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with in_territory(EVERYWHERE), scopes_disabled():
        return Instruction.objects.create(
            cycle=cycle, channel=channel, format=f"zip-{region}", region_code=region, name=f"{channel}-{region}.zip",
            path=path.relative_to(settings.DATA_DIR).as_posix(), rows=2, total_rupiah=975_000, list_sha256="0" * 64,
            sha256=hashlib.sha256(content).hexdigest(), made_by_id=cycle.opened_by_id, made_at=timezone.now(),
        )  # fmt: skip
