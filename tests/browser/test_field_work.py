"""The app at its work: a meeting, a school's sheet, an absence, a decision, a complaint; mended, lost, sent twice."""

import io
import json
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.commitments.models import Sheet, Step
from gandeng.family_sessions import actions as sessions
from gandeng.family_sessions.models import AbsenceNote, Meeting
from gandeng.field.models import Entry, Visit
from gandeng.graduation import actions as graduation
from gandeng.graduation.models import Paper
from gandeng.graduation.models import Step as GraduationStep
from gandeng.graduation.tests.factories import do
from gandeng.helpdesk.models import Case
from gandeng.registry.actions import approve_change, refuse_change
from gandeng.registry.models import ChangeRequest
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from tests.browser import field_people
from tests.browser.field_people import MEMBERS, VILLAGES, people, picture
from tests.browser.test_field_app import PAPER_EDGE, phone_family

ACTS_MOST, MISSING = 12, 5
"""What the page of the site takes for a meeting with five missing."""
SECONDS_EACH, SECONDS_KEY, SECONDS = 3, 0.5, 120
REFUSED = "Kantor minta diperiksa lagi"
ENTRY_MAX = 16_000
FORGET_ETAG = """async () => {
  const asked = indexedDB.open("gandeng-lapangan");
  await new Promise((done) => { asked.onsuccess = done; });
  const store = asked.result.transaction("meta", "readwrite").objectStore("meta");
  const got = store.get("state");
  await new Promise((done) => { got.onsuccess = done; });
  const put = store.put({...got.result, etag: ""}, "state");
  await new Promise((done) => { put.onsuccess = done; });
  asked.result.close();
}"""
NEW_SESSION = iter(["1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3"])


@pytest.fixture
def group(her_site):
    """A group of its own for each test, with new families; today they meet about the next session."""
    her, keeper = people()
    today, session = timezone.localdate(), next(NEW_SESSION)
    families = [make_family(VILLAGES[1], name=f"Murai {session} {number}") for number in range(MEMBERS)]
    with in_territory(keeper):
        field_people.assign(keeper, VILLAGES[1])
    she = acting_for(her.pk, today)
    with in_territory(she):
        made = sessions.make_group(she, uuid4(), f"Murai {session}", VILLAGES[1], families, today)
        sessions.plan(she, made, today.year, [(session, today)])
    return made


def states() -> list[str]:
    """Of the entries at the server, by when they came."""
    with in_territory(EVERYWHERE):
        return list(Entry.objects.order_by("received_at").values_list("state", flat=True))


def meetings(group) -> list[Meeting]:
    """That stand."""
    with in_territory(EVERYWHERE):
        return list(Meeting.objects.filter(group=group).order_by("at"))


class Counted:
    """Every press and every field, and the keys in them."""

    def __init__(self, phone) -> None:
        self.phone, self.page, self.acts, self.keys = phone, phone.page, 0, 0

    def presses(self, locator) -> None:
        self.acts += 1
        locator.click()

    def follows(self, link) -> None:
        self.acts += 1
        self.phone.follows(link)

    def writes(self, where: str, text: str) -> None:
        self.acts += 1
        self.keys += len(text)
        self.page.locator(where).fill(text)


def test_a_meeting_takes_no_more_taps_than_on_the_site(group, phone):
    """From the first screen to saved, in under two minutes: one tap for everybody, one for each who was missing."""
    phone.goes("#/")
    phone.offline()
    counted, page = Counted(phone), phone.page
    counted.follows(page.get_by_role("link", name="Pertemuan"))
    counted.follows(page.get_by_role("link", name=str(group)))
    counted.presses(page.get_by_role("button", name="Semua hadir"))
    for tile in page.locator(".f-tile").all()[:MISSING]:
        counted.presses(tile)
    counted.writes("#place", "Balai desa")
    counted.writes("#agreed", "Menabung seminggu sekali")
    counted.presses(page.get_by_role("button", name="Simpan di ponsel"))
    phone.sees("Tersimpan di ponsel")
    assert counted.acts <= ACTS_MOST
    assert counted.acts * SECONDS_EACH + counted.keys * SECONDS_KEY < SECONDS
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    (made,) = meetings(group)
    assert (made.families, made.came) == (MEMBERS, MEMBERS - MISSING)


