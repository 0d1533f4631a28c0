"""What a family sees with the number on its letter and a code of its facilitator; and that nobody else does."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.accounts.public_tries import TRIES_MAX
from gandeng.audit.models import AuditEntry
from gandeng.core.matching_tables import OUTCOMES
from gandeng.entitlements.models import Entitlement, Run
from gandeng.facilitators.actions.caseload import assign_unaccompanied, hand_over
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.helpdesk import public
from gandeng.helpdesk.actions import letters as deeds
from gandeng.helpdesk.actions.cases import CaseRefused
from gandeng.helpdesk.family_words import _OF_OUTCOME, reasons, states
from gandeng.helpdesk.models import CodeUse, FamilyCode, Letter
from gandeng.helpdesk.tests.factories import code_for, letter_for, person
from gandeng.helpdesk.tests.test_asking import sum_of
from gandeng.payments.models import Cycle, HeldPayment
from gandeng.payments.queries import money_of_family
from gandeng.payments.tests.factories import make_cycle, make_supplementary
from gandeng.reconciliation.tests.conftest import bank, cycle, quick  # noqa: F401 (fixtures)
from gandeng.reconciliation.tests.test_treasury import decide, tell
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
PAGE = "/lapor/keluarga/"
NOBODYS = "S-22222-22222"


@pytest.fixture
def facilitator(cast, cycle, coordinator):  # noqa: F811
    """She accompanies every family of the village."""
    acting = cast("FACILITATOR", BANJARMASIN)
    staff = make_staff("6371", person=person(acting))
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, BANJARMASIN, staff, day=timezone.localdate(), reason="Uji")
    return acting


@pytest.fixture
def failed(cycle, bank):  # noqa: F811
    """Of two families at the bank one failed, the other's money lies there."""
    first, second = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]
    send(bank, cycle, [told(first, "FAILURE", "", reason="rekening pasif"), told(second, "CREDIT")])
    return first, second


def family_of(payment) -> Family:
    with in_territory(EVERYWHERE):
        return Family.objects.get(pk=payment.family_id)


def asks(number, code, network="10.9.0.1", browser=None):
    browser = browser or Client(REMOTE_ADDR=network)
    page = browser.get(PAGE).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    return browser.post(PAGE, {"number": number, "code": code, "token": token, "sum": sum_of(page)})


def test_it_works(facilitator, failed, client_of, coordinator):
    family = family_of(failed[0])
    phone, part = client_of(facilitator), reverse("helpdesk:family", args=[family.pk])
    assert part in phone.get(reverse("registry:family", args=[family.pk])).content.decode()
    with few_queries():
        assert "Cetak surat" in phone.get(part).content.decode()
    with few_queries():
        paper = phone.post(reverse("helpdesk:letter_print", args=[family.pk]))
    assert paper["Cache-Control"] == "no-store"
    text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    number = re.search(r"S-\w{5}-\w{5}", text)[0]
    assert failed[0].name not in text
    words = re.findall(r"\w+", text.replace(number, "").replace(str(timezone.localdate().year), ""))
    assert not {family.family_no, failed[0].nik_last4, failed[0].account_last3} & set(words)
    with few_queries():
        shown = phone.post(reverse("helpdesk:code_make", args=[family.pk]))
    code = re.search(r"<strong>(\d{4} \d{4})</strong>", shown.content.decode())[1]
    with few_queries():
        answer = asks(number.lower().replace("-", " "), code)
    page = answer.content.decode()
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    for words in ("Belum berhasil masuk", "Bank BRI", "tidak berhasil", "Kantor sedang memeriksa", "Tahap"):
        assert words in page
    main = re.search(r"<main.*</main>", page, re.DOTALL)[0]
    assert failed[0].name not in main
    stage_year_and_rupiah = ["2", "2024", f"{failed[0].amount_rupiah:,}".replace(",", ".")]
    assert re.findall(r"\d[\d.]*", re.sub(r"<[^>]*>", " ", main)) == stage_year_and_rupiah, "no number of a person"
    assert 'href="/lapor/"' in main, "where to complain, with nothing about the family"
    assert "sessionid" not in answer.cookies, "nothing is kept beyond the page"
    listed = phone.get(part).content.decode()
    assert number[-4:] in listed and number not in listed and "Belum<" not in listed
    with in_territory(EVERYWHERE):
        entry = AuditEntry.objects.get(action="helpdesk.family_asked")
        assert entry.object_id == str(family.pk) and entry.facts["code_made_by"] == str(facilitator.person_id)


