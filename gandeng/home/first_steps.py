"""What an office that has nothing yet begins with: said on the first page, to whoever can do it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.queries import others_than_administrators
from gandeng.accounts.roles import May
from gandeng.registry.queries import any_family


@dataclass(frozen=True)
class Step:
    """One of them: why, and the page where it is done."""

    title: str
    why: str
    url: str
    link: str


def first_steps(acting: Acting) -> list[Step]:
    """Those this person can do now; asked only where nothing waits."""
    steps = []
    if acting.may(May.MANAGE_PEOPLE) and not others_than_administrators(acting):
        steps.append(
            Step(
                _("Kantor ini belum punya petugas"),
                _(
                    "Undang yang akan bekerja di sini, mulai dari operator, koordinator, dan kepala dinas. Peran yang"
                    " Anda beri berlaku sesudah administrator lain mengesahkannya."
                ),
                reverse("accounts:invite"),
                _("Undang orang"),
            )
        )
    if acting.may(May.TAKE_LIST) and not any_family():
        steps.append(
            Step(
                _("Belum ada keluarga di wilayah Anda"),
                _("Unggah daftar keluarga dari Kementerian; sesudah diperiksa, orang lain menerapkannya."),
                reverse("registry:take"),
                _("Unggah daftar"),
            )
        )
    return steps
