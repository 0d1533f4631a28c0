import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS
from gandeng.payments.models import Cycle
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.actions.minutes import data_of
from gandeng.reconciliation.actions.statements import NotReady, make_statement, sign
from gandeng.reconciliation.models import Signature, Statement
from gandeng.reconciliation.public import verify
from gandeng.reconciliation.signing_queries import sums_to_make, waiting_for_signature, waiting_to_be_made_again
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN, payments_of, send, silent, told, withdraw
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.words import speaking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def cycle(db):
    """Two districts, one bank."""
    return make_cycle(((BANJARMASIN, "BRI", 225_000), (BANJARMASIN, "BRI", 750_000), (BANJARBARU, "BRI", 300_000)))


@pytest.fixture
def offices(cast):
    """Who signs, by place."""
    return {
        place: [
            ("HEAD", "", cast("DISTRICT_HEAD", place, name=f"Kepala {place}")),
            ("COORDINATOR", "", cast("DISTRICT_COORDINATOR", place, name=f"Korkab {place}")),
            ("CHANNEL", "BRI", cast("CHANNEL_OFFICER", place, channel="BRI", name=f"Petugas {place}")),
        ]
        for place in ("6371", "6372")
    }


@pytest.fixture
def province(cast):
    return cast("PROVINCE_HEAD", "63", name="Kepala Provinsi")


@pytest.fixture
def sent(cycle, cast):
    officer = cast("PROVINCE_OFFICER", "63")
    return send(officer, cycle, [told(p) for p in payments_of(cycle)], region="63")


def now(cycle):
    return Cycle.objects.get(pk=cycle.pk)


def make(who, cycle, region):
    with in_territory(who):
        return make_statement(who, now(cycle), region)


def put(who, statement, capacity, channel="", digest=""):
    with in_territory(who):
        return sign(
            who,
            statement,
            capacity=capacity,
            channel=channel,
            digest=digest or statement.digest,
            address="https://contoh.test/periksa/X/",
        )


def sign_district(offices, cycle, place):
    statement = make(offices[place][0][2], cycle, place)
    for capacity, channel, who in offices[place]:
        put(who, statement, capacity, channel)
    return statement


def fresh(statement):
    with in_territory(EVERYWHERE):
        return Statement.objects.get(pk=statement.pk)


def typeset(statement):
    with in_territory(EVERYWHERE):
        KINDS["reconciliation.minutes"](
            EVERYWHERE,
            silent,
            {"statement_id": str(statement.pk), "address": f"https://contoh.test/periksa/{statement.code}/"},
        )
    return fresh(statement)


def test_it_works(sent, cycle, offices, province):
    for place in ("6371", "6372"):
        sign_district(offices, cycle, place)
    assert now(cycle).state == "RECONCILING"
    whole = make(province, cycle, "63")
    assert whole.figures["total"]["instructed"] == 1_275_000
    assert [below["region"] for below in whole.figures["below"]] == ["6371", "6372"]
    put(province, whole, "HEAD")
    assert now(cycle).state == "SIGNED"


def test_the_province_waits_for_all_its_districts(sent, cycle, offices, province):
    sign_district(offices, cycle, "6371")
    with pytest.raises(NotReady, match="Banjarbaru"):
        make(province, cycle, "63")
    half = make(offices["6372"][0][2], cycle, "6372")
    put(offices["6372"][0][2], half, "HEAD")
    with pytest.raises(NotReady, match="Banjarbaru"):
        make(province, cycle, "63")


@pytest.mark.parametrize("capacity", ["COORDINATOR", "CHANNEL"])
def test_it_refuses_the_wrong_role(sent, cycle, offices, capacity):
    head = offices["6371"][0][2]
    statement = make(head, cycle, "6371")
    with pytest.raises(PermissionDenied):
        put(head, statement, capacity, "BRI" if capacity == "CHANNEL" else "")


def test_it_refuses_a_bank_without_payments_there_and_a_capacity_that_is_none(sent, cycle, offices, cast):
    statement = make(offices["6371"][0][2], cycle, "6371")
    with pytest.raises(NotReady):
        put(cast("CHANNEL_OFFICER", "6371", channel="BNI"), statement, "CHANNEL", "BNI")


