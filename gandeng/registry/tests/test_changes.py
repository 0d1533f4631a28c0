import hashlib
import io
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, unseal
from gandeng.registry.actions import ChangeRefused, Proof, Wanted, approve_change, refuse_change, request_change
from gandeng.registry.change_queries import access_change, waiting_for
from gandeng.registry.cooling import COOLING_DAYS
from gandeng.registry.models import Account, ChangeEvidence, ChangeRequest, Family, Member
from gandeng.registry.snapshots import freeze
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import a_picture, few_queries, tables

pytestmark = pytest.mark.django_db

REASON = "Dilaporkan saat kunjungan"
NIK = "6371015505240001"
TOLD = {"told_how": "VISIT", "told_on": "2024-05-01"}
PNG = a_picture("PNG")
AS_IT_WAS = ("family_id", "nik_index", "school_level", "severe_disability", "pregnancy_no", "deceased_on", "left_on")


@pytest.fixture
def family(db):
    return make_family(members=3)


def _ask(acting, family, kind, after=None, *, member=None, identifier="", proof=Proof("KK asli dilihat")):  # noqa: B008
    with in_territory(acting):
        return request_change(acting, family, kind, member, Wanted(after or {}, identifier), REASON, proof)


def _approve(acting, change):
    with in_territory(acting):
        return approve_change(acting, change, "Sesuai bukti")


def _second(family):
    with in_territory(EVERYWHERE):
        return Member.objects.filter(family=family).order_by("member_no")[1]


def _now(row):
    with in_territory(EVERYWHERE):
        return type(row).objects.get(pk=row.pk)


def _account(family):
    with in_territory(EVERYWHERE):
        return Account.objects.get(family=family, valid_until=None)


def test_it_works(client_of, operator, coordinator, family):
    address = reverse("registry:ask", args=[family.pk, "BIRTH"])
    typed = {"name": "Bayu Uji", "birth_date": "2024-05-15", "sex": "M", "nik": NIK, "reason": REASON}
    asked = client_of(operator).post(address, typed)
    assert asked.status_code == 302
    page = client_of(coordinator).get("/keluarga/perubahan/")
    assert "Anggota baru" in page.content.decode()
    decided = client_of(coordinator).post(f"{asked.url}putuskan/", {"decision": "approve", "reason": ""})
    assert decided.status_code == 302
    with in_territory(EVERYWHERE):
        child = Member.objects.get(family=family, name="Bayu Uji")
    assert child.member_no == f"{family.family_no}-4"
    assert unseal(child.nik_sealed, Place("registry_member", "nik", str(child.pk))) == NIK
    story = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "Anggota baru: disetujui" in story
    assert NIK not in story


@pytest.mark.parametrize(
    ("kind", "after", "field", "value"),
    [
        ("DEATH", {"deceased_on": "2024-08-01"}, "deceased_on", date(2024, 8, 1)),
        ("LEFT", {"left_on": "2024-08-01"}, "left_on", date(2024, 8, 1)),
        ("SCHOOL_LEVEL", {"school_level": "SMP"}, "school_level", "SMP"),
        ("PREGNANCY", {"pregnancy_no": 2}, "pregnancy_no", 2),
        ("DISABILITY", {"severe_disability": True}, "severe_disability", True),
    ],
)
def test_each_change_of_a_member_is_done_when_approved(operator, coordinator, family, kind, after, field, value):
    member = _second(family)
    change = _ask(operator, family, kind, after, member=member)
    assert getattr(_now(member), field) != value
    _approve(coordinator, change)
    assert getattr(_now(member), field) == value


@pytest.mark.parametrize(
    ("kind", "status", "becomes"),
    [
        ("SUSPEND", "ACTIVE", "SUSPENDED"), ("RESUME", "SUSPENDED", "ACTIVE"),
        ("END", "SUSPENDED", "ENDED"),
    ],
)  # fmt: skip
def test_each_change_of_status_is_done_when_approved(operator, coordinator, kind, status, becomes):
    family = make_family(status=status)
    _approve(coordinator, _ask(operator, family, kind, {"status": becomes}))
    assert (_now(family).status, _now(family).status_reason) == (becomes, REASON)


