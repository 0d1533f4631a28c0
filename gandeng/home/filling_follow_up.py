"""News from the field in the try-out: what the facilitator of its village found out about money that did not arrive."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.facilitators.queries import own_record
from gandeng.follow_up import queries
from gandeng.follow_up.actions import Told, tell

_TOLD = (
    ("VISIT", "NEEDS_BANK", "F12", "Kartu tertelan mesin; keluarga sudah ke cabang dan diminta kembali."),
    ("PHONE", "NOT_MET", "", ""),
    ("MEETING", "GUIDED", "F14", "Akan mengaktifkan rekening hari Senin."),
)
"""Of her tasks, worst money first."""


def fill_follow_up(facilitator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]) -> None:
    """The first tasks have news, one of each kind; the rest wait."""
    with doing(facilitator):
        staff, today = own_record(facilitator), timezone.localdate()
        if staff is None:
            return
        found = queries.tasks(staff, today).order_by("-at_stake_rupiah", "pk")[: len(_TOLD)]
        for number, (case, (how, came_to, code, note)) in enumerate(zip(found, _TOLD, strict=False), 1):
            subject = queries.access_subject(facilitator, str(case.payment_id), today)
            tell(facilitator, subject, Told(UUID(int=number), today - timedelta(days=number), how, came_to, code, note))
