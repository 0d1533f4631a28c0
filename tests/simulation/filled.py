"""A row of what an office at the end of a stage has not by itself, so that no table is empty."""

from datetime import date, timedelta
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
from gandeng.accounts.models import Person, RecoveryApproval, User
from gandeng.accounts.recovery import ask as ask_to_come_in
from gandeng.achievements.jobs import YEARBOOK
from gandeng.achievements.tests.factories import confirmed, make_child
from gandeng.api.models import Sending
from gandeng.audit.actions import record
from gandeng.certificates.actions import revoke
from gandeng.certificates.tests.factories import make_certificate, make_outside, make_skill
from gandeng.civil_registry.taking import withdraw
from gandeng.civil_registry.tests.factories import answer, taken
from gandeng.cleansing.tests.factories import a_check
from gandeng.commitments.tests import factories as commitments
from gandeng.conduct.actions.cases import Paper
from gandeng.conduct.actions.clarifications import acknowledge
from gandeng.conduct.actions.code import sign
from gandeng.conduct.actions.steps import accept
from gandeng.conduct.code_queries import own_code
from gandeng.conduct.tests.factories import act, decided, make_clarification, make_code, make_people, said
from gandeng.duplicates.tests.factories import a_judgement
from gandeng.exports.models import ExportRequest, TakenAway
from gandeng.facilitators.actions import plans
from gandeng.facilitators.actions.caseload import assign_unaccompanied, set_load_limit
from gandeng.facilitators.actions.identities import Numbers, record_identity
from gandeng.facilitators.measures import Start, Worker
from gandeng.facilitators.models import Equipment, Import, ImportRow, Leave, NationalCount, PlanLock
from gandeng.facilitators.moving import Share
from gandeng.facilitators.solving import Answer, Way
from gandeng.facilitators.tests.factories import make_staff
from gandeng.family_sessions.tests.factories import everything as sessions_of
from gandeng.field.actions.deciding import reject
from gandeng.field.tests.factories import one_of_each
from gandeng.follow_up.models import FollowUp
from gandeng.graduation.tests import factories as graduation
from gandeng.helpdesk.public import may_look
from gandeng.helpdesk.tests.factories import answered, asked_once, filed, opened_from_one
from gandeng.jobs.work import KINDS
from gandeng.monitoring.tests.factories import everything as monitored
from gandeng.payments.actions import confirm
from gandeng.payments.models import Cycle, HeldPayment, Instruction, Payment, PaymentList, Refusal
from gandeng.payments.roots import write_roots
from gandeng.payments.tests.steps import moved
from gandeng.performance.tests.factories import fill_everything
from gandeng.privacy.models import Disposal, FamilyReport
from gandeng.reconciliation.models import DepositedPayment, ResultFile, TreasuryDeposit
from gandeng.registry.actions.changes import Proof, Wanted, request_change
from gandeng.registry.models import DecileReading, Family, Intake, IntakeRow, Member, StoppedByList
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.recoded import GONE, NEW, applied
from gandeng.signs.tests.factories import a_sign
from gandeng.training.tests.happening import everything


def fill(cast):
    """One of everything."""
    officer = cast("CHANNEL_OFFICER", "6371", channel="BRI")
    operator = cast("DISTRICT_OPERATOR", "6371")
    _accounts(officer)
    _orders(cast)
    _registry(operator)
    make_family(GONE)
    applied(operator, cast("DISTRICT_COORDINATOR", "6371"), (GONE, NEW, True))
    _answered(operator)
    _commitments(cast, operator)
    graduation.proposed(operator, graduation.with_component(), "INDEPENDENT")
    _caseload(cast, operator)
    _conduct(cast)
    _complaints(cast)
    _certificates(cast, operator)
    _achievements(cast, operator)
    _field(cast)
    fill_everything(cast)
    everything(cast, operator)
    opened_from_one(operator)
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic():
        _exports(operator)
        _money(cast, operator)
        _history()
    record(operator, "family.seen", region="6371")