def test_states_go_round_and_nobody_is_there_before_she_says_so(group, phone):
    phone.goes(f"#/pertemuan/{group.pk}")
    tile = phone.page.locator(".f-tile").first
    phone.presses("Simpan di ponsel")
    phone.sees(f"{MEMBERS} keluarga belum dipilih hadir atau tidak.", "Isi bagian ini.")
    for words in ("Hadir", "Tidak hadir", "Izin", "Diwakili", "Hadir"):
        tile.click()
        assert words in tile.inner_text()


def test_a_meeting_half_told_is_found_again_after_a_kill_with_its_photo(group, phone):
    here = f"#/pertemuan/{group.pk}"
    phone.offline()
    phone.goes(here)
    phone.presses("Semua hadir")
    phone.page.locator(".f-tile").first.click()
    phone.page.locator("#place").fill("Balai desa")
    phone.photographs(picture(5))
    phone.drafted()
    phone.kill()
    phone.start()
    phone.offline()
    phone.opens_app(here)
    phone.unlocks()
    phone.sees(f"{MEMBERS - 1} hadir · 1 tidak hadir")
    expect(phone.page.locator(".f-photos canvas")).to_have_count(1)
    phone.saves()
    phone.offline(False)
    phone.signs_in()
    phone.opens_app("#/kirim")
    phone.unlocks()
    phone.state("Tersambung", "0 menunggu")
    (made,) = meetings(group)
    with in_territory(EVERYWHERE):
        assert (made.place, made.pictures.count()) == ("Balai desa", 1)
    assert phone.dump()["photos"] == {}


def lost(route) -> None:
    """The server has it; the answer never comes."""
    route.fetch()
    route.abort()


def test_a_server_that_ends_between_commit_and_answer_has_a_meeting_once(group, phone):
    phone.offline()
    phone.meets(str(group.pk), missing=1, photos=[picture(11)])
    phone.page.route("**/lapangan/v1/kirim", lost)
    phone.offline(False)
    phone.syncs()
    phone.state("1 menunggu")
    assert len(meetings(group)) == 1
    phone.page.unroute("**/lapangan/v1/kirim")
    phone.syncs()
    phone.state("0 menunggu")
    assert len(meetings(group)) == 1
    assert phone.dump()["entries"] == {}


def test_two_phones_tell_one_meeting(group, phone, phone_of):
    """The first stands; the second is kept, and a person decides."""
    other = phone_of()
    other.signs_in()
    other.installs()
    for one, missing in ((phone, 1), (other, 2)):
        one.offline()
        one.meets(str(group.pk), missing=missing)
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    other.offline(False)
    other.state("Tersambung", "0 menunggu")
    other.goes("#/kirim")
    other.sees("Bertentangan: kantor yang memutuskan")
    assert [one.came for one in meetings(group)] == [MEMBERS - 1]
    assert states()[-2:] == ["ACCEPTED", "CONFLICT"]


def test_two_phones_fill_one_sheet(her_site, phone, phone_of):
    other = phone_of()
    other.signs_in()
    other.installs()
    for one, signer in ((phone, "Ibu Wakil Pertama"), (other, "Ibu Wakil Kedua")):
        sheet = one.sheet()
        one.offline()
        one.fills_sheet(sheet, signer=signer)
    for one in (phone, other):
        one.offline(False)
        one.state("Tersambung", "0 menunggu")
    with in_territory(EVERYWHERE):
        assert Sheet.objects.filter(signer_name="Ibu Wakil Pertama").count() == 1
        assert not Sheet.objects.filter(signer_name="Ibu Wakil Kedua").exists()
    assert states()[-2:] == ["ACCEPTED", "CONFLICT"]


