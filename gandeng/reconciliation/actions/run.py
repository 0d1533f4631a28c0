"""A run over all files in use of a cycle: from rows to outcomes, exceptions and journal, in one transaction."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.core.faults import FileRefused
from gandeng.core.matching_tables import OUTCOMES
from gandeng.files.digests import sha256_of
from gandeng.files.intake import take
from gandeng.files.layouts import RESULTS
from gandeng.jobs.work import Report
from gandeng.payments.actions import book, set_reconciling
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.voiding import void_changed, void_corrected
from gandeng.reconciliation.blinding import write_blinded
from gandeng.reconciliation.models import Reconciliation, ResultFile, SummaryRow
from gandeng.reconciliation.places_of_money import PLACES, Balances, balances_sql, moves
from gandeng.reconciliation.run_sql import (
    DUE_ROWS,
    EXCEPTIONS_GONE,
    LATE,
    OWN,
    PAYMENT_EXCEPTIONS,
    RESULT_ROWS,
    ROW_EXCEPTIONS,
)
from gandeng.reconciliation.snapshots import (
    Blinded,
    index_version_of,
    load_outcomes,
    load_rows,
    named_elsewhere,
    run_inputs,
    write_payments,
)
from gandeng.reconciliation.workplace import Workplace
from gandeng.runs.reconcile import calculate_into, payments_select, results_select

STEPS = 8


class IdentityBroken(Exception):
    """What was written does not add up to what was instructed; nothing of it stays."""


def run_cycle(
    acting: Acting,
    cycle: Cycle,
    work: Workplace,
    report: Report,
    *,
    payments: Path | None = None,
    about: Cycle | None = None,
) -> Reconciliation:
    """Reconcile the instructed payments of a locked cycle with all its files in use.

    `about` names a closed cycle instead: its payments with its files and all that came later. Nothing of it changes;
    `cycle` keeps what is different now, as late outcomes, and books it as a correction that names the closed one.

    Everything happens in the caller's transaction and in the territory of the whole cycle (`machine.for_everyone`).
    Raises IdentityBroken and CheckFailed; nothing may then be kept.
    """
    report("Membaca daftar bayar", 2, STEPS)
    about = about or cycle
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '64MB'")
    listed = payments or write_payments(about.pk, work)
    files = list(files_in_use(about))
    blinded = [_blinded(file, work) for file in files]
    elsewhere = named_elsewhere(about.pk, listed, [each.path for each in blinded], work)
    report("Mencocokkan", 3, STEPS)
    taken_list, taken = run_inputs(listed, blinded, work, elsewhere)
    sources = {"payments": payments_select(taken_list), "results": results_select(taken)}
    out = work.folder / "out"
    out.mkdir()
    calculate_into(sources, taken_list.rows, out, work.folder)
    report("Menyimpan hasil", 4, STEPS)
    load_outcomes(out, work)
    load_rows(out, taken, sources["results"], elsewhere, work)
    made = _published(acting, cycle, about, files, sum(each.rows for each in taken), out, report)
    shutil.rmtree(out)
    return made


def files_in_use(about: Cycle) -> QuerySet[ResultFile]:
    """All files in use about the payments of a cycle, also those that came after its closing."""
    told_of = ResultFile.objects.annotate(told_of=Coalesce("about_cycle", "cycle"))
    return told_of.filter(told_of=about.pk, state=ResultFile.State.TAKEN).order_by("sent_at", "pk")


def _blinded(file: ResultFile, work: Workplace) -> Blinded:
    """The file's rows without identifiers; read again from the file itself where they are gone or were touched."""
    rows = rows_path(file)
    if not rows.exists() or sha256_of(rows) != file.rows_sha256:
        original = file.kept
        if sha256_of(original) != file.sha256:
            raise FileRefused(file.name, [])
        taken = take(original, RESULTS, work.folder, source=str(file.pk))
        write_blinded(taken, rows, work.con, index_version_of(file.about_cycle_id or file.cycle_id))
    return Blinded(
        str(file.pk), rows, file.sha256, file.rows or 0, file.rupiah or 0, file.channel, file.region_code
    )  # fmt: skip


