"""Cases for tests."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from django.utils import timezone
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.tests.factories import make_staff
from gandeng.helpdesk import public, queries
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.actions import letters
from gandeng.helpdesk.actions.cases import Filed, Told
from gandeng.helpdesk.actions.origins import open_from
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.origin_queries import Thing
from gandeng.helpdesk.published import Clock
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import make_family
from gandeng.training.models import Problem

HOME = "https://contoh.test/lapor/keluarga/"
WHAT = "Uang bulan ini belum masuk ke kartu"


def filed(acting=None, kind="NOT_RECEIVED", region="6371", *, what=WHAT, contact="Siti Uji, 0812") -> Filed:
    """From the public page, or by telephone where somebody acts."""
    told = Told(kind, region, what, "PHONE" if acting else "PUBLIC", contact)
    with in_territory(acting):
        return deeds.file_case(acting, told)


def late(monkeypatch) -> None:
    """Cases filed from now on are overdue from the first."""
    over = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(deeds, "clock_of", lambda _kind, _level, **_ago: Clock(over, over))


def found_by(acting, made: Filed) -> Case | None:
    """The case as somebody sees it; None where they do not."""
    with in_territory(acting):
        return queries.cases(acting).filter(number=made.number).first()


def do(acting, made: Filed, deed, *values) -> None:
    """Somebody does something with the case as it is now."""
    with in_territory(acting):
        deed(acting, queries.cases(acting).get(number=made.number), *values)


def answered(acting, made: Filed, text="Uang sudah dikirim ke bank") -> None:
    """Somebody takes it and answers."""
    do(acting, made, deeds.start)
    do(acting, made, deeds.answer, text)


def person(acting) -> Person:
    """Whoever acts."""
    return Person.objects.get(pk=acting.person_id)


def accompanied(cast, village="6371011001"):
    """A facilitator and a family of hers."""
    coordinator, facilitator = cast("DISTRICT_COORDINATOR", village[:4]), cast("FACILITATOR", village)
    family, staff = make_family(village), make_staff(village[:4], person=person(facilitator))
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, village, staff, day=timezone.localdate(), reason="Uji")
    return facilitator, family


def letter_for(acting, family: Family) -> str:
    """Prints one; the number on the paper."""
    with in_territory(acting):
        pdf = letters.print_letter(acting, family, HOME)
    found = re.search(r"S-\w{5}-\w{5}", PdfReader(BytesIO(pdf)).pages[0].extract_text())
    assert found
    return found[0]


def code_for(acting, family: Family) -> str:
    """Makes one, as it is said."""
    with in_territory(acting):
        return letters.make_code(acting, family).words


def opened_from_one(acting) -> None:
    """A case opened from a problem of a training that somebody sees."""
    with in_territory(acting):
        problem = Problem.objects.all()[0]
        thing = Thing(problem.region_code, problem.number, "FIELD_PROBLEM", problem.text, "", problem=problem)
        open_from(acting, thing, Told(thing.kind, thing.region_code, thing.what, "FIELD"), None, uuid4())


def asked_once(cast) -> None:
    """A letter, a code for it, and that the family used both."""
    facilitator, family = accompanied(cast)
    number = public.letter_digest(letter_for(facilitator, family))
    code = public.code_digest(number, code_for(facilitator, family))
    with in_territory(None):
        assert letters.ask_with(number, code) is not None
