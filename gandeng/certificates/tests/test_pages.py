"""Pages about certificates, needs and skills: who sees what, and what is done there."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.conf import settings as office_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.certificates.actions import revoke
from gandeng.certificates.models import Certificate, Skill
from gandeng.certificates.tests.factories import EVENT, issued_before, make_certificate, make_skill
from gandeng.documents.tests.certificates import PASSWORD, looked_at, office_file
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.jobs.work import KINDS

pytestmark = pytest.mark.django_db
HOME = "https://contoh.test/periksa/sertifikat/"


def page(client, name, *args, **query):
    answer = client.get(reverse(f"certificates:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def head(cast):
    return cast("DISTRICT_HEAD", "6371", name="Kepala Uji")


@pytest.fixture
def skill(cast):
    return make_skill(cast("PROVINCE_OFFICER", "63"), name="Keahlian Uji")


def test_it_works(cast, head, skill, client_of):
    """The list, its filters, one certificate, its paper."""
    found = make_certificate(head, make_staff("6371", name="Siti Uji"), skill)
    old = issued_before(make_staff("6371"), skill, timezone.localdate() - timedelta(days=800), by=head)
    client = client_of(head)
    with few_queries():
        assert found.number in page(client, "certificates")
    assert found.number not in page(client, "certificates", state="EXPIRED")
    assert old.number in page(client, "certificates", state="EXPIRED", skill=str(skill.pk), region="6371")
    assert "Siti Uji" in page(client, "certificates", q="siti")
    with few_queries():
        assert found.content_sha256 in page(client, "certificate", found.pk)
    paper = client.get(reverse("certificates:pdf", args=[found.pk]))
    assert paper.content.startswith(b"%PDF-")
    assert f'filename="{found.number}.pdf"' in paper["Content-Disposition"]
    person = client.get(reverse("facilitators:person", args=[found.staff_id]))
    assert found.number in person.content.decode()
    bad = client.get(reverse("certificates:certificates"), {"state": "LAIN"})
    assert bad.status_code == 400


def test_a_facilitator_sees_her_own_alone(cast, head, skill, client_of):
    her, other = cast("FACILITATOR", "637101", name="Pemegang Uji"), cast("FACILITATOR", "637101", name="Rekan Uji")
    own, beside = (make_staff("6371", person=Person.objects.get(pk=one.person_id)) for one in (her, other))
    mine, not_mine = make_certificate(head, own, skill), make_certificate(head, beside, skill)
    with in_territory(head):
        revoke(head, mine, "Alasan rahasia kantor")
    client = client_of(her)
    told = page(client, "own")
    assert mine.number in told
    assert not_mine.number not in told
    assert "Belum pernah" in told, "what she lacks since hers was revoked"
    one = page(client, "certificate", mine.pk)
    assert "Dicabut" in one
    assert "Alasan rahasia kantor" not in one
    assert "Alasan rahasia kantor" in page(client_of(head), "certificate", mine.pk)
    for name in ("certificate", "pdf"):
        assert client.get(reverse(f"certificates:{name}", args=[not_mine.pk])).status_code == 404
    for name in ("certificates", "needs", "skills"):
        assert client.get(reverse(f"certificates:{name}")).status_code in (403, 404)


def test_needs_of_a_district_are_told_by_sub_district(cast, head, skill, client_of):
    for home in ("637101", "637101", "637102", ""):
        make_staff("6371", home=home)
    client = client_of(head)
    with few_queries():
        shown = client.get(reverse("certificates:needs"), {"region": "6371"})
    rows = shown.context["places"]
    assert [(row["needed"], row["never"], row["opens"]) for row in rows] == [(1, 1, False), (2, 2, True), (1, 1, True)]
    assert "rumah belum dicatat" in shown.content.decode() and "tempat berangkat" in shown.content.decode()
    assert len(client.get(rows[1]["never_url"]).context["people"]) == rows[1]["never"]
    assert [row["needed"] for row in client.get(reverse("certificates:needs")).context["places"]] == [4]


def test_needs_open_into_their_people_and_leave_as_a_list(cast, head, skill, client_of):
    lacks, has = make_staff("6371", name="Perlu Uji"), make_staff("6371", name="Punya Uji")
    make_certificate(head, has, skill)
    client = client_of(head)
    with few_queries():
        table = page(client, "needs")
    assert "Keahlian Uji" in table
    assert "Perlu Uji" not in table, "people stand there once a skill is chosen"
    with few_queries():
        people = page(client, "needs", skill=str(skill.pk), gap="NEVER", region="6371")
    assert "Perlu Uji" in people
    assert "Punya Uji" not in people
    file = client.post(reverse("certificates:export_needs"), {"urgency": "1"}).content.decode("utf-8-sig")
    assert [line.split(";")[5] for line in file.splitlines()[1:]] == ["Perlu Uji"]
    assert client.get(reverse("certificates:needs"), {"urgency": "9"}).status_code == 400
    assert lacks.person.name in people


def test_skills_are_entered_set_otherwise_and_ended(cast, client_of):
    officer, province = cast("PROVINCE_OFFICER", "63"), cast("DISTRICT_OPERATOR", "6371")
    client = client_of(officer)
    typed = {
        "region": "63", "name": "Bimtap", "key": "Bimtap", "for_roles": ["FACILITATOR"], "urgency": "2",
        "valid_months": "24", "source": "", "about": "",
    }  # fmt: skip
    twice = [client.post(reverse("certificates:enter_skill"), typed).status_code for _ in range(2)]
    assert twice == [302, 422]
    told = page(client, "skills")
    assert "Bimtap" in told
    assert "belum ada dasar tertulis" in told
    with in_territory(officer):
        made = Skill.objects.get(key="bimtap")
    change = reverse("certificates:change_skill", args=[made.pk])
    assert client.post(change, typed | {"source": "SK 1/2026", "valid_months": "nol"}).status_code == 422
    assert client.post(change, typed | {"source": "SK 1/2026"}).status_code == 302
    assert client_of(province).get(change).status_code == 403
    assert client_of(cast("PROVINCE_OFFICER", "75")).get(change).status_code == 404
    assert (
        client.post(reverse("certificates:end_skill", args=[made.pk]), {"reason": "Sudah diganti"}).status_code == 302
    )
    assert "Sudah diakhiri" in page(client, "skills")


def test_revoking_and_renewing(cast, head, skill, client_of):
    found = make_certificate(head, make_staff("6371"), skill)
    client, operator = client_of(head), client_of(cast("DISTRICT_OPERATOR", "6371"))
    away, back = reverse("certificates:revoke", args=[found.pk]), reverse("certificates:renew", args=[found.pk])
    assert operator.post(away, {"reason": "Bukan hak saya"}).status_code == 403
    assert "masih berlaku" in client.get(back).content.decode()
    assert client.post(away, {"reason": ""}).status_code == 422
    assert client.post(away, {"reason": "Nama salah tulis"}).status_code == 302
    assert client.post(back, {"title": "", "hours": "x"}).status_code == 422
    assert client.post(back, {"title": "Telah mengikuti pelatihan"}).status_code == 302
    with in_territory(head):
        new = Certificate.objects.get(renews=found)
    assert new.title == "Telah mengikuti pelatihan"
    assert new.number in page(client, "certificate", found.pk)


def test_a_paper_of_another_institution_is_kept_and_opened(cast, head, skill, client_of):
    operator, staff = cast("DISTRICT_OPERATOR", "6371"), make_staff("6371")
    client, url = client_of(operator), reverse("certificates:record_outside", args=[staff.pk])
    typed = {
        "skill": str(skill.pk), "issuer": "BBPPKS Uji", "outside_no": "12/B/2024", "title": "Diklat FDS",
        "issued_on": "2024-05-01",
    }  # fmt: skip
    assert client.post(url, typed | {"paper": SimpleUploadedFile("x.pdf", b"bukan")}).status_code == 422
    sent = client.post(url, typed | {"paper": SimpleUploadedFile("x.pdf", b"%PDF-1.7 uji")})
    assert sent.status_code == 302
    with in_territory(operator):
        made = Certificate.objects.get(origin="OUTSIDE")
    assert "BBPPKS Uji" in page(client, "certificate", made.pk)
    opened = client.post(reverse("certificates:evidence", args=[made.pk]))
    assert opened.content == b"%PDF-1.7 uji"
    assert client.get(reverse("certificates:pdf", args=[made.pk])).status_code == 404
    stranger = client_of(cast("DISTRICT_OPERATOR", "6372"))
    assert stranger.get(url).status_code == 404
    assert stranger.post(reverse("certificates:evidence", args=[made.pk])).status_code == 404


def test_the_papers_of_a_list_in_one_file(cast, head, skill, client_of, tmp_path, monkeypatch):
    monkeypatch.setattr(office_settings, "DATA_DIR", tmp_path)
    made = [make_certificate(head, make_staff("6371"), skill) for _ in range(3)]
    client, files = client_of(head), {}
    for form in ("pdf", "zip"):
        asked = {"filters": {"q": "", "state": "VALID"}, "home": HOME, "form": form}
        with in_territory(head), transaction.atomic():
            url = KINDS["certificates.bundle"](head, lambda *_: None, asked)
        assert "3 lembar" in client.get(url).content.decode()
        token = url.partition("hasil=")[2]
        files[form] = client.post(reverse("certificates:bundle_file"), {"hasil": token}).content
        assert client_of(cast("DISTRICT_HEAD", "6371")).get(url).status_code == 404, "for whoever asked"
    assert files["pdf"].startswith(b"%PDF-")
    assert ZipFile(BytesIO(files["zip"])).namelist() == sorted(f"{one.number}.pdf" for one in made)
    assert client.post(reverse("certificates:bundle"), {"form": "pdf", "state": "EXPIRED"}).status_code == 422
    started = client.post(reverse("certificates:bundle"), {"form": "pdf"})
    assert started.status_code == 302
    file = client.post(reverse("certificates:export"), {}).content.decode("utf-8-sig")
    assert len(file.splitlines()) == 4
    assert EVENT not in file
    today = timezone.localdate()
    Grant.objects.filter(person_id=head.person_id).update(valid_until=today)
    Grant.objects.create(person_id=head.person_id, role="DISTRICT_HEAD", region_code="6372", valid_from=today)
    assert client.post(reverse("certificates:bundle_file"), {"hasil": token}).status_code == 404, "another office now"


def test_the_office_signs_where_it_can(head, skill, client_of, settings, tmp_path):
    made = make_certificate(head, make_staff("6371"), skill)
    client, address = client_of(head), reverse("certificates:pdf", args=[made.pk])
    plain = client.get(address).content
    assert client.get(address).content == plain, "the same data, the same bytes"
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = office_file(tmp_path / "office.p12"), PASSWORD
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(client.get(address).content)
    assert looked_at(paper).bottom_line
    settings.SIGNING_CERTIFICATE = office_file(tmp_path / "over.p12", days=(-30, -1))
    assert client.get(address).content == plain, "nothing is signed with what has expired"
