import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.exceptions import Act, NotPossible, act_on, acts_for, decide_reissue
from gandeng.reconciliation.models import ExceptionAct, ExceptionCase, ReissueRequest
from gandeng.reconciliation.queries import access_exception, row_of_exception, waiting_exceptions
from gandeng.reconciliation.reissue_queries import reissues_to_send
from gandeng.reconciliation.suggestions import suggestions_for
from gandeng.reconciliation.tests.after import money
from gandeng.reconciliation.tests.test_treasury import decide, tell
from gandeng.reconciliation.tests.world import BANJARMASIN, outcomes, payments_of, send, told
from gandeng.registry.models import DecileReading
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def people(cycle):
    return [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]


@pytest.fixture
def sent(cycle, bank, people):
    """The first failed; of the second the bank tells under an id nobody knows."""
    failed, lost = people
    unknown = told(lost, payment_id="2024-2-LAIN", account_no="", nik="")
    return send(bank, cycle, [told(failed, "FAILURE", "", reason="rekening pasif"), unknown])


def case_of(kind):
    with in_territory(EVERYWHERE):
        return ExceptionCase.objects.select_related("cycle", "payment", "file").get(kind=kind)


def do(who, kind, act, **told):
    with in_territory(who):
        return act_on(who, case_of(kind), act, **({"reason": "Sesuai surat bank"} | told))


def test_it_works(sent, operator):
    do(operator, "FAILED", Act.CODE, code="F14")
    do(operator, "FAILED", Act.ASK_BANK)
    case = case_of("FAILED")
    assert (case.reason_code, case.state) == ("F14", "WITH_BANK")
    do(operator, "FAILED", Act.SETTLE, evidence="Surat 12/BRI")
    do(operator, "FAILED", Act.REOPEN)
    assert case_of("FAILED").state == "OPEN"
    with in_territory(EVERYWHERE):
        assert [act.act for act in ExceptionAct.objects.order_by("at")] == ["CODE", "ASK_BANK", "SETTLE", "REOPEN"]


def test_a_family_left_out_for_its_decile_has_it_beside(sent, operator, bank, people, client_of):
    """For whoever sees families; a bank does not."""
    address = reverse("reconciliation:exception", args=[case_of("FAILED").pk])
    do(operator, "FAILED", Act.CODE, code="F17")
    assert "Desil keluarga belum diketahui registri" in client_of(operator).get(address).content.decode()
    with in_territory(EVERYWHERE):
        DecileReading.objects.create(family_id=people[0].family_id, decile=7, read_on=date(2024, 5, 17))
    page = client_of(operator).get(address).content.decode()
    assert "Menurut registri desil keluarga 7, dibaca 17 Mei 2024" in page
    assert "desil keluarga" not in client_of(bank).get(address).content.decode()
    do(operator, "FAILED", Act.CODE, code="F14")
    assert "desil keluarga" not in client_of(operator).get(address).content.decode()


def test_a_persons_code_stays_when_the_bank_repeats_itself(sent, operator, cycle, bank, people):
    do(operator, "FAILED", Act.CODE, code="F05")
    send(
        bank,
        cycle,
        [told(people[0], "FAILURE", "", reason="F14 pasif", reference="LAGI", day="2024-05-20")],
        name="dua.csv",
    )
    assert case_of("FAILED").reason_code == "F05"


def test_a_suggestion_accepted_changes_no_outcome(sent, operator, cycle, people):
    with in_territory(operator):
        case = case_of("UNKNOWN")
        near = suggestions_for(case, row_of_exception(case))
    assert near[0].payment_id == people[1].pk
    do(operator, "UNKNOWN", Act.ACCEPT, evidence="Telepon bank", payment=people[1])
    assert case_of("UNKNOWN").state == "WITH_BANK"
    assert outcomes(cycle)[people[1].pk] == "UNREPORTED"


