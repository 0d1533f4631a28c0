"""From training: days of events she was there (RHK 8, coordination meetings and technical training)."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.performance.sources import Source
from gandeng.training.models import Event


def _attended(_code: str) -> str:
    return _("Hadir dalam kegiatan")


def _reachable(acting: Acting, things: Collection[UUID]) -> set[UUID]:
    if not acting.may(May.SEE_STAFF):
        return set()
    return set(Event.objects.filter(pk__in=things).values_list("pk", flat=True))


ATTENDANCES = Source(
    "training.attendances", 8, gettext_lazy("hari hadir dalam bimbingan teknis dan rapat"),
    "select * from performance_attendances(%(staff)s, %(since)s, %(until)s)",
    kind_words=_attended, address="training:event", reachable=_reachable,
)  # fmt: skip