def test_a_man_is_not_pregnant_and_a_mistake_is_put_right(client_of, operator, coordinator, family):
    member = _second(family)
    page = reverse("registry:ask", args=[family.pk, "PREGNANCY"])
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=member.pk).update(sex="M", pregnancy_no=2)
    typed = {"member": str(member.pk), "reason": REASON}
    refused = client_of(operator).post(page, typed | {"pregnancy_no": "3"})
    assert refused.status_code == 422 and "hanya dicatat pada perempuan" in refused.content.decode()
    with pytest.raises(ChangeRefused, match="laki-laki"):
        _ask(operator, family, "PREGNANCY", {"pregnancy_no": 3}, member=_now(member))
    assert client_of(operator).post(page, typed).status_code == 302
    with in_territory(EVERYWHERE):
        _approve(coordinator, ChangeRequest.objects.get())
    assert _now(member).pregnancy_no is None


@pytest.mark.parametrize(("years", "warned"), [(9, True), (10, False), (60, False), (61, True)])
def test_whoever_decides_is_warned_of_an_age(client_of, operator, coordinator, family, years, warned):
    member, today = _second(family), timezone.localdate()
    born = today.replace(year=today.year - years, day=min(today.day, 28))
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=member.pk).update(sex="F", birth_date=born)
    change = _ask(operator, family, "PREGNANCY", {"pregnancy_no": 1}, member=_now(member))
    page = client_of(coordinator).get(reverse("registry:change", args=[change.pk])).content.decode()
    assert ("Periksa umurnya" in page) is warned and (f"berumur {years} tahun" in page) is warned
    _approve(coordinator, change)
    assert _now(member).pregnancy_no == 1, "a warning, no rule"


def test_it_refuses_a_status_that_does_not_lead_there(client_of, operator):
    ended = make_family(status="ENDED")
    with pytest.raises(ChangeRefused, match="berakhir"):
        _ask(operator, ended, "RESUME", {"status": "ACTIVE"})
    assert client_of(operator).get(reverse("registry:ask", args=[ended.pk, "RESUME"])).status_code == 404


def test_a_family_ended_by_mistake_comes_back_with_evidence(
    client_of, operator, coordinator, family, tmp_path, django_capture_on_commit_callbacks
):
    before, account = _now(family), _account(family)
    _approve(coordinator, _ask(operator, family, "END", {"status": "ENDED"}))
    desk, page = client_of(operator), reverse("registry:family", args=[family.pk])
    desk.get(page)
    with few_queries(), django_capture_on_commit_callbacks(execute=True):
        offered = desk.get(page).content.decode()
    address = reverse("registry:ask", args=[family.pk, "RESUME"])
    assert address in offered
    bare = client_of(operator).post(address, {"reason": REASON})
    assert bare.status_code == 422 and "perlu bukti" in bare.content.decode()
    asked = client_of(operator).post(address, {"reason": "Keliru: keluarga lain", "evidence_words": "KK asli dilihat"})
    assert asked.status_code == 302 and _now(family).status == "ENDED", "another person decides"
    decided = client_of(coordinator).post(f"{asked.url}putuskan/", {"decision": "approve", "reason": ""})
    now, kept = _now(family), (before.collector_id, account)
    assert (decided.status_code, now.status) == (302, "ACTIVE") and (now.collector_id, _account(family)) == kept
    with in_territory(EVERYWHERE):
        freeze("6371", tmp_path, on=timezone.localdate())
    assert [row["status"] for row in tables(tmp_path)[0]] == ["ACTIVE"]


@pytest.mark.parametrize(("status", "words"), [("ENDED", "daftar kementerian"), ("VALIDATED", "belum pernah aktif")])
def test_what_no_request_ended_while_it_was_paid_comes_back_by_a_list_alone(
    client_of, operator, coordinator, status, words
):
    family = make_family(status="ACTIVE" if status == "ENDED" else status)
    _approve(coordinator, _ask(operator, family, "END", {"status": "ENDED"}))
    if status == "ENDED":
        with in_territory(EVERYWHERE):
            Family.objects.filter(pk=family.pk).update(status_reason="Tidak ada di daftar tahap 3")
    with pytest.raises(ChangeRefused, match=words):
        _ask(operator, _now(family), "RESUME", {"status": "ACTIVE"})
    assert client_of(operator).get(reverse("registry:ask", args=[family.pk, "RESUME"])).status_code == 404