def test_a_large_school_goes_in_parts(her_site, phone):
    """An entry is 16,000 letters at most; none of the members is left out, and all parts are kept in one write."""
    members, sent = 45, []

    def larger(route):
        answer = route.fetch()
        told = answer.json()
        for sheet in told["sheets"]:
            sheet["members"] = [dict(sheet["members"][0], member=str(uuid4()), recorded=False) for _ in range(members)]
        route.fulfill(response=answer, json=told)

    def kept(route):
        sent.extend(json.loads(route.request.post_data)["entries"])
        refused(route)

    phone.page.route("**/lapangan/v1/muatan?*", larger)
    phone.goes("#/")
    phone.page.evaluate(FORGET_ETAG)
    phone.syncs()
    phone.offline()
    phone.fills_sheet(phone.sheet())
    phone.state("2 menunggu")
    phone.page.unroute("**/lapangan/v1/muatan?*")
    phone.page.route("**/lapangan/v1/kirim", kept)
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    assert [len(one["body"]["rows"]) for one in sent] == [40, members - 40]
    assert len({row["member"] for one in sent for row in one["body"]["rows"]}) == members
    assert max(len(json.dumps(one)) for one in sent) < ENTRY_MAX


def test_where_nobody_is_enrolled_it_says_to_enrol_first(her_site, phone):
    """An empty list is not "all is done": no school expects anybody before somebody was enrolled there."""

    def none(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"sheets": []})

    phone.page.route("**/lapangan/v1/muatan?*", none)
    phone.goes("#/lembar")
    phone.page.evaluate(FORGET_ETAG)
    phone.syncs()
    phone.sees("Belum ada anggota keluarga dampingan Anda yang terdaftar", "Daftarkan dahulu di situs")


def test_a_family_that_left_the_group_meanwhile(group, phone):
    """Refused in words; mended with the group of today, and nobody has to be tapped again."""
    phone.offline()
    phone.meets(str(group.pk), missing=2)
    her, _keeper = people()
    today = timezone.localdate()
    she = acting_for(her.pk, today)
    with in_territory(she):
        last = group.memberships.order_by("family__family_no").last()
        sessions.take_out(she, group, last.family_id, today)
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    phone.goes("#/kirim")
    phone.sees("Ditolak server", "Anggota kelompok pada hari itu berbeda.")
    phone.follows(phone.page.get_by_role("link", name="Perbaiki").first)
    phone.sees("Server menolak yang sebelumnya", f"{MEMBERS - 3} hadir · 2 tidak hadir")
    phone.saves()
    phone.state("0 menunggu")
    (made,) = meetings(group)
    assert (made.families, made.came) == (MEMBERS - 1, MEMBERS - 3)
    assert states()[-2:] == ["REFUSED", "ACCEPTED"]


def visited(*notes: str) -> list[tuple[str, int]]:
    """Of these, each with the photos of its entry, of the visits that stand."""
    with in_territory(EVERYWHERE):
        rows = Visit.objects.filter(note__in=notes).select_related("entry")
        return sorted((one.note, len(one.entry.photos)) for one in rows)


def test_what_waits_is_corrected_before_it_leaves(her_site, phone):
    """Its note and its photo; the office has the corrected one, and of the other nothing."""
    phone.offline()
    phone.visits(phone_family(phone), "Salah ketik", photo=picture(41))
    phone.goes("#/kirim")
    phone.follows(phone.page.get_by_role("link", name="Perbaiki Kunjungan rumah"))
    assert phone.page.locator("#note").input_value() == "Salah ketik"
    assert "Server menolak" not in phone.page.inner_text("main")
    phone.page.get_by_role("button", name="Hapus foto 1").click()
    phone.photographs(picture(42))
    phone.page.locator("#note").fill("Sudah betul")
    phone.saves()
    assert phone.waiting() == 1
    assert len(phone.dump()["photos"]) == 1
    before = len(states())
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    assert visited("Salah ketik", "Sudah betul") == [("Sudah betul", 1)]
    assert states()[before:] == ["ACCEPTED"]


