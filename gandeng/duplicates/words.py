"""Why two people look like one, in words; and the two sides as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.context import region_name
from gandeng.core.money import format_number
from gandeng.core.nik_slip import Slip
from gandeng.duplicates.models import Found, Judgement
from gandeng.duplicates.queries import Side
from gandeng.registry.models import Member
from gandeng.web.templatetags.gandeng import tanggal

_NAME = {
    "SAME": gettext_lazy("Nama sama, di luar ejaan dan urutan kata"),
    "PART": gettext_lazy("Semua kata nama yang satu ada pada yang lain"),
    "CLOSE": gettext_lazy("Nama hampir sama"),
}
_BORN = {
    "SAME": gettext_lazy("tanggal lahir sama"),
    "SLIP": gettext_lazy("tanggal lahir beda satu angka atau tertukar"),
    "YEAR": gettext_lazy("tahun lahir sama, yang satu tertulis 1 Januari"),
}
_SLIPS = {
    Slip.DIGIT: gettext_lazy("NIK beda satu angka"),
    Slip.SWAPPED: gettext_lazy("NIK beda dua angka yang tertukar"),
    Slip.SERIAL: gettext_lazy(
        "nomor urut NIK bersebelahan, seperti pada kembar atau dua orang yang didaftar berurutan"
    ),
}
VERDICT_TONES = {"DIFFERENT": "neutral", "SAME": "warn", "REOPENED": "info"}


def why(pair: Mapping[str, Any]) -> str:
    """`Nama sama, di luar ejaan dan urutan kata; tanggal lahir sama; NIK beda satu angka`."""
    told = [str(_NAME[pair["name"]]), str(_BORN[pair["born"]])]
    if not pair["same_sex"]:
        told.append(_("jenis kelamin berbeda"))
    if pair["slip"] in _SLIPS:
        told.append(str(_SLIPS[Slip(pair["slip"])]))
    return "; ".join(told)


def chance(pair: Mapping[str, Any]) -> str:
    """How seldom strangers are as alike."""
    told = _("Karena kebetulan saja, kira-kira satu dari %(people)s orang punya kembaran semirip ini.")
    return told % {"people": format_number(_rounded(int(pair["one_in"])))}


def _rounded(number: int) -> int:
    """Two digits: it is an estimate."""
    digits = max(len(str(number)) - 2, 0)
    unit: int = 10**digits
    return number // unit * unit


def names_of(pair: Mapping[str, Any], people: Mapping[str, Member]) -> tuple[str, str] | None:
    """The two names; None where one of them is not to be seen any more."""
    both = people.get(str(pair["member"])), people.get(str(pair["other"]))
    return (both[0].name, both[1].name) if both[0] and both[1] else None


def rows_of(pairs: Sequence[Found], people: Mapping[str, Member]) -> list[dict[str, Any]]:
    """As lists show them: the strongest pair of each two families."""
    rows = [(one, names_of(one.pairs[0], people)) for one in pairs]
    return [
        {
            "found": one, "first": names[0], "other": names[1], "more": one.people - 1, "why": why(one.pairs[0]),
            "chance": chance(one.pairs[0]), "place": region_name(one.village_code),
            "other_place": region_name(one.other_village_code),
        }
        for one, names in rows if names
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a comparison; `differs` where the two do."""

    label: str
    first: str
    other: str

    @property
    def differs(self) -> bool:
        """Worth a look."""
        return self.first != self.other


def people_beside(first: Member, other: Member) -> list[Line]:
    """What is known of each, identifiers by their last digits."""
    return [Line(label, tell(first), tell(other)) for label, tell in (
        (_("Nama"), lambda one: one.name), (_("Tanggal lahir"), lambda one: tanggal(one.birth_date)),
        (_("Jenis kelamin"), lambda one: str(one.get_sex_display())),
        ("NIK", lambda one: f"•••• {one.nik_last4}" if one.nik_last4 else _("tidak ada")),
        (_("Jenjang sekolah"), lambda one: one.school_level or _("tidak ada")), (_("Keadaan"), _state),
    )]  # fmt: skip


def _state(one: Member) -> str:
    if one.deceased_on:
        return _("meninggal %(day)s") % {"day": tanggal(one.deceased_on)}
    return _("keluar %(day)s") % {"day": tanggal(one.left_on)} if one.left_on else _("tercatat")


def families_beside(first: Side, other: Side) -> list[Line]:
    """What is known of each family."""
    return [Line(label, tell(first), tell(other)) for label, tell in (
        (_("Desa/kelurahan"), lambda one: region_name(one.family.village_code)),
        (_("Kecamatan"), lambda one: region_name(one.family.village_code[:6])),
        (_("Status"), lambda one: str(one.family.get_status_display())),
        (_("Nomor KK"), lambda one: f"•••• {one.family.kk_last4}" if one.family.kk_last4 else _("tidak ada")),
        (_("Pengurus"), lambda one: one.family.collector.name if one.family.collector else _("tidak ada")),
        (_("Banyak anggota"), lambda one: format_number(one.present)),
        (_("Terdaftar sejak"), lambda one: tanggal(one.family.entered_on) if one.family.entered_on else _("tidak ada")),
        (_("Penyalur"), _paid),
    )]  # fmt: skip


def _paid(side: Side) -> str:
    accounts = vars(side.family)["accounts_in_force"]
    return f"{accounts[0].channel} •••• {accounts[0].account_last3}".strip(" •") if accounts else _("tidak ada")


def judged_row(row: Judgement) -> dict[str, Any]:
    """As the list shows it."""
    return {
        "row": row, "tone": VERDICT_TONES[row.verdict], "place": region_name(row.village_code),
        "other_place": region_name(row.other_village_code), "passed": vars(row)["passed"],
        "reopens": row.verdict == Judgement.Verdict.DIFFERENT and not vars(row)["passed"],
    }  # fmt: skip
