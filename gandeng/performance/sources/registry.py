"""From the register of families: changes she asked for (RHK 5), families she accompanied that graduated (RHK 4)."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.performance.sources import Source
from gandeng.registry.models import ChangeRequest


def _kind(code: str) -> str:
    return str(ChangeRequest.Kind(code).label) if code in ChangeRequest.Kind else code


def _state(code: str) -> str:
    return str(ChangeRequest.State(code).label) if code in ChangeRequest.State else code


def _graduated(_code: str) -> str:
    return _("Keluarga dampingan graduasi")


def _decided_by(name: str) -> str:
    return _("diputuskan oleh %(person)s") % {"person": name} if name else ""


def _reachable(_acting: Acting, things: Collection[UUID]) -> set[UUID]:
    return set(ChangeRequest.objects.filter(pk__in=things).values_list("pk", flat=True))


CHANGES = Source(
    "registry.changes", 5, gettext_lazy("permintaan perubahan data keluarga yang tidak ditolak atau ditarik"),
    "select * from performance_changes(%(staff)s, %(since)s, %(until)s)",
    kind_words=_kind, told_words=_state, address="registry:change", reachable=_reachable,
)  # fmt: skip
GRADUATIONS = Source(
    "registry.graduations", 4, gettext_lazy("keluarga dampingan yang graduasi dengan keputusan"),
    "select * from performance_graduations(%(staff)s, %(since)s, %(until)s)",
    kind_words=_graduated, told_words=_decided_by, address="registry:change", reachable=_reachable,
)  # fmt: skip