def test_money_that_arrived_says_so(facilitator, failed):
    family = family_of(failed[1])
    page = asks(letter_for(facilitator, family), code_for(facilitator, family)).content.decode()
    assert "Sudah masuk" in page and "Ambil sendiri" in page and "Jumlah yang dikirim" in page


def test_a_part_in_the_treasury_is_told_as_a_part(facilitator, failed, bank, cast):  # noqa: F811
    """Rp200.000 of the second family's money were drawn, the rest was given back; of the first's nothing arrived."""
    first, second = failed
    drawn = told(second, "WITHDRAWAL", 200_000, day="2024-05-18")
    send(bank, first.cycle, [drawn], name="tarik.csv")
    head = cast("PROVINCE_HEAD", "63")
    rest, whole = second.amount_rupiah - 200_000, first.amount_rupiah
    decide(head, tell(bank, first.cycle, rest, "CREDITED", until=date(2024, 5, 18)))
    decide(head, tell(bank, first.cycle, whole, "AT_CHANNEL", number="NTPN-8B"))
    for payment, words in (second, "Sebagian dikembalikan ke kas negara"), (first, "Dikembalikan ke kas negara"):
        assert words in stages_told(facilitator, family_of(payment))[1]


def stages_told(facilitator, family):
    page = asks(letter_for(facilitator, family), code_for(facilitator, family)).content.decode()
    return re.findall(r">Tahap (\d) tahun 2024<", page), page


def test_money_of_an_earlier_stage_that_a_later_one_sends_again_is_told_as_that_of_the_earlier(facilitator, failed):
    family = family_of(failed[0])
    make_supplementary(make_cycle(((BANJARMASIN, "BRI", 300_000),), stage=3, of=[family]), failed[0])
    stages, page = stages_told(facilitator, family)
    assert stages == ["3", "2", "2"]
    assert page.index("Tahap 3") < page.index("Bayar ulang") < page.rindex("Tahap 2")
    with in_territory(EVERYWHERE):
        told_of = [(each.stage, each.again) for each in money_of_family(family.pk)]
    assert told_of == [(3, False), (2, True), (2, False)], "on the family's page too"


def test_what_another_region_pays_is_not_told_as_held_besides(facilitator, failed):
    family = family_of(failed[1])
    with in_territory(EVERYWHERE), scopes_disabled():
        someone = Person.objects.create(name="Petugas Uji")
        facts = {"year": 2024, "stage": 2, "months": 2, "region_code": "62"}
        sums = dict.fromkeys(("families", "members", "amount_rupiah", "families_paid"), 0)
        run = Run.objects.create(**facts, **sums, policy_digest="-", input_digest="-", folder="-", made_by=someone)
        other = Cycle.objects.create(**facts, run=run, opened_by=someone)
        due = {"family": family, "village_code": family.village_code, "amount_rupiah": 750_000, "run": run}
        Entitlement.objects.create(**due, members_counted=1, fixed_rupiah=0)
        HeldPayment.objects.create(**due, cycle=other, reason="PAID_ELSEWHERE")
    stages, page = stages_told(facilitator, family)
    assert stages == ["2"] and "Sudah masuk" in page


