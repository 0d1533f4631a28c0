"""What of a list of staff cannot be: told by row, all of it at once, before anything is changed."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from gandeng.core.region_code import RegionCode
from gandeng.facilitators.merging import IN_FORCE, SAME_TERMS
from gandeng.regions import places

SHOWN = 20
"""Sentences told of a list that is refused; the rest are counted."""

COUNTS = "({0}.valid_until is null or {0}.valid_until > {0}.valid_from)"
_LEVELS = """case role when 'REGIONAL_COORDINATOR' then 2 when 'SUB_DISTRICT_LEAD' then 6 else 4 end"""

_NUMBERS = """(select array_agg(coalesce(n.nik_index, n.kk_index) order by n.nik_index) from incoming_identity n
    where n.row = {0}.row)"""

_FAULTS = f"""
select row, 'double', staff_no, 0 from (
    select *, row_number() over (partition by staff_no, role order by row) as place from incoming_staff) i
    where place > 1
union all select i.row, 'disagrees', i.staff_no, f.row from incoming_staff i
    join incoming_staff f on f.staff_no = i.staff_no and f.row = i.first
    where (i.name, i.joined_on, i.home_code, i.education, i.employment, i.job_title, i.service_no, i.left_because)
        <> (f.name, f.joined_on, f.home_code, f.education, f.employment, f.job_title, f.service_no, f.left_because)
    or {_NUMBERS.format("i")} is distinct from {_NUMBERS.format("f")}
    or i.left_on is distinct from f.left_on or not i.district ^@ left(i.region_code, 4)
union all select row, 'outside', region_code, 0 from incoming_staff where not region_code ^@ %(region)s
union all select row, 'elsewhere', i.staff_no, 0 from incoming_staff i join facilitators_staff s on s.id = i.staff_id
    where not s.region_code ^@ %(region)s
union all select row, 'unknown_place', region_code, 0 from incoming_staff where region_code = any(%(unknown)s)
union all select row, 'unknown_place', home_code, 0 from incoming_staff
    where home_code = any(%(unknown)s) or length(home_code) not in (0, 6)
union all select row, 'level', role, {_LEVELS} from incoming_staff where length(region_code) <> {_LEVELS}
union all select row, 'education', '', 0 from incoming_staff where employment = 'PPPK' and education = ''
union all select row, 'title', job_title, 0 from incoming_staff
    where (employment = 'CONTRACT' and job_title <> '') or (employment = 'PPPK' and education <> '' and job_title
        <> case education when 'SMA' then 'OPERATOR' when 'D3' then 'PENGELOLA' else 'PENATA' end)
union all select row, 'before_joining', '', 0 from incoming_staff where valid_from < joined_on
union all select row, 'left_half', '', 0 from incoming_staff where (left_on is null) <> (left_because = '')
union all select row, 'left_before', '', 0 from incoming_staff
    where left_on < joined_on or left_on < valid_from
union all select i.row, 'later_terms', '', 0 from incoming_staff i where i.known and i.row = i.first
    and not exists (select from facilitators_employment e where e.staff_id = i.staff_id and {IN_FORCE.format("e")}
        and {SAME_TERMS})
    and exists (select from facilitators_employment e where e.staff_id = i.staff_id and e.valid_from > i.valid_from
        and {COUNTS.format("e")})
union all select i.row, 'later_post', '', 0 from incoming_staff i where i.known
    and not exists (select from facilitators_post o where o.staff_id = i.staff_id and o.role = i.role
        and {IN_FORCE.format("o")} and o.region_code = i.region_code)
    and exists (select from facilitators_post o where o.staff_id = i.staff_id and o.role = i.role
        and o.valid_from > i.valid_from and {COUNTS.format("o")})
union all select i.row, 'accompanies', i.staff_no, count(*) from incoming_staff i
    join facilitators_staff s on s.id = i.staff_id
    join facilitators_accompaniment a on a.staff_id = i.staff_id and {COUNTS.format("a")}
        and ((s.left_on is distinct from i.left_on and (a.valid_until is null or a.valid_until > i.left_on))
            or (s.region_code <> i.district and not a.village_code ^@ i.district
                and (a.valid_until is null or a.valid_until > i.valid_from)))
    where i.row = i.first group by i.row, i.staff_no
