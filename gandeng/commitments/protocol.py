"""Visits the health protocol asks of a member in a quarter, with the age it goes by."""

from django.utils.translation import gettext as _

from gandeng.commitments.queries import Quarter
from gandeng.core.commitment import Rules, visits_group, visits_wanted
from gandeng.registry.models import Member


def asked_of(member: Member, rules: Rules, quarter: Quarter) -> tuple[int, str]:
    """How many, and of which group: `pregnancy`, `infant` or `child`."""
    born, pregnant, ends = member.birth_date, bool(member.pregnancy_no), quarter.ends
    wanted = visits_wanted(rules, born=born, pregnant=pregnant, ends=ends)
    return wanted, visits_group(born=born, pregnant=pregnant, ends=ends)


def asked_words(member: Member, rules: Rules, quarter: Quarter) -> str:
    """`Protokol: 3 kunjungan dalam triwulan ini (bayi 0–11 bulan)`."""
    visits, group = asked_of(member, rules, quarter)
    named = {"pregnancy": _("ibu hamil"), "infant": _("bayi 0–11 bulan"), "child": _("anak 1–6 tahun")}
    return _("Protokol: %(visits)s kunjungan dalam triwulan ini (%(group)s).") % {
        "visits": visits, "group": named[group],
    }  # fmt: skip
