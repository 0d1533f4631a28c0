"""The pages: what is listed, what is said and refused, and who finds it."""

import pytest
from django.db import transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.duplicates import queries
from gandeng.duplicates.forms import field_of
from gandeng.duplicates.models import Judgement
from gandeng.duplicates.tests.factories import (
    BORN,
    NEXT_DISTRICT,
    NEXT_VILLAGE,
    REASON,
    a_child,
    a_judgement,
    add_member,
    found_in,
    judged,
)
from gandeng.exports.sources import KINDS
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS as WORK
from gandeng.registry.models import ChangeRequest
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import QUIET, few_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(operator, client_of):
    return client_of(operator)


def said_of(pair, said="DIFFERENT"):
    """The form, filled in for its only pair."""
    return {field_of(pair.pairs[0]): said, "families": "LATER", "reason": REASON}


@pytest.fixture
def pair(operator):
    a_child(), a_child(NEXT_VILLAGE, name="Riski Ananda")
    return found_in(operator)[0]


def test_it_works(browser, operator, pair, cast, client_of):
    with few_queries():
        page = browser.get(reverse("duplicates:pairs")).content.decode()
    assert "Riski Ananda" in page and "Nama hampir sama; tanggal lahir sama" in page
    url = reverse("duplicates:pair", args=[pair.pk])
    assert url in page
    with few_queries():
        page = browser.get(url).content.decode()
    assert pair.family.family_no in page and pair.other.family_no in page
    answer = browser.post(url, said_of(pair, "ENDS_OTHER"), follow=True)
    assert "1 permintaan menunggu keputusan orang lain" in answer.content.decode()
    with in_territory(operator):
        judgement = Judgement.objects.get()
    page = browser.get(reverse("duplicates:judged")).content.decode()
    assert reverse("duplicates:judgement", args=[judgement.pk]) in page and "Menunggu keputusan" in page
    page = browser.get(reverse("duplicates:judgement", args=[judgement.pk])).content.decode()
    assert reverse("registry:change", args=[judgement.change_id]) in page and REASON in page
    decider = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    with few_queries():
        page = decider.get(reverse("registry:change", args=[judgement.change_id])).content.decode()
    assert reverse("duplicates:judgement", args=[judgement.pk]) in page
    page = decider.get(reverse("duplicates:judgement", args=[judgement.pk])).content.decode()
    assert "Buka lagi" not in page


def test_what_was_said_wrongly_is_opened_again(browser, operator, pair):
    browser.post(reverse("duplicates:pair", args=[pair.pk]), said_of(pair))
    with in_territory(operator):
        judgement = Judgement.objects.get()
    url = reverse("duplicates:reopen", args=[judgement.pk])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert "Dibuka lagi" in browser.post(url, {"reason": "Ternyata keliru."}, follow=True).content.decode()
    assert browser.post(url, {"reason": "Ternyata keliru."}).status_code == 404
    assert found_in(operator)


@pytest.mark.parametrize(("typed", "words"), [
    ({"pair": "LATER"}, "Nilai sedikitnya satu pasangan."),
    ({"families": "ENDS_FIRST"}, "tidak keduanya"),
    ({"reason": ""}, "Tulis bagian ini."),
    ({"reason": "NIK 6371010308150012"}, "Jangan menulis NIK"),
    ({"pair": "MAYBE"}, "Pilih salah satu yang ada."),
    ({"pair": ""}, "Pilih salah satu."),
])  # fmt: skip
def test_it_refuses_in_words(browser, operator, pair, typed, words):
    told = said_of(pair) | {field_of(pair.pairs[0]) if name == "pair" else name: said for name, said in typed.items()}
    answer = browser.post(reverse("duplicates:pair", args=[pair.pk]), told)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with in_territory(operator):
        assert not Judgement.objects.exists()


def test_a_page_of_before_says_nothing_of_other_pairs(browser, operator):
    """Somebody judged one of two pairs meanwhile: what is posted for it falls on no other."""
    first, child = a_child()
    other, _twice = a_child(NEXT_VILLAGE)
    for family in (first, other):
        add_member(family, name="Putri Ananda", birth_date=child.birth_date.replace(year=2012))
    (pair,) = found_in(operator)
    shown = {field_of(one): "LATER" for one in pair.pairs} | {"families": "LATER", "reason": REASON}
    gone, left = pair.pairs
    judged(operator, pair)
    answer = browser.post(reverse("duplicates:pair", args=[pair.pk]), shown | {field_of(gone): "ENDS_FIRST"})
    assert "Nilai sedikitnya satu pasangan." in answer.content.decode()
    del shown[field_of(left)]
    answer = browser.post(reverse("duplicates:pair", args=[pair.pk]), shown | {"families": "ENDS_FIRST"})
    assert answer.status_code == 422
    with in_territory(operator):
        assert not ChangeRequest.objects.exists()


def test_who_holds_one_of_two_places_finds_nothing(cast, client_of, operator):
    a_child(), a_child(NEXT_DISTRICT)
    province = cast("PROVINCE_OFFICER", "63")
    (pair,) = found_in(province, "63")
    browser = client_of(operator)
    nobody = browser.get(reverse("duplicates:pair", args=[EVERYWHERE.person_id]))
    theirs = browser.get(reverse("duplicates:pair", args=[pair.pk]))
    assert nobody.status_code == theirs.status_code == 404
    assert str(pair.pk) not in browser.get(reverse("duplicates:pairs")).content.decode()
    page = client_of(province).get(reverse("duplicates:pairs")).content.decode()
    assert "Satu provinsi" in page and str(pair.pk) in page


