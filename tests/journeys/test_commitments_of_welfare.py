"""An elderly and a disabled member, from the list of those without a place to a verdict that harms nobody."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.commitments import actions
from gandeng.commitments.models import Recommendation, Verdict
from gandeng.commitments.queries import expected_at, to_decide
from gandeng.commitments.tests.factories import QUARTER, VILLAGE, make_facility
from gandeng.commitments.unplaced_queries import unplaced
from gandeng.field import carried_commitments
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
WAITS = "Tidak ada ukuran tertulis untuk kewajiban ini"


def test_welfare_is_listed_visited_printed_and_never_a_breach(cast, client_of):
    desk, coordinator = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    old = make_family(VILLAGE, name="Nenek Uji", birth_date=date(1950, 1, 1)).collector
    disabled = make_family(VILLAGE, name="Paman Uji", birth_date=date(1990, 1, 1), severe_disability=True).collector
    with in_territory(desk):
        assert {each.pk for each in unplaced(QUARTER, duty="WELFARE")} == {old.pk, disabled.pk}
    place = make_facility(desk, name="Rumah Singgah Uji", kind="WELFARE")
    with in_territory(desk):
        actions.place_many(desk, [old.pk, disabled.pk], place, QUARTER, QUARTER.months()[0])
        assert not unplaced(QUARTER).exists()
        expected = expected_at(place, QUARTER)
        carried = carried_commitments.sheets([old.family_id, disabled.family_id], QUARTER.ends)
    assert [each.member_id for each in expected] == [old.pk, disabled.pk]
    (told,) = [each for each in carried if each["quarter"] == QUARTER.key]
    assert [(each["name"], each["obligation"]) for each in told["members"]] == [
        ("Nenek Uji", "WELFARE"), ("Paman Uji", "WELFARE"),
    ]  # fmt: skip
    browser = client_of(desk)
    page = reverse("commitments:sheet", args=[place.pk, QUARTER.key])
    shown = browser.get(page).content.decode()
    assert "Kesejahteraan sosial" in shown and "Nenek Uji" in shown and "Paman Uji" in shown
    paper = browser.post(reverse("commitments:print_one", args=[place.pk, QUARTER.key]))
    text = re.sub(r"\s+", " ", PdfReader(BytesIO(paper.content)).pages[0].extract_text())
    assert "Nenek Uji" in text and "Paman Uji" in text and "Rumah Singgah Uji" in text
    typed = {
        "signer_name": "Ibu Uji", "signer_role": "Ketua", "place": "Balai", "signed_on": "2026-10-01",
        "sheet_id": expected[0].pk, **{f"service_{month}": "yes" for month in (1, 2, 3)},
        **{f"cell_{each.pk.hex}_{month}_visits": "0" for each in expected for month in (1, 2, 3)},
    }  # fmt: skip
    assert browser.post(page, typed).status_code == 302
    with in_territory(coordinator):
        verdicts = list(Verdict.objects.order_by("member__name"))
        assert [(each.verdict, each.reason) for each in verdicts] == [("UNVERIFIED", "NO_MEASURE")] * 2
        assert not Recommendation.objects.exists() and not to_decide().exists()
    for each in verdicts:
        assert WAITS in browser.get(reverse("commitments:verdict", args=[each.pk])).content.decode()
    assert WAITS in browser.get(reverse("commitments:family", args=[old.family_id])).content.decode()
