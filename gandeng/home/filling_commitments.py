"""Commitments in the try-out: what two schools signed and said of it, a link that waits for its code, one decision."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.commitments import actions
from gandeng.commitments.actions import Entry, Signed, own_codes
from gandeng.commitments.actions import own as own_actions
from gandeng.commitments.models import Effect, Facility, Obligation
from gandeng.commitments.own import opened
from gandeng.commitments.queries import Quarter, quarters, to_decide
from gandeng.core.commitment import Month
from gandeng.registry.models import Member

_ABSENT = (1, 0, 5, 2, 4, 0)
"""Days of each month the first pupils missed, of twenty."""
_DAYS = 20
_AT_THE_FIRST = 4
"""Pupils of the first school; the rest go to the second."""


def fill_commitments(
    facilitator: Acting, coordinator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]
) -> None:
    """Pupils of the facilitator's families at two schools; two miss too many days, and one is decided about."""
    today = timezone.localdate()
    quarter = quarters(today)[1]
    with doing(facilitator):
        pupils = list(
            Member.objects.filter(school_level="SD", left_on=None, deceased_on=None, family__status="ACTIVE")
            .select_related("family")
            .order_by("member_no")[: len(_ABSENT)]
        )
        if not pupils:
            return
        told = list(zip(pupils, _ABSENT, strict=False))
        parts = [some for some in (told[:_AT_THE_FIRST], told[_AT_THE_FIRST:]) if some]
        schools = [_signed_sheet(facilitator, quarter, *each) for each in enumerate(parts, start=1)]
        made = [own_actions.make_link(facilitator, school, quarter) for school in schools]
    with doing(coordinator):
        codes = [own_codes.draw_code(coordinator, link) for link, _secret in made]
    for number, ((_link, secret), code) in enumerate(zip(made, codes, strict=True), start=1):
        _answered(secret, code, number)
    with doing(facilitator):
        own_actions.make_link(facilitator, schools[-1], quarter)
    _decide_one(coordinator, doing)


def _signed_sheet(
    facilitator: Acting, quarter: Quarter, number: int, told: Sequence[tuple[Member, int]]
) -> Facility:  # fmt: skip
    """What one school signed."""
    school = actions.add_facility(
        facilitator, kind="SCHOOL", code=f"3030000{number}", name=f"SD Negeri Contoh {number}",
        village=told[0][0].village_code,
    )  # fmt: skip
    for pupil, _absent in told:
        actions.place(facilitator, pupil, Obligation.EDUCATION, school, quarter.months()[0])
    entries = [
        Entry(pupil, Obligation.EDUCATION, [Month(month, days=_DAYS, absent=absent) for month in (1, 2, 3)])
        for pupil, absent in told
    ]
    signed = Signed("Ibu Kepala Contoh", "Kepala sekolah", "Ruang guru", quarter.ends + timedelta(days=1))
    actions.record_sheet(facilitator, UUID(int=number), school, quarter, signed, entries)
    return school


def _answered(secret: str, code: str, number: int) -> None:
    """The first school says by its link and code that it is right, the second that a row differs."""
    shown = opened(secret, code)
    if shown is not None:
        own_actions.confirm(
            secret, code, shown=shown.shown, name="Ibu Wakil Contoh", office="Wakil kepala sekolah",
            differs={} if number == 1 else {1: "Menurut daftar hadir kami, alpanya dua hari, bukan empat."},
        )  # fmt: skip


def _decide_one(coordinator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]) -> None:
    with doing(coordinator):
        first = to_decide().order_by("family__family_no").first()
        if first is not None:
            actions.decide(coordinator, [first], Effect.NONE, "Anaknya dirawat; surat puskesmas sudah dilihat.")