def test_what_waits_is_taken_back_after_a_question(her_site, phone):
    before = len(states())
    phone.offline()
    phone.visits(phone_family(phone), "Keliru keluarga", photo=picture(43))
    phone.visits(phone_family(phone), "Tetap dikirim")
    phone.goes("#/kirim")
    phone.presses("Tarik kembali Kunjungan rumah")
    phone.presses("Tidak jadi")
    phone.sees("Menunggu dikirim (2)")
    phone.presses("Tarik kembali Kunjungan rumah")
    phone.sees("Hapus catatan ini dari ponsel?", "belum pernah dikirim")
    phone.presses("Ya, hapus")
    phone.sees("Menunggu dikirim (1)")
    assert phone.dump()["photos"] == {}
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    assert visited("Keliru keluarga", "Tetap dikirim") == [("Tetap dikirim", 0)]
    assert states()[before:] == ["ACCEPTED"]


def test_what_the_server_may_have_is_not_taken_back(her_site, phone):
    """Its answer is lost: nobody knows whether the office has it. It stays, after a kill too, until it is answered."""
    phone.offline()
    phone.visits(phone_family(phone), "Mungkin sampai")
    phone.page.route("**/lapangan/v1/kirim", lost)
    phone.offline(False)
    phone.syncs()
    phone.kill()
    phone.start()
    phone.offline()
    phone.opens_app("#/kirim")
    phone.unlocks()
    phone.sees("Menunggu dikirim (1)", "mungkin sudah ada di kantor")
    assert phone.page.locator("main").get_by_role("button").count() == 0
    assert phone.page.locator("main .f-line").get_by_role("link").count() == 0
    phone.offline(False)
    phone.signs_in()
    phone.opens_app("#/kirim")
    phone.unlocks()
    phone.state("Tersambung", "0 menunggu")
    assert visited("Mungkin sampai") == [("Mungkin sampai", 0)]


def test_taken_back_while_its_photo_is_on_the_way_it_never_leaves(her_site, phone):
    """The photo goes before the entry: what she took back meanwhile neither follows it nor comes back to the list."""
    before, held = len(states()), []
    phone.offline()
    phone.visits(phone_family(phone), "Ditarik di jalan", photo=picture(44))
    phone.goes("#/kirim")
    phone.page.route("**/lapangan/v1/foto/*", lambda route: held.append(route))
    with phone.page.expect_request("**/lapangan/v1/foto/*"):
        phone.offline(False)
    phone.presses("Tarik kembali Kunjungan rumah")
    phone.presses("Ya, hapus")
    phone.sees("Menunggu dikirim (0)")
    held[0].fulfill(status=422, json={"v": 1, "words": "rusak", "server_time": timezone.now().isoformat()})
    phone.state("Tersambung", "0 menunggu")
    assert phone.dump()["entries"] == {}
    assert len(states()) == before


def test_corrected_too_late_it_stands_once(her_site, phone):
    """She has the form open while the entry leaves: her correction is not sent beside it, and she is told."""
    phone.offline()
    phone.visits(phone_family(phone), "Sudah berangkat")
    phone.goes("#/kirim")
    phone.follows(phone.page.get_by_role("link", name="Perbaiki Kunjungan rumah"))
    phone.page.locator("#note").fill("Terlambat")
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    phone.presses("Simpan di ponsel")
    phone.sees("Catatan yang lama sudah mulai dikirim", "Perbaikan ini tidak disimpan")
    assert phone.dump()["entries"] == {}
    assert visited("Sudah berangkat", "Terlambat") == [("Sudah berangkat", 0)]


