"""Staff and caseload from the tables of `gandeng simulate`, by set; nobody saves staff or families one by one."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.engine import connect, parquet
from gandeng.engine.to_postgres import copy_into
from gandeng.facilitators import fitting, identities, merging, moving
from gandeng.facilitators.actions.caseload import note
from gandeng.facilitators.importing import fill_from
from gandeng.facilitators.models import CaseloadChange
from gandeng.files.layouts import STAFF

FACILITATORS, ASSIGNMENTS = "facilitators.parquet", "assignments.parquet"
FIRST_REASON_KEPT = "Penugasan awal menurut daftar"
_MEMORY = "600MB"

_PLAIN = """
select facilitator_id as staff_no, name, date '{on}' as joined_on, home_sub_district[:5] as region_code,
    home_sub_district as home_code, '' as education, 'CONTRACT' as employment, '' as job_title, '' as service_no,
    'FACILITATOR' as role, date '{on}' as valid_from, null::date as left_on, '' as left_because,
    row_number() over (order by facilitator_id) as row
from {rows}
"""

_PARTS = """
create temporary table if not exists caseload_parts
    (staff_no text, village_code text collate "C", first_no text collate "C", last_no text collate "C") on commit drop;
truncate caseload_parts;
"""

_NEWEST = """
select family_no from registry_family where village_code ^@ %(region)s order by family_no desc limit %(newest)s
"""

_FIRST = f"""
select f.id, s.id from caseload_parts p
join registry_family f on f.village_code = p.village_code
    and f.family_no collate "C" >= p.first_no and f.family_no collate "C" <= p.last_no
join facilitators_staff s on s.staff_no = p.staff_no
where f.status = any(%(accompanied)s) and f.family_no not in ({_NEWEST})
"""


class LoadRefused(ValueError):
    """The tables do not fit each other or the office; the message, in the language of the page, says where."""


def facilitators_of(folder: Path, on: date) -> str:
    """The simulator's facilitators as rows of the staff list: on contract, facilitators since `on`."""
    return _PLAIN.format(on=on.isoformat(), rows=parquet(folder / FACILITATORS))


def load_staff(
    acting: Acting, select: str, region: str, *, today: date, people: Mapping[str, UUID] | None = None
) -> merging.Merged:
    """Make the staff of the region what a DuckDB query of the list's columns says; nobody leaves by being missing.

    `people` says who of the numbers is somebody the office knows already. Raises LoadRefused, PermissionDenied.
    """
    authority = acting.authority(May.KEEP_STAFF, region)
    with transaction.atomic():
        with _workplace() as work:
            fill_from(select, STAFF, work)
        identities.lay_beside(None)
        merging.prepare(people)
        sentences, count = fitting.refusals(region, acting.person_id, today)
        if count:
            raise LoadRefused("\n".join([*sentences, _("%(n)d kesalahan.") % {"n": count}]))
        merged = merging.merge()
        record(
            acting, "staff.loaded", object_type="Staff", region=region, authority=authority, listed=merged.listed,
            added=merged.added,
        )  # fmt: skip
    return merged


def load_caseload(acting: Acting, folder: Path, district: str, *, on: date, newest: int = 0) -> CaseloadChange:
    """The district's first caseload, by the simulator's villages and ranges of families: one act, which may be undone.

    The `newest` families by number came after the list was made, and have nobody. Raises CaseloadRefused,
    PermissionDenied.
    """
    authority = acting.authority(May.DECIDE_CASELOAD, district)
    with transaction.atomic():
        _fill_parts(folder, district)
        values = {"accompanied": list(moving.ACCOMPANIED), "region": district, "newest": newest}
        moving.fill_from(_FIRST, values)
        made = moving.carry_out(acting, CaseloadChange.Kind.FIRST, district, day=on, reason=FIRST_REASON_KEPT)
        return note(acting, authority, *made)


def _fill_parts(folder: Path, district: str) -> None:
    rows, dotted = parquet(folder / ASSIGNMENTS), f"{district[:2]}.{district[2:]}"
    select = f"""select facilitator_id, replace(village_code, '.', ''), first_family_id, last_family_id
        from {rows} where village_code[:5] = '{dotted}'"""
    with (
        _workplace() as work,
        closing(connect(work / "spill", memory_limit=_MEMORY)) as con,
        connection.cursor() as cursor,
    ):
        cursor.execute(_PARTS)
        columns = "staff_no, village_code, first_no, last_no"
        copy_into(cursor, f"caseload_parts ({columns})", con, select, work / "parts.csv")
        cursor.execute("analyze caseload_parts")


@contextmanager
def _workplace() -> Iterator[Path]:
    """A private folder of the office's, gone afterwards."""
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="loading-", dir=settings.DATA_DIR))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