def test_a_new_account_ends_the_old_one_and_waits(operator, coordinator, family, tmp_path):
    old, today = _account(family), timezone.localdate()
    _approve(coordinator, _ask(operator, family, "ACCOUNT", {"channel": "BNI"}, identifier="1234567890"))
    new = _account(family)
    assert (new.channel, new.account_last3, new.valid_from) == ("BNI", "890", today)
    assert new.usable_from == today + timedelta(days=COOLING_DAYS)
    assert _now(old).valid_until == today
    assert (new.requested_by_id, new.approved_by_id) == (operator.person_id, coordinator.person_id)
    assert unseal(new.account_sealed, Place("registry_account", "account", str(new.pk))) == "1234567890"
    with in_territory(EVERYWHERE):
        freeze("6371", tmp_path, on=today)
    (row,) = tables(tmp_path)[0]
    assert (row["channel"], row["usable_from"]) == ("BNI", today + timedelta(days=COOLING_DAYS))


def test_a_new_collector_waits_too(operator, coordinator, family):
    member = _second(family)
    _approve(coordinator, _ask(operator, family, "COLLECTOR", {"collector": str(member.pk)}, member=member))
    changed = _now(family)
    assert changed.collector_id == member.pk
    assert changed.collector_usable_from == timezone.localdate() + timedelta(days=COOLING_DAYS)


def test_a_nik_is_put_right(operator, coordinator, family):
    member = _second(family)
    change = _ask(operator, family, "NIK", member=member, identifier=NIK)
    assert NIK not in str(change.after) + str(change.before)
    _approve(coordinator, change)
    changed = _now(member)
    assert unseal(changed.nik_sealed, Place("registry_member", "nik", str(changed.pk))) == NIK
    assert changed.nik_last4 == NIK[-4:]


def test_a_family_moves_with_everything(operator, coordinator, family):
    waits = _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    _approve(coordinator, _ask(operator, family, "MOVE", {"village_code": "6371021001"}))
    with in_territory(EVERYWHERE):
        places = {row.village_code for row in (*family.members.all(), *family.accounts.all())}
    assert places == {"6371021001"} == {_now(family).village_code, _now(waits).village_code}


def test_leaving_the_district_is_decided_by_who_has_both(operator, coordinator, cast, family):
    change = _ask(operator, family, "MOVE", {"village_code": "6372011001"})
    with pytest.raises(ChangeRefused, match="luar wilayah"):
        _approve(coordinator, change)
    _approve(cast("PROVINCE_HEAD", "63"), change)
    assert _now(family).village_code == "6372011001"


def test_a_move_to_another_province_is_decided_by_the_ministry(operator, coordinator, cast, family, client_of):
    """Nobody beneath has both; whom it does not wait for may say no where the family lives, and reads who says yes."""
    proof = Proof("Surat pindah", "surat.png", "image/png", PNG)
    change = _ask(operator, family, "MOVE", {"village_code": "6201011001"}, proof=proof)
    province, there = cast("PROVINCE_HEAD", "63"), cast("PROVINCE_HEAD", "62")
    ministry, officer = cast("MINISTRY_HEAD", ""), cast("MINISTRY_OFFICER", "")
    for who in (coordinator, province, there, officer):
        with in_territory(who):
            assert not waiting_for(who).exists()
    for who in (coordinator, province):
        with pytest.raises(ChangeRefused, match="kedua wilayah"):
            _approve(who, change)
        page = client_of(who).get(reverse("registry:change", args=[change.pk])).content.decode()
        assert "Kementerian bila provinsinya lain" in page and 'value="approve"' not in page
    for who in (there, officer):
        with pytest.raises(PermissionDenied):
            _approve(who, change)
    browser = client_of(ministry)
    assert f'href="{reverse("registry:changes")}"' in browser.get(reverse("home")).content.decode()
    with in_territory(ministry):
        assert list(waiting_for(ministry)) == [change]
    page = browser.get(reverse("registry:changes")).content.decode()
    assert reverse("registry:change", args=[change.pk]) in page
    assert browser.post(reverse("registry:evidence", args=[change.pk])).content == PNG
    page = browser.get(reverse("registry:change", args=[change.pk])).content.decode()
    assert "Kota Banjarmasin, Kalimantan Selatan" in page and "Kabupaten Kotawaringin Barat, Kalimantan Tengah" in page
    answer = browser.post(reverse("registry:decide", args=[change.pk]), {"decision": "approve", "reason": ""})
    assert answer.status_code == 302
    assert _now(family).village_code == "6201011001"