def test_it_refuses_a_suggestion_of_another_cycle(sent, operator, cycle):
    from gandeng.payments.tests.factories import make_cycle

    other = payments_of(make_cycle(stage=3))[0]
    with pytest.raises(NotPossible, match="saran"):
        do(operator, "UNKNOWN", Act.ACCEPT, evidence="x", payment=other)


@pytest.mark.parametrize(
    ("kind", "act", "changed", "words"),
    [
        ("FAILED", Act.ACCEPT, {"evidence": "x"}, "baris laporan"),
        ("UNKNOWN", Act.REISSUE, {"evidence": "x"}, "gagal atau dikembalikan"),
        ("FAILED", Act.SETTLE, {}, "bukti"),
        ("FAILED", Act.NOTE, {"reason": " "}, "alasan"),
        ("FAILED", Act.CODE, {"code": "F99"}, "kode"),
        ("FAILED", Act.REOPEN, {}, "berubah"),
        ("UNREPORTED", Act.REISSUE, {"evidence": "x"}, "gagal atau dikembalikan"),
    ],
)
def test_it_refuses_what_does_not_fit(sent, operator, kind, act, changed, words):
    with pytest.raises(NotPossible, match=words):
        do(operator, kind, act, **changed)


def test_it_refuses_a_stranger_and_a_bank(sent, stranger, bank):
    with in_territory(stranger), pytest.raises(Http404):
        access_exception(stranger, case_of("FAILED").pk)
    with pytest.raises(PermissionDenied):
        do(bank, "FAILED", Act.NOTE)


def test_a_reissue_takes_two_people_and_is_open_once(sent, operator, coordinator, cycle):
    do(operator, "FAILED", Act.REISSUE, evidence="Retur 7/BRI")
    with pytest.raises(NotPossible, match="sudah diminta"):
        do(coordinator, "FAILED", Act.REISSUE, evidence="Retur 7/BRI")
    with in_territory(EVERYWHERE):
        asked = ReissueRequest.objects.select_related("exception").get()
    with in_territory(operator), pytest.raises(NotPossible, match="orang lain"):
        decide_reissue(operator, asked, approve=True, reason="ya")
    with in_territory(coordinator):
        decide_reissue(coordinator, asked, approve=True, reason="Rekening sudah aktif")
        assert [each.payment_id for each in reissues_to_send(cycle)] == [case_of("FAILED").payment_id]


def test_undo_takes_an_undecided_reissue_back(sent, operator):
    do(operator, "FAILED", Act.REISSUE, evidence="Retur 7/BRI")
    do(operator, "FAILED", Act.ASK_BANK)
    do(operator, "FAILED", Act.REOPEN)
    do(operator, "FAILED", Act.REISSUE, evidence="Retur 8/BRI")
    with in_territory(EVERYWHERE):
        assert sorted(ReissueRequest.objects.values_list("state", flat=True)) == ["ASKED", "TAKEN_BACK"]


def test_it_refuses_a_reissue_when_the_money_has_arrived_meanwhile(sent, operator, coordinator, cycle, bank, people):
    do(operator, "FAILED", Act.REISSUE, evidence="Retur 7/BRI")
    send(bank, cycle, [told(people[0])], name="dua.csv")
    with in_territory(coordinator), pytest.raises(NotPossible, match="tidak lagi"):
        decide_reissue(coordinator, ReissueRequest.objects.select_related("exception").get(), approve=True, reason="ya")


def test_a_closed_cycle_takes_no_act(sent, operator, coordinator, cycle):
    do(operator, "FAILED", Act.REISSUE, evidence="Retur 7/BRI")
    Cycle.objects.filter(pk=cycle.pk).update(state="CLOSED")
    with in_territory(EVERYWHERE):
        asked = ReissueRequest.objects.select_related("exception").get()
    for approve in (True, False):
        with in_territory(coordinator), pytest.raises(NotPossible, match="ditutup"):
            decide_reissue(coordinator, asked, approve=approve, reason="ya")
    assert not acts_for(operator, case_of("FAILED"))
    with pytest.raises(NotPossible, match="ditutup"):
        do(operator, "FAILED", Act.NOTE)