def test_a_photo_the_server_does_not_take_keeps_no_entry(her_site, phone):
    """It is said of the photo; without it the entry goes."""
    phone.offline()
    phone.visits(phone_family(phone), "Foto ditolak", photo=picture(45))
    refusal = {"v": 1, "words": "Ada berkas lain di dalam foto ini.", "server_time": timezone.now().isoformat()}
    phone.page.route("**/lapangan/v1/foto/*", lambda route: route.fulfill(status=422, json=refusal))
    phone.offline(False)
    phone.goes("#/kirim")
    phone.sees("Foto belum diterima server: Ada berkas lain di dalam foto ini.", "tekan Perbaiki")
    phone.follows(phone.page.get_by_role("link", name="Perbaiki Kunjungan rumah"))
    phone.page.get_by_role("button", name="Hapus foto 1").click()
    expect(phone.page.locator(".f-photos canvas")).to_have_count(0)
    phone.saves()
    phone.state("Tersambung", "0 menunggu")
    assert visited("Foto ditolak") == [("Foto ditolak", 0)]


def test_who_only_lacks_a_school_comes_last_in_the_plan(phone):
    """Of a village; in a new office that is nearly everybody."""
    phone.goes("#/rencana")
    phone.page.locator(".f-card", has_text="Belum terdaftar").first.wait_for()
    told = phone.page.locator(".f-village + .f-list").evaluate_all(
        "lists => lists.map(list => [...list.querySelectorAll('a[href^=\"#/keluarga/\"]')].map(one => one.innerText))"
    )
    last = [[family.split("\n")[2].startswith("Belum terdaftar") for family in village] for village in told]
    assert any(True in village and False in village for village in last)
    assert last == [sorted(village) for village in last]


def asks(phone) -> None:
    """Why a family did not come."""
    phone.goes("#/rencana")
    phone.follows(phone.page.locator(".f-card", has_text="Tanyakan sebab tidak hadir").first)
    phone.follows(phone.page.get_by_role("link", name="Catat sebabnya").first)
    phone.page.get_by_label("Kunjungan ke rumah").check()
    phone.page.get_by_label("Bekerja").check()
    phone.page.get_by_label("Materinya sudah saya sampaikan").check()
    phone.page.locator("#note").fill("Panen di ladang murai")


def tells(phone) -> None:
    """A family of the decision."""
    phone.goes("#/rencana")
    phone.follows(phone.page.locator(".f-card", has_text="Beri tahu keputusan").first)
    phone.follows(phone.page.get_by_role("link", name="Catat sudah diberi tahu").first)
    phone.page.locator("#words").fill("Dibacakan di rumah kepada ibu")


def complains(phone) -> None:
    """What a family wants reported."""
    phone.goes("#/")
    phone.follows(phone.page.locator("#daftar a").first)
    phone.follows(phone.page.get_by_role("link", name="Catat laporan keluarga"))
    phone.page.locator("#kind").select_option("CARD")
    phone.page.locator("#words").fill("Kartu tertelan mesin sejak hari Senin")


def sheets(phone) -> None:
    """What a school signed, of this quarter."""
    phone.goes(f"#/lembar/{phone.sheet(quarter=0)}")
    phone.presses("Semua hadir penuh")
    for month in (1, 2, 3):
        phone.page.locator(f"#days_{month}").fill("20")
    for where, text in (("signer_name", "Ibu Guru Murai"), ("signer_role", "Guru"), ("place", "Ruang guru")):
        phone.page.locator(f"#{where}").fill(text)


def signs(phone) -> None:
    """A family on its way out, at such length that its strokes are thinned."""
    phone.goes("#/rencana")
    phone.follows(phone.page.locator(".f-card", has_text="Pernyataan graduasi keluarga").first)
    phone.follows(phone.page.get_by_role("link", name="Catat: Pernyataan graduasi keluarga"))
    phone.sees("atas kehendak sendiri")
    phone.page.locator("#signer").select_option(index=1)
    phone.page.locator("#words").fill("Ditandatangani di beranda")
    phone.signs(more=3000)


WORK = {
    "family_sessions.ask": asks, "commitments.told": tells, "helpdesk.tell": complains, "commitments.sheet": sheets,
    "graduation.statement": signs,
}  # fmt: skip


