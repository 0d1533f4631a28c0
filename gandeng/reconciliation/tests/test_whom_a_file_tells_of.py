"""A file of guessed NIKs tells its sender of nobody whom other channels pay."""

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.actions.files import Typed
from gandeng.reconciliation.models import ExceptionCase, ResultRow
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN, identifiers, payments_of, send, told
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
NOBODY = "6371015708910001"


@pytest.fixture
def cycle(db):
    """In the bank's district one of its own and one of another bank; elsewhere another bank's and one of the post."""
    places = ((BANJARMASIN, "BRI", 225_000), (BANJARMASIN, "BNI", 300_000), (BANJARBARU, "BNI", 300_000))
    return make_cycle((*places, (BANJARBARU, "POS", 400_000)))


def guessed(cycle, *niks):
    """Rows that hold a NIK and nothing else that is anybody's."""
    of = payments_of(cycle)[0]
    plain = {"channel": "BRI", "payment_id": "", "account_no": "", "name": "X"}
    return [told(of, nik=nik, reference=f"R{place}", **plain) for place, nik in enumerate(niks)]


def niks_of(cycle, village, channel):
    return [identifiers(p)[0] for p in payments_of(cycle) if (p.village_code, p.channel) == (village, channel)]


def judged(file):
    with in_territory(EVERYWHERE):
        rows = ResultRow.objects.filter(file=file).order_by("row")
        return [(row.disposition, row.payment_id, row.region_code) for row in rows]


def test_elsewhere_a_recipient_of_another_channel_is_as_unknown_as_anybody(cycle, bank):
    far = niks_of(cycle, BANJARBARU, "BNI") + niks_of(cycle, BANJARBARU, "POS")
    file = send(bank, cycle, guessed(cycle, *far, NOBODY))
    assert (file.state, judged(file)) == ("TAKEN", [("UNKNOWN", None, "6371")] * 3)


def test_strangers_stay_apart(cycle, bank):
    """Rows without a reference are one event told again where they are about one person alone."""
    rows = guessed(cycle, *niks_of(cycle, BANJARBARU, "BNI"), *niks_of(cycle, BANJARBARU, "POS"))
    file = send(bank, cycle, [row | {"bank_reference": ""} for row in rows])
    assert [kind for kind, *_ in judged(file)] == ["UNKNOWN", "UNKNOWN"]


def test_of_a_file_with_wrong_totals_nothing_is_said_of_payments(cycle, bank, client_of):
    own = niks_of(cycle, BANJARMASIN, "BRI")
    file = send(bank, cycle, guessed(cycle, *own, *niks_of(cycle, BANJARBARU, "BNI")), typed=Typed(999, 1))
    assert file.state == "REFUSED" and [fault["row"] for fault in file.faults] == [None, None]
    receipt = client_of(bank).get(reverse("reconciliation:file", args=[file.pk])).content.decode()
    assert receipt.index("Yang salah") < receipt.index("Sidik isi"), "what is to be mended stands first"


def test_near_by_the_office_reads_whose_money_it_is_and_the_bank_does_not(cycle, bank, cast, client_of):
    (near,) = (p for p in payments_of(cycle) if (p.village_code, p.channel) == (BANJARMASIN, "BNI"))
    file = send(bank, cycle, guessed(cycle, identifiers(near)[0]))
    assert judged(file) == [("MISDIRECTED", near.pk, "6371")], "not its village"
    with in_territory(EVERYWHERE):
        case = ExceptionCase.objects.get(file=file)
    pages = [reverse("reconciliation:rows", args=[cycle.pk]), reverse("reconciliation:exception", args=[case.pk])]
    for page in pages:
        assert near.pk not in client_of(bank).get(page).content.decode()
    assert near.pk in client_of(cast("DISTRICT_OPERATOR", "6371")).get(pages[0]).content.decode()