def test_the_ministry_decides_nothing_else_of_a_family(operator, cast, family, client_of):
    ministry, browser = cast("MINISTRY_HEAD", ""), client_of(cast("MINISTRY_HEAD", ""))
    for kind, after in (("SUSPEND", {"status": "SUSPENDED"}), ("MOVE", {"village_code": "6372011001"})):
        change = _ask(operator, family, kind, after, proof=Proof("KK asli dilihat", "kk.png", "image/png", PNG))
        with pytest.raises(PermissionDenied):
            _approve(ministry, change)
        with pytest.raises(PermissionDenied), in_territory(ministry):
            refuse_change(ministry, change, "Tidak perlu lagi")
        page = browser.get(reverse("registry:change", args=[change.pk])).content.decode()
        assert 'name="decision"' not in page and "Unduh berkas bukti" not in page
        assert browser.post(reverse("registry:evidence", args=[change.pk])).status_code == 404
    with in_territory(ministry):
        assert not waiting_for(ministry).exists()


def test_a_move_waits_for_whoever_has_both_places_alone(operator, coordinator, cast, family):
    change = _ask(operator, family, "MOVE", {"village_code": "6372011001"})
    province = cast("PROVINCE_HEAD", "63")
    with in_territory(coordinator):
        assert not waiting_for(coordinator).exists()
        refuse_change(coordinator, change, "Keluarga tidak jadi pindah")
    within = _ask(operator, family, "MOVE", {"village_code": "6371021001"})
    for who in (coordinator, province):
        with in_territory(who):
            assert list(waiting_for(who)) == [within]


def test_who_was_ended_by_mistake_is_brought_back_where_it_lives_by_now(operator, coordinator, cast, family, client_of):
    """The request that ended it stays where it was decided, and nobody reads it there."""
    ended = _approve(coordinator, _ask(operator, family, "END", {"status": "ENDED", **TOLD}))
    _approve(cast("PROVINCE_HEAD", "63"), _ask(operator, family, "MOVE", {"village_code": "6372011001"}))
    there = cast("DISTRICT_OPERATOR", "6372")
    with in_territory(there):
        assert not ChangeRequest.objects.filter(pk=ended.pk).exists()
    page = client_of(there).get(reverse("registry:family", args=[family.pk])).content.decode()
    assert reverse("registry:ask", args=[family.pk, "RESUME"]) in page
    _approve(cast("DISTRICT_COORDINATOR", "6372"), _ask(there, _now(family), "RESUME", {"status": "ACTIVE"}))
    assert _now(family).status == Family.Status.ACTIVE


def test_what_proves_a_request_goes_along_with_the_family(operator, coordinator, cast, family):
    """Whoever decides it where the family lives now sees what it rests on, and the former district no longer does."""
    change = _ask(operator, family, "ACCOUNT", after={"channel": "BNI"}, identifier="1234567890")
    province, there = cast("PROVINCE_HEAD", "63"), cast("DISTRICT_COORDINATOR", "6372")
    _approve(province, _ask(operator, family, "MOVE", after={"village_code": "6372011001"}))
    with in_territory(there):
        found = access_change(there, change.pk)
        assert found.evidence.words == "KK asli dilihat"
    with in_territory(coordinator):
        assert not ChangeEvidence.objects.filter(pk=change.pk).exists()
    _approve(there, found)


def test_it_refuses_to_decide_ones_own_request(client_of, cast, family):
    both = cast("DISTRICT_OPERATOR", "6371")
    both = cast("DISTRICT_COORDINATOR", "6371", person=_person(both))
    change = _ask(both, family, "SUSPEND", {"status": "SUSPENDED"})
    with pytest.raises(ChangeRefused, match="orang lain"):
        _approve(both, change)
    page = client_of(both).get(reverse("registry:change", args=[change.pk])).content.decode()
    assert "Simpan keputusan" not in page
    assert _now(family).status == "ACTIVE"


