"""States of a case, and which step leads from which state to which. The database holds the same table (0002_guards)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a case stands after its last step; PREPARING before the first."""

    PREPARING = "PREPARING", _("Disiapkan")
    PROPOSED = "PROPOSED", _("Menunggu keputusan")
    APPROVED = "APPROVED", _("Disetujui, keluarga belum diberi tahu")
    TOLD = "TOLD", _("Siap diberlakukan")
    OBJECTED = "OBJECTED", _("Keluarga berkeberatan")
    EFFECTIVE = "EFFECTIVE", _("Sudah graduasi")
    OBJECTED_AFTER = "OBJECTED_AFTER", _("Berkeberatan sesudah graduasi")
    UPHELD = "UPHELD", _("Keberatan diterima, menunggu masuk kembali")
    REENTRY = "REENTRY", _("Masuk kembali menunggu keputusan")
    REFUSED = "REFUSED", _("Tidak disetujui")
    WITHDRAWN = "WITHDRAWN", _("Ditarik keluarga")
    OVERTURNED = "OVERTURNED", _("Dibatalkan karena keberatan")
    REENTERED = "REENTERED", _("Masuk kembali")


class StepKind(models.TextChoices):
    """What somebody did."""

    CHECKLIST = "CHECKLIST", _("Daftar periksa")
    VISIT = "VISIT", _("Kunjungan")
    STATEMENT = "STATEMENT", _("Pernyataan keluarga")
    PROPOSED = "PROPOSED", _("Diusulkan")
    RETURNED = "RETURNED", _("Dikembalikan untuk disiapkan lagi")
    APPROVED = "APPROVED", _("Disetujui")
    REFUSED = "REFUSED", _("Tidak disetujui")
    TOLD = "TOLD", _("Keluarga diberi tahu")
    OBJECTED = "OBJECTED", _("Keluarga berkeberatan")
    UPHELD = "UPHELD", _("Keberatan diterima")
    REJECTED = "REJECTED", _("Keberatan ditolak")
    EFFECTIVE = "EFFECTIVE", _("Diberlakukan")
    WITHDRAWN = "WITHDRAWN", _("Ditarik keluarga")
    FOLLOW_UP_6 = "FOLLOW_UP_6", _("Tindak lanjut 6 bulan")
    FOLLOW_UP_12 = "FOLLOW_UP_12", _("Tindak lanjut 12 bulan")
    REENTRY_ASKED = "REENTRY_ASKED", _("Masuk kembali diminta")
    REENTERED = "REENTERED", _("Masuk kembali disetujui")
    REENTRY_REFUSED = "REENTRY_REFUSED", _("Masuk kembali tidak disetujui")


MOVES: tuple[tuple[str, str, str], ...] = (
    ("PREPARING", "CHECKLIST", "PREPARING"),
    ("PREPARING", "VISIT", "PREPARING"),
    ("PREPARING", "STATEMENT", "PREPARING"),
    ("PREPARING", "PROPOSED", "PROPOSED"),
    ("PREPARING", "WITHDRAWN", "WITHDRAWN"),
    ("PROPOSED", "APPROVED", "APPROVED"),
    ("PROPOSED", "REFUSED", "REFUSED"),
    ("PROPOSED", "RETURNED", "PREPARING"),
    ("PROPOSED", "WITHDRAWN", "WITHDRAWN"),
    ("APPROVED", "TOLD", "TOLD"),
    ("APPROVED", "RETURNED", "PREPARING"),
    ("APPROVED", "WITHDRAWN", "WITHDRAWN"),
    ("TOLD", "EFFECTIVE", "EFFECTIVE"),
    ("TOLD", "OBJECTED", "OBJECTED"),
    ("TOLD", "RETURNED", "PREPARING"),
    ("TOLD", "WITHDRAWN", "WITHDRAWN"),
    ("OBJECTED", "UPHELD", "OVERTURNED"),
    ("OBJECTED", "REJECTED", "TOLD"),
    ("EFFECTIVE", "FOLLOW_UP_6", "EFFECTIVE"),
    ("EFFECTIVE", "FOLLOW_UP_12", "EFFECTIVE"),
    ("EFFECTIVE", "OBJECTED", "OBJECTED_AFTER"),
    ("EFFECTIVE", "REENTRY_ASKED", "REENTRY"),
    ("OBJECTED_AFTER", "UPHELD", "UPHELD"),
    ("OBJECTED_AFTER", "REJECTED", "EFFECTIVE"),
    ("UPHELD", "REENTRY_ASKED", "REENTRY"),
    ("REENTRY", "REENTERED", "REENTERED"),
    ("REENTRY", "REENTRY_REFUSED", "EFFECTIVE"),
)

AFTER = frozenset({"EFFECTIVE", "OBJECTED_AFTER", "UPHELD", "REENTRY"})
"""The family has graduated and is not back."""
HAS_LETTER = frozenset({"APPROVED", "TOLD", *AFTER})
"""The farewell letter of its newest approval holds."""
OPEN = frozenset({"PREPARING", "PROPOSED", "APPROVED", "TOLD", "OBJECTED"})
"""On the way; the family is still in the programme."""
PREPARES = frozenset({"CHECKLIST", "VISIT", "STATEMENT", "PROPOSED"})
"""Whoever did one of these, or opened the case, does not decide about it."""

FOLLOW_UPS = {"FOLLOW_UP_6": 6, "FOLLOW_UP_12": 12}
"""After how many months a family that graduated is asked how it fares."""


def leads_to(state: str, kind: str) -> str | None:
    """The state after that step; None where it cannot be taken."""
    return next((to for since, step, to in MOVES if (since, step) == (state, kind)), None)
