"""A training from need to certificate: planned, invited, answered on a phone, attended by code, tested, certified."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person, User
from gandeng.certificates.models import Certificate
from gandeng.facilitators.tests.factories import make_staff
from gandeng.training.actions import questions
from gandeng.training.actions.questions import Asked
from gandeng.training.models import EventDay
from gandeng.training.tests.factories import make_course, make_skill
from tests.browser import office
from tests.browser.test_ethics_case import look
from tests.browser.test_every_page import axe

COURSE, PLACE = "Bimtek rekonsiliasi", "Aula dinas"


@pytest.fixture(scope="module")
def people(empty_site):
    """Who plans, who signs certificates, who lacks the skill; a course with two questions."""
    cast = Cast()
    made = SimpleNamespace(
        office=cast("DISTRICT_OPERATOR", "6371"), head=cast("DISTRICT_HEAD", "6371", name="Kepala Uji"),
        she=cast("FACILITATOR", "6371011001", name="Rahmawati Uji"),
    )  # fmt: skip
    make_staff("6371", person=Person.objects.get(pk=made.she.person_id), home="637101")
    skill = make_skill(made.office, name="Rekonsiliasi")
    course = make_course(
        made.office, skill=skill, title=COURSE, days=1, attendance_percent_min=80, pass_percent=50
    )  # fmt: skip
    with in_territory(made.office):
        asked = [Asked("", f"Soal {each}?", ("Betul", "Keliru"), 0) for each in ("satu", "dua")]
        questions.enter_many(made.office, course, asked)
    persons = [one.person_id for one in vars(made).values()]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return made


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting, **screen: office.somebody(visitor, empty_site, acting, **screen)


def plan_and_invite(planner) -> None:
    """From who lacks what to invitations that are out."""
    planner.opens("Pelatihan", "Kebutuhan")
    look(planner)
    planner.opens("Katalog", COURSE)
    look(planner)
    planner.opens("Rencanakan angkatan")
    planner.writes("Hari pertama angkatan 1", office.today())
    planner.writes("Tempat angkatan 1", PLACE)
    planner.presses("Bagi orangnya")
    planner.sees("Mendapat tempat", PLACE)
    look(planner)
    planner.presses("Buat rancangan angkatan")
    planner.sees("Angkatannya")
    look(planner)
    planner.follows(planner.page.locator("main table a").first)
    planner.writes("Jawaban ditunggu sampai", office.today())
    planner.presses("Kirim undangan")
    planner.sees("Undangan terkirim")
    look(planner)


def open_the_day(planner) -> str:
    """The code on the wall, as one reads it."""
    planner.opens("Pelatihan", f"{COURSE}, angkatan 1", "Kehadiran")
    planner.presses("Buka kehadiran")
    planner.sees("Belum ada yang hadir")
    look(planner)
    planner.opens("Tampilkan kode di ruangan")
    planner.sees("Pindai dengan kamera telepon")
    look(planner)
    return planner.page.locator("main svg[role=img]").nth(1).get_attribute("aria-label").replace(" ", "")


def open_the_test(planner) -> None:
    """The one that counts."""
    planner.opens("Kembali ke halaman panitia", "Tes")
    look(planner)
    planner.follows(planner.page.get_by_role("link", name="Pilih soal dan buka").last)
    look(planner)
    planner.presses("Buka tes")
    planner.sees("Sudah menyerahkan")


def test_from_need_to_certificate(people, enters, empty_site, visitor):
    with enters(people.office) as planner:
        plan_and_invite(planner)
    with enters(people.she, width=360) as she:
        she.sees("undangan menunggu jawaban Anda")
        she.opens("Pelatihan saya")
        look_narrow(she)
        she.opens("Jawab undangan")
        look_narrow(she)
        she.field("Bersedia hadir").check()
        she.presses("Kirim jawaban")
        she.sees("Bersedia hadir")
    with enters(people.office) as planner:
        code = open_the_day(planner)
        with in_territory(people.office):
            day = EventDay.objects.get()
        with enters(people.she, width=360) as she:
            she.page.goto(f"/hadir/{day.code}/{code}/")
            look_narrow(she)
            she.presses("Saya hadir")
            she.sees("Kehadiran saya", "Hadir")
            look_narrow(she)
        open_the_test(planner)
        with enters(people.she, width=360) as she:
            she.opens("Pelatihan saya", "Buka", "Tes akhir")
            she.presses("Mulai")
            look_narrow(she)
            for choice in she.page.get_by_label("Betul").all():
                choice.check()
            she.presses("Serahkan")
            she.sees("Nilai tampil setelah panitia menutup tes")
        planner.presses("Tutup tes")
        planner.sees("2 dari 2")
        look(planner)
        planner.opens("Hasil dan laporan")
        look(planner)
        planner.presses("Tutup kegiatan")
        planner.sees("Memenuhi syarat", "Laporan kegiatan")
        with planner.page.expect_download() as coming:
            planner.link("Unduh laporan").click()
        assert coming.value.path().read_bytes().startswith(b"%PDF-")
    with enters(people.head) as head:
        head.opens("Pelatihan", f"{COURSE}, angkatan 1", "Hasil dan laporan")
        look(head)
        head.presses("Terbitkan semuanya")
        head.sees("SRT-6371-")
    with enters(people.she, width=360) as she:
        she.opens("Sertifikat saya")
        she.sees("Rekonsiliasi")
    with in_territory(people.head):
        paper = Certificate.objects.get(staff__person_id=people.she.person_id)
    anybody = visitor(empty_site)
    anybody.page.goto(f"/periksa/sertifikat/{paper.code}/")
    anybody.sees("Rahmawati Uji", paper.number)
    assert paper.issued_on == timezone.localdate()


def look_narrow(person) -> None:
    """The page before somebody with a phone."""
    page = person.page
    assert axe(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