def rows_path(file: ResultFile) -> Path:
    """Where the rows of a file without identifiers lie."""
    return file.kept.with_suffix(".rows.parquet")


def _published(
    acting: Acting, cycle: Cycle, about: Cycle, files: list[ResultFile], rows: int, out: Path, report: Report
) -> Reconciliation:
    how = OWN if about.pk == cycle.pk else LATE
    closed = about if how.late else None
    number = (cycle.reconciliations.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Reconciliation.objects.create(
        cycle=cycle, about_cycle=closed, number=number, files_digest=files_digest(files), rows=rows,
        made_by_id=acting.person_id,
    )  # fmt: skip
    before = balances(about, late=how.late)
    if closed is None:
        _write_summary(made, out)
    facts: dict[str, str | int] = {"cycle": str(cycle.pk), "about": str(about.pk), "number": number}
    report("Menyimpan hasil", 5, STEPS)
    with connection.cursor() as cursor:
        for statement in (how.outcomes, RESULT_ROWS):
            cursor.execute(statement, facts)
        report("Memperbarui pengecualian", 6, STEPS)
        cursor.execute("drop table if exists pg_temp.due_payments, pg_temp.due_rows")
        for statement in (how.due_payments, *DUE_ROWS, PAYMENT_EXCEPTIONS, ROW_EXCEPTIONS, EXCEPTIONS_GONE):
            cursor.execute(statement, facts)
    report("Membukukan", 7, STEPS)
    if lines := moves(before, balances(about, late=how.late)):
        book(
            acting, cycle, how.kind, f"run:{made.pk}", lines, about_cycle=closed,
            reason=f"Laporan yang datang sesudah tahap {about.stage} tahun {about.year} ditutup" if closed else "",
        )  # fmt: skip
    _prove(made, facts, how.proofs)
    if closed:
        void_corrected(acting, cycle, number)
    else:
        void_changed(acting, cycle, number)
        if cycle.state == Cycle.State.INSTRUCTED:
            set_reconciling(cycle)
    told = {"about": str(closed)} if closed else {}
    record(
        acting, "reconciliation.run", made, region=cycle.region_code, cycle=str(cycle), number=number, files=len(files),
        rows=rows, files_digest=made.files_digest, **told,
    )  # fmt: skip
    return made


def files_digest(files: list[ResultFile]) -> str:
    """SHA-256 over the digests of the files in use, in order of digest: the order they came in changes nothing."""
    return hashlib.sha256(json.dumps(sorted(file.sha256 for file in files)).encode()).hexdigest()


def balances(cycle: Cycle, *, late: bool = False) -> Balances:
    """Rupiah in each account by the outcomes in force; `late` where the cycle is closed."""
    with connection.cursor() as cursor:
        cursor.execute(balances_sql(late=late), [cycle.pk])
        return {(row[0], row[1]): dict(zip(PLACES, row[2:], strict=True)) for row in cursor.fetchall()}


def _write_summary(made: Reconciliation, out: Path) -> None:
    rows = pq.read_table(out / "summary.parquet").sort_by([("district_code", "ascending"), ("channel", "ascending")])
    SummaryRow.objects.bulk_create(
        SummaryRow(
            reconciliation=made,
            district_code=row["district_code"].replace(".", ""),
            channel=row["channel"],
            payments=row["payments"],
            instructed_rupiah=row["instructed"],
            net_rupiah=row["net"],
            withdrawn_rupiah=row["withdrawn"],
            counts={outcome: row[f"{outcome.lower()}_count"] for outcome in OUTCOMES},
            amounts={outcome: row[f"{outcome.lower()}_amount"] for outcome in OUTCOMES},
        )
        for row in rows.to_pylist()
    )


def _prove(made: Reconciliation, facts: dict[str, str | int], proofs: Mapping[str, str]) -> None:
    """The identities of the contract once more, on what is now in the database."""
    with connection.cursor() as cursor:
        for name, proof in proofs.items():
            cursor.execute(proof, {**facts, "run": str(made.pk)})
            if (broken := cursor.fetchone()) is not None:
                raise IdentityBroken(f"{name}: {broken}")
