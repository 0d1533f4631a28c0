"""An office that upgrades keeps everything it had and goes on where it stood (docs/threats.md, 42)."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Grant, User
from gandeng.accounts.roles import Role
from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, blind, unseal
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.office.verify import verify
from gandeng.payments import actions
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.payments.queries import books_for
from gandeng.reconciliation.actions.exceptions import decide_reissue
from gandeng.reconciliation.actions.files import Typed, receive_file
from gandeng.reconciliation.actions.reissues import carry_over, instruct_reissue_round, make_reissue_round
from gandeng.reconciliation.actions.statements import make_statement, missing, sign
from gandeng.reconciliation.models import OutcomeInForce, ReissueRequest, Statement
from gandeng.reconciliation.tests.world import csv_of, rupiah, silent, told
from gandeng.registry.actions import approve_change, reveal_identifier
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE
from tests.upgrade.before_could_serve import MISSES, REFUSED, all_named
from tests.upgrade.conftest import gandeng
from tests.upgrade.fill import ADDRESS, CLOSED, OPEN
from tests.upgrade.shapes import gone, tighter

_ADDRESS = re.compile(r'href="(/[^"#]*)"')
_NO_PAGE = ("keluar", "static")


def somebody(role, region="63", channel=""):
    """Who has that role there."""
    grant = Grant.objects.filter(role=role, region_code=region, channel=channel).order_by("pk").first()
    return acting_for(grant.person_id, timezone.localdate())


def act(acting, do):
    with in_territory(acting), transaction.atomic():
        return do(acting)


def cycle(key):
    year, stage = map(int, key.split("-"))
    return Cycle.objects.get(year=year, stage=stage)


LEFT_OUT = {"reconciliation_publictry": "tries of a day, counted in accounts_publictry since"}
"""Tables that went."""


def test_it_works(forward):
    assert forward.after == {name: told for name, told in forward.before.items() if name not in LEFT_OUT}
    assert forward.before["payments_payment"]["rows"] > 50
    assert forward.before["payments_payment"]["amount_rupiah"] > 10_000_000
    verified = gandeng(forward.environment, "verify")
    assert verified.returncode == 0, verified.stdout
    assert gandeng(forward.environment, "migrate", "--quiet").returncode == 0


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_of_a_role_and_all_it_leads_to_open(office, role):
    grant = Grant.objects.filter(role=role).order_by("pk").first()
    if grant is None:
        assert role == Role.MINISTRY_HEAD  # nobody there has it
        return
    browser = Client()
    user = User.objects.get(person_id=grant.person_id)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session["second_factor"] = True
    session.save()
    first = browser.get("/")
    assert first.status_code == 200
    leads = sorted({unescape(address) for address in _ADDRESS.findall(first.content.decode())})
    leads = [address for address in leads if not any(word in address for word in _NO_PAGE)]
    assert leads
    answers = {address: browser.get(address, follow=True).status_code for address in leads}
    assert {address: code for address, code in answers.items() if code != 200} == {}


def test_a_sealed_number_opens_and_is_found(office):
    operator = somebody("DISTRICT_OPERATOR", "6371")
    with in_territory(EVERYWHERE):
        before = AuditEntry.objects.count()
    with in_territory(operator):
        family = Family.objects.select_related("collector").order_by("family_no").first()
        shown = reveal_identifier(operator, family, f"nik:{family.collector_id}", "Dicocokkan dengan KTP")
    assert re.fullmatch(r"\d{16}", shown.value)
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.count() == before + 1
        for member in Member.objects.exclude(nik_index=None):
            nik = unseal(bytes(member.nik_sealed), Place("registry_member", "nik", str(member.pk)))
            assert blind("nik", nik) == bytes(member.nik_index)


def test_a_change_asked_for_before_is_decided_after(office):
    coordinator = somebody("DISTRICT_COORDINATOR", "6371")
    with in_territory(coordinator):
        change = ChangeRequest.objects.get(state="PENDING")
    act(coordinator, lambda a: approve_change(a, change, "Sesuai surat"))
    with in_territory(EVERYWHERE):
        assert Member.objects.get(pk=change.member_id).severe_disability is change.after["severe_disability"]


def test_the_open_stage_goes_on_to_its_end(office):
    open_one, closed = cycle(OPEN), cycle(CLOSED)
    for job in Job.objects.filter(state=Job.State.WAITING).order_by("created_at"):
        run_job(job_id=str(job.pk))
    report_the_rest(open_one)
    send_again(open_one)
    sign_and_close(open_one)
    assert books_for(closed) is None  # both are closed
    assert [found for found in verify(libpq(office)) if found.wrong] == []


def libpq(address):
    return address.replace("postgres://", "postgresql://", 1)


def report(about, payments, *rows):
    """A channel tells of its payments, in a file that is read at once."""
    bank, rows = somebody("CHANNEL_OFFICER", "63", payments[0].channel), list(rows)
    sent, typed = SimpleUploadedFile("hasil.csv", csv_of(rows)), Typed(len(rows), rupiah(rows))
    _, job = act(
        bank, lambda a: receive_file(a, about, sent, channel=payments[0].channel, region="63", typed=typed)
    )  # fmt: skip
    run_job(job_id=str(job.pk))
    assert Job.objects.get(pk=job.pk).state == "DONE", Job.objects.get(pk=job.pk).message


def unreported(about):
    with in_territory(EVERYWHERE):
        waiting = OutcomeInForce.objects.filter(cycle=about, outcome="UNREPORTED").values("payment")
        return list(Payment.objects.filter(pk__in=waiting).order_by("channel", "payment_id"))


def report_the_rest(about):
    waiting = unreported(about)
    for channel in sorted({each.channel for each in waiting}):
        mine = [each for each in waiting if each.channel == channel]
        report(about, mine, *[told(each, day="2024-07-19") for each in mine])
    assert unreported(about) == []


def send_again(about):
    """What was agreed on with the old release, what the closed stage left open, and what comes late about it."""
    officer, coordinator = somebody("PROVINCE_OFFICER"), somebody("DISTRICT_COORDINATOR", "6371")
    with in_territory(EVERYWHERE):
        asked = ReissueRequest.objects.select_related("exception", "exception__cycle").get(state="ASKED")
        paid = OutcomeInForce.objects.filter(cycle=cycle(CLOSED), outcome="PAID").select_related("payment").first()
    act(coordinator, lambda a: decide_reissue(a, asked, approve=False, reason="Masih ditanyakan"))
    report(cycle(CLOSED), [paid.payment], told(paid.payment, "REVERSAL", day="2024-08-01", reason="terlambat"))
    assert act(officer, lambda a: carry_over(a, about)) > 0
    number = act(officer, lambda a: make_reissue_round(a, about, silent))
    with in_territory(EVERYWHERE):
        lists = list(PaymentList.objects.select_related("cycle").filter(cycle=about, round=number, payments__gt=0))
    assert lists
    for each in lists:
        act(officer, lambda a, each=each: actions.submit_list(a, each))
        act(somebody("DISTRICT_HEAD", "6371"), lambda a, each=each: actions.approve_list(a, each, "DISTRICT"))
        act(somebody("PROVINCE_HEAD"), lambda a, each=each: actions.approve_list(a, each, "PROVINCE"))
    act(officer, lambda a: instruct_reissue_round(a, about, number, silent))
    report_the_rest(about)


def sign_and_close(about):
    district, province = somebody("DISTRICT_COORDINATOR", "6371"), somebody("PROVINCE_HEAD")
    for maker, region in ((district, "6371"), (province, "63")):
        made = act(maker, lambda a, region=region: make_statement(a, about, region))
        for one in missing(made, []):
            seats = {"HEAD": province if region == "63" else somebody("DISTRICT_HEAD", "6371"), "COORDINATOR": district}
            signer = seats.get(one.capacity) or somebody("CHANNEL_OFFICER", "63", one.channel)
            named = {"capacity": one.capacity, "channel": one.channel, "digest": made.digest, "address": ADDRESS}
            act(signer, lambda a, made=made, named=named: sign(a, made, **named))
    for job in Job.objects.filter(kind="reconciliation.minutes", state=Job.State.WAITING):
        run_job(job_id=str(job.pk))
    act(somebody("PROVINCE_OFFICER"), lambda a: actions.close_cycle(a, Cycle.objects.get(pk=about.pk)))
    with in_territory(EVERYWHERE):
        kept = Statement.objects.filter(cycle=about, voided_at=None).exclude(minutes_sha256="")
        assert sorted(kept.values_list("region_code", flat=True)) == ["63", "6371"]


def test_what_the_release_asks_for_is_there_or_is_named(forward):
    all_named(gone(*forward.shapes), MISSES[forward.release])


def test_what_may_refuse_its_rows_is_named(forward):
    all_named(tighter(*forward.shapes), REFUSED[forward.release])
