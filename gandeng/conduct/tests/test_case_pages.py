"""Pages of a case, as each of its people sees them."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.conduct import case_queries as queries
from gandeng.conduct.actions import cases, steps
from gandeng.conduct.models import Case
from gandeng.conduct.tests import factories as f
from gandeng.facilitators.models import Staff

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7 kartu"


@pytest.fixture
def people(cast):
    return f.make_people(cast)


def told(staff_id=None):
    return {
        "case_id": str(uuid4()), "prohibition": "CARD", "happened_on": "2024-05-03", "what": f.WHAT, "source": f.SOURCE,
        "paper": SimpleUploadedFile("kartu-terlapor.pdf", PAPER),
    }  # fmt: skip


def page(browser, case, name="case", **more):
    return browser.get(reverse(f"conduct:{name}", kwargs={"ethics_case_id": case.pk, **more}))


def test_it_works_on_pages(people, client_of):
    helpdesk, head, operator, accused = map(
        client_of, (people.reporter, people.head, people.investigator, people.accused)
    )
    assert str(people.staff.pk) in helpdesk.get(reverse("conduct:choose"), {"q": "Terlapor"}).content.decode()
    url, sent = reverse("conduct:report", args=[people.staff.pk]), told()
    assert helpdesk.post(url, sent | {"what": ""}).status_code == 422
    sent["paper"].seek(0)
    assert helpdesk.post(url, sent).status_code == 302
    with in_territory(people.reporter):
        case = queries.own_reports(people.reporter).get()
    assert case.number in helpdesk.get(reverse("conduct:cases")).content.decode()
    assert page(helpdesk, case).status_code == 404

    def deed(browser, name, **values):
        url = reverse("conduct:deed", kwargs={"ethics_case_id": case.pk, "deed": name})
        assert browser.get(url).status_code == 200, name
        answer = browser.post(url, values)
        assert answer.status_code == 302, answer.content.decode()[-3000:]

    today = timezone.localdate().isoformat()
    assert f.WHAT not in page(head, case).content.decode()
    assert head.post(reverse("conduct:take", args=[case.pk])).status_code == 302
    shown = page(head, case).content.decode()
    assert f.WHAT in shown and "Belum ditunjuk" in shown and "Pelapor Rahasia" not in shown
    deed(head, "tunjuk", person=f"DECIDER:{people.head.person_id}")
    deed(head, "tunjuk", person=f"INVESTIGATOR:{people.investigator.person_id}")
    assert page(accused, case).status_code == 404
    deed(operator, "undang", day=today, text="Datang ke dinas pukul sembilan")
    deed(operator, "berita-acara", day=today, text="Ia mengakui memegang kartu")
    assert case.number in accused.get(reverse("home")).content.decode()
    deed(head, "putusan", outcome="DISMISSAL", text="Terbukti memegang kartu", referred="on")
    shown = page(accused, case).content.decode()
    assert "Terbukti memegang kartu" in shown and f.WHAT not in shown and "kartu-terlapor" not in shown
    deed(accused, "terima", text="Saya menerima putusan")
    coordinator = client_of(people.coordinator)
    assert page(coordinator, case).status_code == 404
    assert case.number in coordinator.get(reverse("facilitators:person", args=[people.staff.pk])).content.decode()
    assert case.number in coordinator.get(reverse("conduct:dismissals")).content.decode()
    deed(head, "koreksi", outcome="COACHING", text="Cukup pembinaan")
    assert case.number not in coordinator.get(reverse("conduct:dismissals")).content.decode()
    with in_territory(people.head):
        assert Staff.objects.get(pk=people.staff.pk).left_on is None


def test_the_name_of_the_reporter_is_shown_once_for_a_reason(people, client_of):
    case, browser = f.opened(people), client_of(people.head)
    url = reverse("conduct:reveal", args=[case.pk])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert "Pelapor Rahasia" in browser.post(url, {"reason": "Perlu keterangan"}).content.decode()
    assert "Pelapor Rahasia" not in page(browser, case).content.decode()
    for acting in (people.accused, people.lead, people.coordinator, people.auditor, people.province):
        assert client_of(acting).post(url, {"reason": "Ingin tahu"}).status_code == 404


def test_papers_open_for_the_people_of_the_case_alone(people, client_of):
    case = f.opened(people, paper=cases.Paper("kartu.pdf", "application/pdf", PAPER))
    with in_territory(people.head):
        (file,) = queries.access_case(people.head, case.pk).files
    url = reverse("conduct:file", args=[case.pk, file.pk])
    answer = client_of(people.head).post(url)
    assert (answer.content, answer["Content-Type"]) == (PAPER, "application/pdf")
    f.act(people.investigator, case, steps.call, f.said("Undangan"), timezone.localdate())
    for acting in (people.accused, people.lead, people.coordinator, people.auditor, people.province):
        assert client_of(acting).post(url).status_code == 404


def test_whoever_is_no_part_of_it_reads_nothing_of_it_anywhere(people, client_of, cast):
    case = f.decided(people, paper=cases.Paper("kartu-terlapor.pdf", "application/pdf", PAPER))
    secrets = (f.WHAT, "Pelapor Rahasia", "Wartini", "Ia mengakui", "Putusan dinas", "kartu-terlapor")
    people_around = (people.lead, people.coordinator, people.auditor, people.province,
                     cast("DISTRICT_HEAD", "6371"), cast("DISTRICT_OPERATOR", "6371"), people.reporter)  # fmt: skip
    urls = [reverse(f"conduct:{name}") for name in ("code", "cases", "clarifications", "choose", "own")]
    urls += [reverse("home"), reverse("conduct:case", args=[case.pk]), reverse("audit:entries")]
    for acting in people_around:
        browser = client_of(acting)
        for url in urls:
            shown = browser.get(url).content.decode()
            found = [secret for secret in (*secrets, "Pendamping Terlapor") if secret in shown]
            own = {"Pelapor Rahasia"} if acting is people.reporter else set()
            assert set(found) <= own, (acting.first.words, url)


def test_another_region_and_what_does_not_follow_is_not_there(people, client_of, cast):
    case = f.opened(people)
    elsewhere = client_of(cast("DISTRICT_HEAD", "6372"))
    assert page(elsewhere, case).status_code == 404
    assert elsewhere.post(reverse("conduct:take", args=[case.pk])).status_code == 404
    head = client_of(people.head)
    assert page(head, case, "deed", deed="putusan").status_code == 404, "nobody was heard"
    assert page(head, case, "deed", deed="apa-saja").status_code == 404
    stale = head.post(reverse("conduct:deed", args=[case.pk, "putusan"]), {"outcome": "DISMISSAL", "text": "cepat"})
    assert stale.status_code == 302
    with in_territory(people.head):
        assert Case.objects.get(pk=case.pk).state == Case.State.REPORTED


def test_a_page_of_a_case_asks_little(people, client_of, django_assert_max_num_queries):
    case, browser = f.decided(people), client_of(people.head)
    page(browser, case)
    with django_assert_max_num_queries(12):
        assert page(browser, case).status_code == 200
    browser = client_of(people.accused)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(12):
        assert browser.get(reverse("home")).status_code == 200


def test_what_people_wrote_stays_text(people, client_of):
    attack = "<script>alert(1)</script> {{ 7 }}"
    case = f.opened(people, what=attack)
    f.act(people.investigator, case, steps.add_note, f.said(attack))
    shown = page(client_of(people.head), case).content.decode()
    assert "<script>alert" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 }}") == 2
