"""Files whose day is over, and what killed jobs left behind."""

import shutil
import time

from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.audit.actions import Machine, record
from gandeng.exports.files import HOURS, home, path_of
from gandeng.exports.models import ExportRequest

State = ExportRequest.State


def sweep() -> int:
    """Delete what is over; gives how many requests ended."""
    with in_territory(MACHINE), transaction.atomic():
        over = list(
            ExportRequest.objects.select_for_update(of=("self",), no_key=True)
            .filter(state__in=(State.APPROVED, State.READY), expires_at__lte=timezone.now())
        )  # fmt: skip
        for each in over:
            each.state, each.password_sealed = State.EXPIRED, b""
            each.save(update_fields=["state", "password_sealed"])
            path_of(each.pk).unlink(missing_ok=True)
            record(Machine(), "export.swept", each, region=each.region_code)
        kept = {path_of(pk) for pk in ExportRequest.objects.filter(state=State.READY).values_list("pk", flat=True)}
    old = time.time() - HOURS * 3600
    for path in home().iterdir():  # of a day ago: a job that runs now has not told its row yet
        if path not in kept and path.stat().st_mtime < old:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return len(over)
