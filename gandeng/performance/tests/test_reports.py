"""Monthly reports: composed from records, frozen when handed in, reviewed by somebody else."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.documents.monthly_report import words_of
from gandeng.facilitators import moving
from gandeng.facilitators.actions.caseload import hand_over
from gandeng.facilitators.models import CaseloadChange, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.performance.actions import reports
from gandeng.performance.actions.common import PerformanceRefused
from gandeng.performance.models import Photo, Report
from gandeng.performance.paper import paper_of
from gandeng.performance.report_queries import (
    access_report,
    content_of,
    month_of,
    own_late,
    seen_before,
    waiting,
)
from gandeng.performance.tests.factories import (
    SAID,
    ask_changes,
    days_of,
    last_month,
    make_report,
    make_worker,
    picture,
    review,
)
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


def _sent(content, name="foto.jpg"):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_it_works_from_draft_to_agreement(cast, client_of):
    worker, coordinator = make_worker(cast), cast("DISTRICT_COORDINATOR", "6371")
    ask_changes(worker, *days_of(last_month(), 3))
    hers, boss = client_of(worker.acting), client_of(coordinator)
    answer = hers.post(reverse("performance:reports"), {"month": last_month().isoformat()})
    page = answer.headers["Location"]
    assert hers.get(page).context["activities"][0]["count"] == 3
    assert boss.get(page).status_code == 404
    hers.post(f"{page}tulis/", SAID)
    hers.post(f"{page}foto/", {"photo": _sent(picture()), "caption": "Kunjungan"})
    assert hers.post(f"{page}serahkan/").status_code == 302
    ask_changes(worker, last_month())
    shown = boss.get(page)
    assert shown.context["content"]["results"][4]["month"] == 3 and shown.context["may_review"]
    image = boss.get(reverse("performance:photo", args=[page.split("/")[3], shown.context["photos"][0]["id"]]))
    assert image["Content-Type"] == "image/jpeg" and "attachment" in image["Content-Disposition"]
    digest = shown.context["opened"].version.content_sha256
    back = boss.post(f"{page}tinjau/", {"verdict": "RETURNED", "comment": "", "digest": digest})
    assert back.status_code == 422
    boss.post(f"{page}tinjau/", {"verdict": "AGREED", "comment": "Baik", "digest": digest})
    with in_territory(worker.acting):
        report = Report.objects.get()
        assert report.state == "AGREED" and digest == access_report(worker.acting, report.pk).review.content_sha256
    assert hers.post(f"{page}tulis/", SAID).status_code == 422


def test_returned_it_is_a_draft_again_and_a_second_version_follows(cast):
    worker, coordinator = make_worker(cast), cast("DISTRICT_COORDINATOR", "6371")
    report = make_report(worker, hand_in=True, photo=picture())
    review(coordinator, report, "RETURNED", "Lengkapi kesimpulan")
    with in_territory(worker.acting):
        opened = access_report(worker.acting, report.pk)
        reports.remove_photo(worker.acting, opened, Photo.objects.get())
        reports.write(worker.acting, access_report(worker.acting, report.pk), SAID | {"conclusion": "Lengkap"})
        reports.hand_in(worker.acting, access_report(worker.acting, report.pk))
        assert content_of(access_report(worker.acting, report.pk))["photos"] == [] and Photo.objects.count() == 1
    review(coordinator, report)
    with in_territory(coordinator):
        assert Report.objects.get().state == "AGREED"


def test_it_refuses_to_review_oneself_a_stranger_and_a_coordinator_another(cast):
    worker = make_worker(cast)
    report = make_report(worker, hand_in=True)
    boss = make_worker(cast, role="DISTRICT_COORDINATOR", grant="DISTRICT_COORDINATOR")
    other, head = cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_HEAD", "6371")
    own = make_report(boss, hand_in=True)
    for who, which, error in (
        (boss.acting, own, PermissionDenied), (other, own, PerformanceRefused),
        (worker.acting, report, PermissionDenied),
    ):  # fmt: skip
        with pytest.raises(error):
            review(who, which)
    with in_territory(other):
        assert list(waiting(other)) == [report]
    with in_territory(head):
        assert set(waiting(head)) == {report, own}
    review(head, own)


def test_the_database_keeps_what_was_handed_in_and_whose_it_is(cast):
    worker, coordinator = make_worker(cast), cast("DISTRICT_COORDINATOR", "6371")
    report = make_report(worker, hand_in=True, photo=picture())
    draft = make_report(make_worker(cast), photo=picture(5))
    for statement in (
        "update performance_report set state = 'AGREED'", "update performance_report set remarks_sealed = ''",
        "update performance_photo set sha256 = repeat('0', 64)", "delete from performance_photo",
        "update performance_report set state = 'DRAFT'",
    ):  # fmt: skip
        with in_territory(worker.acting), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
    for who in (make_worker(cast).acting, cast("DISTRICT_COORDINATOR", "6372"), cast("SUB_DISTRICT_LEAD", "637101")):
        with in_territory(who):
            assert not Report.objects.exists() and not Photo.objects.exists()
    with in_territory(coordinator):
        assert set(Report.objects.all()) == {report, draft}
        assert [one.report_id for one in Photo.objects.all()] == [report.pk]


def test_photos_are_made_harmless_and_reuse_is_told(cast, client_of):
    first, second = make_worker(cast), make_worker(cast)
    make_report(first, hand_in=True, photo=picture(3))
    report = make_report(second)
    browser, page = client_of(second.acting), reverse("performance:add_photo", args=[report.pk])
    for content in (b"%PDF-1.7 x", picture() + b"<script>", picture(size=(4000, 3000), kind="PNG"), b""):
        assert browser.post(page, {"photo": _sent(content), "caption": "x"}).status_code == 422
    assert browser.post(page, {"photo": _sent(picture()), "caption": "NIK 6371011705900001"}).status_code == 422
    assert browser.post(page, {"photo": _sent(picture(3)), "caption": "Sama"}).status_code == 302
    assert browser.post(page, {"photo": _sent(picture(3)), "caption": "Sama"}).status_code == 422
    with in_territory(second.acting):
        found = [one for rows in seen_before(report).values() for one in rows]
    assert [(one.alike, one.hers) for one in found] == [(False, False)]
    assert "foto yang sama" in browser.get(reverse("performance:report", args=[report.pk])).content.decode()


def test_both_papers_say_the_same(cast, client_of):
    worker = make_worker(cast)
    ask_changes(worker, *days_of(last_month(), 3))
    report = make_report(worker, hand_in=True, photo=picture())
    browser = client_of(cast("DISTRICT_HEAD", "6371"))
    with in_territory(worker.acting):
        content = content_of(access_report(worker.acting, report.pk))
    files = {
        kind: browser.post(reverse("performance:download", args=[report.pk, kind])).content for kind in ("pdf", "docx")
    }
    pdf = PdfReader(io.BytesIO(files["pdf"]))
    document = Document(io.BytesIO(files["docx"]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    texts = {
        "pdf": "".join("".join(page.extract_text().split()) for page in pdf.pages),
        "docx": "".join("".join(one.split()) for one in [*(line.text for line in document.paragraphs), *cells]),
    }
    for words in words_of(paper_of(content, standing="", day=timezone.localdate())):
        for kind, text in texts.items():
            assert "".join(words.split()).replace("­", "") in text.replace("​", ""), (kind, words)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"] and len(document.inline_shapes) == 1


def test_it_refuses_a_month_that_goes_on_and_an_empty_conclusion(cast):
    worker = make_worker(cast)
    now = make_report(worker, timezone.localdate().replace(day=1))
    past = make_report(worker)
    with in_territory(worker.acting):
        with pytest.raises(PerformanceRefused):
            reports.hand_in(worker.acting, access_report(worker.acting, now.pk))
        reports.write(worker.acting, access_report(worker.acting, past.pk), {})
        with pytest.raises(PerformanceRefused):
            reports.hand_in(worker.acting, access_report(worker.acting, past.pk))
        assert reports.begin(worker.acting, worker.staff, last_month()) == past
        assert own_late(worker.acting, timezone.localdate()) is None


def test_a_report_counts_the_families_of_its_month_also_those_she_handed_over_since(cast):
    """She no longer sees the village they live in; it was her work of that month all the same."""
    worker, coordinator, other = make_worker(cast), cast("DISTRICT_COORDINATOR", "6371"), make_staff()
    month, here, there = last_month(), "6371011001", "6371022001"
    for village in (here, there, there):
        make_family(village)
    with in_territory(coordinator):
        for village in (here, there):
            moving.hold(village)
            moving.fill_unaccompanied(village, worker.staff.pk, month)
            moving.carry_out(coordinator, CaseloadChange.Kind.ASSIGN, village, day=month, reason="Mulai")
        hand_over(coordinator, worker.staff, other, day=timezone.localdate(), reason="Mutasi", villages=[there])
    report = make_report(worker, month, hand_in=True)
    with in_territory(worker.acting):
        told = content_of(access_report(worker.acting, report.pk))["intro"]["overview"][2]
    assert "3 keluarga dampingan di 2 desa/kelurahan" in told


def test_whoever_moved_to_another_district_takes_her_reports_along(cast, client_of):
    """Her former office does not see her any more: the new one reads what she handed in before, and reviews it."""
    worker, former = make_worker(cast), cast("DISTRICT_COORDINATOR", "6371")
    now = cast("DISTRICT_COORDINATOR", "6372")
    report = make_report(worker, hand_in=True, photo=picture())
    with in_territory(EVERYWHERE):
        Staff.objects.filter(pk=worker.staff.pk).update(region_code="6372")
    herself = cast("FACILITATOR", "6372011001", person=worker.staff.person)
    with in_territory(former):
        assert not waiting(former).exists()
    with in_territory(now):
        assert list(waiting(now)) == [report]
        assert not month_of(now, last_month(), "6372").missing.exists(), "she did hand it in"
        photo = Photo.objects.get()
    desk = client_of(now)
    for name, args in (("report", [report.pk]), ("photo", [report.pk, photo.pk]), ("reviews", [])):
        assert desk.get(reverse(f"performance:{name}", args=args)).status_code == 200
    review(now, report, "RETURNED", "Lengkapi kesimpulan")
    with in_territory(herself):
        reports.hand_in(herself, access_report(herself, report.pk))
    review(now, report)
    with in_territory(now):
        assert Report.objects.get().state == "AGREED"
