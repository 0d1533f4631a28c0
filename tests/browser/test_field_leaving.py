"""Her families went to a successor while she was away: what she wrote arrives, what she had and had begun goes."""

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.facilitators.actions.caseload import hand_over, undo
from gandeng.facilitators.models import Accompaniment, CaseloadChange, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.field.actions.deciding import accept
from gandeng.field.models import Entry, Photo, Visit
from gandeng.registry.tests.factories import EVERYWHERE
from tests.browser.field_people import GROUP, people, picture, taken_away
from tests.browser.office import HELPDESK, PASSWORD
from tests.browser.test_field_app import phone_family

NOTE = "Sebelum semua diserahkan"


@pytest.fixture
def hands_over(her_site):
    """Gives every family of hers, or those of some villages, to somebody else, from today on; given back afterwards."""
    made = []
    yield lambda villages=None: made.append(handed_over(villages))
    _her, keeper = people()
    with in_territory(keeper):
        for change in made:
            undo(keeper, change, reason="Uji selesai")


def handed_over(villages: list[str] | None) -> CaseloadChange:
    """What was planned for a later day is called off first."""
    her, keeper = people()
    today = timezone.localdate()
    with in_territory(EVERYWHERE):
        staff, successor = Staff.objects.get(person=her), make_staff("6371")
        Accompaniment.objects.filter(valid_from__gt=today).update(valid_until=F("valid_from"))
    with in_territory(keeper):
        return hand_over(keeper, staff, successor, day=today, reason="Mutasi", villages=villages)


def sent_since(before: set) -> list[Entry]:
    """What came to the server after those."""
    with in_territory(EVERYWHERE):
        return list(Entry.objects.exclude(pk__in=before).order_by("received_at"))


def ids() -> set:
    """Of the entries at the server."""
    with in_territory(EVERYWHERE):
        return set(Entry.objects.values_list("pk", flat=True))


def writes(phone) -> None:
    """A visit with a photo, and a school's sheet with another."""
    phone.offline()
    phone.visits(phone_family(phone), NOTE, photo=picture(21))
    phone.fills_sheet(phone.sheet(), signer="Ibu Kepala Serah Terima", photos=[picture(22)])
    phone.state("2 menunggu")


def moved_family(phone) -> str:
    """Of the village that can go to somebody else by itself."""
    return next(one["id"] for one in phone.families() if one["name"] == "Canariah Pindah")


def begins_visit(phone, family: str, note: str, *, photo: bytes | None = None) -> None:
    """A visit half entered."""
    phone.goes(f"#/catat/{family}/visit")
    phone.page.locator("#note").fill(note)
    if photo:
        phone.photographs(photo)
    phone.drafted()


def drafts(phone) -> list[str]:
    """Where what is half entered lies on the phone."""
    return sorted(key for key in phone.dump()["caseload"] if key.startswith("draft/"))


def signs_in_again(phone) -> None:
    """She has no role any more, but a login."""
    her, _keeper = people()
    user = User.objects.filter(person=her).first()
    user.set_password(PASSWORD)
    user.save()
    phone.signs_in_with(user.email, PASSWORD)


def everything_arrived(before: set) -> list[Entry]:
    """Each once, with its photo, for a person to decide."""
    sent = sent_since(before)
    assert [(one.kind, one.state) for one in sent] == [
        ("field.visit", "QUARANTINED"), ("commitments.sheet", "QUARANTINED"),
    ], [(one.kind, one.state, one.why) for one in sent]  # fmt: skip
    with in_territory(EVERYWHERE):
        assert Photo.objects.filter(sha256__in=[sha for one in sent for sha in one.photos]).count() == 2
    return sent


