"""Staff on the list they work for: an active family with her NIK among its members, or with the card of her family.

Every post the register holds counts, wherever she works, while she is in service. Blind indexes are compared and no
number is opened. Relatives of another card and another name are not found: nobody records kinship.
"""

from django.utils.translation import gettext_lazy

from gandeng.signs.kinds import Facts, Kind

SQL = """
select l.person_id, l.family_id, l.village_code, min(l.since), max(l.since), count(*)::int,
    array['family:' || l.family_id, 'staff:' || l.staff_id],
    jsonb_build_object('how', array_agg(l.how order by l.how), 'elsewhere', bool_or(l.elsewhere))
from signs_staff_on_the_list(%(district)s, %(today)s) l
group by l.person_id, l.staff_id, l.family_id, l.village_code
"""


def told(facts: Facts) -> str:
    """Its sentence."""
    sentence = _HOW[tuple(facts["how"])]
    return f"{sentence} {_ELSEWHERE}" if facts["elsewhere"] else str(sentence)


_HOW = {
    ("MEMBER",): gettext_lazy("NIK seorang anggota keluarga ini sama dengan NIK yang tercatat untuk SDM PKH."),
    ("CARD",): gettext_lazy("Nomor KK keluarga ini sama dengan nomor KK yang tercatat untuk SDM PKH."),
    ("CARD", "MEMBER"): gettext_lazy("NIK seorang anggota dan nomor KK keluarga ini sama dengan yang tercatat untuk "
                                     "SDM PKH."),
}  # fmt: skip
_ELSEWHERE = gettext_lazy("Catatan kerjanya ada di wilayah lain.")

KIND = Kind(
    "STAFF", gettext_lazy("SDM PKH atau keluarganya di daftar penerima"),
    gettext_lazy("Keluarga aktif yang memuat NIK SDM PKH yang masih bertugas, atau memakai nomor KK-nya. Dibandingkan "
                 "lewat indeks tersegel; SDM PKH dari wilayah lain juga dibandingkan, tanpa tempat kerjanya."),
    gettext_lazy("NIK yang salah ketik, KK lama yang belum dipecah, atau keluarga yang memang berhak."),
    SQL, {}, told,
)  # fmt: skip
