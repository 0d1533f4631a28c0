"""Certificates of the try-out: something of every state, for most of the staff."""

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.certificates import queries
from gandeng.certificates.models import Certificate
from gandeng.facilitators.tests.factories import make_staff
from gandeng.home.filling_certificates import fill_certificates

pytestmark = pytest.mark.django_db
STAFF = 140


def test_it_works(cast):
    officer, head = cast("PROVINCE_OFFICER", "63"), cast("PROVINCE_HEAD", "63")
    staff = [make_staff("6371" if n % 3 else "6372") for n in range(STAFF)]
    today = timezone.localdate()
    with in_territory(head):
        fill_certificates(officer, head, "63")
        counts = {
            state: Certificate.objects.filter(queries.of_state(state, today)).count()
            for state in ("VALID", "SOON", "EXPIRED", "REVOKED")
        }
        assert all(counts.values()), counts
        assert sum(bool(held) for held in queries.holds([one.pk for one in staff], today).values()) > STAFF * 0.8
        rows = queries.coverage(head, "63", today)
        assert all(row.never and row.held for row in rows), "something to do everywhere"
        assert {row.district for row in rows} == {"6371", "6372"}
