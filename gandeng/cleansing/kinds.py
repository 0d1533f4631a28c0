"""What is looked for: each kind with its sentence, what one does about it, and its question.

None of it is a rule of the programme: a NIK stays when a birth date is corrected, so both may be right (`core.nik`),
and ages are proposals. Nothing is refused, held back or changed by it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.civil_registry.models import CHANGES
from gandeng.core.channels import POST
from gandeng.registry.change_queries import PREGNANT_FROM, PREGNANT_TO
from gandeng.registry.cooling import NEVER
from gandeng.registry.models import ChangeRequest

GROWN_UP_AT = 17
"""Years from which on somebody can hold the identity card that banks and the post ask a collector for (a proposal)."""

OLDEST = 110
"""Years beyond which a birth date is more likely a mistake (a proposal)."""

Change = ChangeRequest.Kind


@dataclass(frozen=True)
class Kind:
    """`sql` is a condition on `m` (member), `f` (family), `c` (its collector, while of that family) and `a` (its
    account in force).

    Kinds about a NIK have none: they are read from the NIK (`looking.py`).
    """

    code: str
    name: str | Promise
    means: str | Promise
    changes: tuple[Change, ...]
    """What is asked for to put it right: one of them."""
    sql: str = ""
    of_family: bool = False
    unpaid: bool = False
    """The family is not paid while it is so, so nobody says that it is right as it stands."""
    told: str = ""
    """SQL of a text: what it rests on beside the record. Where that changes, what was found right is asked anew."""


def _answered(rule: str) -> str:
    """SQL: what the civil registry answered about `m` stands, asks, and is so."""
    return f"exists (select from civil_registry_standing s where s.member_id = m.id and s.asks and {rule})"


_ANSWER = """(select concat_ws(' ', s.result, s.name, s.birth_date, s.sex, s.deceased_on) from civil_registry_standing s
    where s.member_id = m.id)"""


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("NO_COLLECTOR", _("Tanpa pengurus"), _("Keluarga aktif tanpa pengurus tidak dapat dibayar."),
             (Change.COLLECTOR,), "f.status = 'ACTIVE' and f.collector_id is null", of_family=True, unpaid=True),
        Kind("COLLECTOR_GONE", _("Pengurus meninggal atau keluar"),
             _("Pengurusnya tercatat meninggal, sudah keluar, atau menjadi anggota keluarga lain."),
             (Change.COLLECTOR,),
             "f.collector_id is not null and (c.id is null or c.deceased_on is not null or c.left_on is not null)",
             of_family=True, unpaid=True),
        Kind("COLLECTOR_NO_NIK", _("Pengurus tanpa NIK"), _("Tanpa NIK pengurus, hak keluarga tidak dapat dihitung."),
             (Change.NIK,), "c.nik_index is null and c.id is not null", of_family=True, unpaid=True),
        Kind("COLLECTOR_YOUNG", _("Pengurus di bawah umur"),
             _("Bank dan pos menolak pengurus yang belum dapat memegang KTP."), (Change.COLLECTOR, Change.IDENTITY),
             f"c.birth_date > %(today)s::date - interval '{GROWN_UP_AT} years'", of_family=True),
        Kind("NO_ACCOUNT", _("Tanpa rekening atau penyalur"),
             _("Keluarga aktif yang tidak tercatat dibayar lewat mana, atau belum ada nomor rekeningnya. Ia tidak "
               "dibayar sampai tercatat."), (Change.ACCOUNT,),
             f"""f.status = 'ACTIVE' and (a.id is null or a.account_index is null and a.channel <> '{POST}'
                and a.usable_from < date '{NEVER:%Y-%m-%d}')""", of_family=True, unpaid=True),
        Kind("ACCOUNT_OF_OTHERS", _("Rekening tercatat pada keluarga lain"),
             _("Keluarga ini tidak dibayar sampai rekeningnya sendiri tercatat."), (Change.ACCOUNT,),
             f"a.usable_from >= date '{NEVER:%Y-%m-%d}' and a.account_index is null and a.channel <> '{POST}'",
             of_family=True, unpaid=True),
        Kind("ACCOUNT_HELD", _("Rekening yang ditahan"),
             _("Keluarga tidak memintanya. Ia tidak dibayar sampai rekening yang benar disetujui."), (Change.ACCOUNT,),
             f"a.usable_from >= date '{NEVER:%Y-%m-%d}' and (a.account_index is not null or a.channel = '{POST}')",
             of_family=True, unpaid=True),
        Kind("COLLECTOR_HELD", _("Pengurus yang ditahan"),
             _("Keluarga tidak memintanya. Ia tidak dibayar sampai pengurus yang benar disetujui."),
             (Change.COLLECTOR,), f"f.collector_usable_from >= date '{NEVER:%Y-%m-%d}'", of_family=True, unpaid=True),
        Kind("NOBODY", _("Tanpa anggota"), _("Keluarga aktif yang semua anggotanya meninggal atau keluar."),
             (Change.END,),
             """f.status = 'ACTIVE' and not exists (select from registry_member p where p.family_id = f.id
                and p.deceased_on is null and p.left_on is null)""", of_family=True),
        Kind("NO_NIK", _("Tanpa NIK"), _("Tanpa NIK, seseorang tidak dapat dicocokkan dengan Dukcapil."),
             (Change.NIK,), "m.nik_index is null and m.id is distinct from f.collector_id"),
        Kind("NIK_DATE", _("Tanggal lahir tidak cocok dengan NIK"),
             _("NIK tidak berubah bila tanggal lahir diperbaiki, jadi keduanya bisa benar. Lihat KK atau KTP-nya. "
               "Yang keliru diperbaiki lewat permintaan."),
             (Change.IDENTITY, Change.NIK)),
        Kind("NIK_SEX", _("Jenis kelamin tidak cocok dengan NIK"),
             _("NIK tidak berubah bila jenis kelamin diperbaiki, jadi keduanya bisa benar. Lihat KK atau KTP-nya. "
               "Yang keliru diperbaiki lewat permintaan."),
             (Change.IDENTITY, Change.NIK)),
        Kind("NIK_ODD", _("NIK yang tidak mungkin"),
             _("Kode wilayah yang tidak pernah ada, tanggal yang tidak ada, atau nomor urut 0000."), (Change.NIK,)),
        Kind("CIVIL_DEAD", _("Meninggal menurut Dukcapil"),
             _("Pastikan kepada keluarganya. Bila benar, catat kematiannya; bila ia hidup, Dukcapil yang diperbaiki."),
             CHANGES["DECEASED"], _answered("s.result = 'DECEASED'"), told=_ANSWER),
        Kind("CIVIL_NOT_FOUND", _("NIK tidak ditemukan di Dukcapil"),
             _("Bandingkan dengan KTP atau KK-nya. Bila NIK-nya benar, keluarga mengurus pemadanan di Dukcapil."),
             CHANGES["NOT_FOUND"], _answered("s.result = 'NOT_FOUND'"), told=_ANSWER),
        Kind("CIVIL_DOUBLE", _("NIK ganda menurut Dukcapil"),
             _("Satu NIK dipakai beberapa orang, atau satu orang mempunyai beberapa NIK. Dukcapil yang memutuskan mana "
               "yang berlaku."),
             CHANGES["DOUBLE"], _answered("s.result = 'DOUBLE'"), told=_ANSWER),
        Kind("CIVIL_DIFFERS", _("Berbeda dengan Dukcapil"),
             _("Nama, tanggal lahir, atau jenis kelaminnya lain di Dukcapil. Lihat KK atau KTP-nya; yang keliru "
               "diperbaiki, di sini atau di Dukcapil."),
             CHANGES["DIFFERS"], _answered("s.differs"), told=_ANSWER),
        Kind("PREGNANT", _("Kehamilan yang perlu diperiksa"),
             _("Kehamilan tercatat pada anggota laki-laki, atau di luar umur yang lazim."),
             (Change.PREGNANCY, Change.IDENTITY),
             f"""m.pregnancy_no > 0 and (m.sex = 'M'
                or m.birth_date > %(today)s::date - interval '{PREGNANT_FROM} years'
                or m.birth_date <= %(today)s::date - interval '{PREGNANT_TO + 1} years')"""),
        Kind("BORN_ODD", _("Tanggal lahir yang perlu diperiksa"),
             _("Belum tiba, atau lebih dari 110 tahun yang lalu."), (Change.IDENTITY,),
             f"(m.birth_date > %(today)s or m.birth_date <= %(today)s::date - interval '{OLDEST} years')"),
        Kind("NAME_ODD", _("Nama yang perlu diperiksa"),
             _("Berisi angka, kurang dari dua huruf, atau huruf dari aksara lain yang tampak sama."),
             (Change.IDENTITY,),
             r"(m.name ~ '[0-9]' or m.name !~ '[[:alpha:]].*[[:alpha:]]' or m.name ~ '[\u0370-\u1dff\u2c00-\ud7ff]')"),
    )
}  # fmt: skip
OF_NIK = {
    "date_differs": "NIK_DATE", "sex_differs": "NIK_SEX", "date_impossible": "NIK_ODD", "region_unknown": "NIK_ODD",
    "serial_zero": "NIK_ODD",
}  # fmt: skip
"""Warnings of `core.nik` -> kind. That somebody was registered elsewhere is no fault: people move."""
