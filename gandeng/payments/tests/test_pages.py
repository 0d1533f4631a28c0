import io
import zipfile

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.jobs.models import Job
from gandeng.payments import actions
from gandeng.payments.models import Approval, Cycle, Instruction, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import (
    HELD_DAY,
    People,
    approved,
    families,
    instructed,
    listed,
    lists_of,
    opened,
    quiet,
)
from gandeng.payments.views import approving, cycles, instructions
from gandeng.payments.views import lists as list_views
from gandeng.registry.models import Account
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db

_QUERIES = 12


@pytest.fixture
def people(cast):
    return People(cast)


@pytest.fixture
def known(monkeypatch):
    """Identity was shown a moment ago."""
    for module in (approving, cycles, instructions, list_views):
        monkeypatch.setattr(module, "ask_again", lambda _request: None)


def pages(cycle):
    """Every page of a cycle that answers to GET."""
    names = ("cycle", "journal", "instructions", "held", "approvals")
    return [reverse("payments:cycles"), *(reverse(f"payments:{name}", args=[cycle.pk]) for name in names)]


@pytest.mark.parametrize("until", [opened, listed, approved, instructed])
def test_it_works(people, client_of, django_assert_max_num_queries, until):
    families(("6371011001", "BRI"), ("6372011001", "POS"))
    cycle = opened(people)
    for step in (listed, approved, instructed)[: [opened, listed, approved, instructed].index(until)]:
        cycle = step(people, cycle)
    browser = client_of(people.officer)
    browser.get(reverse("payments:cycles"))
    for page in pages(cycle):
        with django_assert_max_num_queries(_QUERIES):
            assert browser.get(page).status_code == 200, page
    for each in lists_of(cycle):
        with django_assert_max_num_queries(_QUERIES):
            answer = browser.get(reverse("payments:list", args=[each.pk]))
        assert each.root[:12] in answer.content.decode()
        assert "Rp500.000" in answer.content.decode()
    with in_territory(people.officer):
        for payment in Payment.objects.all():
            with django_assert_max_num_queries(_QUERIES + 1):
                assert "Ibu hamil" in browser.get(reverse("payments:payment", args=[payment.pk])).content.decode()


def test_a_cycle_is_opened_after_its_figures_were_shown(people, client_of):
    browser = client_of(people.officer)
    shown = browser.get(reverse("payments:open"), {"year": 2024, "stage": 3, "months": "", "region": "63"})
    assert "Sidik kebijakan" in shown.content.decode()
    answer = browser.post(reverse("payments:open"), {"year": 2024, "stage": 3, "months": "", "region": "63"})
    cycle = Cycle.objects.get()
    assert (answer.status_code, answer.url, cycle.key, cycle.months) == (
        302,
        reverse("payments:cycle", args=[cycle.pk]),
        "2024-3",
        2,
    )
    again = browser.post(reverse("payments:open"), {"year": 2024, "stage": 3, "months": "", "region": "63"})
    assert again.status_code == 422
    assert "sudah dibuka" in again.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"year": 1999, "stage": 1},
        {"year": 2024, "stage": 12},
        {"year": "x", "stage": ""},
        {"year": 2024, "stage": 1, "region": "31"},
    ],
)
def test_it_refuses_a_stage_that_is_not(people, client_of, typed):
    answer = client_of(people.officer).post(reverse("payments:open"), {"region": "63", "months": "", **typed})
    assert answer.status_code == 422
    assert not Cycle.objects.exists()


def test_a_step_starts_a_job_and_only_one(people, client_of):
    cycle = opened(people)
    browser = client_of(people.officer)
    address = reverse("payments:step", args=[cycle.pk])
    assert browser.post(address, {"step": "freeze"}).status_code == 302
    assert browser.post(address, {"step": "freeze"}).status_code == 422
    assert Job.objects.get().kind == "payments.freeze"
    assert browser.post(address, {"step": "rampok"}).status_code == 400


def test_what_is_kept_and_taken_away_is_indonesian_though_the_page_is_english(people, client_of):
    cycle = opened(people)
    browser = client_of(people.officer)
    browser.cookies["language"] = "en"
    assert "Freeze the data of families" in browser.get(reverse("payments:cycle", args=[cycle.pk])).content.decode()
    browser.post(reverse("payments:step", args=[cycle.pk]), {"step": "freeze"})
    assert Job.objects.get().title == f"Membekukan data Tahap {cycle.stage} tahun {cycle.year}"
    families(("6371011001", "BRI"))
    listed(people, cycle)
    approved(people, cycle)
    told = browser.get(reverse("payments:approvals", args=[cycle.pk])).content.decode()
    assert "Kabupaten/kota;Penyalur" in told.replace(",", ";")
    assert "Disiapkan" in told