def test_the_pages_show_and_do_it(sent, operator, client_of, cycle):
    browser = client_of(operator)
    case = case_of("UNKNOWN")
    page = browser.get(reverse("reconciliation:exception", args=[case.pk]))
    assert page.status_code == 200 and "Terima saran" not in page.content.decode()
    assert "Menerima saran pasangan" in page.content.decode()
    assert reverse("reconciliation:exceptions", args=[cycle.pk]) + '">Pengecualian</a></li>' in page.content.decode()
    form = reverse("reconciliation:exception_act", args=[case.pk, "tolak"])
    assert browser.get(form).status_code == 200
    assert browser.post(form, {"reason": ""}).status_code == 422
    assert browser.post(form, {"reason": "NIK 6371014101800001"}).status_code == 422
    done = browser.post(form, {"reason": "Bukan keluarga PKH"}, follow=True)
    assert done.redirect_chain and "Tercatat: Menolak." in done.content.decode()
    assert case_of("UNKNOWN").state == "SETTLED"
    assert browser.get(reverse("reconciliation:exception_act", args=[case.pk, "hapus"])).status_code == 404


def test_a_reissue_that_was_asked_for_is_not_offered_again(sent, operator, client_of):
    browser, case = client_of(operator), case_of("FAILED")
    page, offer = (
        reverse("reconciliation:exception", args=[case.pk]),
        reverse("reconciliation:exception_act", args=[case.pk, "bayar-ulang"]),
    )
    assert offer in browser.get(page).content.decode()
    do(operator, "FAILED", Act.REISSUE, evidence="Retur 7/BRI")
    assert offer not in browser.get(page).content.decode()
    do(operator, "FAILED", Act.ASK_BANK)
    do(operator, "FAILED", Act.REOPEN)
    assert offer in browser.get(page).content.decode(), "it was taken back"


def test_what_is_asked_for_goes_by_the_act(sent, operator, client_of):
    browser, case = client_of(operator), case_of("FAILED")
    for slug, words in (("catat", "Catatan"), ("tanya-bank", "Pertanyaan kepada bank"), ("selesai", "Alasan")):
        page = browser.get(reverse("reconciliation:exception_act", args=[case.pk, slug])).content.decode()
        assert words in page, slug


def test_the_stages_tell_how_many_wait_and_where(sent, operator, client_of, cycle):
    browser = client_of(operator)
    told = browser.get(reverse("reconciliation:cycles")).content.decode()
    listed = reverse("reconciliation:exceptions", args=[cycle.pk])
    found = re.search(rf'{re.escape(listed)}\?state=OPEN">(\d+)<', told)
    with in_territory(operator):
        assert found is not None and int(found[1]) == waiting_exceptions(operator).count() > 0
    rows = browser.get(listed, {"state": "OPEN"}).context["page"].rows
    assert len(rows) == int(found[1])


def test_rows_are_narrowed_by_event(sent, operator, client_of, cycle):
    browser, page = client_of(operator), reverse("reconciliation:rows", args=[cycle.pk])
    rows = browser.get(page, {"event": "FAILURE"}).context["page"].rows
    assert rows and {row.event for row in rows} == {"FAILURE"}
    assert browser.get(page, {"event": "APA"}).status_code == 400