def typed(phone) -> dict:
    """What the form on the screen says."""
    return phone.page.evaluate(
        """() => ({...Object.fromEntries(new FormData(document.querySelector(".f-form"))),
                   cells: [...document.querySelectorAll(".f-member__state")].map((one) => one.textContent)})"""
    )


@pytest.mark.parametrize("kind", WORK)
def test_it_is_found_again_after_a_kill_refused_mended_and_stands_once(her_site, phone, kind):
    """Half entered and killed; sent and refused; mended; then it is there, once."""
    phone.offline()
    WORK[kind](phone)
    before, here = typed(phone), phone.page.evaluate("location.hash")
    phone.drafted()
    phone.kill()
    phone.start()
    phone.offline()
    phone.opens_app(here)
    phone.unlocks()
    phone.page.locator(".f-form").get_by_role("button", name="Simpan di ponsel").wait_for()
    assert typed(phone) == before
    phone.saves()
    phone.page.route("**/lapangan/v1/kirim", refused)
    phone.offline(False)
    phone.signs_in()
    phone.opens_app("#/kirim")
    phone.unlocks()
    phone.sees("Ditolak server", REFUSED)
    phone.page.unroute("**/lapangan/v1/kirim")
    phone.follows(phone.page.get_by_role("link", name="Perbaiki").first)
    phone.sees("Server menolak yang sebelumnya", REFUSED)
    assert typed(phone) == before
    phone.saves()
    phone.state("Tersambung", "0 menunggu")
    with in_territory(EVERYWHERE):
        made = Entry.objects.filter(kind=kind).order_by("received_at").last()
    assert made.state == "ACCEPTED", made.why
    assert stands(kind, made.entry_id) == 1


def refused(route) -> None:
    """Says no to whatever comes."""
    now = timezone.now().isoformat()
    said = {"state": "REFUSED", "why": [{"field": "", "words": REFUSED}], "photos": [], "received_at": now}
    answers = [said | {"id": one["id"]} for one in json.loads(route.request.post_data)["entries"]]
    route.fulfill(json={"v": 1, "server_time": now, "entries": answers})


def stands(kind: str, entry_id) -> int:
    """How often it stands."""
    with in_territory(EVERYWHERE):
        return {
            "family_sessions.ask": AbsenceNote.objects.filter(note="Panen di ladang murai", conveyed=True),
            "commitments.told": Step.objects.filter(kind="TOLD", words="Dibacakan di rumah kepada ibu"),
            "helpdesk.tell": Case.objects.filter(pk=entry_id),
            "commitments.sheet": Sheet.objects.filter(pk=entry_id, signer_name="Ibu Guru Murai"),
            "graduation.statement": Paper.objects.filter(step_id=entry_id, step__facts__how="DRAWN"),
        }[kind].count()