def test_lists_are_approved_on_the_page_by_what_was_seen(people, client_of, known):
    families(("6371011001", "BRI"))
    cycle = listed(people, opened(people))
    [one] = lists_of(cycle)
    with in_territory(people.officer):
        actions.submit_list(people.officer, one)
    head = client_of(people.head("6371"))
    assert "Menunggu Anda" in head.get(reverse("payments:cycle", args=[cycle.pk])).content.decode()
    address = reverse("payments:approve_list", args=[one.pk])
    stale = head.post(address, {"level": "DISTRICT", "root": "0" * 64})
    assert (stale.status_code, "sudah berubah" in stale.content.decode()) == (422, True)
    assert head.post(address, {"level": "DISTRICT", "root": one.root}).status_code == 302
    assert head.post(address, {"level": "DISTRICT", "root": one.root}).status_code == 422
    assert head.post(address, {"level": "PROVINCE", "root": one.root}).status_code == 403
    province = client_of(people.province)
    many = reverse("payments:approve", args=[cycle.pk])
    assert province.post(many, {}).status_code == 422
    assert province.post(many, {"list": f"{one.pk}:{one.root}"}).status_code == 302
    assert Cycle.objects.get().state == "APPROVED"


def test_approving_asks_for_identity_again(people, left_open):
    families(("6371011001", "BRI"))
    [one] = lists_of(listed(people, opened(people)))
    with in_territory(people.officer):
        actions.submit_list(people.officer, one)
    answer = left_open(people.head("6371")).post(
        reverse("payments:approve_list", args=[one.pk]), {"level": "DISTRICT", "root": one.root}
    )
    assert answer.status_code == 302 and "reauthenticate" in answer.url
    with in_territory(people.officer):
        assert [each.level for each in Approval.objects.all()] == ["PREPARE"]


def test_a_list_is_returned_with_a_reason(people, client_of):
    families(("6371011001", "BRI"))
    [one] = lists_of(listed(people, opened(people)))
    with in_territory(people.officer):
        actions.submit_list(people.officer, one)
    head, address = client_of(people.head("6371")), reverse("payments:refuse_list", args=[one.pk])
    assert head.post(address, {"reason": "", "root": one.root}).status_code == 422
    assert head.post(address, {"reason": "Satu keluarga sudah pindah", "root": one.root}).status_code == 302
    assert "Satu keluarga sudah pindah" in head.get(reverse("payments:list", args=[one.pk])).content.decode()


def test_lists_are_handed_in_together(people, client_of):
    families(("6371011001", "BRI"), ("6372011001", "BRI"))
    cycle = listed(people, opened(people))
    browser, address = client_of(people.officer), reverse("payments:submit", args=[cycle.pk])
    stage = browser.get(reverse("payments:cycle", args=[cycle.pk])).content.decode()
    assert stage.index("<details") < stage.index("Bekukan ulang"), "no slip of a finger undoes what was calculated"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {}).status_code == 422
    tickets = [f"{each.pk}:{each.root}" for each in lists_of(cycle)]
    assert browser.post(address, {"list": tickets}).status_code == 302
    assert len(Job.objects.get().arguments["roots"]) == 2
    with in_territory(people.officer):
        actions.freeze(people.officer, cycle, quiet)
        old = lists_of(cycle)[0]
        with pytest.raises(Refused):
            actions.submit_list(people.officer, old, old.root)
    said = "Daftar dari data yang lama"
    for page in (reverse("payments:cycle", args=[cycle.pk]), reverse("payments:list", args=[old.pk])):
        assert said not in stage and said in browser.get(page).content.decode(), page
    assert not browser.get(address).context["rows"] and browser.post(address, {"list": tickets}).status_code == 422


def test_exports_are_masked_logged_and_bounded(people, client_of, monkeypatch):
    families(("6371011001", "BRI"), ("6371021001", "BRI"))
    [one] = lists_of(listed(people, opened(people)))
    browser = client_of(people.officer)
    told = browser.get(reverse("payments:export", args=[one.pk, "csv"])).content.decode("utf-8-sig")
    with in_territory(people.officer):
        payment = Payment.objects.first()
        assert AuditEntry.objects.filter(action="payments.exported").count() == 1
    assert f"***{payment.nik_last4}" in told
    assert len(told.splitlines()) == 3
    book = browser.get(reverse("payments:export", args=[one.pk, "xlsx"])).content
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    monkeypatch.setattr(list_views, "EXPORT_ROWS", 1)
    refused = browser.get(reverse("payments:export", args=[one.pk, "csv"]))
    assert (refused.status_code, "kecamatan" in refused.content.decode()) == (422, True)
    assert browser.get(reverse("payments:export", args=[one.pk, "csv"]), {"kecamatan": "637102"}).status_code == 200
    assert browser.get(reverse("payments:export", args=[one.pk, "csv"]), {"wilayah": "63"}).status_code == 400


