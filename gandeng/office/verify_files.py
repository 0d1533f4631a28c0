"""Files of the office against the digests the database has of them; statements and closings against what they digest.

Nothing is written. Files are read from the office's folder, wherever it stood when a path was written down: a restored
office has another.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from gandeng.office.found import Found, found

FILES = "files: each is there, and is what its digest says"
STATEMENTS = "statements: each is the digest of its figures"
SUMS = "statements: each total is the sum of its rows, and rows above are those beneath"
CLOSINGS = "closed cycles: each is the digest of its lists, approvals, orders and journal"
DIGESTS = (STATEMENTS, SUMS, CLOSINGS)
_SUMMED = ("payments", "instructed", "net", "withdrawn")
_BLOCK = 1 << 20

type Figures = dict[str, Any]
"""What a statement says, as its row keeps it."""

_NAMED = """
select 'results', path, '', sha256, not exists (select from privacy_disposal d where d.kind = 'bank_files'
    and d.thing = f.id::text) from reconciliation_resultfile f
union all select 'results', path, '.rows.parquet', rows_sha256, false from reconciliation_resultfile
    where rows_sha256 <> ''
union all select 'minutes', minutes_path, '', minutes_sha256, true from reconciliation_statement
    where minutes_sha256 <> ''
union all select 'instructions', path, '', sha256, true from payments_instruction
union all select 'exports', 'exports/' || replace(id::text, '-', '') || '.zip', '', sha256, false
    from exports_exportrequest where sha256 <> '' and state = 'READY'"""
"""Folder, path, what is put in place of its ending, digest, and whether it must be there: what is read again from
another file, lives for a day or was deleted because its time was over may be gone."""

_FROZEN = "select frozen_folder, frozen_digest from payments_cycle where frozen_digest <> ''"
_FROZEN_FILES = ("families.parquet", "members.parquet")

_CLOSED = """select c.id, c.year || '-' || c.stage || ' ' || c.region_code, c.frozen_digest, c.closing_digest
    from payments_cycle c where c.closing_digest <> '' order by c.year, c.stage, c.region_code"""
_CLOSING = (
    """select jsonb_build_array(id, district_code, channel, round, root, payments, total_rupiah, state)::text as what
        from payments_paymentlist where cycle_id = %s""",
    """select jsonb_build_array(a.list_id, a.root, a.level, a.person_id)::text as what from payments_approval a
        where a.list_id in (select id from payments_paymentlist where cycle_id = %s)""",
    """select jsonb_build_array(channel, round, format, rows, total_rupiah, list_sha256)::text as what
        from payments_instruction where cycle_id = %s""",
    """select jsonb_build_array(e.id, e.kind, e.source, e.about_cycle_id, l.district_code, l.channel, l.account,
        l.amount_rupiah)::text as what from payments_journalline l join payments_journalentry e on e.id = l.entry_id
        where e.cycle_id = %s""",
)
_BEFORE_ROUNDS = tuple(
    query.replace("channel, round,", "channel,") + (" and round = 0" if "channel, round," in query else "")
    for query in _CLOSING
)
"""As cycles were closed before there were supplementary rounds; none of theirs has one."""


def digests(con: psycopg.Connection) -> Iterator[Found]:
    """What breaks papers and closings."""
    papers = con.execute("select code, digest, figures from reconciliation_statement").fetchall()
    yield found(STATEMENTS, [str(code) for code, digest, figures in papers if _canonical(figures) != digest])
    told = {str(code): figures for code, _, figures in papers}
    yield found(SUMS, [code for code, figures in told.items() if not _adds_up(figures, told)])
    closed = con.execute(_CLOSED).fetchall()
    broken = [name for cycle, name, frozen, digest in closed if not _is_closing(con, cycle, name, frozen, digest)]
    yield found(CLOSINGS, broken)


def _adds_up(figures: Figures, told: Mapping[str, Figures]) -> bool:
    rows = figures["rows"]
    below = [row for each in figures["below"] for row in told.get(each["code"], {"rows": []})["rows"]]
    if figures["below"] and sorted(map(_canonical, rows)) != sorted(map(_canonical, below)):
        return False
    total = figures["total"]
    return all(total[name] == sum(row[name] for row in rows) for name in _SUMMED) and all(
        total[name].get(outcome, 0) == sum(row[name].get(outcome, 0) for row in rows)
        for name in ("counts", "amounts")
        for outcome in {*total[name], *(key for row in rows for key in row[name])}
    )


def _canonical(figures: object) -> str:
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_closing(con: psycopg.Connection, cycle: object, name: str, frozen: str, digest: str) -> bool:
    return any(_closing(con, form, cycle, name, frozen) == digest for form in (_CLOSING, _BEFORE_ROUNDS))


def _closing(con: psycopg.Connection, form: Sequence[str], cycle: object, name: str, frozen: str) -> str:
    told = hashlib.sha256(f"{name} {frozen}\n".encode())
    for kind, query in enumerate(form, 1):
        with con.cursor(name="closing") as cursor:
            cursor.execute(f'select what from ({query}) told order by what collate "C"'.encode(), [cycle])
            for (what,) in cursor:
                told.update(f"{kind} {what}\n".encode())
    return told.hexdigest()


def files(con: psycopg.Connection, data: Path) -> Found:
    """Files that are gone or are not what the database says of them."""
    wrong = []
    for folder, path, ending, digest, needed in con.execute(_NAMED).fetchall():
        file = _of_today(data, folder, path)
        file = file.with_suffix(ending) if ending else file
        if (needed or file.is_file()) and _sha256(file) != digest:
            wrong.append(f"{folder}/{file.name}")
    for folder, digest in con.execute(_FROZEN).fetchall():
        if _sha256(*(data / folder / name for name in _FROZEN_FILES)) != digest:
            wrong.append(str(folder))
    return found(FILES, wrong)


def _of_today(data: Path, folder: str, path: str) -> Path:
    """The file in the folder of today; of a path of another day, what follows the folder."""
    parts = Path(path).parts
    places = [place for place, part in enumerate(parts) if part == folder]
    return data.joinpath(*parts[places[-1] :]) if places else data / folder / path


def _sha256(*paths: Path) -> str:
    """Of the bytes of all, one after the other; "" where one is not there."""
    told = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    told.update(block)
        except OSError:
            return ""
    return told.hexdigest()
