"""What every act on commitments shares: refusals in words, one act at a time per family, rows counted that leave."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.registry.models import Family
from gandeng.web.refusals import Refusal


class CommitmentRefused(Refusal):
    """What was asked cannot be done; says why."""


class NotJudgedYet(CommitmentRefused):
    """The year's figures that would judge it are not known; nothing is recorded."""


def counted(acting: Acting, what: str, rows: int, region: str) -> None:
    """Rows that leave the office count among those one takes away alone. Raises CommitmentRefused."""
    try:
        take_alone(acting, what, rows, region=region)
    except Refused as why:
        raise CommitmentRefused(str(why)) from why


def locked(ids: Iterable[UUID]) -> list[Family]:
    """One act at a time per family, always in the same order."""
    return list(Family.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk"))


def refused_by(name: str) -> CommitmentRefused | None:
    """What a constraint or trigger of that name says to people; None where it says nothing of ours."""
    told = {
        "facility_code_once": (_("Nomor ini sudah dipakai fasilitas lain."), "code"),
        "sheet_signed": (_("Tanggal tanda tangan di luar triwulan itu."), "signed_on"),
        "record_days": (_("Jumlah hari tidak hadir melebihi hari efektif."), ""),
        "decision_stale": (_("Rekomendasinya sudah berubah. Muat ulang halamannya."), ""),
        "decision_two_people": (_("Yang mencatat komitmen keluarga ini tidak memutuskannya."), ""),
        "step_two_people": (_("Keberatan dijawab orang lain, bukan yang mencatat atau memutuskan."), ""),
        "step_order": (_("Langkah sebelumnya belum ada."), ""),
        "step_once": (_("Sudah dicatat sebelumnya."), ""),
        "step_one_answer": (_("Keberatan ini sudah dijawab."), ""),
    }
    if name.startswith("commitments_decision_recommendation_id"):
        return CommitmentRefused(_("Rekomendasi ini sudah diputuskan."))
    return CommitmentRefused(*told[name]) if name in told else None