def _person(acting):
    return User.objects.get(person_id=acting.person_id).person


def test_the_database_refuses_one_person_for_both(operator, family):
    change = _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    with in_territory(EVERYWHERE), pytest.raises(IntegrityError, match="change_two_people"), transaction.atomic():
        ChangeRequest.objects.filter(pk=change.pk).update(
            state="APPROVED", decided_by=change.requested_by, decided_at=timezone.now()
        )


def test_the_database_keeps_decisions(operator, coordinator, family):
    change = _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    _approve(coordinator, change)
    with in_territory(EVERYWHERE):
        with pytest.raises(IntegrityError, match="decided"), transaction.atomic():
            ChangeRequest.objects.filter(pk=change.pk).update(reason="lain")
        with pytest.raises(ProgrammingError, match="permission"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("delete from registry_changerequest")


def test_it_refuses_who_has_no_right_there(client_of, operator, stranger, cast, family):
    change = _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    page = reverse("registry:change", args=[change.pk])
    assert client_of(stranger).get(page).status_code == 404
    neighbour = client_of(cast("DISTRICT_COORDINATOR", "6372"))
    assert neighbour.post(f"{page}putuskan/", {"decision": "approve"}).status_code == 404
    assert client_of(operator).post(f"{page}putuskan/", {"decision": "approve"}).status_code == 403
    ask = reverse("registry:ask", args=[family.pk, "SUSPEND"])
    assert client_of(stranger).post(ask, {"reason": REASON}).status_code == 404
    assert client_of(cast("AUDITOR", "6371")).post(ask, {"reason": REASON}).status_code == 403
    assert _now(family).status == "ACTIVE"


def test_a_refusal_needs_its_reason(client_of, operator, coordinator, family):
    change = _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    address = reverse("registry:decide", args=[change.pk])
    assert client_of(coordinator).post(address, {"decision": "refuse", "reason": ""}).status_code == 422
    told = client_of(coordinator).post(address, {"decision": "refuse", "reason": "Buktinya belum ada"})
    assert told.status_code == 302
    assert (_now(change).state, _now(change).decision_reason) == ("REFUSED", "Buktinya belum ada")
    with pytest.raises(ChangeRefused, match="sudah diputuskan"), in_territory(coordinator):
        refuse_change(coordinator, change, "Buktinya belum ada")


def test_ones_own_request_can_be_withdrawn(client_of, operator, coordinator, family):
    change = _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    client_of(operator).post(reverse("registry:withdraw_change", args=[change.pk]))
    assert _now(change).state == "WITHDRAWN"
    with pytest.raises(ChangeRefused, match="sudah diputuskan"):
        _approve(coordinator, change)


def test_it_refuses_the_same_request_twice_and_one_that_changes_nothing(operator, family):
    _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    with pytest.raises(ChangeRefused, match="masih menunggu"):
        _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    with pytest.raises(ChangeRefused, match="Tidak ada yang berubah"):
        _ask(operator, family, "MOVE", {"village_code": family.village_code})


def test_it_refuses_a_request_the_family_has_outrun(operator, coordinator, family):
    late = _ask(operator, family, "MOVE", {"village_code": "6371021001"})
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=family.pk).update(village_code="6371031001")
    with pytest.raises(ChangeRefused, match="sudah berubah"):
        _approve(coordinator, late)


def test_it_refuses_a_collector_who_leaves_or_has_no_nik(operator, family):
    with pytest.raises(ChangeRefused, match="pengurus"):
        _ask(operator, family, "LEFT", {"left_on": "2024-08-01"}, member=family.collector)
    member = _second(family)
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=member.pk).update(nik_index=None)
    with pytest.raises(ChangeRefused, match="NIK"):
        _ask(operator, family, "COLLECTOR", {"collector": str(member.pk)}, member=_now(member))


