"""Statements whose figures no longer hold, and everything signed above them."""

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.payments.actions import reopen_signed
from gandeng.payments.models import Cycle
from gandeng.reconciliation.models import ResultFile, Statement

_CHANGED = """select distinct substr(o.village_code, 1, 4) from reconciliation_outcomerow o
    join payments_payment p on p.payment_id = o.payment_id where p.cycle_id = %s and o.number = %s"""


def void_changed(acting: Acting, cycle: Cycle, number: int) -> None:
    """Void the statements of districts where this run changed the outcome of any payment, and those above."""
    in_force = Statement.objects.filter(cycle=cycle, voided_at__isnull=True)
    if not in_force.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [cycle.pk, number])
        districts = {str(row[0]) for row in cursor.fetchall()}
    void(acting, cycle, districts, f"Perhitungan ke-{number} mengubah hasil pembayaran di wilayah ini.")


_CORRECTED = """select distinct substr(o.village_code, 1, 4) from reconciliation_lateoutcome o
    where o.cycle_id = %s and o.number = %s"""


def void_corrected(acting: Acting, cycle: Cycle, number: int) -> None:
    """Void the statements that say which money of closed cycles this one moved, where a late run moved some."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTED, [cycle.pk, number])
        districts = {str(row[0]) for row in cursor.fetchall()}
    void(acting, cycle, districts, f"Perhitungan ke-{number} membukukan koreksi tahap yang sudah ditutup di sini.")


def void_of_file(acting: Acting, cycle: Cycle, file: ResultFile) -> None:
    """Void the statements that rest on a file that was withdrawn, and those above."""
    resting = {
        statement.region_code
        for statement in Statement.objects.filter(cycle=cycle, level=Statement.Level.DISTRICT, voided_at__isnull=True)
        if any(told["sha256"] == file.sha256 for told in statement.figures["files"])
    }
    void(acting, cycle, resting, f"Berkas {file.name} yang mendasarinya ditarik.")


_BELOW_KEPT = "Pernyataan di bawahnya tidak berlaku lagi."


def void(acting: Acting, cycle: Cycle, districts: Iterable[str], reason: str) -> None:
    """Void the statements in force of these districts, their provinces and the centre; a signed cycle is so no more."""
    places = set(districts)
    if not places:
        return
    above = {code[:2] for code in places} | {""}
    in_force = Statement.objects.select_for_update(no_key=True).filter(cycle=cycle, voided_at__isnull=True)
    for statement in in_force.filter(region_code__in=places | above).order_by("region_code"):
        words = reason if statement.region_code in places else f"{_BELOW_KEPT} {reason}"
        statement.voided_at, statement.voided_reason = timezone.now(), words
        statement.save(update_fields=["voided_at", "voided_reason"])
        record(
            acting, "statement.voided", statement, region=statement.region_code, reason=words, level=statement.level,
            digest=statement.digest,
        )  # fmt: skip
    if cycle.state == Cycle.State.SIGNED:
        reopen_signed(cycle)
