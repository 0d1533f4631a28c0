"""Every page for whoever may see it, within its queries; nothing for whoever may not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from gandeng.accounts.acting import in_territory
from gandeng.core.money import format_rupiah
from gandeng.files.layouts import RESULTS
from gandeng.jobs.work import KINDS
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.files import Typed, receive_file
from gandeng.reconciliation.actions.statements import make_statement
from gandeng.reconciliation.models import ExceptionCase
from gandeng.reconciliation.queries import exceptions_of
from gandeng.reconciliation.sections import of_family, of_payment
from gandeng.reconciliation.tests.world import identifiers, payments_of, send, silent, told
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

OF_CYCLE = ("cycle", "outcomes", "rows", "exceptions", "statements")


@pytest.fixture
def sent(cycle, bank):
    one, two = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code.startswith("6371")]
    return send(bank, cycle, [told(one), told(two, payment_id="X", nik="", account_no="", name=one.name)])


def pages_of(cycle, file):
    yield reverse("reconciliation:cycles")
    for name in OF_CYCLE:
        yield reverse(f"reconciliation:{name}", args=[cycle.pk])
    yield reverse("reconciliation:file", args=[file.pk])
    with in_territory(EVERYWHERE):
        for case in ExceptionCase.objects.all():
            yield reverse("reconciliation:exception", args=[case.pk])


def test_they_work_within_their_queries(sent, cycle, operator, client_of, django_assert_max_num_queries):
    browser = client_of(operator)
    browser.get(reverse("reconciliation:cycles"))
    secrets = [secret for payment in payments_of(cycle) for secret in identifiers(payment) if secret]
    for page in pages_of(cycle, sent):
        with django_assert_max_num_queries(12):
            answer = browser.get(page)
        assert answer.status_code == 200, page
        assert not any(secret in answer.content.decode() for secret in secrets), page


def test_the_receipt_says_which_rows_belong_to_nobody_and_doubts_a_file_of_them(sent, cycle, bank, client_of):
    browser = client_of(bank)
    half = browser.get(reverse("reconciliation:file", args=[sent.pk])).content.decode()
    assert "Semua 2 baris sudah dicocokkan" in half and "disposition=UNKNOWN" in half
    rows = browser.get(reverse("reconciliation:rows", args=[cycle.pk])).content.decode()
    assert f'href="{reverse("reconciliation:file", args=[sent.pk])}"' in rows, "a row opens into its file"
    one = payments_of(cycle)[0]
    astray = [told(one, payment_id=name, nik="", account_no="", reference=name) for name in ("X1", "X2")]
    file = send(bank, cycle, astray, name="tahap-lain.csv")
    doubted = browser.get(reverse("reconciliation:file", args=[file.pk])).content.decode()
    assert "2 dari 2 baris tidak cocok dengan pembayaran mana pun" in doubted and "g-alert--warn" in doubted


def test_a_file_of_which_no_column_is_known_is_told_in_one_sentence(cycle, bank, client_of):
    sent = SimpleUploadedFile("bri.csv", b"a,b\n1,2\n")
    with in_territory(bank):
        found, typed = Cycle.objects.get(pk=cycle.pk), Typed(1, 1)
        file, job = receive_file(bank, found, sent, channel="BRI", region="6371", typed=typed)
        KINDS[job.kind](bank, silent, job.arguments)
    page = client_of(bank).get(reverse("reconciliation:file", args=[file.pk])).content.decode()
    assert "Tidak satu judul kolom pun dikenali" in page and page.count("kolom ini tidak ada") == len(RESULTS.fields)


def test_an_exception_of_another_channels_row_shows_the_account_of_the_payment(cycle, cast, operator, client_of):
    one = next(p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code.startswith("6371"))
    bni = cast("CHANNEL_OFFICER", "63", channel="BNI")
    row = told(one) | {"channel": "BNI"}
    file = send(bni, cycle, [row], channel="BNI", region="63")
    with in_territory(EVERYWHERE):
        case = ExceptionCase.objects.get(file=file, kind="MISDIRECTED")
    page = client_of(operator).get(reverse("reconciliation:exception", args=[case.pk])).content.decode()
    assert f"Bank BRI •••• {one.account_last3}" in page and f"Bank BNI •••• {one.account_last3}" not in page


def test_they_work_before_the_first_file(cycle, operator, client_of):
    browser = client_of(operator)
    for name in OF_CYCLE:
        assert browser.get(reverse(f"reconciliation:{name}", args=[cycle.pk])).status_code == 200, name


def test_the_statement_within_its_queries(sent, cycle, operator, client_of, django_assert_max_num_queries):
    with in_territory(operator):
        made = make_statement(operator, Cycle.objects.get(pk=cycle.pk), "6371")
    browser = client_of(operator)
    browser.get(reverse("reconciliation:cycles"))
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("reconciliation:statement", args=[made.pk]))
    assert page.status_code == 200 and made.digest in page.content.decode()


def test_the_next_province_finds_nothing(sent, cycle, cast, client_of):
    browser = client_of(cast("PROVINCE_OFFICER", "64"))
    absent = browser.get(reverse("reconciliation:cycle", args=["0" * 8 + "-0000-4000-8000-" + "0" * 12]))
    for page in [page for page in pages_of(cycle, sent) if page != reverse("reconciliation:cycles")]:
        answer = browser.get(page)
        assert answer.status_code == 404 and answer.content == absent.content, page


def test_a_facilitator_has_no_page_here(sent, cycle, cast, client_of):
    browser = client_of(cast("FACILITATOR", "637101"))
    assert {browser.get(page).status_code for page in pages_of(cycle, sent)} == {403}


def test_the_sections_of_a_payment_and_a_family(sent, cycle, operator, client_of):
    one = payments_of(cycle)[0]
    with in_territory(operator):
        _, _, told_of = of_payment(operator, one)
        assert told_of["current"].outcome == "PAID" and len(told_of["rows"]) == 1
        title, template, context = of_family(operator, one.family)
        assert title and template and context["rows"][0].payment_id == one.pk
    browser = client_of(operator)
    page = browser.get(reverse("payments:payment", args=[one.pk])).content.decode()
    assert "Hasil bank" in page and "bri.csv" in page


def test_unknown_filters_are_refused(sent, cycle, operator, client_of):
    browser = client_of(operator)
    for name in OF_CYCLE:
        assert browser.get(reverse(f"reconciliation:{name}", args=[cycle.pk]), {"x": "1"}).status_code == 400


def test_filters_narrow(sent, cycle, operator, client_of):
    browser = client_of(operator)
    page = reverse("reconciliation:outcomes", args=[cycle.pk])
    paid = browser.get(page, {"outcome": "PAID", "district": "6371", "channel": "BRI"})
    assert [row.outcome for row in paid.context["page"].rows] == ["PAID"]
    rows = browser.get(
        reverse("reconciliation:rows", args=[cycle.pk]), {"disposition": "UNKNOWN", "file": str(sent.pk)}
    )
    assert [row.disposition for row in rows.context["page"].rows] == ["UNKNOWN"]


def test_what_was_credited_on_our_own_id_alone_is_listed(cycle, bank, operator, client_of):
    """Nothing but what we told the channel ourselves: the payment may have gone to anybody."""
    one, two = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code.startswith("6371")]
    send(bank, cycle, [told(one), told(two, nik="", account_no="")])
    answer = client_of(operator).get(reverse("reconciliation:rows", args=[cycle.pk]), {"evidence": "payment_id"})
    assert [row.payment_id for row in answer.context["page"].rows] == [two.pk]
    assert answer.context["credited"] == [{"channel": "BRI", "count": 1, "rupiah": two.amount_rupiah}]
    assert "Dikreditkan tanpa kunci lain" in answer.content.decode()
    refused = client_of(operator).get(reverse("reconciliation:rows", args=[cycle.pk]), {"evidence": "nik"})
    assert refused.status_code == 400


def test_closing_says_what_nobody_has_settled(sent, cycle, people, client_of):
    """As many as the list it leads to, payments apart from rows, which no later stage takes up."""
    with in_territory(EVERYWHERE):
        Cycle.objects.filter(pk=cycle.pk).update(state="SIGNED")
        open_now = [(case.row is None, case.at_stake_rupiah) for case in exceptions_of(cycle, {})]
    page = client_of(people.officer).get(reverse("payments:close", args=[cycle.pk])).content.decode()
    shown = " ".join(strip_tags(page).split())
    for of_payments, words in ((True, "pembayaran belum selesai, nilai selisihnya"), (False, "baris laporan,")):
        stakes = [stake for is_payment, stake in open_now if is_payment is of_payments]
        assert f"{len(stakes)} {words} {format_rupiah(sum(stakes))}" in shown
    assert reverse("reconciliation:exceptions", args=[cycle.pk]) in page
    with in_territory(EVERYWHERE):
        ExceptionCase.objects.update(state="SETTLED")
    page = client_of(people.officer).get(reverse("payments:close", args=[cycle.pk])).content.decode()
    assert "belum selesai" not in page
