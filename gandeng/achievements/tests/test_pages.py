"""The screens: as a facilitator, a coordinator and the province's officer use them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.achievements.models import Achievement, Consent
from gandeng.achievements.tests.factories import TODAY, confirmed, make_child, picture, submitted
from gandeng.facilitators.tests.factories import few_queries
from gandeng.jobs.models import Job
from gandeng.registry.models import ordered_id
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


def pdf(name="surat.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 uji")


def typed(child, **changed):
    given = {
        "key": ordered_id(), "child": child.pk, "field": "ART", "level": "SCHOOL", "what": "Juara 1 menari",
        "achieved_on": TODAY().isoformat(), "giver": "Sekolah", "school": "SDN 1", "story": "Rajin berlatih",
    }  # fmt: skip
    return given | changed


def agreed(**changed):
    given = {
        "key": ordered_id(), "given_by": "Ibu Uji", "relation": "MOTHER", "given_on": TODAY().isoformat(),
        "valid_until": (TODAY() + timedelta(99)).isoformat(), "covers": ["book", "name"], "paper": pdf(),
    }  # fmt: skip
    return given | changed


def only():
    with in_territory(EVERYWHERE):
        return Achievement.objects.select_related("consent").get()


def test_it_works_from_the_family_to_the_book(cast, client_of, coordinator):
    facilitator, officer = cast("FACILITATOR", "6371011001"), cast("PROVINCE_OFFICER", "63")
    family, child = make_child()
    browser = client_of(facilitator)
    address = reverse("achievements:enter", args=[family.pk, "anak"])
    part = reverse("achievements:of_family", args=[family.pk])
    assert part in browser.get(reverse("registry:family", args=[family.pk])).content.decode()
    for alone in ({}, {"headers": {"HX-Request": "true"}}):
        assert address in browser.get(part, **alone).content.decode()
    assert child.name in browser.get(address).content.decode()
    page = browser.post(address, typed(child)).url
    browser.post(f"{page}tambah/bukti/", {"proof": pdf()})
    browser.post(f"{page}tambah/foto/", {"photo": SimpleUploadedFile("f.jpg", picture())})
    assert browser.post(f"{page}persetujuan/", agreed()).status_code == 302
    assert "Ajukan untuk dikonfirmasi" in browser.get(page).content.decode()
    browser.post(f"{page}ajukan/")
    second = client_of(coordinator)
    assert second.post(f"{page}kembalikan/", {"reason": "x"}).status_code == 422
    second.post(f"{page}konfirmasi/")
    assert only().state == "CONFIRMED"
    third = client_of(officer)
    book = third.get(reverse("achievements:book")).content.decode()
    assert "Juara 1 menari" in book and "Buat edisi" in book
    year = TODAY().year
    assert third.post(reverse("achievements:make"), {"provinsi": "63", "tahun": year}).status_code == 422
    made = third.post(reverse("achievements:make"), {"provinsi": "63", "tahun": year, "checked": "on"})
    assert made.url == reverse("jobs:job", args=[Job.objects.get().pk])
    assert browser.post(f"{page}persetujuan/cabut/", {"day": TODAY().isoformat(), "reason": "Tidak mau"}).url == page
    with in_territory(EVERYWHERE):
        assert Consent.objects.get().withdrawn_because == "Tidak mau"
    assert "Persetujuan dicabut" in browser.get(page).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"story": "NIK-nya 6371 0141 0590 0007"}, "Jangan menulis NIK"),
        ({"achieved_on": (TODAY() + timedelta(2)).isoformat()}, "belum tiba"),
        ({"level": ""}, "Pilih salah satu"),
        ({"achieved_on": "2001-01-01"}, "belum lahir"),
    ],
)
def test_it_refuses_what_was_typed_wrong_and_keeps_the_rest(client_of, operator, changed, words):
    family, child = make_child()
    answer = client_of(operator).post(reverse("achievements:enter", args=[family.pk, "anak"]), typed(child, **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode() and "Juara 1 menari" in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"relation": "SELF"}, "belum 18 tahun"),
        ({"valid_until": TODAY().isoformat()}, "sesudah tanggal"),
        ({"paper": SimpleUploadedFile("x.exe", b"MZ")}, "PDF, PNG, atau JPEG"),
        ({"paper": ""}, "Pilih berkasnya"),
    ],
)
def test_it_refuses_a_consent_that_is_none(client_of, operator, changed, words):
    family, child = make_child()
    browser = client_of(operator)
    page = browser.post(reverse("achievements:enter", args=[family.pk, "anak"]), typed(child)).url
    answer = browser.post(f"{page}persetujuan/", agreed(**changed))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_papers_come_by_post_as_attachments(client_of, operator, coordinator):
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child, photo=True)
    browser, page = client_of(operator), reverse("achievements:achievement", args=[one.pk])
    with in_territory(operator):
        papers = [paper.pk for paper in one.papers.order_by("-kind")]
        consent = one.consents.get().pk
    answers = [browser.post(f"{page}berkas/{key}/") for key in papers] + [browser.post(f"{page}persetujuan/{consent}/")]
    assert [answer["Content-Type"] for answer in answers] == ["application/pdf", "image/jpeg", "application/pdf"]
    assert all("attachment" in answer["Content-Disposition"] for answer in answers)
    assert browser.post(f"{page}berkas/{papers[0]}/hapus/").status_code == 404


def test_lists_and_pages_ask_few_questions(cast, client_of, operator, coordinator):
    ones = [confirmed(operator, coordinator, *make_child(), photo=True) for _ in range(3)]
    submitted(operator, *make_child())
    officer = client_of(cast("PROVINCE_OFFICER", "63"))
    pages = (
        reverse("achievements:achievements"), reverse("achievements:achievement", args=[ones[0].pk]),
        reverse("achievements:book"),
    )  # fmt: skip
    for address in pages:
        officer.get(address)
        with few_queries():
            assert officer.get(address).status_code == 200


def test_the_list_narrows(client_of, operator, coordinator):
    confirmed(operator, coordinator, *make_child(name="Zahra Unik"), what="Juara 1 pidato")
    submitted(operator, *make_child(name="Budi Lain"), what="Juara 2 renang", field="SPORT")
    browser, address = client_of(coordinator), reverse("achievements:achievements")

    def shown(query):
        text = browser.get(f"{address}?{query}").content.decode()
        return ("Juara 1 pidato" in text, "Juara 2 renang" in text)

    assert shown("") == (True, True)
    assert shown("q=zahra") == shown("keadaan=CONFIRMED") == (True, False)
    assert shown("bidang=SPORT") == shown("q=renang") == (False, True)
    assert shown("persetujuan=HOLDS") == (True, True)
    assert shown("region=637102") == (False, False)
    assert browser.get(f"{address}?bidang=X").status_code == 400
    assert browser.get(f"{address}?asing=1").status_code == 400
    assert browser.get(f"{address}?tahun=0000").status_code == 400
