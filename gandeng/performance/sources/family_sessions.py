"""From family sessions: meetings she held, as she told them last (RHK 2)."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.family_sessions.models import Meeting
from gandeng.family_sessions.published import session_name, sessions
from gandeng.family_sessions.queries import may_see
from gandeng.performance.sources import Source


def _session(code: str) -> str:
    return session_name(code) if code in sessions() else code


def _reachable(acting: Acting, things: Collection[UUID]) -> set[UUID]:
    if not may_see(acting):
        return set()
    return set(Meeting.objects.filter(pk__in=things).values_list("pk", flat=True))


MEETINGS = Source(
    "family_sessions.meetings", 2, gettext_lazy("pertemuan kelompok yang dicatat"),
    "select * from performance_meetings(%(staff)s, %(since)s, %(until)s)",
    kind_words=_session, address="family_sessions:meeting", reachable=_reachable,
)  # fmt: skip
