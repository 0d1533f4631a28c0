"""Trainings of the try-out: one that is closed and certified, one going on today, one people are invited to.

Courses are of the kinds of docs/programme.md; who was where, and what each answered, follows from her place among the
staff.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.certificates.models import Skill
from gandeng.facilitators.models import Staff
from gandeng.home.filling_people import Cast
from gandeng.training.actions import agenda, attendance, closing, costs, courses, papers, problems, questions
from gandeng.training.actions.problems import Raised
from gandeng.training.actions.questions import Asked
from gandeng.training.event_queries import access_run
from gandeng.training.models import (
    Attendance,
    Course,
    Evaluation,
    EvaluationGiven,
    Event,
    EventDay,
    Paper,
    Participant,
    Problem,
    Question,
    Sitting,
)
from gandeng.training.paper_queries import questions_of
from gandeng.training.problem_queries import access_problem
from gandeng.training.published import statements

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

_COURSES = (
    courses.Text("Bimtap SDM PKH", "BIMTAP", 3, 100, "Bagi SDM baru.", (
        "Sosialisasi", "Validasi", "Verifikasi komitmen", "P2K2", "Pemutakhiran", "Penyaluran"), hours=30),
    courses.Text("Diklat P2K2/FDS", "DIKLAT", 10, 40, "Memandu pertemuan peningkatan kemampuan keluarga.", (
        "Pengasuhan dan pendidikan", "Pengelolaan keuangan", "Kesehatan dan gizi"), hours=80,
        attendance_percent_min=90, pass_percent=60),
    courses.Text("Diklat daring P2K2", "ELEARNING", 11, 200, "Belajar mandiri, lalu tatap muka daring.", hours=40),
    courses.Text("Bimtek SDM PKH", "BIMTEK", 2, 75, "Aturan dan alat kerja tahun berjalan.", (
        "Kode etik", "Rekonsiliasi penyaluran"), hours=16, attendance_percent_min=80, pass_percent=60),
    courses.Text("Konsolidasi dan rekonsiliasi", "CONSOLIDATION", 2, 45, "Mencocokkan data, membahas masalah."),
)  # fmt: skip
_SKILLS = {"Bimtap SDM PKH": "bimtap", "Diklat P2K2/FDS": "diklat-fds", "Diklat daring P2K2": "elearning-fds",
           "Bimtek SDM PKH": "bimtek"}  # fmt: skip
_QUESTIONS = (
    Asked("Kode etik", "Bolehkah pendamping menyimpan kartu KKS keluarga?",
          ("Ya, bila diminta keluarga", "Tidak, dalam keadaan apa pun", "Ya, paling lama sehari"), 1,
          "Memegang kartu keluarga adalah pelanggaran kode etik."),
    Asked("Kode etik", "Kepada siapa data peserta boleh diberikan?",
          ("Siapa saja yang meminta", "Calon kepala desa", "Yang diizinkan Kementerian Sosial atau Dinas Sosial"), 2),
    Asked("Rekonsiliasi penyaluran", "Apa yang dicocokkan dalam rekonsiliasi?",
          ("Data penyaluran dinas dengan laporan bank", "Daftar hadir P2K2", "Absensi pendamping"), 0),
    Asked("Rekonsiliasi penyaluran", "Sampai tingkat mana rekonsiliasi berjenjang?",
          ("Desa", "Kecamatan", "Pusat"), 2),
    Asked("Rekonsiliasi penyaluran", "Bantuan PKH diberikan dengan syarat.", ("Benar", "Salah"), 0),
)  # fmt: skip
_PROBLEMS = (
    ("PAYMENT", "Lima kartu tertelan mesin dan penggantinya belum datang sejak dua tahap."),
    ("CASELOAD", "Dua desa baru belum punya pendamping, jarak tempuhnya dua jam."),
    ("SYSTEM", "Sinyal tidak sampai di tiga desa, unggahan foto gagal."),
)
_ANSWER = "Bank menjadwalkan penggantian kartu di kantor kecamatan pekan depan."
_COSTS = (
    costs.Line("VENUE", "Sewa aula dua hari", 6_000_000, 6_000_000),
    costs.Line("MEALS", "Konsumsi peserta", 7_500_000, 7_230_000),
    costs.Line("SPEAKER", "Honor narasumber", 4_000_000, 4_000_000),
)
_HAND = "Menandatangani daftar hadir kertas"
_VENUE = "Aula Dinas Sosial"
_CLOSED, _TODAY, _INVITED = range(26), range(26, 44), range(44, 70)
"""By place among the staff of the district; the facilitator behind the door is at all three."""


@dataclass(frozen=True)
class _Held:
    """A training of the district's office and who is there."""

    doing: Doing
    office: Acting
    event: Event
    people: Sequence[Participant]

    def as_her(self, one: Participant) -> AbstractContextManager[Acting]:
        """What she does herself."""
        person = one.staff.person
        return self.doing(replace(self.office, person_id=person.pk, person_name=person.name))