union all select i.row, 'ahead', i.staff_no, 0 from incoming_staff i join facilitators_staff s on s.id = i.staff_id
    where i.row = i.first and s.region_code <> i.district and i.valid_from > %(today)s
union all select i.row, 'login', i.staff_no, 0 from incoming_staff i join accounts_person p on p.id = i.person_id
    where i.row = i.first and p.name <> i.name
        and exists (select from accounts_user u where u.person_id = p.id)
union all select i.row, 'oneself', '', 0 from incoming_staff i
    where i.known and i.person_id = %(oneself)s and exists (select from staff_differs d where d.row = i.row)
order by 1, 2
"""


def refusals(region: str, oneself: UUID | None, today: date) -> tuple[list[str], int]:
    """What of the list cannot be, as sentences in the order of the rows, and how many there are."""
    with connection.cursor() as cursor:
        values = {"region": region, "oneself": oneself, "today": today, "unknown": _unknown_places(cursor)}
        cursor.execute(f"select count(*) from ({_FAULTS}) f", values)
        count = cursor.fetchone()[0]
        cursor.execute(f"{_FAULTS} limit {SHOWN:d}", values)
        return [_sentence(*row) for row in cursor.fetchall()], count


def _unknown_places(cursor: Any) -> list[str]:
    cursor.execute("select region_code from incoming_staff union select home_code from incoming_staff")
    codes = [code for (code,) in cursor.fetchall() if code]
    return [code for code in codes if places.name_of(RegionCode(code)) is None]


def _sentence(row: int, code: str, what: str, number: int) -> str:
    facts = {"row": row, "what": what, "number": number}
    if code in ("outside", "unknown_place"):
        facts["what"] = RegionCode(what).dotted()
    return _sentences()[f"level_{number}" if code == "level" else code] % facts


def _sentences() -> dict[str, str]:
    return {
        "double": _("Baris %(row)d: %(what)s sudah ada di berkas ini dengan tugas yang sama."),
        "disagrees": _(
            "Baris %(row)d: isinya tentang %(what)s berbeda dari baris %(number)d; hanya tugas boleh berbeda."
        ),
        "outside": _("Baris %(row)d: wilayah %(what)s di luar wilayah yang dipilih."),
        "elsewhere": _("Baris %(row)d: %(what)s tercatat di wilayah lain. Minta provinsi mencatat mutasinya."),
        "unknown_place": _("Baris %(row)d: kode wilayah %(what)s tidak dikenal."),
        "level_2": _("Baris %(row)d: tugas ini dipegang di provinsi; isi kode seperti 63."),
        "level_4": _("Baris %(row)d: tugas ini dipegang di kabupaten/kota; isi kode seperti 63.71."),
        "level_6": _("Baris %(row)d: tugas ini dipegang di kecamatan; isi kode seperti 63.71.01."),
        "education": _("Baris %(row)d: isi pendidikan; jabatan PPPK mengikutinya."),
        "title": _("Baris %(row)d: jabatan tidak sesuai dengan status kerja dan pendidikan."),
        "before_joining": _("Baris %(row)d: berlaku sebelum ia mulai bekerja."),
        "left_half": _("Baris %(row)d: tanggal berhenti dan alasannya harus diisi dua-duanya, atau dikosongkan."),
        "left_before": _("Baris %(row)d: tanggal berhenti lebih dahulu daripada tanggal mulai."),
        "later_terms": _("Baris %(row)d: sudah ada status kerja yang mulai sesudah tanggal itu."),
        "later_post": _("Baris %(row)d: sudah ada tugas yang sama yang mulai sesudah tanggal itu."),
        "accompanies": _("Baris %(row)d: %(what)s masih mendampingi %(number)d keluarga. Serahkan dahulu keluarganya."),
        "ahead": _("Baris %(row)d: mutasi %(what)s dicatat pada hari berlakunya, bukan sebelumnya."),
        "login": _("Baris %(row)d: nama %(what)s berbeda dari nama pada akunnya. Nama akun diubah oleh administrator."),
        "oneself": _("Baris %(row)d: catatan Anda sendiri diubah orang lain."),
    }