def _bare(answer):
    body = re.sub(r'(nonce|value|csrf\w*)="[^"]*"', "", answer.content.decode())
    return answer.status_code, re.sub(r"Berapa \w+ ditambah \w+", "", body)


def _work(asked) -> list[str]:
    return [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in asked if "SAVEPOINT" not in one["sql"]]


def wrong_ways(facilitator, coordinator, families):
    """Number and code of each way to be wrong."""
    used, old, void, again, moved, plain = families
    told = {}
    number = letter_for(facilitator, used)
    code = code_for(facilitator, used)
    assert asks(number, code, "10.8.0.1").status_code == 200
    told["used"] = number, code
    number = letter_for(facilitator, old)
    told["old"] = number, code_for(facilitator, old)
    told["taken back"] = letter_for(facilitator, void), code_for(facilitator, void)
    with in_territory(facilitator):
        deeds.void_letter(facilitator, void)
    told["printed again"] = letter_for(facilitator, again), code_for(facilitator, again)
    letter_for(facilitator, again)
    told["code made again"] = letter_for(facilitator, moved), code_for(facilitator, moved)
    code_for(facilitator, moved)
    number = letter_for(facilitator, plain)
    good = code_for(facilitator, plain)
    told["wrong code"] = number, "00000000" if good != "0000 0000" else "11111111"
    told["another family's code"] = told["code made again"][0], good
    told["nobody's number"] = NOBODYS, good
    told["nothing like it"] = "x", "x"
    return told


@pytest.fixture
def families(cycle):  # noqa: F811
    """Six more of the village."""
    return [make_family(BANJARMASIN) for _each in range(6)]


def expire(monkeypatch):
    """Codes made from now on are over at once."""
    monkeypatch.setattr(public, "CODE_MINUTES", -1)


def test_whatever_is_wrong_answers_alike_and_does_the_same_work(families, facilitator, coordinator, monkeypatch):
    ways = wrong_ways(facilitator, coordinator, families)
    expire(monkeypatch)
    ways["too late"] = ways["old"][0], code_for(facilitator, families[1])
    del ways["old"]
    answers, works = [], []
    for place, (number, code) in enumerate(ways.values()):
        browser = Client(REMOTE_ADDR=f"10.7.{place}.1")
        page = browser.get(PAGE).content.decode()
        token = re.search(r'name="token" value="([^"]+)"', page)[1]
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post(PAGE, {"number": number, "code": code, "token": token, "sum": sum_of(page)})
        answers.append(_bare(answer))
        works.append(_work(asked))
        assert number not in answer.content.decode() or f'value="{number}"' in answer.content.decode()
    assert all(answer == answers[0] for answer in answers), list(ways)
    assert all(work == works[0] for work in works), list(ways)
    assert answers[0][0] == 422


def test_a_code_dies_with_the_accompaniment(facilitator, failed, coordinator):
    family = family_of(failed[0])
    number, code = letter_for(facilitator, family), code_for(facilitator, family)
    colleague = make_staff("6371")
    with in_territory(coordinator):
        staff = Staff.objects.get(person_id=facilitator.person_id)
        hand_over(coordinator, staff, colleague, day=timezone.localdate(), reason="Uji")
    assert asks(number, code).status_code == 422
    with in_territory(EVERYWHERE):
        assert CodeUse.objects.count() == 0


def test_guessing_ends_for_the_network_and_for_the_number(facilitator, failed, monkeypatch):
    family = family_of(failed[0])
    number, code = letter_for(facilitator, family), code_for(facilitator, family)
    codes = [asks(number, f"{n:08d}").status_code for n in range(TRIES_MAX + 1)]
    assert codes == [422] * TRIES_MAX + [429]
    assert asks(number, code).status_code == 429
    monkeypatch.setattr(public, "LOOKS_MAX", TRIES_MAX + 1)
    asks(number, "00000000", "10.6.0.1")
    assert asks(number, code, "10.6.1.1").status_code == 422, "too many looks at one number from everywhere together"
    with in_territory(EVERYWHERE):
        assert CodeUse.objects.count() == 0, "the code was not used up by it"


