"""The office's signature beside an instruction file: for whoever fetches it, and for none that was swapped."""

from contextlib import contextmanager

import pytest
from django.urls import reverse

from gandeng.accounts import signed_papers
from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.documents.tests.certificates import PASSWORD, detached, office_file
from gandeng.payments.actions.packing import path_of
from gandeng.payments.models import Instruction
from gandeng.payments.tests.steps import People, approved, families, instructed, listed, opened
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
LINK = "Unduh tanda tangan kantor"


@pytest.fixture
def people(cast, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return People(cast)


@pytest.fixture
def made(people):
    families(("6371011001", "BRI"))
    instructed(people, approved(people, listed(people, opened(people))))
    with in_territory(people.officer):
        return Instruction.objects.get()


@pytest.fixture
def office(settings, tmp_path):
    """A certificate of those days."""

    def given(days=(-30, 300)):
        settings.SIGNING_CERTIFICATE = office_file(tmp_path / f"office{days[1]}.p12", days=days)
        settings.SIGNING_PASSWORD = PASSWORD

    return given


def noted():
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action="instruction.signed"))


@contextmanager
def swapped(made):
    """Somebody puts another file in its place."""
    path = path_of(made)
    before = path.read_bytes()
    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    yield
    path.write_bytes(before)


def test_it_works(made, office, people, client_of, cast):
    office()
    browser, address = client_of(people.officer), reverse("payments:signature", args=[made.pk])
    assert LINK in browser.get(reverse("payments:instructions", args=[made.cycle_id])).content.decode()
    answer = browser.post(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pkcs7-signature"
    assert f'filename="{made.name}.p7s"' in answer["Content-Disposition"]
    told = detached(path_of(made), answer.content)
    assert told.bottom_line and told.trusted
    with swapped(made):
        assert not detached(path_of(made), answer.content).intact
    (entry,) = noted()
    assert (entry.facts["sha256"], entry.facts["channel"]) == (made.sha256, "BRI")
    assert entry.facts["certificate"]
    bank, other = cast("CHANNEL_OFFICER", "63", channel="BRI"), cast("CHANNEL_OFFICER", "63", channel="BNI")
    assert client_of(bank).post(address).status_code == 200
    assert client_of(other).post(address).status_code == 404
    assert client_of(people.province).post(address).status_code == 403
    assert client_of(bank).get(address).status_code == 405
    assert len(noted()) == 2


def test_a_file_that_was_swapped_is_not_signed(made, office, people, client_of):
    office()
    with swapped(made):
        answer = client_of(people.officer).post(reverse("payments:signature", args=[made.pk]))
    assert answer.status_code == 422 and "tidak diserahkan" in answer.content.decode() and noted() == []


@pytest.mark.parametrize("days", [None, (-300, -1)])
def test_without_a_certificate_in_force_the_office_says_so(made, office, people, client_of, days):
    if days:
        office(days)
    browser = client_of(people.officer)
    assert LINK not in browser.get(reverse("payments:instructions", args=[made.cycle_id])).content.decode()
    answer = browser.post(reverse("payments:signature", args=[made.pk]))
    assert answer.status_code == 422 and "sertifikat elektronik yang berlaku" in answer.content.decode()
    assert noted() == []


def test_a_key_that_breaks_gives_no_signature(made, office, people, client_of, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("of the key")

    office()
    monkeypatch.setattr(signed_papers, "sign_file", broken)
    answer = client_of(people.officer).post(reverse("payments:signature", args=[made.pk]))
    assert answer.status_code == 422 and "of the key" not in answer.content.decode() and noted() == []