def test_what_she_wrote_arrives_and_what_she_had_goes(phone, hands_over):
    """Everything is handed over while she is away: two entries and two photos reach the office; the phone is empty.

    The office lets one stand, and she is told so although she accompanies nobody; what is given back comes back.
    """
    family, before = phone_family(phone), ids()
    writes(phone)
    hands_over()
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    visit, _sheet = everything_arrived(before)
    phone.goes("#/kirim")
    phone.sees("Ditahan: kantor yang memutuskan", "Keluarga ini bukan dampingan Anda hari ini",
               "Tidak semua yang dicatat di sini dampingan Anda hari ini")  # fmt: skip
    for _ in range(2):
        phone.reads()
    phone.sees("Semua sudah terkirim")
    for screen in ("#/", "#/rencana", "#/pertemuan", "#/lembar"):
        phone.goes(screen)
        phone.sees("Saat ini Anda tidak mendampingi keluarga", "hubungi koordinator Anda")
        assert phone.page.locator(".f-card").count() == 0
    phone.goes(f"#/keluarga/{family}")
    phone.sees("Keluarga ini tidak ada di ponsel")
    left = phone.dump()
    assert left["photos"] == {}
    assert len(left["caseload"]["caseload"]["data"]) < 20_000, "words of codes and sessions, no family"
    _her, keeper = people()
    with in_territory(keeper):
        accept(keeper, Entry.objects.get(pk=visit.pk), "Kunjungan itu benar")
    phone.syncs()
    phone.goes("#/kirim")
    phone.sees("Kantor menerimanya", "Kunjungan itu benar")
    with in_territory(EVERYWHERE):
        assert Visit.objects.filter(note=NOTE).count() == 1


def test_after_fourteen_days_away_it_is_read_and_sent_all_the_same(phone, hands_over):
    """Her share has run out and she accompanies nobody: signing in brings it, for what she wrote is hers."""
    before = ids()
    writes(phone)
    hands_over()
    Session.objects.all().delete()
    phone.share_runs_out()
    phone.offline(False)
    phone.sees("Sudah 14 hari tanpa kantor")
    phone.presses("Sambungkan lagi")
    phone.sees("Masuk dahulu ke situs", "Akun Anda ditutup?")
    signs_in_again(phone)
    phone.presses("Sambungkan lagi")
    phone.sees("Buka dengan PIN")
    phone.unlocks()
    phone.state("Tersambung", "0 menunggu")
    everything_arrived(before)


def test_a_closed_login_loses_nothing_and_says_whom_to_ask(phone, hands_over):
    her, _keeper = people()
    before = ids()
    writes(phone)
    hands_over()
    User.objects.filter(person=her).update(is_active=False)
    phone.offline(False)
    phone.state("Perlu masuk lagi", "2 menunggu")
    phone.goes("#/kirim")
    phone.sees("Akun Anda ditutup? Minta koordinator atau administrator membukanya kembali", "Menunggu dikirim (2)")
    assert ids() == before
    User.objects.filter(person=her).update(is_active=True)
    signs_in_again(phone)
    phone.unlocks()
    phone.state("Tersambung", "0 menunggu")
    everything_arrived(before)


def test_a_refusal_that_signing_in_does_not_cure_says_so(phone):
    """What stands between refuses one thing or all of it: what can be sent is, and nobody is sent to sign in."""
    phone.offline()
    phone.visits(phone_family(phone), "Ditolak di tengah jalan")
    phone.page.route("**/bagian", lambda route: route.fulfill(status=403, body="Forbidden"))
    phone.page.route("**/lapangan/v1/kirim", lambda route: route.fulfill(status=403, body="Forbidden"))
    phone.offline(False)
    phone.state("Ditolak kantor", "1 menunggu")
    assert phone.page.locator("#keadaan").get_by_role("link", name="Masuk").count() == 0
    phone.goes("#/kirim")
    phone.sees("Kantor menolak permintaan ponsel ini", "Masuk lagi tidak membantu")
    phone.page.unroute("**/lapangan/v1/kirim")
    phone.syncs()
    phone.state("Tersambung", "0 menunggu")
    with in_territory(EVERYWHERE):
        assert Visit.objects.filter(note="Ditolak di tengah jalan").count() == 1


def test_whoever_accompanies_nobody_is_told_so_at_the_door(phone_of):
    """A clerk of the helpdesk who opens the app is not sent to sign in, which she has done."""
    phone = phone_of()
    phone.signs_in(HELPDESK)
    phone.opens_app()
    phone.enters()
    phone.sees("Akun ini tidak mendampingi keluarga", "masuk lagi tidak membantu")


