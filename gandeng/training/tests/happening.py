"""An event that is going on today, with people who can sign in, questions, and everything that is done there."""

import time
from dataclasses import dataclass
from datetime import time as clock
from datetime import timedelta

from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.tests.factories import make_staff
from gandeng.training.actions import agenda, attendance, closing, costs, evaluation, papers, problems, questions
from gandeng.training.actions.problems import Raised
from gandeng.training.actions.questions import Asked
from gandeng.training.day_queries import secret_of
from gandeng.training.event_queries import Standing, access_own, access_run
from gandeng.training.models import BatchPlan, Event, EventDay, Paper, Question
from gandeng.training.paper_queries import access_own_paper
from gandeng.training.problem_queries import access_problem
from gandeng.training.published import statements
from gandeng.training.tests.factories import inviting, make_course, make_event, make_participant, make_skill
from gandeng.training.wall_codes import code_at

ANSWERS = "ABCD"


@dataclass
class Happening:
    """An event of the district's office today, for these people."""

    office: Acting
    event: Event
    people: list[Acting]

    def run(self) -> Standing:
        """As the office has it; inside its territory."""
        return access_run(self.office, self.event.pk)

    def own(self, who: Acting) -> Standing:
        """As a participant has it; inside hers."""
        return access_own(who, self.event.pk)

    def open_day(self, day=None) -> EventDay:
        """People may sign in."""
        with in_territory(self.office):
            return attendance.open_day(self.office, self.run(), day or self.event.starts_on)

    def attend(self, who: Acting, day: EventDay) -> None:
        """By the code that is on the wall now."""
        with in_territory(who):
            now = time.time()
            scan = attendance.scanned(who, day.code, code_at(secret_of(day), now), "10.0.0.1", now)
            attendance.sign_in(who, scan)

    def bank(self, count: int = 4) -> list[Question]:
        """Questions whose right option is the second."""
        with in_territory(self.office):
            asked = [
                Asked(f"Unit {place % 2}", f"Soal nomor {place}", tuple(f"Pilihan {each}" for each in ANSWERS), 1)
                for place in range(count)
            ]
            return questions.enter_many(self.office, self.event.course, asked)

    def paper(self, kind: str, bank: list[Question]) -> Paper:
        """A test, open."""
        with in_territory(self.office):
            return papers.open_paper(self.office, self.run(), kind, bank)

    def sit(self, who: Acting, paper: Paper, right: int, *, hand_in: bool = True) -> None:
        """So many right, the others wrong."""
        with in_territory(who):
            papers.start(who, access_own_paper(who, paper.pk))
            rows = paper.questions.order_by("place")
            answers = {str(one.question_id): 1 if place < right else 0 for place, one in enumerate(rows)}
            papers.keep(access_own_paper(who, paper.pk), answers)
            if hand_in:
                papers.hand_in(who, access_own_paper(who, paper.pk))


def happening(cast, office: Acting, people: int = 3, *, confirmed: bool = True, began: int = 0, **course) -> Happening:
    """One day, today, of a course that gives a skill; `began` so many days ago."""
    told = {"days": 1, "attendance_percent_min": 80, "pass_percent": 60} | course
    made = make_course(office, skill=make_skill(office), **told)
    event = make_event(office, made, starts_on=timezone.localdate() - timedelta(days=began))
    coming = []
    for number in range(people):
        who = cast("FACILITATOR", "6371011001", name=f"Peserta {number:02d}")
        staff = make_staff("6371", person=Person.objects.get(pk=who.person_id))
        make_participant(office, event, staff)
        coming.append(who)
    return Happening(office, inviting(event, confirmed=confirmed), coming)


def everything(cast, office: Acting) -> Happening:
    """A row of every table: a batch that was planned, held, judged, paid for and closed."""
    made = happening(cast, office, 1)
    who, event = made.people[0], made.event
    day, bank = made.open_day(), made.bank(2)
    made.attend(who, day)
    made.sit(who, made.paper("POST", bank), 2)
    with in_territory(who):
        evaluation.give(who, made.own(who), dict.fromkeys(statements(), 4), "Baik")
        problem = problems.raise_problem(who, made.own(who), Raised("6371", "PAYMENT", "Kartu tertelan mesin"))
    with in_territory(office):
        standing = made.run()
        agenda.add(office, standing, agenda.Hour(event.starts_on, clock(8), clock(9), "Pembukaan", "Kepala dinas"))
        agenda.hand_out(office, standing, agenda.Paper("Bahan", "application/pdf", b"%PDF-1.7 uji"))
        costs.enter(office, standing, costs.Line("VENUE", "Sewa aula", 1_000_000, 900_000))
        problems.answer(office, access_problem(office, problem.pk), "Bank mengganti kartunya")
        BatchPlan.objects.create(
            course=event.course, region_code="6371", made_by_id=office.person_id,
            asked={"region": "6371", "batches": [], "needed": 1, "on_a_list": 0},
        )  # fmt: skip
        closing.close(office, standing)
    return made
