"""From commitments: members whose quarter she verified at school or clinic (RHK 3)."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.models import Verdict
from gandeng.performance.sources import Source


def _verdict(code: str) -> str:
    return str(Verdict.Kind(code).label) if code in Verdict.Kind else code


def _reachable(acting: Acting, things: Collection[UUID]) -> set[UUID]:
    if not acting.may(May.SEE_FAMILIES):
        return set()
    return set(Verdict.objects.filter(pk__in=things).values_list("pk", flat=True))


COMMITMENTS = Source(
    "commitments.verdicts", 3, gettext_lazy("verifikasi komitmen anggota keluarga"),
    "select * from performance_commitments(%(staff)s, %(since)s, %(until)s)",
    kind_words=_verdict, address="commitments:verdict", reachable=_reachable,
)  # fmt: skip