def test_a_half_typed_form_goes_with_its_family_and_she_is_told(phone, hands_over):
    """With its photo; that of a family that stays hers is found again. Said once."""
    moved, stays = moved_family(phone), phone_family(phone)
    assert moved != stays
    phone.offline()
    begins_visit(phone, moved, "Belum selesai", photo=picture(23))
    begins_visit(phone, stays, "Tetap ada", photo=picture(24))
    phone.goes("#/")
    assert len(drafts(phone)) == len(phone.dump()["photos"]) == 2
    hands_over([taken_away()])
    phone.offline(False)
    phone.syncs()
    assert drafts(phone) == [f"draft/{stays}/visit//"]
    assert len(phone.dump()["photos"]) == 1
    phone.goes("#/kirim")
    phone.sees("1 isian yang belum disimpan sudah dihapus dari ponsel ini", "tidak lagi menjadi tugas Anda")
    phone.reads()
    phone.syncs()
    assert "belum disimpan" not in phone.page.locator("main").inner_text()
    phone.goes(f"#/catat/{stays}/visit")
    assert phone.page.locator("#note").input_value() == "Tetap ada"
    assert phone.page.locator(".f-photos canvas").count() == 1


def test_what_she_had_begun_of_groups_and_sheets_goes_too(phone, hands_over):
    """All is handed over: nothing half entered is left, nor the usual place of a group, which is not counted."""
    family, sheet = phone_family(phone), phone.sheet()
    phone.offline()
    phone.meets(str(GROUP), photos=[picture(25)])
    phone.offline(False)
    phone.state("0 menunggu")
    phone.offline()
    begins_visit(phone, family, "Belum selesai", photo=picture(26))
    for hash_, field, colour in ((f"#/pertemuan/{GROUP}", "#agreed", 27), (f"#/lembar/{sheet}", "#signer_name", 28)):
        phone.goes(hash_)
        phone.page.locator(field).fill("Setengah jadi")
        phone.photographs(picture(colour))
        phone.drafted()
    phone.goes("#/")
    assert drafts(phone) == sorted(
        [f"draft/{family}/visit//", f"draft/meeting/{GROUP}/", f"draft/sheet/{sheet}/", f"draft/usual/{GROUP}"]
    )
    hands_over()
    phone.offline(False)
    phone.syncs()
    assert (drafts(phone), phone.dump()["photos"]) == ([], {})
    phone.goes("#/kirim")
    phone.sees("3 isian yang belum disimpan sudah dihapus")


def test_while_an_entry_about_the_family_waits_its_form_stays(phone, hands_over):
    """The server does not take its photo: what she had begun about the same family is there until it has gone."""
    moved = moved_family(phone)
    phone.offline()
    phone.visits(moved, "Fotonya belum diterima", photo=picture(29))
    begins_visit(phone, moved, "Kunjungan berikutnya")
    phone.goes("#/kirim")
    hands_over([taken_away()])
    phone.page.route("**/lapangan/v1/foto/*", lambda route: route.fulfill(status=422, json={"words": "Bukan foto"}))
    phone.offline(False)
    phone.syncs()
    phone.state("1 menunggu")
    assert drafts(phone) == [f"draft/{moved}/visit//"]
    assert len(phone.dump()["photos"]) == 1
    phone.page.unroute("**/lapangan/v1/foto/*")
    phone.syncs()
    phone.state("0 menunggu")
    assert drafts(phone) == []
    phone.reads()
    phone.reads()
    assert phone.dump()["photos"] == {}


def test_the_form_she_is_typing_into_can_still_be_saved(phone, hands_over):
    """Its draft goes while it is open; the photo it began with reaches the office with what she saves."""
    moved, before = moved_family(phone), ids()
    phone.offline()
    begins_visit(phone, moved, "Sedang diketik", photo=picture(30))
    phone.starts_again()
    phone.unlocks()
    expect(phone.page.locator(".f-photos canvas")).to_have_count(1)
    hands_over([taken_away()])
    phone.offline(False)
    phone.syncs()
    assert (drafts(phone), phone.dump()["photos"]) == ([], {})
    phone.page.get_by_label("Kunjungan rutin").check()
    phone.page.get_by_label("Bertemu keluarga").check()
    phone.saves()
    phone.state("0 menunggu")
    (sent,) = sent_since(before)
    assert (sent.state, len(sent.photos)) == ("QUARANTINED", 1)
