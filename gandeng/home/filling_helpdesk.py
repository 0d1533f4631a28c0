"""Complaints and questions in the try-out: of many kinds, by every way, each as far as a desk gets in a week."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.queries import own_record
from gandeng.helpdesk import origin_queries, public, queries
from gandeng.helpdesk.actions import asking, letters
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.actions.cases import Filed, Told
from gandeng.helpdesk.actions.origins import open_from
from gandeng.helpdesk.models import Case
from gandeng.home.filling_people import Cast
from gandeng.payments.models import Payment
from gandeng.registry.models import Family
from gandeng.training.models import Problem

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

_SENT_KEPT = "Uang sudah dikirim ke penyalur. Silakan periksa di bank atau kantor pos dengan membawa KTP dan kartu."
_CARD_KEPT = "Datanglah ke bank dengan membawa KTP dan Kartu Keluarga untuk mengganti kartu."
_OPEN = (
    ("PUBLIC", "DATA", "Anak saya sudah pindah sekolah, di data masih sekolah lama.", "Ibu Contoh, 0812"),
    ("PUBLIC", "NOT_ELIGIBLE", "Tetangga saya punya mobil tetapi masih menerima.", ""),
    ("PUBLIC", "LEVY", "Ada yang meminta potongan setiap kali uang cair.", ""),
    ("PHONE", "QUESTION", "Kapan tahap berikutnya dibayarkan?", "Bapak Contoh, 0813"),
    ("FACILITATOR", "DISASTER", "Rumah keluarga kebanjiran dan kartunya hanyut.", ""),
    ("FIELD", "FIELD_PROBLEM", "Mesin di agen rusak; sepuluh keluarga pulang tanpa uang.", ""),
)
"""Nobody has begun these: how it came, kind, words, contact."""


def fill_helpdesk(cast: Cast, doing: Doing) -> None:
    """Cases of the main district, and a letter by which a family asks for itself."""
    near = cast.facilitator.grants[0].region_code[:6]
    main = near[:4]
    desk, head = cast.helpdesk, cast.heads[main]
    for came, kind, what, contact in _OPEN:
        by = {"PHONE": desk, "FACILITATOR": cast.facilitator, "FIELD": cast.facilitator}.get(came)
        _file(by, doing, Told(kind, near if by is cast.facilitator else main, what, came, contact, not contact))
    _late(cast, doing, main)
    _under_way(cast, doing, main, near)
    _answered(desk, doing, main)
    _from_a_problem(cast.coordinators[main], doing)
    _letter(cast.facilitator, doing)
    held = _file(None, doing, Told("CARD_HELD", main, "Kartu ibu saya dipegang orang lain.", anonymous=True))
    _do(head, doing, held, deeds.start)


def _late(cast: Cast, doing: Doing, main: str) -> None:
    """Written down days after it was said, so that its time is over."""
    told = Told("CARD", main, "Kartu tertelan mesin pekan lalu.", "PHONE", "Ibu Contoh, 0814", ago=timedelta(days=4))
    _file(cast.helpdesk, doing, told)


def _under_way(cast: Cast, doing: Doing, main: str, near: str) -> None:
    """One in the facilitator's hands, linked with a payment or family where there is one; one of her sub-district gone
    up a level.
    """
    desk = cast.helpdesk
    missed = _file(desk, doing, Told("NOT_RECEIVED", main, "Uang tahap ini belum masuk.", "PHONE", "Ibu Contoh, 0815"))
    with doing(desk):
        of = {"village_code__startswith": main}
        thing = Payment.objects.filter(**of).first() or Family.objects.filter(**of).first()
    if thing is not None:
        _do(desk, doing, missed, deeds.link, thing)
    _do(desk, doing, missed, deeds.note, "Sudah diperiksa: menunggu laporan penyalur.")
    _do(desk, doing, missed, deeds.hand_on, Person.objects.get(pk=cast.facilitator.person_id))
    gone_up = _file(None, doing, Told("AMOUNT", near, "Bantuan saya berkurang tanpa penjelasan.", anonymous=True))
    _do(desk, doing, gone_up, deeds.escalate, "Perlu jawaban kabupaten/kota.")


def _answered(desk: Acting, doing: Doing, main: str) -> None:
    """One answered, five answered and rated, one opened again by who asked."""
    told = Told("NOT_RECEIVED", main, "Apakah uang saya sudah dikirim?", anonymous=True)
    for after in (None, *(partial(_rates, stars=stars) for stars in (4, 5, 3, 5, 4)), _reopens):
        made = _file(None, doing, told)
        _do(desk, doing, made, deeds.start)
        _do(desk, doing, made, deeds.answer, _SENT_KEPT if after is not _reopens else _CARD_KEPT)
        if after is not None:
            after(made)


def _rates(made: Filed, stars: int) -> None:
    found = asking.follow(made.number, digest := public.pin_digest(made.number, made.pin))
    if found is not None:
        asking.asker_rates(found, digest, stars)


def _reopens(made: Filed) -> None:
    found = asking.follow(made.number, digest := public.pin_digest(made.number, made.pin))
    if found is not None:
        asking.asker_reopens(found, digest, "Di bank tetap belum ada.")


def _from_a_problem(coordinator: Acting, doing: Doing) -> None:
    """What was raised at a training and given to the coordinator is a case in her hands."""
    with doing(coordinator):
        problem = Problem.objects.filter(owner_id=coordinator.person_id, state=Problem.State.OPEN).first()
        if problem is None:
            return
        thing = origin_queries.of_problem(coordinator, problem.pk)
        told = Told(thing.kind, thing.region_code, thing.what, Case.Came.FIELD)
        open_from(coordinator, thing, told, Person.objects.get(pk=coordinator.person_id), uuid4())


def _letter(facilitator: Acting, doing: Doing) -> None:
    """A family of hers has its letter and a code that nobody used."""
    with doing(facilitator):
        staff, today = own_record(facilitator), timezone.localdate()
        first = staff and accompanied_by(staff, today).select_related("family").order_by("family__family_no").first()
        if first:
            letters.print_letter(facilitator, first.family, "https://contoh.test/lapor/keluarga/")
            letters.make_code(facilitator, first.family)


def _file(by: Acting | None, doing: Doing, told: Told) -> Filed:
    with doing(by) if by else in_territory(None):
        return deeds.file_case(by, told)


def _do(acting: Acting, doing: Doing, made: Filed, deed: Callable[..., None], *values: object) -> None:
    with doing(acting):
        case: Case = queries.cases(acting).get(number=made.number)
        deed(acting, case, *values)