def test_the_list_is_worst_first_and_pages_by_key(
    sent, operator, client_of, cycle, monkeypatch, django_assert_max_num_queries
):
    from gandeng.reconciliation import paging

    monkeypatch.setattr(paging.page_by_worst, "__kwdefaults__", {"size": 2})
    browser = client_of(operator)
    url = reverse("reconciliation:exceptions", args=[cycle.pk])
    browser.get(url)
    with django_assert_max_num_queries(12):
        first = browser.get(url)
    rows = first.context["page"].rows
    assert [row.at_stake_rupiah for row in rows] == [750_000, 750_000]
    second = browser.get(first.context["page"].next).context["page"]
    assert [row.at_stake_rupiah for row in second.rows] == [225_000] and not second.next
    back = browser.get(second.previous).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in rows]
    assert browser.get(url, {"after": "x"}).status_code == 400
    assert browser.get(url, {"apa": "x"}).status_code == 400
    assert browser.get(url, {"kind": "APA"}).status_code == 400


def test_the_workbook_is_masked_and_written_down(sent, operator, client_of, cycle, people):
    import io
    import zipfile

    from python_calamine import CalamineWorkbook

    from gandeng.audit.models import AuditEntry
    from gandeng.reconciliation.tests.world import identifiers

    answer = client_of(operator).get(reverse("reconciliation:exceptions_export", args=[cycle.pk]))
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert people[0].pk in text and people[0].name in text
    overview = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert {row[0]: row[1:7] for row in overview if row[0] in ("Gagal salur", "Tidak dikenal")} == {
        "Gagal salur": [1, people[0].amount_rupiah, "", "", "", ""],
        "Tidak dikenal": [1, "", people[1].amount_rupiah, 0, 0, 0],
    }
    for payment in people:
        assert not any(secret in text for secret in identifiers(payment))
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="exceptions.exported").exists()


def test_the_workbook_is_indonesian_though_the_page_is_english(sent, operator, client_of, cycle):
    import io
    import zipfile

    browser, told = client_of(operator), []
    for language in ("id", "en"):
        browser.cookies["language"] = language
        assert ("At stake" in browser.get(reverse("reconciliation:exceptions", args=[cycle.pk])).content.decode()) == (
            language == "en"
        )
        answer = browser.get(reverse("reconciliation:exceptions_export", args=[cycle.pk]))
        book = zipfile.ZipFile(io.BytesIO(answer.content))
        told.append({name: book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")})
    assert told[0] == told[1] != {}


def test_more_than_was_ordered_opens_a_case(cycle, bank, people):
    send(bank, cycle, [told(people[0], amount=people[0].amount_rupiah + 25_000)])
    case = case_of("OVERPAID")
    assert (case.payment_id, case.at_stake_rupiah, case.state) == (people[0].pk, 25_000, "OPEN")


def test_what_came_back_in_part_is_not_sent_again_and_the_page_says_what_helps(
    cycle, bank, operator, people, client_of
):
    one = people[1]
    send(bank, cycle, [told(one), told(one, "REVERSAL", 200_000, day="2024-05-20")])
    with pytest.raises(NotPossible, match="kas negara"):
        do(operator, "UNDERPAID", Act.REISSUE, evidence="Retur 7/BRI")
    browser, page = client_of(operator), reverse("reconciliation:exception", args=[case_of("UNDERPAID").pk])
    assert "Sisanya dikreditkan bank atau pos dan dilaporkan" in browser.get(page).content.decode()
    do(operator, "UNDERPAID", Act.SETTLE, evidence="Surat 12/BRI")
    assert "Sisanya dikreditkan" not in browser.get(page).content.decode()
    send(bank, cycle, [told(one, amount=200_000, day="2024-06-03", reference="SISA")], name="sisa.csv")
    assert outcomes(cycle)[one.pk] == "PAID", "credited by the bank, the rest is there"


def test_what_came_back_in_part_goes_to_the_treasury(cycle, bank, people, cast):
    one = people[1]
    send(bank, cycle, [told(one), told(one, "REVERSAL", 200_000, day="2024-05-20")])
    deposit = tell(bank, cycle, 200_000, "RETURNED")
    decide(cast("PROVINCE_HEAD", "63"), deposit)
    assert money(cycle)["TREASURY"] == 200_000