def fill_training(cast: Cast, doing: Doing) -> None:
    """Nothing where nobody works in the field."""
    main = cast.facilitator.grants[0].region_code[:4]
    office, today = cast.operators[main], timezone.localdate()
    with doing(office):
        known = Staff.objects.filter(region_code=main, left_on=None).exclude(
            person_id__in=[office.person_id, cast.heads[main].person_id]
        )
        staff = list(known.select_related("person").order_by("staff_no"))
    if not any(one.person_id == cast.facilitator.person_id for one in staff):
        return
    with doing(cast.province_officer) as officer:
        made = _courses(officer, cast.province)
    first = _event(doing, office, made["Bimtek SDM PKH"], today - timedelta(days=21), 2, _of(staff, _CLOSED, cast))
    _hold(first, cast)
    second = _event(doing, office, made["Diklat P2K2/FDS"], today, 10, _of(staff, _TODAY, cast))
    _begin(second)
    ahead = today + timedelta(days=30)
    _event(doing, office, made["Konsolidasi dan rekonsiliasi"], ahead, 2, _of(staff, _INVITED, cast), answered=9)


def _of(staff: Sequence[Staff], places: range, cast: Cast) -> list[Staff]:
    found = [one for place, one in enumerate(staff) if place in places]
    hers = [one for one in staff if one.person_id == cast.facilitator.person_id]
    return list(dict.fromkeys([*hers, *found]))


def _courses(officer: Acting, province: str) -> dict[str, Course]:
    skills = {one.key: one.pk for one in Skill.objects.filter(region_code=province)}
    made = {
        text.title: courses.enter(officer, province, replace(text, skill_id=skills.get(_SKILLS.get(text.title, ""))))
        for text in _COURSES
    }
    for title in ("Bimtek SDM PKH", "Diklat P2K2/FDS"):
        questions.enter_many(officer, made[title], _QUESTIONS)
    return made


def _event(
    doing: Doing, office: Acting, course: Course, starts_on: date, days: int, staff: Sequence[Staff], *,
    answered: int | None = None,
) -> _Held:  # fmt: skip
    """Everybody was invited; the first `answered` said yes, all where it is not told."""
    region, now = office.grants[0].region_code, timezone.now()
    with doing(office):
        event = Event.objects.create(
            course=course, region_code=region, title=course.title, batch_no=1, venue=_VENUE, starts_on=starts_on,
            ends_on=starts_on + timedelta(days=days - 1), reply_until=starts_on - timedelta(days=5),
            capacity=course.capacity, skill_id=course.skill_id, hours=course.hours,
            attendance_percent_min=course.attendance_percent_min, pass_percent=course.pass_percent,
            state=Event.State.INVITED, made_by_id=office.person_id,
        )  # fmt: skip
        event.refresh_from_db()
        for place, one in enumerate(sorted(staff, key=lambda each: (each.home_code, each.pk))):
            yes = (answered is None or place < answered) and not (answered and one is staff[0])
            Participant.objects.create(
                event=event, staff=one, region_code=one.region_code, home_code=one.home_code,
                state=Participant.State.CONFIRMED if yes else Participant.State.INVITED,
                named_by_id=office.person_id, invited_at=now, answered_at=now if yes else None,
                answered_by_id=one.person_id if yes else None,
            )  # fmt: skip
        found = Participant.objects.filter(event=event).select_related("staff__person").order_by("staff__staff_no")
        people = list(found)
        _agenda(office, event)
    return _Held(doing, office, event, people)