def test_who_decides_changes_reads_and_judges_nothing(cast, client_of, pair):
    browser = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    url = reverse("duplicates:pair", args=[pair.pk])
    page = browser.get(url).content.decode()
    assert "Simpan penilaian" not in page and "Dinilai oleh petugas data" in page
    assert browser.post(url, said_of(pair)).status_code == 404


def test_filters_narrow(browser, pair, operator):
    url = reverse("duplicates:pairs")
    shown = {
        (place, region): str(pair.pk) in browser.get(url, {"place": place, "region": region}).content.decode()
        for place in ("", "VILLAGE", "SUB_DISTRICT") for region in ("", "6371011001", "6371011003")
    }  # fmt: skip
    assert {key for key, there in shown.items() if there} == {
        ("", ""), ("", "6371011001"), ("SUB_DISTRICT", ""), ("SUB_DISTRICT", "6371011001"),
    }  # fmt: skip
    for number, there in ((pair.other.family_no.lower(), True), ("K639", False)):
        assert (str(pair.pk) in browser.get(url, {"q": number}).content.decode()) is there
    assert browser.get(url, {"place": "MOON"}).status_code == 400
    assert browser.get(reverse("duplicates:judged"), {"verdict": "MAYBE"}).status_code == 400
    judged(operator, pair)
    page = browser.get(reverse("duplicates:judged"), {"verdict": "SAME"}).content.decode()
    assert "Tidak ada yang cocok" in page


def test_a_search_is_asked_for_by_whoever_judges_there(browser, operator):
    a_child(), a_child(NEXT_VILLAGE)
    url = reverse("duplicates:look")
    assert browser.post(url, {"region": "6372"}).status_code == 403
    assert browser.post(url, {"region": "-"}).status_code == 403
    assert browser.post(url, {"region": "abc"}).status_code == 400
    assert browser.post(url, {"region": "6371"}).status_code == 302
    job = Job.objects.get()
    with in_territory(operator), transaction.atomic():
        assert WORK[job.kind](operator, QUIET, job.arguments) == reverse("duplicates:pairs")
        assert queries.found(operator, {}).count() == 1


def test_the_family_says_so_to_whoever_may_see_it(browser, pair, cast, client_of):
    url, part = (reverse(name, args=[pair.family_id]) for name in ("registry:family", "duplicates:of_family"))
    browser.get(url)
    with few_queries():
        assert part in browser.get(url).content.decode()
    page = browser.get(part, headers={"HX-Request": "true"}).content.decode()
    assert reverse("duplicates:pair", args=[pair.pk]) in page and pair.other.family_no in page
    helpdesk = client_of(cast("HELPDESK", "6371"))
    assert part not in helpdesk.get(url).content.decode()
    assert helpdesk.get(part).status_code == 403


def test_a_birth_told_twice_is_noticed_before_it_is_approved(operator, cast, client_of):
    family, _child = a_child(name="Nur Aisyah Putri", sex="F")
    add_member(family, name="Nur Hasanah", birth_date=BORN.replace(year=2013))
    change = ChangeRequest(
        family=family, village_code=family.village_code, kind="BIRTH", requested_by_id=operator.person_id,
        after={"name": "Nur Aisah Putri", "birth_date": BORN.isoformat(), "sex": "F"}, reason="Lahir.",
    )  # fmt: skip
    with in_territory(operator):
        change.save(force_insert=True)
    browser = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    page = browser.get(reverse("registry:change", args=[change.pk])).content.decode()
    assert "Mungkin sudah tercatat" in page and "Nur Aisyah Putri" in page and "Nur Hasanah" not in page
    with in_territory(EVERYWHERE), scopes_disabled():
        ChangeRequest.objects.filter(pk=change.pk).update(after=change.after | {"birth_date": "2016-02-02"})
    assert "Mungkin" not in browser.get(reverse("registry:change", args=[change.pk])).content.decode()


def test_a_correction_that_makes_a_double_is_noticed_and_the_member_is_not_its_own(operator, cast, client_of):
    family, child = a_child(name="Nur Aisyah Putri", sex="F")
    other = add_member(family, name="Aisah Putri", birth_date=BORN.replace(year=2013))
    change = ChangeRequest(
        family=family, member=other, village_code=family.village_code, kind="IDENTITY", reason="Salah ketik.",
        requested_by_id=operator.person_id, before={"name": other.name, "birth_date": "2013-01-01", "sex": "F"},
        after={"name": "Nur Aisah Putri", "birth_date": BORN.isoformat(), "sex": "F"},
    )  # fmt: skip
    with in_territory(operator):
        change.save(force_insert=True)
    browser = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    page = browser.get(reverse("registry:change", args=[change.pk])).content.decode()
    assert "Mungkin sudah tercatat" in page and "Nur Aisyah Putri" in page
    with in_territory(EVERYWHERE), scopes_disabled():
        ChangeRequest.objects.filter(pk=change.pk).update(member=child, before=change.before | {"name": child.name})
    assert "Mungkin" not in browser.get(reverse("registry:change", args=[change.pk])).content.decode()


def test_the_list_leaves_without_identifiers(operator, pair):
    with in_territory(operator):
        listing = KINDS["mirip"].source(operator, {})
        assert (listing.region, listing.count()) == ("6371", 1)
        (line,) = listing.lines()
    assert len(line) == len(listing.header)
    assert {line[0], line[3]} == {pair.family.family_no, pair.other.family_no}
    assert "Nama hampir sama" in line[6]


def test_a_judgement_of_elsewhere_is_not_there(client_of, stranger, operator):
    judgement = a_judgement(operator)
    browser = client_of(stranger)
    assert browser.get(reverse("duplicates:judgement", args=[judgement.pk])).status_code == 404
    assert browser.post(reverse("duplicates:reopen", args=[judgement.pk]), {"reason": REASON}).status_code == 404
