"""From the reconciliation: what she did about payments that did not arrive (RHK 1)."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Post
from gandeng.performance.sources import Source
from gandeng.reconciliation.models import ExceptionAct, ExceptionCase


def _act(code: str) -> str:
    return str(ExceptionAct.Act(code).label) if code in ExceptionAct.Act else code


def _reachable(acting: Acting, things: Collection[UUID]) -> set[UUID]:
    if not acting.may(May.SEE_RECONCILIATION):
        return set()
    return set(ExceptionCase.objects.filter(pk__in=things).values_list("pk", flat=True))


EXCEPTIONS = Source(
    "reconciliation.exceptions", 1, gettext_lazy("tindakan atas pengecualian pembayaran"),
    "select * from performance_exception_acts(%(staff)s, %(since)s, %(until)s)",
    kind_words=_act, address="reconciliation:exception", reachable=_reachable,
    posts=frozenset({Post.Role.DISTRICT_COORDINATOR, Post.Role.DATA_ADMINISTRATOR}),
)  # fmt: skip