def _answered(operator):
    """What the civil registry said, and a file of it that was withdrawn."""
    member = make_family("6371011001").collector
    taken(operator, answer(member, "DIFFERS", name="Siti Lain Uji"))
    other = taken(operator, answer(member, "NOT_FOUND"))
    with in_territory(operator), transaction.atomic():
        withdraw(operator, other, "Berkas bulan lain.")


def _accounts(officer):
    invite_administrator("Admin Uji", "admin@contoh.test", "63", timezone.localdate())
    key, _ = make_key(officer, name="Mesin uji", days=30)
    user = User.objects.get(person_id=officer.person_id)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": MFAAdapter().encrypt("RAHASIA")})
    recovery, _ = ask_to_come_in(user, "surat", "BOTH")
    RecoveryApproval.objects.create(
        recovery=recovery, person=Person.objects.create(name="Ya"), authority="x", reason="x"
    )
    with in_territory(EVERYWHERE), scopes_disabled():
        file = ResultFile.objects.filter(state="TAKEN").first()
        Sending.objects.create(key=key, idempotency_key="satu", request_sha256="0" * 64, file=file)


def _orders(cast):
    """A bank told which file it holds."""
    bank = cast("CHANNEL_OFFICER", "63", channel="BRI")
    with in_territory(bank), transaction.atomic():
        confirm(bank, Instruction.objects.filter(channel="BRI").first(), "0" * 64)


def _registry(operator):
    with in_territory(operator):
        family = make_family("6371011001")
        moved(make_family("6372011001").pk, "6371011001")
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
        DecileReading.objects.create(family=family, decile=3, read_on=date(2024, 9, 1), intake=intake)
        StoppedByList.objects.create(family=family, intake=intake, status="ENDED")
        FamilyReport.objects.create(
            family=family, village_code=family.village_code, asked_by="Ibu Uji", relation="COLLECTOR",
            asked_on=date(2024, 9, 1), identity="KTP", purpose="Ingin tahu", made_by_id=operator.person_id,
            authority="x",
        )  # fmt: skip
    return change


def _caseload(cast, operator):
    """Somebody with a vest and a leave, the family she accompanies, a plan with a lock, a list that was taken."""
    coordinator, today = cast("DISTRICT_COORDINATOR", "6371"), timezone.localdate()
    staff, village = make_staff(), "6371011001"
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, village, staff, day=today, reason="Uji")
        set_load_limit(coordinator, "6371", 300, day=today, reason="Uji")
        start = Start("6371", today, 0, 200, (Worker(staff.pk, "637101", takes_part=True),), {village: 3}, ())
        wish = plans.Asked("6371", today, 200, (), 30)
        way = Way(None, (Share(village, staff.pk, 3),), 10, {})
        plan = plans.make_plan(coordinator, wish, start, Answer((way,), ()), None)
        plans.choose(coordinator, plan, 1)
        PlanLock.objects.create(plan=plan, village_code=village, staff=staff, stays=True)
    with in_territory(EVERYWHERE), scopes_disabled():
        NationalCount.objects.create(district_code="6371", staff=staff, families=1, at=timezone.now())
    with in_territory(operator):
        record_identity(operator, staff, Numbers({"nik": "6371014101900066", "kk": "6371010101010066"}))
    with in_territory(EVERYWHERE), scopes_disabled():
        Leave.objects.create(
            staff=staff, region_code="6371", kind="LONG", valid_from=today, valid_until=today + timedelta(9)
        )
        Equipment.objects.create(
            staff=staff, region_code="6371", kind="VEST", serial_no="R-1", issued_on=today,
            issued_by_id=operator.person_id,
        )  # fmt: skip
        brought = Import.objects.create(
            kind="STAFF", region_code="6371", name="p.csv", sha256="0" * 64, staged_sha256="0" * 64, reason="Uji",
            taken_by_id=operator.person_id,
        )  # fmt: skip
        ImportRow.objects.create(
            of_import=brought, region_code="6371", table_name="facilitators_staff", row_id=staff.pk, after={"x": 1}
        )


def _conduct(cast):
    """Somebody signed the code, read a clarification, and was dismissed."""
    people = make_people(cast)
    make_code(people.province, "63")
    told = make_clarification(people.coordinator)
    with in_territory(people.accused):
        own = own_code(people.accused)
        sign(people.accused, own.staff, own.code, own.code.text_sha256, second_factor=False)
        acknowledge(people.accused, told)
    case = decided(people, "DISMISSAL", paper=Paper("kartu.pdf", "application/pdf", b"%PDF-1.7 uji"))
    act(people.accused, case, accept, said())