def test_a_file_is_fetched_its_password_shown_once(people, client_of, cast, known):
    families(("6371011001", "BRI"))
    instructed(people, approved(people, listed(people, opened(people))))
    with in_territory(people.officer):
        made = Instruction.objects.get()
    browser = client_of(people.officer)
    first, second = (browser.post(reverse("payments:download", args=[made.pk])) for _ in range(2))
    assert b"".join(first.streaming_content) == b"".join(second.streaming_content)
    assert "SALINAN" in second["Content-Disposition"]
    assert "SALINAN" not in first["Content-Disposition"]
    address = reverse("payments:password", args=[made.pk])
    assert [browser.post(address).status_code for _ in range(2)] == [200, 422]
    bank, other = cast("CHANNEL_OFFICER", "63", channel="BRI"), cast("CHANNEL_OFFICER", "63", channel="BNI")
    assert client_of(bank).post(reverse("payments:download", args=[made.pk])).status_code == 200
    assert client_of(other).post(reverse("payments:download", args=[made.pk])).status_code == 404
    assert client_of(bank).post(address).status_code == 403
    assert client_of(people.province).post(reverse("payments:download", args=[made.pk])).status_code == 403


def test_what_is_held_back_is_told(people, client_of):
    first, _ = families(("6371011001", "BRI"), ("6371011001", "BRI"))
    with in_territory(EVERYWHERE):
        Account.objects.filter(family=first).update(usable_from=HELD_DAY)
    cycle = listed(people, opened(people))
    browser = client_of(people.officer)
    assert "1 keluarga ditahan" in browser.get(reverse("payments:cycle", args=[cycle.pk])).content.decode()
    told = browser.get(reverse("payments:held", args=[cycle.pk])).content.decode()
    assert first.family_no in told
    assert "masa tunggu" in told


def test_the_next_district_finds_nothing(people, cast, client_of):
    families(("6371011001", "BRI"), ("6372011001", "BRI"))
    cycle = instructed(people, approved(people, listed(people, opened(people))))
    mine, theirs = lists_of(cycle)
    with in_territory(people.officer):
        payment = Payment.objects.get(list=theirs)
    browser = client_of(people.head("6371"))
    assert browser.get(reverse("payments:list", args=[mine.pk])).status_code == 200
    nothing = browser.get(reverse("payments:list", args=[cycle.pk]))
    for address in (
        reverse("payments:list", args=[theirs.pk]),
        reverse("payments:payment", args=[payment.pk]),
        reverse("payments:export", args=[theirs.pk, "csv"]),
    ):
        answer = browser.get(address)
        assert (answer.status_code, answer.content) == (404, nothing.content)
    page = browser.get(reverse("payments:cycle", args=[cycle.pk])).content.decode()
    assert "Rp500.000" in page
    assert "Rp1.000.000" not in page.split("Dasar tahap ini")[0]
    elsewhere = client_of(cast("DISTRICT_HEAD", "3201"))
    assert elsewhere.get(reverse("payments:cycle", args=[cycle.pk])).status_code == 404


def test_a_district_s_lists_stand_in_one_line_with_the_last_approval(people, client_of):
    families(("6371011001", "BRI"), ("6371011001", "BNI"), ("6372011001", "BRI"))
    cycle = listed(people, opened(people))
    with in_territory(people.officer):
        for each in lists_of(cycle):
            actions.submit_list(people.officer, each)
    head = people.head("6371")
    with in_territory(head):
        actions.approve_list(head, lists_of(cycle)[0], "DISTRICT")
    page = client_of(people.province).get(reverse("payments:cycle", args=[cycle.pk]))
    first, second = page.context["districts"]
    assert [row["list"].channel for row in first["lists"]] == ["BNI", "BRI"]
    assert (first["payments"], first["last"].person.name) == (2, head.person_name)
    assert [(state["label"], state["count"]) for state in first["states"]] == [
        ("Disetujui kabupaten/kota", 1), ("Diajukan", 1),
    ]  # fmt: skip
    assert second["last"].level == "PREPARE"
    assert all(reverse("payments:list", args=[one.pk]) in page.content.decode() for one in lists_of(cycle))


def test_a_bank_officer_sees_the_lists_of_the_bank(people, cast, client_of):
    families(("6371011001", "BRI"), ("6371011001", "BNI"))
    cycle = instructed(people, approved(people, listed(people, opened(people))))
    browser = client_of(cast("CHANNEL_OFFICER", "63", channel="BRI"))
    page = browser.get(reverse("payments:cycle", args=[cycle.pk])).content.decode()
    assert "BRI" in page
    assert "BNI" not in page
    bri = next(each for each in lists_of(cycle) if each.channel == "BRI")
    assert browser.get(reverse("payments:list", args=[bri.pk])).status_code == 200
    with in_territory(people.officer):
        payment = Payment.objects.get(list=bri)
    answer = browser.get(reverse("payments:payment", args=[payment.pk]))
    assert answer.status_code == 200
    assert "Ibu hamil" not in answer.content.decode()


def test_a_signed_cycle_is_closed_on_its_page(people, client_of, known):
    families(("6371011001", "BRI"))
    cycle = instructed(people, approved(people, listed(people, opened(people))))
    browser, address = client_of(people.officer), reverse("payments:close", args=[cycle.pk])
    assert browser.post(address).status_code == 422
    actions.set_reconciling(cycle)
    actions.set_signed(cycle)
    assert browser.get(address).status_code == 200
    assert browser.post(address).status_code == 302
    assert Cycle.objects.get().state == "CLOSED"
