import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS, WorkRefused, ask_to_stop
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.files import CameBefore, NotReceived, Typed, receive_file
from gandeng.reconciliation.models import CurrentOutcome, Reconciliation, ResultFile
from gandeng.reconciliation.queries import access_file, outcomes_of, senders_places
from gandeng.reconciliation.tests.world import (
    BANJARMASIN,
    again,
    csv_of,
    outcomes,
    payments_of,
    rupiah,
    send,
    silent,
    told,
    withdraw,
)
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def bri_of_banjarmasin(cycle):
    return [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]


def test_it_works(cycle, bank):
    one, two = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one), told(two, amount=250_000)])
    assert (file.state, file.rows, file.rupiah) == ("TAKEN", 2, 475_000)
    found = outcomes(cycle)
    assert (found[one.pk], found[two.pk]) == ("PAID", "UNDERPAID")
    assert sorted(found.values()) == ["PAID", "UNDERPAID", "UNREPORTED", "UNREPORTED"]
    assert Cycle.objects.get(pk=cycle.pk).state == "RECONCILING"


def test_the_child_process_reads_it_too(cycle, bank, monkeypatch):
    monkeypatch.undo()
    one, _ = bri_of_banjarmasin(cycle)
    assert send(bank, cycle, [told(one)]).state == "TAKEN"


def test_the_same_content_is_refused_also_renamed_and_says_by_whom(cycle, bank):
    one, _ = bri_of_banjarmasin(cycle)
    send(bank, cycle, [told(one)])
    with pytest.raises(CameBefore, match=f"{bank.person_name}.*bri.csv"):
        send(bank, cycle, [told(one)], name="lain.csv")
    assert Reconciliation.objects.count() == 1


def test_a_file_whose_reading_was_stopped_is_read_when_it_is_sent_again(cycle, bank):
    one, _ = bri_of_banjarmasin(cycle)

    def receive(rows, typed):
        sent = SimpleUploadedFile("bri.csv", csv_of(rows))
        with in_territory(bank):
            return receive_file(bank, Cycle.objects.get(pk=cycle.pk), sent, channel="BRI", region="6371", typed=typed)

    file, job = receive([told(one)], Typed(1, 1))
    with pytest.raises(CameBefore):  # its reading is under way
        receive([told(one)], Typed(1, 225_000))
    ask_to_stop(job)
    again, reading = receive([told(one)], Typed(1, 225_000))
    assert again.pk == file.pk and reading.pk != job.pk
    with in_territory(bank):
        KINDS[reading.kind](bank, silent, reading.arguments)
    assert outcomes(cycle)[one.pk] == "PAID"
    with pytest.raises(CameBefore):
        receive([told(one)], Typed(1, 225_000))


def test_a_stranger_is_not_told_who_sent_it(cycle, bank, cast):
    one, _ = bri_of_banjarmasin(cycle)
    send(bank, cycle, [told(one)])
    other = cast("CHANNEL_OFFICER", "6372", channel="BNI")
    with pytest.raises(CameBefore) as refused:
        send(other, cycle, [told(one)], channel="BNI", region="6372")
    assert bank.person_name not in str(refused.value)


def test_overlapping_files_count_an_event_once(cycle, bank):
    one, two = bri_of_banjarmasin(cycle)
    send(bank, cycle, [told(one)])
    send(bank, cycle, [told(one), told(two)], name="lengkap.csv")
    assert outcomes(cycle)[one.pk] == outcomes(cycle)[two.pk] == "PAID"


def test_the_order_of_files_changes_no_outcome(cycle, bank, cast):
    one, two = bri_of_banjarmasin(cycle)
    parts = [[told(one)], [told(two, amount=1_000)], [told(two, amount=749_000, reference="K2")]]
    for rows in reversed(parts):
        send(bank, cycle, rows, name=f"{rupiah(rows)}.csv")
    assert outcomes(cycle)[two.pk] == outcomes(cycle)[one.pk] == "PAID"


def test_a_file_withdrawn_leaves_no_trace_in_the_figures(cycle, bank, coordinator):
    one, _ = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one)])
    assert withdraw(coordinator, file).state == "WITHDRAWN"
    assert outcomes(cycle)[one.pk] == "UNREPORTED"
    assert send(bank, cycle, [told(one)]).state == "TAKEN", "after a withdrawal the same content may come again"


def test_it_refuses_withdrawal_by_the_sender(cycle, cast):
    officer = cast("PROVINCE_OFFICER", "63")
    one, _ = bri_of_banjarmasin(cycle)
    file = send(officer, cycle, [told(one)])
    with pytest.raises(WorkRefused, match="orang lain"):
        withdraw(officer, file)


def test_it_refuses_withdrawal_by_who_has_no_right(cycle, bank, operator):
    one, _ = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one)])
    with pytest.raises(PermissionDenied):
        withdraw(operator, file)


def test_it_refuses_other_totals_with_both_figures(cycle, bank):
    one, _ = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one)], typed=Typed(2, 225_001))
    assert file.state == "REFUSED"
    words = " ".join(fault["words"] for fault in file.faults)
    assert "yang diketik 2, sedangkan isi berkas 1" in words
    assert "Rp225.001" in words and "Rp225.000" in words
    assert not outcomes(cycle)


def test_it_refuses_a_file_that_cannot_be_read_with_its_faults(cycle, bank):
    file = send(bank, cycle, b"a,b\n1,2\n", typed=Typed(1, 0))
    assert file.state == "REFUSED"
    assert file.faults and not file.rows_sha256


def test_it_refuses_rows_of_another_channel(cycle, bank):
    one, _ = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one, channel="BNI")])
    assert file.state == "REFUSED"
    assert "BNI" in file.faults[0]["words"]


