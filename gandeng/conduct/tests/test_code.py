"""The code of ethics: entered by an office, in force by day, signed by each, and who has not."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.audit.actions import coming_from
from gandeng.audit.models import AuditEntry
from gandeng.conduct import code_queries as queries
from gandeng.conduct.actions import code as actions
from gandeng.conduct.actions.common import ConductRefused
from gandeng.conduct.forms import starting_list
from gandeng.conduct.models import Signature
from gandeng.conduct.published import prohibitions, sanctions
from gandeng.conduct.tests import factories as f
from gandeng.conduct.views import code as views
from gandeng.documents.tests.certificates import PASSWORD, looked_at, office_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast):
    return f.make_people(cast)


@pytest.fixture
def ministry(cast):
    return cast("MINISTRY_HEAD", "")


def sign(acting, shown="", *, second_factor=False):
    with in_territory(acting):
        mine = queries.own_code(acting)
        return actions.sign(acting, mine.staff, mine.code, shown or mine.code.text_sha256, second_factor=second_factor)


def test_it_works(people, ministry):
    code = f.make_code(ministry)
    with coming_from("203.0.113.9"):
        signed = sign(people.accused, second_factor=True)
    assert (signed.text_sha256, signed.from_address, signed.second_factor) == (code.text_sha256, "203.0.113.9", True)
    assert sign(people.accused) == signed, "once"
    with in_territory(people.coordinator):
        assert [
            (one.staff, one.signed, one.due) for one in queries.coverage(people.coordinator, "", timezone.localdate())
        ] == [(2, 1, 1)]
        left = queries.unsigned(people.coordinator, "637101", timezone.localdate())
        assert [one.person_id for one in left] == [people.lead.person_id]


def test_a_later_version_makes_every_signature_due_again(people, ministry):
    first = f.make_code(ministry)
    sign(people.accused)
    day = timezone.localdate() + timedelta(days=3)
    f.make_code(ministry, day=day, articles=["Lain sama sekali."])
    with in_territory(people.accused):
        assert queries.in_force("6371", day - timedelta(days=1)) == first
        assert queries.in_force("6371", day) != first
        assert queries.own_unsigned(people.accused).count() == 0
    with in_territory(people.head):
        assert queries.unsigned(people.head, "", day).count() == 2


def test_the_signature_is_bound_to_the_text(people, ministry):
    code = f.make_code(ministry)
    assert queries.digest(code.title, code.source, code.articles) == code.text_sha256
    assert queries.digest(code.title, code.source, [*code.articles[:-1], "lain"]) != code.text_sha256
    assert queries.digest("ab", "c", []) != queries.digest("a", "bc", [])
    with pytest.raises(ConductRefused, match="bukan lagi versi yang berlaku"):
        sign(people.accused, shown="0" * 64)
    for column, value in (("text_sha256", "0" * 64), ("staff", people.staff)):
        told = {"code": code, "staff": people.staff, "region_code": "6371", "text_sha256": code.text_sha256}
        acting = people.accused if column == "text_sha256" else people.lead
        with in_territory(acting), pytest.raises(IntegrityError), transaction.atomic():
            Signature(**(told | {column: value})).save(force_insert=True)


def test_a_version_in_force_and_a_signature_are_never_changed(people, ministry):
    f.make_code(ministry)
    sign(people.accused)
    for change in (
        "update conduct_code set articles = '[]'", "update conduct_code set withdrawn_at = now()",
        "update conduct_signature set second_factor = true", "delete from conduct_code",
        "delete from conduct_signature",
    ):  # fmt: skip
        with (
            in_territory(ministry), connection.cursor() as cursor,
            pytest.raises(Exception, match=r"permission denied|never changed|not changed"), transaction.atomic(),
        ):  # fmt: skip
            cursor.execute(change)


def test_a_version_whose_day_has_not_come_is_withdrawn(ministry):
    code = f.make_code(ministry, day=timezone.localdate() + timedelta(days=1))
    with in_territory(ministry):
        actions.withdraw(ministry, code, "Salah salin")
        assert queries.in_force("6371", code.valid_from) is None
        with pytest.raises(ConductRefused):
            actions.withdraw(ministry, f.make_code(ministry), "Terlambat")


def test_it_refuses_another_office_a_past_day_and_what_is_not_completed(people, ministry, cast):
    province = people.province
    with pytest.raises(PermissionDenied):
        f.make_code(province, "")
    with pytest.raises(PermissionDenied):
        f.make_code(people.head, "63")
    with pytest.raises(ConductRefused, match="paling awal hari ini"):
        f.make_code(ministry, day=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ConductRefused, match="lengkapi"):
        f.make_code(ministry, articles=[starting_list()])
    made = f.make_code(province, "63")
    with pytest.raises(ConductRefused, match="sudah punya versi"):
        f.make_code(province, "63")
    elsewhere = cast("PROVINCE_HEAD", "62")
    with in_territory(elsewhere), pytest.raises(Http404):
        queries.access_code(elsewhere, made.pk)


def test_what_is_published_has_a_source_and_is_no_decree():
    assert len(prohibitions()) == 11
    assert [*sanctions()][::4] == ["ORAL_WARNING", "DISMISSAL"]
    for one in (*prohibitions().values(), *sanctions().values()):
        assert one.source.id and one.fact.en


def test_pages(people, ministry, client_of, monkeypatch):
    browser = client_of(ministry)
    told = {
        "region": "-", "title": "Kode Etik", "source": "Perdirjen 1/2026",
        "articles": "Satu.\r\n\r\nDua,\r\nbaris kedua.", "valid_from": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert "[lengkapi" in browser.get(reverse("conduct:enter"), {"mulai": "larangan"}).content.decode()
    assert browser.post(reverse("conduct:enter"), told).status_code == 422, "not said to be checked"
    assert browser.post(reverse("conduct:enter"), told | {"checked": "on"}).status_code == 302
    browser = client_of(people.accused)
    page = browser.get(reverse("conduct:own")).content.decode()
    assert "Pasal 2" in page and "baris kedua" in page
    assert "versi menunggu tanda tangan Anda" in browser.get(reverse("home")).content.decode()
    asked = []
    monkeypatch.setattr(views, "ask_again", asked.append)
    assert browser.post(reverse("conduct:own"), {"digest": "x"}).status_code == 422
    with in_territory(people.accused):
        code = queries.own_code(people.accused).code
    assert browser.post(reverse("conduct:own"), {"digest": code.text_sha256, "agrees": "on"}).status_code == 302
    assert len(asked) == 1, "who one is was asked once more"
    assert "Surat pernyataan" in browser.get(reverse("conduct:own")).content.decode()
    for name in ("code", "coverage"):
        assert client_of(people.head).get(reverse(f"conduct:{name}")).status_code == 200


def test_who_has_not_signed_is_taken_away_and_written_down(people, ministry, client_of):
    f.make_code(ministry)
    sign(people.accused)
    answer = client_of(people.head).post(reverse("conduct:export"), {"region": "6371"})
    text = answer.content.decode("utf-8-sig")
    assert "Ketua Tim 6371" in text and "Terlapor" not in text
    with in_territory(people.head):
        assert AuditEntry.objects.get(action="code.unsigned_exported").facts["rows"] == 1
    other = client_of(people.head).get(reverse("conduct:coverage"), {"region": "6372"}).content.decode()
    assert "Ketua Tim" not in other


def test_another_district_is_not_there(people, ministry, cast, client_of):
    f.make_code(ministry)
    elsewhere = cast("DISTRICT_HEAD", "6372")
    page = client_of(elsewhere).get(reverse("conduct:coverage")).content.decode()
    assert "Ketua Tim" not in page and "Terlapor" not in page


def test_the_signed_statement_is_a_paper_with_the_text_it_is_about(people, ministry, client_of, cast):
    code = f.make_code(ministry)
    with coming_from("203.0.113.9"):
        signed = sign(people.accused)
    address = reverse("conduct:statement", args=[signed.pk])
    papers = {client_of(who).get(address).content for who in (people.accused, people.head, people.coordinator)}
    [content] = papers
    reader = PdfReader(BytesIO(content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "SURAT PERNYATAAN KODE ETIK",
        "Pendamping Terlapor",
        people.staff.staff_no,
        "Pasal 2",
        *code.articles,
    ):
        assert " ".join(words.split()) in text
    assert code.text_sha256 in text.replace(" ", "").replace("\u200b", "")
    assert "203.0.113.9" not in text
    assert b"Subtype /Sig" not in content and "/StructTreeRoot" in reader.trailer["/Root"]
    assert address in client_of(people.accused).get(reverse("conduct:own")).content.decode()
    for who, there in ((people.head, True), (people.lead, True), (people.reporter, False)):
        version = client_of(who).get(reverse("conduct:version", args=[code.pk])).content.decode()
        assert (address in version) == there
    for who in (cast("DISTRICT_HEAD", "6372"), cast("FACILITATOR", "6371011001"), people.reporter):
        assert client_of(who).get(address).status_code == 404


def test_the_statement_bears_the_signature_of_the_office(people, ministry, client_of, settings, tmp_path):
    f.make_code(ministry)
    address = reverse("conduct:statement", args=[sign(people.accused).pk])
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = office_file(tmp_path / "office.p12"), PASSWORD
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(client_of(people.accused).get(address).content)
    assert looked_at(paper).bottom_line
