"""A row of what an office at the end of a stage has not by itself, so that no table is empty."""

from datetime import date
from uuid import uuid4

import pghistory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.actions import invite_administrator
from gandeng.accounts.adapter import MFAAdapter
from gandeng.accounts.keys import make_key
from gandeng.accounts.models import User
from gandeng.api.models import Sending
from gandeng.audit.actions import record
from gandeng.exports.models import ExportRequest, TakenAway
from gandeng.payments.models import Cycle, HeldPayment, Payment, PaymentList, Refusal
from gandeng.payments.roots import write_roots
from gandeng.privacy.models import Disposal, FamilyReport
from gandeng.reconciliation.models import DepositedPayment, ResultFile, TreasuryDeposit
from gandeng.registry.actions.changes import Proof, Wanted, request_change
from gandeng.registry.models import Family, Intake, IntakeRow, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family


def fill(cast):
    """One of everything."""
    officer = cast("CHANNEL_OFFICER", "6371", channel="BRI")
    operator = cast("DISTRICT_OPERATOR", "6371")
    _accounts(officer)
    _registry(operator)
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic():
        _exports(operator)
        _money(operator)
        _history()
    record(operator, "family.seen", region="6371")


def _accounts(officer):
    invite_administrator("Admin Uji", "admin@contoh.test", "63", timezone.localdate())
    key, _ = make_key(officer, name="Mesin uji", days=30)
    user = User.objects.get(person_id=officer.person_id)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": MFAAdapter().encrypt("RAHASIA")})
    with in_territory(EVERYWHERE), scopes_disabled():
        file = ResultFile.objects.filter(state="TAKEN").first()
        Sending.objects.create(key=key, idempotency_key="satu", request_sha256="0" * 64, file=file)


def _registry(operator):
    with in_territory(operator):
        family = make_family("6371011001")
        change = request_change(
            operator, family, "NIK", family.collector, Wanted({}, "6371014105900007"), "KTP baru",
            Proof("dilihat sendiri", "ktp.pdf", "application/pdf", b"%PDF-1.7 uji"),
        )  # fmt: skip
        digest = uuid4().hex * 2
        intake = Intake.objects.create(
            region_code="6371", cycle="2024-2", families_name="k.csv", members_name="a.csv", families_sha256=digest,
            members_sha256=digest, folder="x", taken_by_id=operator.person_id,
        )  # fmt: skip
        IntakeRow.objects.create(
            intake=intake, region_code="6371", table_name="registry_family", row_id=family.pk, before={"status": "X"}
        )
        FamilyReport.objects.create(
            family=family, village_code=family.village_code, asked_by="Ibu Uji", relation="COLLECTOR",
            asked_on=date(2024, 9, 1), identity="KTP", purpose="Ingin tahu", made_by_id=operator.person_id,
            authority="x",
        )  # fmt: skip
    return change


def _exports(operator):
    ExportRequest.objects.create(
        kind="keluarga", title="Keluarga", arguments={}, region_code="6371", rows_asked=2_000, purpose="uji",
        asked_by_id=operator.person_id, asked_authority="x",
    )  # fmt: skip
    Disposal.objects.create(kind="staged_lists", thing=str(uuid4()))
    TakenAway.objects.create(person_id=operator.person_id, day=date(2024, 9, 1), what="keluarga", rows=7)


def _money(operator):
    cycle = Cycle.objects.exclude(state="CLOSED").get()
    payment = Payment.objects.filter(cycle=cycle, channel="BRI", village_code__startswith="6371").first()
    HeldPayment.objects.create(
        cycle=cycle, run=cycle.run, family=make_family("6371011001"), village_code="6371011001", amount_rupiah=1,
        reason="NO_ACCOUNT",
    )  # fmt: skip
    refused = PaymentList.objects.create(
        cycle=cycle, district_code="6372", channel="BTN", payments=0, total_rupiah=0, root=""
    )
    write_roots([refused.pk])
    refused.refresh_from_db()
    refused.state = "SUBMITTED"
    refused.save()
    Refusal.objects.create(list=refused, root=refused.root, person_id=operator.person_id, authority="x", reason="Salah")
    refused.state, refused.revision = "DRAFT", 1
    refused.save()
    write_roots([refused.pk])
    deposit = TreasuryDeposit.objects.create(
        cycle=cycle, channel="BRI", region_code="6371", receipt_no="NTPN-1", deposited_on=date(2024, 9, 1),
        amount_rupiah=1, payments=1, reason="Retur", told_by_id=operator.person_id,
    )  # fmt: skip
    DepositedPayment.objects.create(
        deposit=deposit, payment=payment, account="RETURNED", amount_rupiah=1, village_code=payment.village_code,
        channel="BRI",
    )  # fmt: skip


def _history():
    """A family and a member that changed, with who and why."""
    with pghistory.context(who="Uji", why="lain"):
        family = Family.objects.filter(status="ACTIVE").order_by("family_no").first()
        family.status_reason = "diperiksa"
        family.save()
        member = Member.objects.filter(family=family).first()
        member.name = f"{member.name} Baru"
        member.save()
