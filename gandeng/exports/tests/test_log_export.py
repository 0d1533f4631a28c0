"""The log as it is narrowed, taken away by whoever reads its page, and written down in it."""

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.audit.actions import record
from gandeng.exports.tests.taking import PURPOSE, taken

pytestmark = pytest.mark.django_db


def test_it_works(cast, client_of, operator, stranger):
    for who, region in ((operator, "6371"), (stranger, stranger.grants[0].region_code)):
        with in_territory(who):
            record(who, "uji", region=region, reason=f"Di {region}", families=3)
            record(who, "lain", region=region, reason="Yang lain")
    browser, page = client_of(cast("AUDITOR", "6371")), reverse("audit:entries")
    assert (
        f"{reverse('exports:ask', args=['jejak'])}?action=uji" in browser.get(page, {"action": "uji"}).content.decode()
    )
    header, line = taken(browser, "jejak", action="uji")
    told = dict(zip(header, line, strict=True))
    assert told["Alasan"] == "Di 6371" and told["Wilayah"] == "Kota Banjarmasin" and "/" in told["Nomor"]
    assert told["Keterangan"].endswith(": 3") and told["Waktu"].endswith(("+07:00", "+08:00"))
    assert PURPOSE in browser.get(page, {"action": "export.taken"}).content.decode(), "that too is an act"


def test_it_refuses_whoever_does_not_read_the_page(operator, client_of):
    assert client_of(operator).get(reverse("audit:entries")).status_code == 403
    assert client_of(operator).get(reverse("exports:ask", args=["jejak"])).status_code == 403
