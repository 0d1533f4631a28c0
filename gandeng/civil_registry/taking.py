"""A file of the civil registry's answers: read, found in the registry by blind index, kept as a whole; withdrawn.

A NIK is known for the length of the job alone. What becomes of it is a blind index, and of that the id of a member;
rows about nobody who is ours here are counted and not kept.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing_many import blind_all
from gandeng.civil_registry.models import Answer, Matching, Withdrawal
from gandeng.core.duplicates_tables import LEFT_BEHIND
from gandeng.engine import connect, parquet
from gandeng.engine.to_postgres import bytea, copy_into
from gandeng.files.layouts import CIVIL_ANSWERS
from gandeng.files.taken import Taken
from gandeng.files.taken_rows import odd_rows
from gandeng.jobs.work import Report, WorkRefused
from gandeng.registry.staging import uploaded
from gandeng.runs.taking import Given, take_all
from gandeng.web.refusals import Refusal, guarded

_MEMORY = "600MB"
_ROWS = 20_000
_TOLD = tuple(name for name in CIVIL_ANSWERS.names if name != "nik")

NAME_KEY = r"btrim(regexp_replace(regexp_replace(upper({0}), '[''`´‘’]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'))"
"""SQL: a name as `Member.name_key` has it, without blanks around."""


class WithdrawalRefused(Refusal):
    """The file is withdrawn already."""


@dataclass(frozen=True)
class Sent:
    """What was uploaded: our folder, the name it came under, whose people are looked for, of which day, with what."""

    upload: str
    called: str
    region: str
    checked_on: str
    source: str


def take(acting: Acting, sent: Sent, report: Report) -> Matching:
    """Keep what the file says of people of the region. Raises WorkRefused, PermissionDenied."""
    authority = acting.authority(May.TAKE_LIST, sent.region)
    with uploaded(sent.upload) as folder:
        return _taken(acting, sent, folder, authority, report)


def _taken(acting: Acting, sent: Sent, folder: Path, authority: str, report: Report) -> Matching:
    given = Given(next(folder.glob("list*")), CIVIL_ANSWERS, sent.called)
    (file,) = take_all([given], folder / "work", lambda source, done, total: report(f"Membaca {source}", done, total))
    day = date.fromisoformat(sent.checked_on)
    _refuse_odd_days(file, folder / "work", day)
    _refuse_the_same(sent.region, file)
    _lay_out(file, folder / "work", report)
    report("Mencari di registri", 0, 0)
    matching = Matching.objects.create(
        region_code=sent.region, checked_on=day, source=sent.source, file_name=sent.called, content_sha256=file.sha256,
        rows=file.rows, by_id=acting.person_id, authority=authority,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"matching": matching.pk, "region": sent.region, "left_behind": list(LEFT_BEHIND)})
        kept = cursor.rowcount
    record(
        acting, "civil_registry.taken", matching, region=sent.region, authority=authority, reason=sent.source,
        sha256=file.sha256, rows=file.rows, kept=kept, checked_on=sent.checked_on,
    )  # fmt: skip
    return matching


def _refuse_odd_days(file: Taken, work: Path, day: date) -> None:
    told = f"date '{day:%Y-%m-%d}'"
    if odd := odd_rows(file, work, f"birth_date > {told} or deceased_on > {told} or deceased_on < birth_date"):
        said = _(
            "%(file)s: %(n)s baris memuat tanggal yang tidak mungkin pada hari pemadanan, antara lain baris %(rows)s."
        )
        raise WorkRefused(said % odd)
    if odd := odd_rows(file, work, "deceased_on is not null and result <> 'DECEASED'"):
        said = _("%(file)s: %(n)s baris memuat tanggal meninggal tetapi hasilnya lain, antara lain baris %(rows)s.")
        raise WorkRefused(said % odd)


def _refuse_the_same(region: str, file: Taken) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [file.sha256])
    same = Matching.objects.filter(
        content_sha256=file.sha256, region_code=region, withdrawal__isnull=True
    ).first()  # fmt: skip
    if same:
        day = timezone.localtime(same.at).strftime("%d-%m-%Y")
        raise WorkRefused(_("Berkas ini sudah diambil pada %(day)s.") % {"day": day})


_INCOMING = """
drop table if exists incoming_answer;
create temporary table incoming_answer (nik_index bytea not null, result text not null, name text not null,
    birth_date date, sex text not null, deceased_on date) on commit drop;
"""


def _lay_out(file: Taken, work: Path, report: Report) -> None:
    """The rows into a temporary table, a blind index in the place of each NIK."""
    path = work / "indexed.parquet"
    with closing(connect(work / "spill", memory_limit=_MEMORY)) as con, connection.cursor() as cursor:
        rows = con.sql(f"select nik, {', '.join(_TOLD)} from ({file.select}) t").to_arrow_reader(_ROWS)
        schema = pa.schema([("nik_index", pa.binary()), *(rows.schema.field(name) for name in _TOLD)])
        with pq.ParquetWriter(path, schema, compression="zstd") as told:
            for done, batch in enumerate(rows):
                report("Menyandikan NIK", done * _ROWS, file.rows)
                indexes = pa.array(blind_all("nik", batch.column("nik").to_pylist()), pa.binary())
                told.write_batch(pa.record_batch([indexes, *(batch.column(name) for name in _TOLD)], schema=schema))
        cursor.execute(_INCOMING)
        select = f"select {bytea('nik_index')}, {', '.join(_TOLD)} from {parquet(path)}"
        copy_into(cursor, "incoming_answer", con, select, work / "incoming_answer.csv")
        cursor.execute("analyze incoming_answer")


_KEEP = f"""
insert into civil_registry_answer (matching_id, family_id, member_id, village_code, result, checked_on, name,
    birth_date, sex, deceased_on)
select c.id, m.family_id, m.id, m.village_code, i.result, c.checked_on,
    case when i.name <> '' and {NAME_KEY.format("i.name")} <> btrim(m.name_key) then i.name else '' end,
    nullif(i.birth_date, m.birth_date), case when i.sex <> m.sex then i.sex else '' end, i.deceased_on
from incoming_answer i join registry_member m on m.nik_index = i.nik_index
join registry_family f on f.id = m.family_id join civil_registry_matching c on c.id = %(matching)s
where m.village_code ^@ %(region)s and m.deceased_on is null and m.left_on is null and f.status <> all(%(left_behind)s)
"""
"""One living person has a NIK, so one member at most answers to a row."""


@transaction.atomic
def withdraw(acting: Acting, matching: Matching, reason: str) -> Withdrawal:
    """The file counts no more; what was said before it does. Raises WithdrawalRefused, PermissionDenied."""
    authority = acting.authority(May.TAKE_LIST, matching.region_code)
    with guarded(lambda _name: WithdrawalRefused(_("Berkas ini sudah ditarik."))):
        row = Withdrawal(matching=matching, reason=reason, by_id=acting.person_id, authority=authority)
        row.save(force_insert=True)
    record(
        acting, "civil_registry.withdrawn", matching, region=matching.region_code, authority=authority, reason=reason,
        kept=Answer.objects.filter(matching=matching).count(),
    )  # fmt: skip
    return row