def _agenda(office: Acting, event: Event) -> None:
    standing = access_run(office, event.pk)
    hours = ((8, "Pembukaan", "Kepala Dinas Sosial"), (9, "Materi dan latihan", "Narasumber dinas"))
    for start, title, speaker in hours:
        agenda.add(office, standing, agenda.Hour(event.starts_on, time(start), time(start + 1), title, speaker))


def _hold(held: _Held, cast: Cast) -> None:
    """Two days, two tests, opinions, problems and costs; closed, and certified by the head of the office."""
    office, event = held.office, held.event
    with held.doing(office):
        standing = access_run(office, event.pk)
        for day in (event.starts_on, event.ends_on):
            opened = attendance.open_day(office, standing, day)
            there = [one for place, one in enumerate(held.people) if (place + day.day) % 9]
            attendance.by_hand(office, standing, opened, there, _HAND)
        bank = list(Question.objects.filter(course=event.course).order_by("entered_at", "pk"))
        before, after = (papers.open_paper(office, standing, kind, bank) for kind in ("PRE", "POST"))
    for place, one in enumerate(held.people):
        with held.as_her(one):
            _sit(before, bank, one, place, 5)
            _sit(after, bank, one, place, 8)
            _opine(one, event, place)
    with held.doing(office):
        _problems(office, event, cast.coordinators[event.region_code])
        for line in _COSTS:
            costs.enter(office, access_run(office, event.pk), line)
        closing.close(office, access_run(office, event.pk))
    head = cast.heads[event.region_code]
    if event.skill_id is not None:
        with held.doing(head):
            closing.certify(head, Event.objects.get(pk=event.pk))


def _sit(paper: Paper, bank: Sequence[Question], one: Participant, place: int, of_ten: int) -> None:
    """So many of ten answers are right, others follow from her place."""
    answers = {
        str(question.pk): (question.right_option + int((place * 7 + at * 3) % 10 >= of_ten)) % len(question.options)
        for at, question in enumerate(bank)
    }
    Sitting.objects.create(
        paper=paper, participant=one, person_id=one.staff.person_id, region_code=one.region_code, answers=answers,
        handed_in_at=timezone.now(),
    )  # fmt: skip


def _opine(one: Participant, event: Event, place: int) -> None:
    if place % 4 == 3:
        return
    scores = {key: 3 + (place + at) % 3 for at, key in enumerate(statements())}
    EvaluationGiven.objects.create(participant=one, person_id=one.staff.person_id, region_code=one.region_code)
    remark = "Perbanyak latihan mengisi aplikasi." if place % 8 == 0 else ""
    Evaluation.objects.create(event=event, region_code=event.region_code, scores=scores, remark=remark)


def _problems(office: Acting, event: Event, coordinator: Acting) -> None:
    """One answered, one given to somebody, one nobody has."""
    standing = access_run(office, event.pk)
    made: list[Problem] = [
        problems.raise_problem(office, standing, Raised(event.region_code, about, text)) for about, text in _PROBLEMS
    ]
    owner = Person.objects.get(pk=coordinator.person_id)
    for one in made[:2]:
        problems.give(office, access_problem(office, one.pk), owner, timezone.localdate() + timedelta(days=14))
    problems.answer(office, access_problem(office, made[0].pk), _ANSWER)


def _begin(held: _Held) -> None:
    """Today is open, some are there already; the first test is open too."""
    office = held.office
    with held.doing(office):
        standing = access_run(office, held.event.pk)
        day: EventDay = attendance.open_day(office, standing, held.event.starts_on)
        bank = list(Question.objects.filter(course=held.event.course).order_by("entered_at", "pk"))
        paper = papers.open_paper(office, standing, Paper.Kind.PRE, bank)
    for place, one in enumerate(held.people[3:12]):
        with held.as_her(one):
            Attendance.objects.create(
                day=day, participant=one, person_id=one.staff.person_id, region_code=one.region_code,
                how=Attendance.How.CODE, by_id=one.staff.person_id,
            )  # fmt: skip
            if place % 2:
                _sit(paper, questions_of(paper), one, place, 5)