def _complaints(cast):
    """One answered, and what its asker looked at; a family asked about its money."""
    made = filed()
    answered(cast("HELPDESK", "6371"), made)
    may_look(made.number)
    asked_once(cast)


def _achievements(cast, operator):
    """A confirmed one, and a yearbook that tells of it."""
    one = confirmed(operator, cast("DISTRICT_COORDINATOR", "6371"), *make_child(), photo=True)
    officer = cast("PROVINCE_OFFICER", "63")
    with in_territory(officer), transaction.atomic():
        asked = {"province": "63", "year": one.achieved_on.year}
        KINDS[YEARBOOK](officer, lambda *_: None, asked)


def _certificates(cast, operator):
    """A skill, a certificate that was revoked, one of another institution."""
    head, skill, staff = cast("DISTRICT_HEAD", "6371"), make_skill(cast("PROVINCE_OFFICER", "63")), make_staff("6371")
    made = make_certificate(head, staff, skill)
    with in_territory(head):
        revoke(head, made, "Uji")
    make_outside(operator, staff, skill)


def _field(cast):
    """What a phone sent, a visit, and what was decided."""
    facilitator, coordinator = cast("FACILITATOR", "6371011001"), cast("DISTRICT_COORDINATOR", "6371")
    family = make_family("6371011001")
    _, entry, _ = one_of_each(facilitator, family, "Uji")
    with in_territory(coordinator):
        reject(coordinator, entry, "Sudah dicatat orang lain")
    a_sign(coordinator, facilitator, entry, "Uji")
    a_judgement(cast("DISTRICT_OPERATOR", "6371"))
    a_check(cast("DISTRICT_OPERATOR", "6371"))


def _exports(operator):
    ExportRequest.objects.create(
        kind="keluarga", title="Keluarga", arguments={}, region_code="6371", rows_asked=2_000, purpose="uji",
        asked_by_id=operator.person_id, asked_authority="x",
    )  # fmt: skip
    Disposal.objects.create(kind="staged_lists", thing=str(uuid4()))
    TakenAway.objects.create(person_id=operator.person_id, day=date(2024, 9, 1), what="keluarga", rows=7)


def _commitments(cast, operator):
    """A pupil, what her school signed and said by its own link, a decision, and that the family was told."""
    pupil = commitments.make_pupil()
    school = commitments.make_facility(operator)
    commitments.placed(operator, pupil, school)
    commitments.recorded(operator, school, {pupil: commitments.months(4)})
    coordinator, secret = cast("DISTRICT_COORDINATOR", "6371"), commitments.linked(operator, school)
    code = commitments.coded(coordinator, secret)
    commitments.mistyped(secret)
    commitments.said(secret, code, {1: "Alpa tiga hari"})
    commitments.coded(coordinator, commitments.linked(operator, school))
    commitments.withdrawn(coordinator)
    commitments.ended(operator)
    commitments.told(operator, commitments.decided(coordinator)[0])


def _money(cast, operator):
    cycle = Cycle.objects.exclude(state="CLOSED").get()
    payment = Payment.objects.filter(cycle=cycle, channel="BRI", village_code__startswith="6371").first()
    with in_territory(operator):
        FollowUp.objects.create(
            payment=payment, family_id=payment.family_id, village_code=payment.village_code, channel="BRI",
            on_day=date(2024, 9, 19), how="VISIT", found="NEEDS_BANK", reason_code="F14", by_id=operator.person_id,
            authority="x",
        )  # fmt: skip
    monitored(cast, payment)
    with in_territory(EVERYWHERE):
        family = Family.objects.get(pk=payment.family_id)
    sessions_of(cast("FACILITATOR", payment.village_code), family)
    HeldPayment.objects.create(
        cycle=cycle, run=cycle.run, family_id=payment.family_id, village_code=payment.village_code,
        amount_rupiah=payment.amount_rupiah, reason="NO_ACCOUNT",
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