def test_an_identifier_of_others_is_named_inside_the_territory_only(operator, coordinator, family):
    near, far = make_family("6371021001"), make_family("6372011001")
    for other, named in ((near, True), (far, False)):
        row = _account(other)
        number = unseal(row.account_sealed, Place("registry_account", "account", str(row.pk)))
        if named:
            with pytest.raises(ChangeRefused, match=near.family_no):
                _ask(operator, family, "ACCOUNT", {"channel": "BRI"}, identifier=number)
            continue
        change = _ask(operator, family, "ACCOUNT", {"channel": "BRI"}, identifier=number)
        with pytest.raises(ChangeRefused, match="luar wilayah") as refused:
            _approve(coordinator, change)
        assert far.family_no not in str(refused.value)
    assert _now(change).state == "PENDING"
    assert _account(family).channel == "BRI"


def test_a_nik_living_elsewhere_is_refused(operator, coordinator, family):
    far = make_family("6372011001")
    member = far.collector
    nik = unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk)))
    after = {"name": "Bayi", "birth_date": "2024-05-15", "sex": "F"}
    change = _ask(operator, family, "BIRTH", after, identifier=nik)
    with pytest.raises(ChangeRefused, match="luar wilayah"):
        _approve(coordinator, change)


def test_evidence_is_kept_sealed_and_handed_out_as_an_attachment(client_of, operator, coordinator, family):
    asked, answer = handed(client_of, operator, coordinator, family, "../../ktp\r\n.png", PNG)
    assert answer["Content-Type"] == "image/jpeg" and answer.content.startswith(b"\xff\xd8")
    assert answer["Content-Disposition"].startswith("attachment") and '.jpg"' in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    with connection.cursor() as cursor, in_territory(EVERYWHERE):
        cursor.execute("select file_sealed from registry_changeevidence")
        assert answer.content not in bytes(cursor.fetchone()[0])
        assert AuditEntry.objects.filter(action="evidence.opened").count() == 1
        told = AuditEntry.objects.get(action="change.requested").facts
        assert told["sha256"] == hashlib.sha256(answer.content).hexdigest(), "of what is kept"
    assert asked.status_code == 302


def handed(client_of, asks, decides, family, name, content):
    paper = SimpleUploadedFile(name, content, content_type="text/html")
    typed = {"channel": "POS", "account_no": "", "reason": REASON, "evidence_file": paper}
    asked = client_of(asks).post(reverse("registry:ask", args=[family.pk, "ACCOUNT"]), typed)
    return asked, client_of(decides).post(f"{asked.url}bukti/")


def test_of_a_photo_the_picture_alone_is_kept(client_of, operator, coordinator, family):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "KameraRahasia"
    exif.get_ifd(0x8825).update({1: "S", 2: (3.0, 19.0, 7.0), 3: "E", 4: (114.0, 35.0, 3.0)})
    sent = a_picture("JPEG", 3200, 2400, exif=exif) + b"di belakang gambar"
    assert b"KameraRahasia" in sent and Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    kept = handed(client_of, operator, coordinator, family, "foto.jpg", sent)[1].content
    picture = Image.open(io.BytesIO(kept))
    assert not picture.getexif() and not picture.getexif().get_ifd(0x8825)
    assert b"KameraRahasia" not in kept and b"di belakang gambar" not in kept
    assert (picture.format, picture.size) == ("JPEG", (1200, 1600)), "upright, and no larger than is said"


def test_a_pdf_stays_as_it_came(client_of, operator, coordinator, family):
    answer = handed(client_of, operator, coordinator, family, "akta.pdf", b"%PDF-1.7 uji")[1]
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7 uji", "application/pdf")