@pytest.mark.parametrize("kept", ["payment_id", "account_no", "nik"])
def test_it_refuses_rows_on_payments_outside_the_region_by_any_key(cycle, bank, kept):
    far = next(p for p in payments_of(cycle) if p.village_code.startswith("6372"))
    gone = {"payment_id": "", "account_no": "", "nik": ""}
    del gone[kept]
    file = send(bank, cycle, [told(far, **gone)])
    assert file.state == "REFUSED"
    assert "di luar wilayah" in file.faults[0]["words"]


def test_it_refuses_a_closed_cycle(cycle, bank):
    one, _ = bri_of_banjarmasin(cycle)
    Cycle.objects.filter(pk=cycle.pk).update(state="CLOSED")
    with pytest.raises(NotReceived, match="ditutup"):
        send(bank, cycle, [told(one)])


def test_a_bank_sends_for_its_own_channel_and_region_alone(cycle, bank):
    with in_territory(bank):
        assert senders_places(bank, cycle) == (["6371"], ["BRI"])
        for channel, region in (("POS", "6371"), ("BRI", "6372"), ("BRI", "63")):
            with pytest.raises(PermissionDenied):
                receive_file(
                    bank, cycle, SimpleUploadedFile("x.csv", b"x"), channel=channel, region=region, typed=Typed(1, 1)
                )


def test_another_banks_officer_sees_nothing_of_it(cycle, bank, cast):
    one, _ = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one)])
    other = cast("CHANNEL_OFFICER", "6371", channel="POS")
    with in_territory(other):
        with pytest.raises(Http404):
            access_file(other, file.pk)
        assert {row.channel for row in outcomes_of(cycle, {})} == {"POS"}


def test_a_district_sees_only_its_rows(cycle, cast, stranger):
    officer = cast("PROVINCE_OFFICER", "63")
    rows = [told(p) for p in payments_of(cycle) if p.channel == "BRI"]
    send(officer, cycle, rows, region="63")
    with in_territory(stranger):
        assert {row.village_code[:4] for row in CurrentOutcome.objects.all()} == {"6372"}
        assert ResultFile.objects.count() == 1, "a province's file is read by its districts"


def test_only_what_changed_is_written(cycle, bank):
    from gandeng.reconciliation.models import OutcomeRow, ResultRow

    one, two = bri_of_banjarmasin(cycle)
    send(bank, cycle, [told(one)])
    send(bank, cycle, [told(two)], name="dua.csv")
    with in_territory(EVERYWHERE):
        assert sorted(OutcomeRow.objects.values_list("number", flat=True)) == [1, 1, 1, 1, 2]
        assert ResultRow.objects.count() == 2


def test_the_upload_page_answers_a_job_and_the_receipt_tells(cycle, bank, client_of):
    one, _ = bri_of_banjarmasin(cycle)
    browser = client_of(bank)
    page = reverse("reconciliation:upload", args=[cycle.pk])
    assert browser.get(page).status_code == 200
    rows = [told(one)]
    form = {
        "file": SimpleUploadedFile("bri.csv", csv_of(rows)),
        "channel": "BRI",
        "region": "6371",
        "rows": "1",
        "rupiah": "Rp225.000",
    }
    answer = browser.post(page, form)
    job = Job.objects.get()
    assert answer.url == reverse("jobs:job", args=[job.pk])
    with in_territory(bank):
        file = ResultFile.objects.get()
    receipt = browser.get(reverse("reconciliation:file", args=[file.pk])).content.decode()
    assert file.sha256 in receipt and "menunggu dibaca" in receipt
    form["file"] = SimpleUploadedFile("lain.csv", csv_of(rows))
    assert browser.post(page, form).status_code == 422


def test_the_upload_page_keeps_what_was_typed(cycle, bank, client_of):
    answer = client_of(bank).post(
        reverse("reconciliation:upload", args=[cycle.pk]),
        {"channel": "BRI", "region": "6371", "rows": "tiga", "rupiah": "1,5"},
    )
    assert answer.status_code == 422
    assert "tiga" in answer.content.decode()


def test_a_file_of_ours_that_was_touched_is_read_again(cycle, bank):
    from pathlib import Path

    one, two = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one)])
    Path(file.path).with_suffix(".rows.parquet").write_bytes(b"no")
    send(bank, cycle, [told(two)], name="dua.csv")
    assert outcomes(cycle)[one.pk] == outcomes(cycle)[two.pk] == "PAID"


def test_an_office_restored_into_another_folder_reads_on(cycle, bank, settings, tmp_path):
    one, two = bri_of_banjarmasin(cycle)
    file = send(bank, cycle, [told(one)])
    results = tmp_path / "data" / "results"
    results.mkdir(parents=True)
    for kept in (file.kept, file.kept.with_suffix(".rows.parquet")):
        kept.rename(results / kept.name)
    settings.DATA_DIR = results.parent
    send(bank, cycle, [told(two)], name="dua.csv")
    assert outcomes(cycle)[one.pk] == outcomes(cycle)[two.pk] == "PAID"
    assert again(file).kept.is_file()


def test_no_identifier_is_in_what_the_engine_reads(cycle, bank):
    from pathlib import Path

    import pyarrow.parquet as pq

    from gandeng.reconciliation.tests.world import identifiers

    one, _ = bri_of_banjarmasin(cycle)
    nik, account = identifiers(one)
    file = send(bank, cycle, [told(one, reason=f"NIK {nik} pasif")])
    kept = Path(file.path).with_suffix(".rows.parquet")
    text = str(pq.read_table(kept).to_pylist())
    assert nik not in text and account not in text
    assert kept.stat().st_mode & 0o077 == 0 == Path(file.path).stat().st_mode & 0o077
