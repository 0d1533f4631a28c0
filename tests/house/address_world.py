"""One of everything in Kota Banjarmasin (63.71), in the next district (63.72) and in another province (62.71).

Every row of a place bears its canary, so that a page which shows what it must not gives itself away.
"""

from datetime import time, timedelta
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.actions import invite_administrator
from gandeng.accounts.keys import make_key
from gandeng.accounts.models import Grant, Person, User
from gandeng.accounts.recovery import ask as ask_to_come_in
from gandeng.accounts.roles import Role
from gandeng.achievements.jobs import YEARBOOK
from gandeng.achievements.models import Edition
from gandeng.achievements.tests.factories import confirmed, submitted
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal
from gandeng.certificates.models import Skill
from gandeng.certificates.tests.factories import make_certificate, make_skill
from gandeng.civil_registry.tests.factories import answer, taken
from gandeng.cleansing.tests.factories import a_check, a_family
from gandeng.cleansing.tests.factories import found_in as wrong_in
from gandeng.commitments.models import OwnLink, Verdict
from gandeng.commitments.tests import factories as commitments
from gandeng.conduct.actions.cases import Paper, Report, take
from gandeng.conduct.actions.cases import report as report_conduct
from gandeng.conduct.actions.code import sign as sign_code
from gandeng.conduct.case_queries import access_case
from gandeng.conduct.code_queries import own_code
from gandeng.conduct.models import CaseFile
from gandeng.conduct.tests.factories import make_clarification, make_code
from gandeng.duplicates.tests.factories import a_child, found_in, judged
from gandeng.exports.models import ExportRequest
from gandeng.facilitators.actions import plans
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.measures import Start, Worker
from gandeng.facilitators.models import Equipment, Import, Leave, Staff
from gandeng.facilitators.moving import Share
from gandeng.facilitators.solving import Answer, Way
from gandeng.facilitators.tests.factories import make_staff
from gandeng.family_sessions.tests.factories import everything as sessions_of
from gandeng.field.tests.factories import a_sheet_from, one_of_each
from gandeng.graduation.models import Paper as Statement
from gandeng.graduation.tests import factories as graduation
from gandeng.helpdesk.actions.cases import Told, file_case
from gandeng.helpdesk.models import Case
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS
from gandeng.monitoring import actions as monitoring
from gandeng.monitoring.actions import Told as Attempt
from gandeng.monitoring.models import Drawn
from gandeng.monitoring.queries import access_task
from gandeng.monitoring.signs import Said
from gandeng.payments.models import Cycle, Instruction, PaymentList
from gandeng.payments.tests.factories import make_cycle, make_supplementary
from gandeng.performance.tests.factories import make_report as make_monthly
from gandeng.performance.tests.factories import make_worker, picture
from gandeng.privacy.actions import Asked, make_report
from gandeng.reconciliation.actions.statements import make_statement
from gandeng.reconciliation.models import ExceptionCase, ReissueRequest, TreasuryDeposit
from gandeng.reconciliation.tests.world import payments_of, send, told
from gandeng.registry.actions.changes import Proof, Wanted, request_change
from gandeng.registry.list_queries import _FAMILY_WORDS, _MEMBER_WORDS
from gandeng.registry.models import Family, Intake, Member, Recoding
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.signs.tests.factories import a_sign
from gandeng.training.actions import agenda, attendance, costs, papers, problems, questions
from gandeng.training.day_queries import expected
from gandeng.training.event_queries import access_run
from gandeng.training.models import BatchPlan, EventDay
from gandeng.training.tests.factories import inviting, make_course, make_event, make_participant

OWN, SIBLING, FAR = "6371", "6372", "6271"
_FIXED = {
    "kind": "DEATH", "act": "NOTE", "step": "putuskan", "form": "csv", "code": "AAAABBBBCCCC", "user_id": 10**9,
    "quarter_key": "2026-3", "token": "AAAABBBB", "number": 1, "deed": "tunjuk", "move": "catat", "paper_format": "pdf",
    "of": "anak", "education_list_id": "00000000-0000-4000-8000-000000000001", "graduation_step": "TOLD",
}  # fmt: skip
"""Arguments that name no place."""
_LOCKED = b"PK, what a bank opens with its password"