@pytest.mark.parametrize(
    "content",
    [
        b"<html>", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n" + b"0" * (5 * 1024 * 1024), PNG[: len(PNG) // 2],
        b"\xff\xd8\xff" + b"0" * 100, a_picture("JPEG", comment=b"%PDF-1.7"),
        a_picture("JPEG", comment=b"<script>alert(1)</script>"), a_picture("PNG", 4000, 3000),
    ],
)  # fmt: skip
def test_it_refuses_other_papers(client_of, operator, family, content):
    typed = {"reason": REASON, "evidence_file": SimpleUploadedFile("x.png", content)} | TOLD
    asked = client_of(operator).post(reverse("registry:ask", args=[family.pk, "SUSPEND"]), typed)
    assert asked.status_code == 422
    with in_territory(EVERYWHERE):
        assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("BIRTH", {"name": "B", "birth_date": "2999-01-01", "sex": "M"}, "belum tiba"),
        ("BIRTH", {"name": "B", "birth_date": "2024-01-01", "sex": "M", "nik": "123"}, "16 angka"),
        ("ACCOUNT", {"channel": "BRI", "account_no": "12345", "evidence_words": "buku"}, "15 angka"),
        ("ACCOUNT", {"channel": "POS", "account_no": "12345", "evidence_words": "buku"}, "tidak memakai"),
        ("ACCOUNT", {"channel": "POS", "account_no": ""}, "perlu bukti"),
        ("MOVE", {"village": "63.71.99.9999"}, "Tidak ada desa"),
        ("MOVE", {"village": "Pasar Lamaa"}, "10 angka"),
        ("SUSPEND", TOLD | {"reason": "x"}, "dengan jelas"),
        ("SUSPEND", {}, "Pilih cara keluarga diberi tahu"),
        ("END", {"told_how": "CALL"}, "Isi tanggal keluarga diberi tahu"),
        ("END", {"told_how": "CALL", "told_on": "2999-01-01"}, "belum tiba"),
    ],
)
def test_it_refuses_what_is_typed_wrong(client_of, operator, family, kind, typed, says):
    page = client_of(operator).post(reverse("registry:ask", args=[family.pk, kind]), {"reason": REASON} | typed)
    assert page.status_code == 422
    assert says in page.content.decode()


def test_the_village_of_a_move_is_chosen_by_its_name(client_of, operator, family):
    browser, address = client_of(operator), reverse("registry:ask", args=[family.pk, "MOVE"])
    page = browser.get(address).content.decode()
    assert '<option value="63.71.01.1001 ' in page and '<option value="62.01.' not in page
    elsewhere = browser.get(address, {"district": "6201"}).content.decode()
    assert '<option value="6201" selected>Kabupaten Kotawaringin Barat, Kalimantan Tengah' in elsewhere
    offered = re.search(r'<option value="(62\.01\.[^"]+)"', elsewhere)[1]
    assert browser.get(address, {"district": "62"}).status_code == 400
    assert browser.get(address, {"district": "6299"}).status_code == 400
    assert browser.get(address, {"district": "62x1"}).status_code == 400
    assert browser.get(address.replace("MOVE", "LEFT"), {"district": "6201"}).status_code == 400
    for typed, code in ((offered, offered.split()[0]), ("Pasar Lama", "63.71.05.1006")):
        asked = browser.post(address, {"village": typed, "reason": REASON})
        assert asked.status_code == 302
        with in_territory(EVERYWHERE):
            change = ChangeRequest.objects.order_by("-id").first()
            assert change.after == {"village_code": code.replace(".", "")}
        browser.post(f"{asked.url}tarik/")


@pytest.mark.parametrize(("kind", "status"), [("SUSPEND", "SUSPENDED"), ("END", "ENDED")])
def test_whoever_decides_reads_whether_the_family_was_told(client_of, operator, coordinator, kind, status):
    for told, untold in ((TOLD, False), ({"told_how": "NOBODY", "told_on": "2024-05-01"}, True)):
        family = make_family()
        address = reverse("registry:ask", args=[family.pk, kind])
        assert client_of(operator).get(address).content.decode().count("boleh kosong") == 2, "words and paper alone"
        asked = client_of(operator).post(address, {"reason": REASON} | told)
        page = client_of(coordinator).get(asked.url).content.decode()
        assert ("Keluarga belum diberi tahu" in page) is untold
        assert ("Didatangi" in page and "1 Mei 2024" in page) is not untold
        assert ("Tidak ada yang dapat diberi tahu" in page) is untold
        client_of(coordinator).post(f"{asked.url}putuskan/", {"decision": "approve", "reason": ""})
        assert _now(family).status == status


def test_every_form_opens(client_of, operator):
    for status in ("ACTIVE", "SUSPENDED"):
        family = make_family(status=status)
        page = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
        links = [kind for kind in ChangeRequest.Kind if f"/ubah/{kind}/" in page]
        assert len(links) == 14
        for kind in links:
            assert client_of(operator).get(reverse("registry:ask", args=[family.pk, kind])).status_code == 200