def test_it_refuses_the_same_person_twice_and_the_same_capacity_twice(sent, cycle, offices, cast):
    head = offices["6371"][0][2]
    statement = make(head, cycle, "6371")
    put(head, statement, "HEAD")
    both = cast("DISTRICT_COORDINATOR", "6371", person=_person(head))
    with pytest.raises(NotReady, match="satu kali"):
        put(both, statement, "COORDINATOR")
    with pytest.raises(NotReady, match="sudah ditandatangani"):
        put(cast("DISTRICT_HEAD", "6371"), statement, "HEAD")


def test_it_refuses_two_levels_by_one_person(sent, cycle, offices, cast):
    for place in ("6371", "6372"):
        sign_district(offices, cycle, place)
    head = cast("PROVINCE_HEAD", "63", person=_person(offices["6371"][0][2]))
    whole = make(head, cycle, "63")
    with pytest.raises(NotReady, match="jenjang"):
        put(head, whole, "HEAD")


def _person(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


def test_it_refuses_a_page_that_is_stale(sent, cycle, offices):
    head = offices["6371"][0][2]
    statement = make(head, cycle, "6371")
    with pytest.raises(NotReady, match="berubah"):
        put(head, statement, "HEAD", digest="0" * 64)


def test_a_new_run_voids_the_changed_district_and_all_above(sent, cycle, offices, province, cast):
    first, second = (sign_district(offices, cycle, place) for place in ("6371", "6372"))
    whole = make(province, cycle, "63")
    put(province, whole, "HEAD")
    bank = cast("CHANNEL_OFFICER", "6371", channel="BRI")
    mine = next(p for p in payments_of(cycle) if p.village_code == BANJARMASIN)
    send(bank, cycle, [told(mine, "REVERSAL")], name="retur.csv")
    assert "mengubah hasil" in fresh(first).voided_reason
    assert fresh(second).voided_at is None
    assert "di bawahnya" in fresh(whole).voided_reason
    assert now(cycle).state == "RECONCILING"
    with pytest.raises(NotReady, match="Banjarmasin"):
        make(province, cycle, "63")


def test_a_file_that_changes_nothing_voids_nothing(sent, cycle, offices, cast):
    statement = sign_district(offices, cycle, "6371")
    bank = cast("CHANNEL_OFFICER", "6371", channel="BRI")
    mine = next(p for p in payments_of(cycle) if p.village_code == BANJARMASIN)
    send(bank, cycle, [told(mine)], name="ulang.csv")
    assert fresh(statement).voided_at is None


def test_a_withdrawal_voids_what_rests_on_the_file(sent, cycle, offices, province, cast):
    statement = sign_district(offices, cycle, "6371")
    other = cast("PROVINCE_OFFICER", "63")
    withdraw(other, sent)
    assert "ditarik" in fresh(statement).voided_reason


def test_the_database_itself_refuses(sent, cycle, offices):
    statement = sign_district(offices, cycle, "6371")
    head = offices["6372"][0][2]
    with in_territory(EVERYWHERE):
        for change in ({"digest": "x"}, {"figures": {}}, {"code": "x"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Statement.objects.filter(pk=statement.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Signature.objects.create(
                statement=statement, cycle=cycle, level="DISTRICT", digest="x", capacity="HEAD", channel="Z",
                person_id=head.person_id, authority="x",
            )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(pk=statement.pk).delete()


def test_the_minutes_say_the_figures_and_the_code(sent, cycle, offices):
    statement = typeset(sign_district(offices, cycle, "6371"))
    text = " ".join(page.extract_text() for page in PdfReader(statement.minutes_path).pages)
    flat = " ".join(text.split())
    for words in ("Rp975.000", statement.code, "Kepala 6371", "Kota Banjarmasin", "Petugas 6371"):
        assert words in flat
    assert statement.digest in flat.replace(" ", "") or statement.digest[:20] in flat


def test_what_comes_after_the_signatures_and_changes_no_outcome_is_not_in_their_minutes(
    sent, cycle, offices, province, cast
):
    for place in ("6371", "6372"):
        sign_district(offices, cycle, place)
    whole = make(province, cycle, "63")
    put(province, whole, "HEAD")
    with in_territory(EVERYWHERE):
        signed = data_of(whole, [], "https://contoh.test/").dispositions
    assert [(each.disposition, each.rows) for each in signed] == [("ACCEPTED", 3)]
    assert signed[0].credited - signed[0].reversed == whole.figures["total"]["net"]
    again = [told(payments_of(cycle)[0])]
    send(cast("PROVINCE_OFFICER", "63"), cycle, again, name="lagi.csv", region="63")
    assert fresh(whole).voided_at is None
    with in_territory(EVERYWHERE):
        assert data_of(fresh(whole), [], "https://contoh.test/").dispositions == signed


def test_the_minutes_are_indonesian_though_their_reader_reads_english(sent, cycle, offices):
    statement = sign_district(offices, cycle, "6371")
    before = transaction.savepoint()
    ours = [page.extract_text() for page in PdfReader(typeset(statement).minutes_path).pages]
    transaction.savepoint_rollback(before)
    with speaking("en"), translation.override("en"):
        again = typeset(statement)
    assert [page.extract_text() for page in PdfReader(again.minutes_path).pages] == ours


def test_the_last_signature_asks_for_the_minutes(sent, cycle, offices):
    sign_district(offices, cycle, "6371")
    assert Job.objects.filter(kind="reconciliation.minutes").count() == 1


def test_the_minutes_of_a_void_statement_are_not_made(sent, cycle, offices, cast):
    from gandeng.jobs.work import WorkRefused

    statement = sign_district(offices, cycle, "6371")
    withdraw(cast("PROVINCE_OFFICER", "63"), sent)
    with pytest.raises(WorkRefused):
        typeset(statement)


def test_the_public_page_says_sums_and_nothing_of_families(sent, cycle, offices, client):
    statement = sign_district(offices, cycle, "6371")
    assert verify(statement.code) is None, "a paper that was never made is not verified"
    statement = typeset(statement)
    paper = verify(f" {statement.code[:4]}-{statement.code[4:].lower()} ")
    assert (paper.instructed_rupiah, paper.in_force, len(paper.signatures)) == (975_000, True, 3)
    page = client.get(reverse("verification:verify", args=[statement.code]))
    text = page.content.decode()
    assert page.status_code == 200 and "Rp975.000" in text and "Masih berlaku" in text
    assert "kabupaten/kota, Kota Banjarmasin" in text, "a stranger reads no code"
    for payment in payments_of(cycle):
        assert payment.pk not in text and payment.name not in text
    for _, _, who in offices["6371"]:
        assert who.person_name not in text


def test_the_public_page_says_when_a_paper_is_void(sent, cycle, offices, client, cast):
    statement = typeset(sign_district(offices, cycle, "6371"))
    withdraw(cast("PROVINCE_OFFICER", "63"), sent)
    assert "Tidak berlaku lagi" in client.get(reverse("verification:verify", args=[statement.code])).content.decode()


def said(answer):
    """The page, without the token of the form that changes its language."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)


def test_five_wrong_codes_and_the_network_waits(sent, cycle, offices, client):
    statement = typeset(sign_district(offices, cycle, "6371"))
    wrong = [f"{n:0>12}" for n in range(5)]
    answers = [client.get(reverse("verification:verify", args=[code])) for code in wrong]
    assert {answer.status_code for answer in answers} == {404}
    typed = [f'value="{code}"'.encode() for code in wrong]
    assert all(code in answer.content for code, answer in zip(typed, answers, strict=True)), "it stands to be corrected"
    assert len({said(answer).replace(code, b"") for code, answer in zip(typed, answers, strict=True)}) == 1
    late = [client.get(reverse("verification:verify", args=[code])) for code in ("000000000009", statement.code)]
    assert [answer.status_code for answer in late] == [429, 429]
    assert said(late[0]) == said(late[1])
    assert client.get(reverse("verification:verify", args=[statement.code]), REMOTE_ADDR="10.9.8.7").status_code == 200


def test_the_form_leads_to_the_code(client):
    page = reverse("verification:form")
    assert client.get(page).status_code == 200
    assert client.get(page, {"kode": "abcd-efgh-jkmn"}).url.endswith("/ABCDEFGHJKMN/")
    for none in ("pendek", "abcd-efgh-jkl0"):
        assert client.get(page, {"kode": none}).status_code == 422, none
    nothing = client.get(page, {"kode": ""})
    assert nothing.status_code == 422 and "Isi kodenya" in nothing.content.decode()


def test_statements_that_wait_for_a_name_are_counted_by_stage(sent, cycle, offices, client_of):
    (_, _, head), (_, _, coordinator), _ = offices[BANJARMASIN[:4]]
    with in_territory(coordinator):
        statement = make_statement(coordinator, cycle, BANJARMASIN[:4])
    (_, _, elsewhere), _, _ = offices[BANJARBARU[:4]]
    link = f'{reverse("reconciliation:statements", args=[cycle.pk])}">1</a>'
    assert link in client_of(head).get(reverse("reconciliation:cycles")).content.decode()
    with in_territory(head):
        assert waiting_for_signature(head) == {cycle.pk: 1}
    put(head, statement, "HEAD")
    with in_territory(head):
        assert waiting_for_signature(head).total() == 0
    with in_territory(coordinator):
        assert waiting_for_signature(coordinator) == {cycle.pk: 1}
    with in_territory(elsewhere):
        assert waiting_for_signature(elsewhere).total() == 0


def shown(client_of, who, statement):
    """Its page, as that person reads it."""
    return client_of(who).get(reverse("reconciliation:statement", args=[statement.pk])).content.decode()


def test_whoever_signs_many_is_led_from_one_to_the_next(sent, cycle, offices, cast, client_of):
    first, second = (make(offices[place][0][2], cycle, place) for place in ("6371", "6372"))
    bank = cast("CHANNEL_OFFICER", "63", channel="BRI")
    lead = f'href="{reverse("reconciliation:statement", args=[second.pk])}"'
    assert lead not in shown(client_of, bank, first), "what is here is signed first"
    put(bank, first, "CHANNEL", "BRI")
    assert lead in shown(client_of, bank, first)
    listed = client_of(bank).get(reverse("reconciliation:statements", args=[cycle.pk])).content.decode()
    assert (listed.count("Menunggu tanda tangan Anda"), listed.count("Menunggu tanda tangan<")) == (1, 1)
    assert listed.index(str(second.pk)) < listed.index(str(first.pk)), "what waits for her stands first"


def test_a_sum_is_asked_for_once_all_beneath_have_signed_and_opens_into_them(
    sent, cycle, offices, province, cast, client_of
):
    officer, waits = cast("PROVINCE_OFFICER", "63"), []
    for place in ("6371", "6372"):
        beneath = sign_district(offices, cycle, place)
        for who in (province, officer, offices["6371"][0][2]):
            with in_territory(who):
                waits.append(sums_to_make(who)[cycle.pk])
    assert waits == [0, 0, 0, 1, 1, 0]
    whole = make(province, cycle, "63")
    with in_territory(province):
        assert not sums_to_make(province)
    page = shown(client_of, province, whole)
    assert f'href="{reverse("reconciliation:statement", args=[beneath.pk])}"' in page
    assert "Tanda tangani sebagai Kepala bidang provinsi" in page


def test_a_void_one_leads_to_what_is_in_its_place(sent, cycle, offices, client_of, cast):
    head = offices["6371"][0][2]
    void = make(head, cycle, "6371")
    withdraw(cast("PROVINCE_OFFICER", "63"), sent)
    assert "Siapkan dan tandatangani pernyataan baru" in shown(client_of, head, void)
    anew = make(head, cycle, "6371")
    assert f'href="{reverse("reconciliation:statement", args=[anew.pk])}"' in shown(client_of, head, void)


def test_whoever_may_prepare_one_anew_hears_that_a_signed_one_is_void(sent, cycle, offices, operator, cast):
    """It waits for no name any longer, and nobody would look."""
    (_, _, head), (_, _, coordinator) = offices[BANJARMASIN[:4]][:2]
    elsewhere = offices[BANJARBARU[:4]][0][2]

    def waits():
        found = []
        for who in (head, operator, elsewhere):
            with in_territory(who):
                found.append(waiting_to_be_made_again(who).count())
        return found

    with in_territory(coordinator):
        statement = make_statement(coordinator, cycle, BANJARMASIN[:4])
    put(head, statement, "HEAD")
    assert waits() == [0, 0, 0]
    withdraw(cast("PROVINCE_OFFICER", "63"), sent)
    assert waits() == [1, 1, 0]
    with in_territory(coordinator):
        make_statement(coordinator, cycle, BANJARMASIN[:4])
    assert waits() == [0, 0, 0]


def test_the_pages_sign_after_asking_again(sent, cycle, offices, left_open, signed_browser):
    head = offices["6371"][0][2]
    browser = left_open(head)
    listed = reverse("reconciliation:statements", args=[cycle.pk])
    assert "Siapkan pernyataan" in browser.get(listed).content.decode()
    made = browser.post(reverse("reconciliation:statement_make", args=[cycle.pk]), {"region": "6371"})
    assert made.status_code == 302
    with in_territory(EVERYWHERE):
        statement = Statement.objects.get()
    page = browser.get(reverse("reconciliation:statement", args=[statement.pk])).content.decode()
    assert "Tanda tangani sebagai Kepala dinas" in page and "Koordinator" in page
    form = {"capacity": "HEAD", "channel": "", "digest": statement.digest}
    url = reverse("reconciliation:sign", args=[statement.pk])
    assert browser.post(url, form).status_code in (302, 403)
    with in_territory(EVERYWHERE):
        assert not Signature.objects.exists(), "without showing once more who it is nothing is signed"
    signed = signed_browser(head).post(url, form, follow=True)
    assert signed.redirect_chain and "Tanda tangan Anda tercatat." in signed.content.decode()
    assert signed_browser(head).post(url, form).status_code == 422
    with in_territory(EVERYWHERE):
        assert Signature.objects.get().person_id == head.person_id


def test_the_password_asked_for_again_ends_in_the_signature(sent, cycle, offices, left_open):
    from gandeng.accounts.models import User

    head = offices["6371"][0][2]
    user = User.objects.get(person_id=head.person_id)
    user.set_password("kuda nil makan siang")
    user.save()
    statement = make(head, cycle, "6371")
    browser = left_open(head)
    asked = browser.post(
        reverse("reconciliation:sign", args=[statement.pk]),
        {"capacity": "HEAD", "channel": "", "digest": statement.digest},
    )
    assert asked.status_code == 302 and "reauth" in asked.url
    browser.post(asked.url, {"password": "kuda nil makan siang"}, follow=True)
    with in_territory(EVERYWHERE):
        assert Signature.objects.get().person_id == head.person_id


def test_it_refuses_a_statement_while_a_file_waits(sent, cycle, offices, bank):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from gandeng.reconciliation.actions.files import Typed, receive_file

    with in_territory(bank):
        receive_file(
            bank, now(cycle), SimpleUploadedFile("x.csv", b"a"), channel="BRI", region="6371", typed=Typed(1, 1)
        )
    with pytest.raises(NotReady, match="menunggu dibaca"):
        make(offices["6371"][0][2], cycle, "6371")


def test_a_nation_ends_at_the_centre(cast, offices, province):
    whole = make_cycle(((BANJARMASIN, "BRI", 225_000), (BANJARBARU, "BRI", 300_000)), region="", stage=3)
    send(cast("MINISTRY_OFFICER", ""), whole, [told(p) for p in payments_of(whole)], region="")
    for place in ("6371", "6372"):
        sign_district(offices, whole, place)
    centre = cast("MINISTRY_HEAD", "", name="Pejabat Pusat")
    with pytest.raises(NotReady, match="Kalimantan Selatan"):
        make(centre, whole, "")
    put(province, make(province, whole, "63"), "HEAD")
    assert now(whole).state == "RECONCILING"
    put(centre, make(centre, whole, ""), "HEAD")
    assert now(whole).state == "SIGNED"