def test_a_family_is_made_ready_to_leave_on_the_phone_and_told(her_site, phone):
    """Checklist, visit and statement without network; proposed and approved at the office; then it is told."""
    case = field_people.leaving("Beo Kedua")
    her, keeper = people()
    she = acting_for(her.pk, timezone.localdate())
    phone.syncs()
    phone.goes(f"#/keluarga/{case.family_id}")
    phone.sees("Graduasi Mandiri: Disiapkan")
    phone.offline()
    phone.follows(phone.page.get_by_role("link", name="Catat: Daftar periksa graduasi"))
    for answer in phone.page.get_by_role("radio", name="Ya").all():
        answer.check()
    phone.saves()
    phone.goes(f"#/keluarga/{case.family_id}")
    phone.sees("Sudah dicatat, menunggu dikirim")
    phone.follows(phone.page.get_by_role("link", name="Catat: Kunjungan graduasi"))
    phone.page.get_by_label("Keadaannya sesuai catatan").check()
    phone.page.locator("#words").fill("Bertemu di warungnya")
    phone.saves()
    phone.goes(f"#/catat/{case.family_id}/graduation.statement/{case.pk}")
    phone.page.locator("#signer").select_option(index=1)
    phone.presses("Simpan di ponsel")
    phone.sees("Bubuhkan tanda tangan di layar, atau ambil foto pernyataannya.")
    phone.signs(finger=True)
    phone.presses("Hapus tanda tangan")
    phone.presses("Simpan di ponsel")
    phone.sees("Bubuhkan tanda tangan di layar, atau ambil foto pernyataannya.")
    phone.signs(finger=True)
    phone.saves()
    assert phone.waiting() == 3
    assert "strokes" not in str(phone.dump()), "sealed, as all of an entry is"
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    assert [step.kind for step in graduation_steps(case)] == ["CHECKLIST", "VISIT", "STATEMENT"]
    phone.goes(f"#/keluarga/{case.family_id}")
    phone.sees("Berkas graduasi lengkap: usulkan")
    do(graduation.propose, she, case, "Berkasnya lengkap")
    do(graduation.decide, keeper, case, yes=True, words="Keluarga mengerti akibatnya")
    phone.syncs()
    phone.sees("Disetujui, keluarga belum diberi tahu")
    phone.follows(phone.page.get_by_role("link", name="Catat: Beri tahu keluarga"))
    phone.page.locator("#words").fill("Dibacakan di warungnya")
    phone.saves()
    phone.state("Tersambung", "0 menunggu")
    assert graduation_steps(case)[-1].words == "Dibacakan di warungnya"
    phone.page.goto(f"/graduasi/{case.pk}/")
    for words in ("Tanda tangan di layar, oleh anggota", "Bertemu di warungnya", "Siap diberlakukan"):
        expect(phone.page.locator("main")).to_contain_text(words)


def test_who_cannot_write_on_a_screen_signs_stamped_paper(her_site, phone):
    """One photo of it, which stays legible, is the statement; nothing has to be drawn."""
    case = field_people.leaving("Beo Ketiga")
    phone.syncs()
    phone.offline()
    phone.goes(f"#/catat/{case.family_id}/graduation.statement/{case.pk}")
    phone.page.locator("#signer").select_option(index=1)
    phone.photographs(picture(46))
    other = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": picture(47)}
    phone.page.locator("#foto").set_input_files(other)
    phone.sees("Paling banyak 1 foto.")
    phone.saves()
    phone.offline(False)
    phone.state("Tersambung", "0 menunggu")
    (step,) = graduation_steps(case)
    assert step.facts["how"] == "PHOTO"
    with in_territory(EVERYWHERE):
        paper = graduation.open_paper(people()[1], case, Paper.objects.get(step=step))
    assert max(Image.open(io.BytesIO(paper)).size) == PAPER_EDGE


def graduation_steps(case) -> list[GraduationStep]:
    """In their order."""
    with in_territory(EVERYWHERE):
        return list(GraduationStep.objects.filter(case=case).order_by("number"))


def test_a_family_that_was_told_objects(her_site, phone):
    """Before its days are over; the objection is kept with the decision."""
    [told] = [one for one in phone.families() if any(each["told_on"] for each in one["decisions"])][:1]
    phone.goes(f"#/keluarga/{told['id']}")
    phone.sees("Keluarga dapat berkeberatan sampai")
    phone.follows(phone.page.get_by_role("link", name="Catat keberatan"))
    phone.page.locator("#words").fill("Anaknya dirawat di rumah sakit")
    phone.saves()
    phone.state("Tersambung", "0 menunggu")
    with in_territory(EVERYWHERE):
        assert Step.objects.filter(kind="APPEALED", words="Anaknya dirawat di rumah sakit").count() == 1


