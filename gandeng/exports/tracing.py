"""Which long export a list comes from: by the invented family in it, its digest or its own id."""

import re

from django.db.models import Q, QuerySet

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.exports.models import ExportRequest

TEXT_MAX = 200_000
"""Signs of a list one may paste: some thousand lines."""

_WORD = re.compile(r"[A-Za-z0-9-]{6,64}")


def exports_of(acting: Acting, text: str) -> QuerySet[ExportRequest]:
    """Exports of regions where the person reads the log, named by what was pasted. The looking is written down."""
    held = acting.held(May.SEE_LOG)
    told = set(_WORD.findall(text[:TEXT_MAX]))
    small = {word.lower() for word in told}
    ids = {word for word in small if re.fullmatch(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", word)}
    named = Q(mark_no__in=told) | Q(rows_sha256__in=small) | Q(sha256__in=small) | Q(pk__in=ids)
    found = ExportRequest.objects.filter(named, region_code__within=acting.where(May.SEE_LOG))
    found = found.exclude(rows=None).select_related("asked_by", "decided_by").order_by("-asked_at", "pk")
    record(
        acting, "export.traced", object_type="ExportRequest", region=held.region_code, authority=held.words,
        found=[str(one) for one in found.values_list("pk", flat=True)],
    )  # fmt: skip
    return found