def test_the_shelves_show_what_waits_what_is_mine_and_what_was_decided(client_of, operator, coordinator, cast, family):
    change = _ask(operator, family, "SUSPEND", {"status": "SUSPENDED"})
    link, client = f"/perubahan/{change.pk}/", client_of(coordinator)
    assert link in client.get("/keluarga/perubahan/").content.decode()
    assert link in client_of(operator).get("/keluarga/perubahan/").content.decode()
    assert link not in client_of(cast("DISTRICT_COORDINATOR", "6372")).get("/keluarga/perubahan/").content.decode()
    here = family.village_code
    for narrowed, shown in (
        ("kind=SUSPEND", True), ("kind=DEATH", False), (f"region={here[:6]}", True), ("region=637199", False),
    ):  # fmt: skip
        page = client.get(f"/keluarga/perubahan/?shelf=waiting&{narrowed}").content.decode()
        assert (link in page, "Tidak ada permintaan yang cocok" in page) == (shown, not shown), narrowed
    assert client.get("/keluarga/perubahan/?kind=LAIN").status_code == 400
    _approve(coordinator, change)
    assert link not in client.get("/keluarga/perubahan/").content.decode()
    assert link in client.get("/keluarga/perubahan/?shelf=decided").content.decode()


def test_acts_are_written_down_without_identifiers(operator, coordinator, family):
    _approve(coordinator, _ask(operator, family, "ACCOUNT", {"channel": "BNI"}, identifier="1234567890"))
    with in_territory(EVERYWHERE):
        entries = list(AuditEntry.objects.order_by("id"))
    assert [entry.action for entry in entries] == ["change.requested", "change.approved"]
    assert entries[1].authority == "Koordinator kabupaten/kota 6371"
    assert not any("1234567890" in f"{entry.facts}{entry.reason}" for entry in entries)


@pytest.mark.parametrize(("kind", "field"), [("DEATH", "deceased_on"), ("LEFT", "left_on")])
def test_who_was_said_gone_by_mistake_is_there_again(family, operator, coordinator, client_of, kind, field):
    """With school, disability and NIK: nobody is born anew for another's mistake, and the family is due what it was."""
    member, asks = _second(family), reverse("registry:ask", args=[family.pk, "BACK"])
    browser = client_of(operator)
    assert browser.get(asks).status_code == 404, "nobody is gone"
    _approve(coordinator, _ask(operator, family, kind, {field: "2024-05-17"}, member=member))
    assert getattr(_now(member), field) == date(2024, 5, 17)
    page = browser.get(asks).content.decode()
    assert "boleh kosong" not in page, "words or a paper have to be there"
    assert f'value="{member.pk}"' in page and f'value="{family.collector_id}"' not in page
    told = {"member": str(member.pk), "reason": REASON, "evidence_words": ""}
    assert browser.post(asks, told).status_code == 422, "it brings money: evidence"
    assert browser.post(asks, told | {"evidence_words": "Ditemui di rumahnya, KTP dilihat."}).status_code == 302
    with in_territory(EVERYWHERE):
        change = ChangeRequest.objects.get(kind="BACK")
    assert "17 Mei 2024" in client_of(coordinator).get(reverse("registry:change", args=[change.pk])).content.decode()
    _approve(coordinator, change)
    assert all(getattr(_now(member), name) == getattr(member, name) for name in AS_IT_WAS)
    with pytest.raises(ChangeRefused, match="tidak tercatat meninggal atau keluar"):
        _ask(operator, family, "BACK", {"deceased_on": None, "left_on": None}, member=member)


def test_who_stands_in_another_family_by_now_does_not_come_back(family, operator, coordinator):
    member = _second(family)
    _approve(coordinator, _ask(operator, family, "LEFT", {"left_on": "2024-05-17"}, member=member))
    with in_territory(EVERYWHERE):
        member.refresh_from_db()
        other = make_family()
        Member.objects.filter(family=other, pk=other.collector_id).update(nik_index=member.nik_index)
    with pytest.raises(ChangeRefused, match=other.family_no):
        _ask(operator, family, "BACK", {"deceased_on": None, "left_on": None}, member=member)