def test_what_the_registry_decided_is_told_on_the_phone(her_site, phone):
    """Of a change she asked for the phone keeps the name alone; the answer is shown, read, and gone."""
    family = next(one for one in phone.families() if one["name"].startswith("Canariah"))
    phone.asks_for_school(family)
    phone.state("Tersambung", "0 menunggu")
    phone.goes("#/kirim")
    phone.sees("Semua sudah terkirim")
    _her, keeper = people()
    with in_territory(keeper):
        asked = ChangeRequest.objects.get(family_id=family["id"], state="PENDING")
        refuse_change(keeper, asked, "Rapornya belum ada")
    phone.syncs()
    phone.sees("Minta perubahan: Jenjang sekolah", "Kantor menolaknya", "Rapornya belum ada")
    phone.reads()
    phone.sees("Semua sudah terkirim")
    assert phone.dump()["entries"] == {}


def test_a_wrong_name_is_put_right_from_the_phone_and_a_new_collector_is_told_of(her_site, phone):
    """With what proves it, and not without anything to put right; a collector of another name is told of."""
    family = next(one for one in phone.families() if one["name"].startswith("Canariah Uji2"))
    collector = next(one for one in family["members"] if one["collector"])
    phone.goes(f"#/catat/{family['id']}/change/IDENTITY")
    phone.page.locator("#member").select_option(collector["id"])
    phone.page.locator("#reason").fill("Salah ketik di daftar")
    phone.presses("Simpan di ponsel")
    phone.sees("Isi yang perlu diperbaiki", "bukti")
    phone.page.locator("#name").fill("Canariah Uji Dua")
    phone.page.locator("#evidence_words").fill("KTP asli dilihat")
    phone.saves()
    phone.state("Tersambung", "0 menunggu")
    _her, keeper = people()
    with in_territory(keeper):
        asked = ChangeRequest.objects.get(family_id=family["id"], kind="IDENTITY")
        assert (asked.after["name"], asked.after["birth_date"]) == ("Canariah Uji Dua", collector["born"])
        approve_change(keeper, asked, "Sesuai bukti")
    phone.syncs()
    phone.goes(f"#/keluarga/{family['id']}")
    phone.sees(
        "Canariah Uji Dua", "nama atau NIK-nya, berganti, dipakai mulai", "Tanyakan apakah keluarga yang memintanya"
    )
    phone.page.get_by_role("link", name="Keluarga tidak memintanya: Pengurus").click()
    phone.sees("Tahan pengurus yang tidak diminta keluarga", "tidak dibayar sampai yang benar disetujui")
    phone.page.locator("#reason").fill("Ibu Canariah tidak mengenal nama itu")
    phone.saves()
    phone.state("Tersambung", "0 menunggu")
    with in_territory(keeper):
        held = ChangeRequest.objects.get(family_id=family["id"], kind="HOLD_COLLECTOR")
        assert (held.state, held.after["held"]) == ("PENDING", True)
    phone.syncs()
    phone.goes(f"#/keluarga/{family['id']}")
    phone.sees("Canariah Uji Dua")
    assert "Keluarga tidak memintanya" not in phone.page.locator("main").inner_text(), "told once"


def test_the_phone_is_asked_where_it_is_only_by_a_press(group, phone):
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": -3.319437, "longitude": 114.590752, "accuracy": 12})
    phone.page.evaluate(
        """() => { const own = navigator.geolocation, asks = own.getCurrentPosition.bind(own);
                   globalThis.asked = 0;
                   own.getCurrentPosition = (...told) => { globalThis.asked += 1; asks(...told); }; }"""
    )
    phone.goes(f"#/pertemuan/{group.pk}")
    phone.presses("Semua hadir")
    phone.page.locator("summary", has_text="Hari, jam").click()
    assert phone.page.evaluate("globalThis.asked") == 0
    phone.presses("Catat tempat")
    phone.sees("Tempat tercatat: -3.3194, 114.5908")
    phone.page.locator("#place").fill("Balai desa")
    with phone.page.expect_request("**/lapangan/v1/kirim") as sent:
        phone.saves()
    (entry,) = json.loads(sent.value.post_data)["entries"]
    assert entry["body"]["where"] == {"lat": -3.3194, "lon": 114.5908, "m": 12}
    phone.state("0 menunggu")
    assert len(meetings(group)) == 1
