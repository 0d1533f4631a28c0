"""Commitments in the try-out: a school, what it signed about the last quarter, one decision, and one that waits."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.commitments import actions
from gandeng.commitments.actions import Entry, Signed
from gandeng.commitments.models import Effect, Obligation
from gandeng.commitments.queries import quarters, to_decide
from gandeng.core.commitment import Month
from gandeng.registry.models import Member

_ABSENT = (1, 0, 5, 2, 4, 0)
"""Days of each month the first pupils missed, of twenty."""
_DAYS = 20


def fill_commitments(
    facilitator: Acting, coordinator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]
) -> None:
    """Pupils of the facilitator's families at one school; two miss too many days, and one is decided about."""
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
        school = actions.add_facility(
            facilitator, kind="SCHOOL", code="", name="SD Negeri Contoh 1", village=pupils[0].village_code
        )
        for each in pupils:
            actions.place(facilitator, each, Obligation.EDUCATION, school, quarter.months()[0])
        entries = [
            Entry(each, Obligation.EDUCATION, [Month(number, days=_DAYS, absent=absent) for number in (1, 2, 3)])
            for each, absent in zip(pupils, _ABSENT, strict=False)
        ]
        signed = Signed("Ibu Kepala Contoh", "Kepala sekolah", "Ruang guru", quarter.ends + timedelta(days=1))
        actions.record_sheet(facilitator, UUID(int=1), school, quarter, signed, entries)
    _decide_one(coordinator, doing)


def _decide_one(coordinator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]) -> None:
    with doing(coordinator):
        first = to_decide().order_by("family__family_no").first()
        if first is not None:
            actions.decide(coordinator, [first], Effect.NONE, "Anaknya dirawat; surat puskesmas sudah dilihat.")