def canary(district):
    return f"Kanari{district}"


class World:
    """`ids[name][district]`: what an address about that place takes."""

    def __init__(self, cast):
        self.cast = cast
        self.ids = {}
        for province, districts in (("63", (OWN, SIBLING)), ("62", (FAR,))):
            self._province(province, districts)
        for district in (OWN, SIBLING, FAR):
            self._people(district)
            self._staff(district)
            self._commitments(district)
            self._graduation(district)
            self._monitoring(district)
            self._certificates(district)
            self._achievements(district)
            self._performance(district)
            self._conduct(district)
            self._helpdesk(district)
            self._training(district)
            self._sessions(district)
            self._plan(district)
            self._field(district)
            self._duplicates(district)

    def _put(self, name, district, value):
        self.ids.setdefault(name, {})[district] = value

    def _province(self, province, districts):
        places = [(f"{district}011001", "BRI", 225_000 + 25_000 * n) for district in districts for n in range(3)]
        cycle = make_cycle(places, region=province, named=canary)
        payments = payments_of(cycle)
        officer = self.cast("PROVINCE_OFFICER", province)
        for district in districts:
            own = [one for one in payments if one.village_code.startswith(district)]
            self._money(cycle, district, own, officer)
            self._family(district, own[0].family_id)

    def _money(self, cycle, district, payments, officer):
        rows = [
            told(payments[0]),
            told(payments[1], "FAILURE", reason=f"{canary(district)} rekening pasif"),
            told(payments[2], payment_id="", account_no="", nik="", name=canary(district)) | {"payment_id": "9-9-X"},
        ]
        file = send(officer, cycle, rows, name=f"{canary(district)}.csv", region=district)
        assert file.state == "TAKEN", file.faults
        with in_territory(EVERYWHERE), scopes_disabled():
            self._put("cycle_id", district, cycle.pk)
            self._put("file_id", district, file.pk)
            self._put("list_id", district, PaymentList.objects.get(cycle=cycle, district_code=district, round=0).pk)
            self._put("payment_id", district, payments[0].pk)
            case = ExceptionCase.objects.get(payment=payments[1])
            self._put("case_id", district, case.pk)
            self._put("owed_payment_id", district, payments[1].pk)
            asked = ReissueRequest.objects.create(
                exception=case, payment=payments[1], amount_rupiah=payments[1].amount_rupiah,
                reason=canary(district), evidence="surat", asked_by_id=officer.person_id,
            )  # fmt: skip
            self._put("request_id", district, asked.pk)
            deposit = TreasuryDeposit.objects.create(
                cycle=cycle, channel="BRI", region_code=district, receipt_no=canary(district),
                deposited_on="2024-07-01", amount_rupiah=1, payments=1, reason=canary(district),
                told_by_id=officer.person_id,
            )  # fmt: skip
            deposit.rows.create(
                payment=payments[0], account="CREDITED", amount_rupiah=1, village_code=payments[0].village_code,
                channel="BRI",
            )  # fmt: skip
            self._put("deposit_id", district, deposit.pk)
            make_supplementary(cycle, payments[1])
            order = _order(cycle, district)
            made = Instruction.objects.create(
                pk=uuid4(), cycle=cycle, channel="BRI", format=f"zip-{district}", region_code=district, path=order,
                name=canary(district), rows=3, total_rupiah=3, list_sha256=sha256(order.encode()).hexdigest(),
                sha256=sha256(_LOCKED).hexdigest(),
                made_by_id=officer.person_id, made_at=timezone.now(),
            )  # fmt: skip
            self._put("instruction_id", district, made.pk)
        coordinator = self.cast("DISTRICT_COORDINATOR", district)
        with in_territory(coordinator):
            self._put("statement_id", district, make_statement(coordinator, cycle, district).pk)
            record(coordinator, "canary.sung", region=district, reason=canary(district))

    def _family(self, district, family_id):
        self._put("family_id", district, family_id)
        facilitator = self.cast("FACILITATOR", f"{district}011001", name=f"Pendamping {canary(district)}")
        with in_territory(facilitator):
            member = Member.objects.filter(family_id=family_id).select_related("family").first()
            change = request_change(
                facilitator, member.family, "DISABILITY", member, Wanted({"severe_disability": True}),
                canary(district), Proof("dilihat sendiri"),
            )  # fmt: skip
        self._put("change_id", district, change.pk)

    def _staff(self, district):
        """Somebody who works there, away for a while, with a vest."""
        staff = make_staff(district, name=f"Pendamping {canary(district)}", home=f"{district}01")
        today, operator = timezone.localdate(), self.cast("DISTRICT_OPERATOR", district)
        self._put("staff_id", district, staff.pk)
        with in_territory(EVERYWHERE), scopes_disabled():
            self._put("post_id", district, staff.posts.get().pk)
            self._put("employment_id", district, staff.employments.get().pk)
            leave = Leave.objects.create(
                staff=staff, region_code=district, kind="LONG", valid_from=today, valid_until=today + timedelta(9)
            )
            self._put("leave_id", district, leave.pk)
            thing = Equipment.objects.create(
                staff=staff, region_code=district, kind="VEST", serial_no=f"{canary(district)} {district}",
                issued_on=today, issued_by_id=operator.person_id,
            )  # fmt: skip
            self._put("thing_id", district, thing.pk)
            brought = Import.objects.create(
                kind="CASELOAD", region_code=district, name=f"{canary(district)}.csv", sha256="0" * 64,
                staged_sha256="0" * 64, reason=canary(district), taken_by_id=operator.person_id,
                preview={"counts": {"listed": 1, "unchanged": 0, "others": 1, "first": 0, "acts": []}, "people": []},
            )  # fmt: skip
            self._put("import_id", district, brought.pk)

    def _commitments(self, district):
        """A school of the place, what it signed about a pupil, and a decision."""
        operator, coordinator = self.cast("DISTRICT_OPERATOR", district), self.cast("DISTRICT_COORDINATOR", district)
        member = commitments.make_pupil(f"{district}011001", name=canary(district))
        school = commitments.make_facility(operator, f"{district}011001", name=f"SDN {canary(district)}")
        commitments.placed(operator, member, school)
        commitments.recorded(operator, school, {member: commitments.months(4)})
        self._put("facility_id", district, school.pk)
        self._put("member_id", district, member.pk)
        secret = commitments.linked(operator, school)
        commitments.said(secret, commitments.coded(coordinator, secret), {1: canary(district)})
        commitments.linked(operator, school)
        with in_territory(operator):
            self._put("own_link_id", district, OwnLink.objects.get(facility=school, confirmation=None).pk)
        with in_territory(operator):
            self._put("verdict_id", district, Verdict.objects.get(member=member).pk)
        self._put("commitment_decision_id", district, commitments.decided(coordinator)[0].pk)

    def _graduation(self, district):
        """A family's graduation that was approved and is not told yet, with its statement."""
        operator, coordinator = self.cast("DISTRICT_OPERATOR", district), self.cast("DISTRICT_COORDINATOR", district)
        family = make_family(f"{district}011001", name=canary(district))
        case = graduation.proposed(operator, family, "INDEPENDENT")
        graduation.approved(coordinator, case)
        self._put("graduation_case_id", district, case.pk)
        with in_territory(EVERYWHERE), scopes_disabled():
            self._put("graduation_paper_id", district, Statement.objects.get(family=family).pk)

    def _monitoring(self, district):
        """A family that was drawn and has answered."""
        operator, coordinator = self.cast("DISTRICT_OPERATOR", district), self.cast("DISTRICT_COORDINATOR", district)
        with in_territory(coordinator):
            cycle = Cycle.objects.get(pk=self.ids["cycle_id"][district])
            made = monitoring.draw(coordinator, cycle, district)
            one = Drawn.objects.get(draw=made)
        with in_territory(operator):
            attempt = Attempt(uuid4(), timezone.localdate(), "VISIT", canary(district))
            found = access_task(operator, one.pk)
            monitoring.note_answer(operator, found, attempt, Said(False, 0, "FAMILY", "FAMILY", "NO"), "NOT_YET")
        self._put("drawn_district", district, district)
        self._put("draw_id", district, made.pk)
        self._put("stratum_id", district, one.stratum_id)
        self._put("drawn_id", district, one.pk)

    def _achievements(self, district):
        """A family's achievement that waits, with its papers; an edition of the province."""
        operator, coordinator = self.cast("DISTRICT_OPERATOR", district), self.cast("DISTRICT_COORDINATOR", district)
        with in_territory(operator):
            family = Family.objects.get(pk=self.ids["family_id"][district])
        one = submitted(operator, family, None, what=f"Warung {canary(district)}")
        confirmed(operator, coordinator, family, None, what=f"Kedai {canary(district)}")
        self._put("achievement_id", district, one.pk)
        officer = self.cast("PROVINCE_OFFICER", district[:2])
        with in_territory(officer), transaction.atomic():
            KINDS[YEARBOOK](officer, lambda *_: None, {"province": district[:2], "year": one.achieved_on.year})
            self._put("edition_id", district, Edition.objects.filter(region_code=district[:2]).latest("made_at").pk)
        with in_territory(operator):
            self._put("achievement_paper_id", district, one.papers.get().pk)
            self._put("consent_id", district, one.consents.get().pk)

    def _certificates(self, district):
        """A skill of the province, and a certificate of somebody of the place."""
        skills = self.ids.setdefault("skill_id", {})
        same = [key for place, key in skills.items() if place[:2] == district[:2]]
        keeper = self.cast("PROVINCE_OFFICER", district[:2])
        if not same:
            skills[district] = make_skill(keeper, district[:2], name=canary(district)).pk
        else:
            skills[district] = same[0]
        with in_territory(EVERYWHERE), scopes_disabled():
            staff = Staff.objects.select_related("person").get(pk=self.ids["staff_id"][district])
            skill = Skill.objects.get(pk=skills[district])
        head = self.cast("DISTRICT_HEAD", district)
        self._put("certificate_id", district, make_certificate(head, staff, skill, office=district).pk)

    def _performance(self, district):
        """A report with a photo, handed in by somebody of the place."""
        report = make_monthly(make_worker(self.cast, district), hand_in=True, photo=picture())
        self._put("monthly_id", district, report.pk)
        with in_territory(EVERYWHERE), scopes_disabled():
            self._put("photo_id", district, report.photos.get().pk)

    def _training(self, district):
        """A course of the place's office, a draft from a plan with somebody on it, an hour and a file."""
        operator, day = self.cast("DISTRICT_OPERATOR", district), timezone.localdate() + timedelta(days=9)
        course = make_course(operator, district, title=f"Bimtek {canary(district)}", about=canary(district))
        self._put("course_id", district, course.pk)
        with in_territory(EVERYWHERE), scopes_disabled():
            staff = Staff.objects.get(pk=self.ids["staff_id"][district])
            plan = BatchPlan.objects.create(
                course=course, region_code=district, made_by_id=operator.person_id,
                asked={"region": district, "batches": [], "needed": 1, "on_a_list": 0},
            )  # fmt: skip
        event = make_event(operator, course, day, plan=plan, venue=f"Aula {canary(district)}")
        self._put("batch_plan_id", district, plan.pk)
        self._put("event_id", district, event.pk)
        self._put("participant_id", district, make_participant(operator, event, staff).pk)
        with in_territory(operator):
            standing = access_run(operator, event.pk)
            hour = agenda.Hour(day, time(8), time(9), canary(district), canary(district))
            self._put("item_id", district, agenda.add(operator, standing, hour).pk)
            paper = agenda.Paper(canary(district), "application/pdf", canary(district).encode())
            self._put("material_id", district, agenda.hand_out(operator, standing, paper).pk)
        self._happening(operator, district, inviting(event))

    def _happening(self, operator, district, event):
        """People are invited; a day, a test, a problem and a cost."""
        secret, told = uuid4(), canary(district)
        with in_territory(operator):
            standing = access_run(operator, event.pk)
            day = EventDay.objects.create(
                pk=secret, event=event, region_code=district, day=event.starts_on, code=uuid4().hex,
                secret_sealed=seal("00", Place("training_eventday", "secret", str(secret))),
                opened_by_id=operator.person_id,
            )  # fmt: skip
            people = list(expected(standing))
            attendance.by_hand(operator, standing, day, people, told)
            asked = [questions.Asked(told, f"{told} {each}?", (told, "b"), 0, told) for each in "ab"]
            bank = questions.enter_many(operator, event.course, asked)
            raised = problems.raise_problem(operator, standing, problems.Raised(district, "DATA", told))
            self._put("day_id", district, day.pk)
            self._put("attendance_id", district, day.attendances.get().pk)
            self._put("question_id", district, bank[0].pk)
            self._put("test_paper_id", district, papers.open_paper(operator, standing, "PRE", bank).pk)
            self._put("problem_id", district, raised.pk)
            self._put("cost_id", district, costs.enter(operator, standing, costs.Line("OTHER", told, 1)).pk)

    def _sessions(self, district):
        """A group of the family, a meeting it missed, a photo."""
        facilitator = self.cast("FACILITATOR", f"{district}011001")
        with in_territory(facilitator):
            family = Family.objects.get(pk=self.ids["family_id"][district])
        group, meeting, absence, photo = sessions_of(facilitator, family, canary(district))
        self._put("group_id", district, group.pk)
        self._put("meeting_id", district, meeting.pk)
        self._put("absence_id", district, absence.pk)
        self._put("picture_id", district, photo.pk)

    def _helpdesk(self, district):
        """A complaint by telephone."""
        desk = self.cast("HELPDESK", district)
        told = Told("NOT_RECEIVED", district, f"{canary(district)} belum diterima", "PHONE", canary(district))
        with in_territory(desk):
            made = file_case(desk, told)
            self._put("complaint_id", district, Case.objects.get(number=made.number).pk)

    def _conduct(self, district):
        """The province's code, a clarification, a case with a paper that the head of the office has in hand."""
        reporter, head = self.cast("HELPDESK", district), self.cast("DISTRICT_HEAD", district)
        codes = self.ids.setdefault("code_id", {})
        same = [code for place, code in codes.items() if place[:2] == district[:2]]
        if same:
            codes[district] = same[0]
        else:
            keeper = self.cast("PROVINCE_HEAD", district[:2])
            self._put("code_id", district, make_code(keeper, district[:2], articles=[canary(district)]).pk)
        coordinator = self.cast("DISTRICT_COORDINATOR", district)
        told = make_clarification(coordinator, district, canary(district))
        self._put("clarification_id", district, told.pk)
        with in_territory(reporter):
            staff = Staff.objects.get(pk=self.ids["staff_id"][district])
            paper = Paper(f"{canary(district)}.pdf", "application/pdf", b"%PDF-1.7")
            report = Report(uuid4(), "CARD", None, canary(district), canary(district), paper)
            case = report_conduct(reporter, staff, report)
        with in_territory(head):
            take(head, access_case(head, case.pk))
            self._put("paper_id", district, CaseFile.objects.get(case=case).pk)
        self._put("ethics_case_id", district, case.pk)
        self._signature(district)

    def _signature(self, district):
        """Under the code, of somebody who works there."""
        signer = self.cast("FACILITATOR", f"{district}011001", name=f"Penanda {canary(district)}")
        make_staff(district, person=Person.objects.get(pk=signer.person_id), home=f"{district}01")
        with in_territory(signer):
            mine = own_code(signer)
            signed = sign_code(signer, mine.staff, mine.code, mine.code.text_sha256, second_factor=False)
        self._put("signature_id", district, signed.pk)

    def _people(self, district):
        today = timezone.localdate()
        person = Person.objects.create(name=f"Budi {canary(district)}")
        grant = Grant.objects.create(
            person=person, role=Role.HELPDESK, region_code=district, valid_from=today - timedelta(days=3)
        )
        self._put("person_id", district, person.pk)
        self._put("grant_id", district, grant.pk)
        waits = Person.objects.create(name=f"Tunggu {canary(district)}")
        given = Grant.objects.create(
            person=waits,
            role=Role.DISTRICT_HEAD,
            region_code=district,
            valid_from=today,
            granted_by=person,
            awaits=True,
        )
        self._put("waiting_grant_id", district, given.pk)
        invitation, _ = invite_administrator(f"Admin {canary(district)}", f"{district}@contoh.test", district, today)
        self._put("invitation_id", district, invitation.pk)
        asker = self.cast("FACILITATOR", f"{district}01", name=f"Lupa {canary(district)}")
        user = User.objects.get(person_id=asker.person_id)
        self._put("recovery_id", district, ask_to_come_in(user, district, "BOTH")[0].pk)
        owner = self.cast("DISTRICT_OPERATOR", district)
        job = Job.objects.create(kind="x", title=f"Kerja {canary(district)}", owner_id=owner.person_id, state="FAILED")
        self._put("job_id", district, job.pk)
        officer = self.cast("CHANNEL_OFFICER", district, channel="BRI", name=f"Bank {canary(district)}")
        self._put("key_id", district, make_key(officer, name=canary(district), days=30)[0].pk)
        with in_territory(owner):
            asked = ExportRequest.objects.create(
                kind="keluarga", title=f"Keluarga {canary(district)}", arguments={}, region_code=district,
                rows_asked=2_000, purpose=canary(district), asked_by_id=owner.person_id, asked_authority="x",
            )  # fmt: skip
            self._put("export_id", district, asked.pk)
            codes = [{"old": f"{district}999001", "new": f"{district}999002", "whole": True}]
            recoding = Recoding.objects.create(
                region_code=district, basis=f"Keputusan {canary(district)}", in_force_on=timezone.localdate(),
                pairs=codes, proposed_by_id=owner.person_id,
            )  # fmt: skip
            self._put("recoding_id", district, recoding.pk)
            intake = Intake.objects.create(**intake_fields(owner, district))
            self._put("intake_id", district, intake.pk)
            asked = Asked(canary(district), "COLLECTOR", timezone.localdate(), "KTP", canary(district))
            family = Family.objects.get(pk=self.ids["family_id"][district])
            self._put("report_id", district, make_report(owner, family, asked).pk)
        self.owners = {**getattr(self, "owners", {}), district: owner}

    def _field(self, district):
        """What a phone of the place sent and nobody has decided."""
        facilitator = self.cast("FACILITATOR", f"{district}011001", name=f"Penelepon {canary(district)}")
        with in_territory(facilitator):
            family = Family.objects.get(pk=self.ids["family_id"][district])
        device, entry, sha256 = one_of_each(facilitator, family, canary(district))
        self._put("device_id", district, device.pk)
        self._put("field_entry_id", district, entry.pk)
        self._put("field_visit_id", district, entry.entry_id)
        self._put("visit_id", district, entry.entry_id)
        self._put("sha256", district, sha256)
        coordinator = self.cast("DISTRICT_COORDINATOR", district)
        self._put("sign_id", district, a_sign(coordinator, facilitator, entry, canary(district)).pk)
        self._put("field_sheet_id", district, a_sheet_from(facilitator, family, device, sha256, canary(district)).pk)

    def _duplicates(self, district):
        """Two children of the place who look like two others; of one pair somebody said that they are two people."""
        operator, villages = self.cast("DISTRICT_OPERATOR", district), (f"{district}011001", f"{district}011002")
        for name in (f"Anak {canary(district)}", f"{canary(district)} Bungsu"):
            for village in villages:
                a_child(village, name=name)
        pair, other = [one for one in found_in(operator, district) if one.place == "SUB_DISTRICT"][:2]
        self._put("judgement_id", district, judged(operator, pair).pk)
        self._put("checked_id", district, a_check(operator, district, villages[0]).pk)
        a_family(villages[1], name=f"{canary(district)} 2")
        odd = (one for one in wrong_in(operator, district) if one.kind == "NAME_ODD" and one.member.name.endswith(" 2"))
        self._put("found_id", district, next(odd).pk)
        self._put("pair_id", district, other.pk)
        self._put("matching_id", district, self._answered(operator, district))

    def _answered(self, operator, district):
        """The civil registry says of somebody that she is dead."""
        with in_territory(operator):
            member = Member.objects.filter(village_code__startswith=district).exclude(nik_index=None).first()
            told = answer(member, "DECEASED", name="", birth_date="", sex="")
        return taken(operator, told, region=district).pk

    def _plan(self, district):
        """The staff of the place has one village of it, in a plan with one way."""
        coordinator, village = self.cast("DISTRICT_COORDINATOR", district), f"{district}011001"
        staff, today = self.ids["staff_id"][district], timezone.localdate()
        share = Share(village, staff, 3)
        start = Start(district, today, 0, 200, (Worker(staff, f"{district}01", takes_part=True),), {village: 3}, ())
        wish = plans.Asked(district, today, 200, (), 30)
        with in_territory(coordinator):
            plan = plans.make_plan(coordinator, wish, start, Answer((Way(None, (share,), 10, {}),), ()), None)
            plans.choose(coordinator, plan, 1)
        self._put("plan_id", district, plan.pk)
        self._put("village_code", district, village)
        self._put("region", district, district)
        with in_territory(coordinator):
            taker = Staff.objects.select_related("person").get(pk=staff)
            act = assign_unaccompanied(coordinator, village, taker, day=today, reason=f"Uji {canary(district)}")
        self._put("act_id", district, act.pk)

    def kwargs(self, names, district):
        """Arguments of an address that takes `names`, about a place; None where it takes none of a place."""
        return {name: _FIXED[name] if name in _FIXED else self.ids[name][district] for name in names}

    def absent(self, names):
        """The same about nothing that is there."""
        nothing = {name: "2024-2-K999999999" if name == "payment_id" else uuid4() for name in names}
        nothing |= {name: "0" * 64 for name in names if name == "sha256"}
        return nothing | {name: _FIXED[name] for name in names if name in _FIXED}


def _order(cycle, district):
    """A file where the order says."""
    path = settings.DATA_DIR / "instructions" / f"{cycle.pk}-{district}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_LOCKED)
    return path.relative_to(settings.DATA_DIR).as_posix()


def intake_fields(owner, district):
    digest = (district * 16)[:64]
    return {
        "region_code": district, "cycle": "2024-2", "families_name": f"{canary(district)}.csv",
        "members_name": "anggota.csv", "families_sha256": digest, "members_sha256": digest, "folder": "x",
        "preview": {"counts": {"families": _none(_FAMILY_WORDS), "members": _none(_MEMBER_WORDS)}},
        "taken_by_id": owner.person_id,
    }  # fmt: skip


def _none(words):
    return {"listed": 0} | dict.fromkeys(words, 0)