def test_a_sum_comes_first(facilitator, failed):
    family = family_of(failed[0])
    number, code = letter_for(facilitator, family), code_for(facilitator, family)
    browser = Client()
    page = browser.get(PAGE).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    sent = {"number": number, "code": code, "token": token, "sum": "99"}
    answer = browser.post(PAGE, sent)
    assert answer.status_code == 422 and sum_of(answer.content.decode())
    assert asks(number, code).status_code == 200, "nothing was used up"


def test_numbers_and_codes_are_kept_nowhere(facilitator, failed):
    family = family_of(failed[0])
    number, code = letter_for(facilitator, family), code_for(facilitator, family)
    with connection.cursor() as cursor, in_territory(EVERYWHERE):
        for table in ("helpdesk_letter", "helpdesk_familycode", "audit_auditentry"):
            cursor.execute(f"select string_agg(t::text, '') from {table} t")
            held = cursor.fetchone()[0] or ""
            assert number not in held and code.replace(" ", "") not in held and code not in held


def test_only_who_accompanies_makes_a_code_and_strangers_find_no_letter(
    facilitator, failed, coordinator, stranger, cast, client_of
):  # fmt: skip
    family = family_of(failed[0])
    letter_for(facilitator, family)
    number = letter_for(coordinator, family)
    with in_territory(coordinator), pytest.raises(PermissionDenied):
        deeds.make_code(coordinator, family)
    colleague = cast("FACILITATOR", BANJARMASIN)
    make_staff("6371", person=person(colleague))
    for other in (colleague, stranger):
        with in_territory(other):
            assert Letter.objects.count() == FamilyCode.objects.count() == 0
        assert client_of(other).get(reverse("helpdesk:family", args=[family.pk])).status_code == 404
    assert asks(number, code_for(facilitator, family)).status_code == 200, "the office prints, she says the code"


def test_the_database_holds_it_too(facilitator, failed, coordinator):
    family = family_of(failed[0])
    letter_for(facilitator, family)
    with in_territory(coordinator):
        letter = Letter.objects.get()
        code = FamilyCode(
            letter=letter, code_digest=b"x", valid_until=timezone.now() + timedelta(minutes=5),
            by_id=coordinator.person_id, authority="",
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            FamilyCode.objects.bulk_create([code])
    with in_territory(facilitator):
        code.by_id = facilitator.person_id
        for change in ({"valid_until": timezone.now() + timedelta(hours=2)}, {"by_id": coordinator.person_id}):
            wrong = FamilyCode(**({"letter": letter, "code_digest": b"x", "valid_until": code.valid_until,
                                   "by_id": facilitator.person_id, "authority": ""} | change))  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                FamilyCode.objects.bulk_create([wrong])
        FamilyCode.objects.bulk_create([code])
        for query in (
            "update helpdesk_letter set ends = 'XXXX'", "delete from helpdesk_familycode",
            f"insert into helpdesk_codeuse (code_id, at) values ('{code.pk}', now())",
            "select helpdesk_money_told(id) from registry_family",
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(query)


def test_without_a_letter_there_is_no_code(facilitator, failed):
    family = family_of(failed[0])
    with in_territory(facilitator), pytest.raises(CaseRefused):
        deeds.make_code(facilitator, family)
    with in_territory(facilitator), pytest.raises(CaseRefused):
        deeds.void_letter(facilitator, family)


def test_every_outcome_has_words():
    assert set(_OF_OUTCOME) == {"", *OUTCOMES}
    assert set(_OF_OUTCOME.values()) | {"PREPARED", "HELD", "DRAWN", "DEPOSITED", "PARTLY_DEPOSITED"} == set(states())
    assert not {"F05", "F06", "F07", "F08", "F16", "F17", "F22", "F23"} & set(reasons())
