"""What is wrong with a file of a channel, as its page tells it: by row, in words."""

from pathlib import Path

from django.utils.translation import gettext as _

from gandeng.core.channels import CHANNELS
from gandeng.core.faults import Fault
from gandeng.core.money import format_number, format_rupiah
from gandeng.engine import parquet
from gandeng.files.intake import explain_fault
from gandeng.reconciliation.actions.run import rows_path
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.snapshots import counted_elsewhere
from gandeng.reconciliation.workplace import Workplace
from gandeng.web.templatetags.gandeng import tahap

type Told = dict[str, object]
"""`row` (None: of the file as a whole), `column` or "", `words`: as the file keeps its faults."""


def of_reading(fault: Fault) -> Told:
    """What the reader could not take."""
    return {"row": fault.row, "column": fault.column or "", "words": explain_fault(fault)}


def of_rows(file: ResultFile, payments: Path, elsewhere: Path, work: Workplace) -> list[Told]:
    """Of a file that could be read: totals and channel first, then the region, then what another stage counted.

    `payments` are those its rows are held against, `elsewhere` the rows that name another cycle's (`snapshots`).
    """
    own = [*_other_totals(file), *_of_another_channel(file, work)]
    return own or _outside(file, payments, elsewhere, work) or _counted(file, payments, elsewhere, work)


def _other_totals(file: ResultFile) -> list[Told]:
    """Where what was typed differs from what was read: both figures."""
    rows = _("Jumlah baris yang diketik %(typed)s, sedangkan isi berkas %(read)s.")
    rupiah = _("Jumlah uang yang diketik %(typed)s, sedangkan isi berkas %(read)s.")
    pairs = (
        (rows, format_number(file.typed_rows), format_number(file.rows or 0)),
        (rupiah, format_rupiah(file.typed_rupiah), format_rupiah(file.rupiah or 0)),
    )
    return [
        {"row": None, "column": "", "words": told % {"typed": typed, "read": read}}
        for told, typed, read in pairs
        if typed != read
    ]


_CHANNEL_ROWS = "select row, channel from {rows} where channel <> $channel and channel in ({known}) order by row"

_REGION_ROWS = """
with told as (select row, payment_id, channel, account_no, nik from {rows}
    anti join {elsewhere} using (payment_id)),
listed as (select payment_id, channel, account_no, nik, village_code from {payments}),
by_id as (select t.row, p.village_code from told t join listed p on p.payment_id = t.payment_id),
by_account as (select t.row, p.village_code from told t anti join by_id i on i.row = t.row
    join listed p on p.channel = t.channel and p.account_no = t.account_no and t.account_no <> ''),
by_nik as (select t.row, p.village_code from told t anti join by_id i on i.row = t.row
    anti join by_account a on a.row = t.row join listed p on p.nik = t.nik and t.nik <> '' and p.channel = $channel)
select distinct row from (from by_id union all from by_account union all from by_nik) found
where not starts_with(village_code, $region) order by row"""


def _of_another_channel(file: ResultFile, work: Workplace) -> list[Told]:
    """Rows that another channel would have to send."""
    known = ", ".join(f"'{channel}'" for channel in CHANNELS)
    sql = _CHANNEL_ROWS.format(rows=parquet(rows_path(file)), known=known)
    told = work.con.execute(sql, {"channel": file.channel}).fetchall()
    other = _("Baris data %(row)s: penyalur %(channel)s, padahal berkas ini dari %(own)s.")
    return [_at(other, row, channel=channel, own=file.channel) for row, channel in told]


def _outside(file: ResultFile, payments: Path, elsewhere: Path, work: Workplace) -> list[Told]:
    """Rows on a payment outside the file's region: without this a district could report on its neighbour.

    Found by the keys of the contract in their order. A row that names a payment of another cycle reports on nothing
    here. It is said of a file that is otherwise right, and whose NIK another channel pays elsewhere is told to nobody:
    files of guessed NIKs would say who gets aid (`snapshots`).
    """
    if not file.region_code:
        return []
    sql = _REGION_ROWS.format(rows=parquet(rows_path(file)), payments=parquet(payments), elsewhere=parquet(elsewhere))
    far = work.con.execute(sql, {"region": file.region_code, "channel": file.channel}).fetchall()
    outside = _("Baris data %(row)s: pembayaran di luar wilayah berkas ini.")
    return [_at(outside, row) for (row,) in far]


def _counted(file: ResultFile, payments: Path, elsewhere: Path, work: Workplace) -> list[Told]:
    """Rows that tell once more what was counted for another stage."""
    told = _(
        "Baris data %(row)s: kejadian ini sudah dihitung untuk %(stage)s. Kirim hanya baris tahap yang dipilih, "
        "atau isi payment_id tiap barisnya."
    )
    about = file.about_cycle_id or file.cycle_id
    rows = counted_elsewhere(about, payments, rows_path(file), elsewhere, work)
    return [_at(told, row, stage=tahap(stage)) for row, stage in rows]


def _at(told: str, row: int, **facts: str) -> Told:
    return {"row": row, "column": "", "words": told % {"row": row, **facts}}
