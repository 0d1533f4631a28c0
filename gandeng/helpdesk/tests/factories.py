"""Cases for tests."""

from datetime import timedelta

from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.helpdesk import queries
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.actions.cases import Filed, Told
from gandeng.helpdesk.models import Case

WHAT = "Uang bulan ini belum masuk ke kartu"


def filed(acting=None, kind="NOT_RECEIVED", region="6371", *, what=WHAT, contact="Siti Uji, 0812") -> Filed:
    """From the public page, or by telephone where somebody acts."""
    told = Told(kind, region, what, "PHONE" if acting else "PUBLIC", contact)
    with in_territory(acting):
        return deeds.file_case(acting, told)


def late(monkeypatch) -> None:
    """Cases filed from now on are overdue from the first."""
    monkeypatch.setattr(deeds, "_until", lambda _kind, _level: timezone.now() - timedelta(hours=1))


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
