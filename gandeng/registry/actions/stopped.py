"""That a family knows a list took it out of payment: written down, and taken back where it was a mistake."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.registry.models import Family, StoppedByList, Telling
from gandeng.web.refusals import Refusal
from gandeng.web.templatetags.gandeng import tanggal


class TellingRefused(Refusal):
    """Why it was not written down."""


def tell_stopped(acting: Acting, chosen: Collection[StoppedByList], how: Telling, on: date | None) -> int:
    """Each was told that day; all or none. How many. Raises TellingRefused, PermissionDenied."""
    with transaction.atomic():
        for row in _held(chosen):
            authority = acting.authority(May.REQUEST_CHANGE, row.family.village_code)
            if row.how:
                told = _("Keluarga %(number)s sudah dicatat diberi tahu. Muat ulang halaman ini.")
                raise TellingRefused(told % {"number": row.family.family_no})
            if on and on < row.applied_on:
                told = _("Daftar yang menghentikan keluarga %(number)s baru diterapkan pada %(day)s.")
                raise TellingRefused(told % {"number": row.family.family_no, "day": tanggal(row.applied_on)}, "told_on")
            row.how, row.told_on, row.told_by_id, row.told_at = how, on, acting.person_id, timezone.now()
            row.save()
            record(
                acting, "family.told_of_list", row.family, region=row.family.village_code, authority=authority,
                how=str(how), told_on=on.isoformat() if on else "",
            )  # fmt: skip
    return len(chosen)


def untell_stopped(acting: Acting, chosen: Collection[StoppedByList]) -> int:
    """It was a mistake: each waits to be told again. How many. Raises TellingRefused, PermissionDenied."""
    with transaction.atomic():
        for row in _held(chosen):
            authority = acting.authority(May.REQUEST_CHANGE, row.family.village_code)
            if not row.how:
                told = _("Keluarga %(number)s belum dicatat diberi tahu. Muat ulang halaman ini.")
                raise TellingRefused(told % {"number": row.family.family_no})
            was = {"how": row.how, "told_on": row.told_on.isoformat() if row.told_on else ""}
            row.how, row.told_on, row.told_by, row.told_at = "", None, None, None
            row.save()
            record(
                acting, "family.told_by_mistake", row.family, region=row.family.village_code, authority=authority,
                **was,
            )  # fmt: skip
    return len(chosen)


def _held(chosen: Collection[StoppedByList]) -> list[StoppedByList]:
    """As they are now, their families first: whoever changes a family has it."""
    families = Family.objects.filter(pk__in=[one.family_id for one in chosen]).order_by("pk")
    list(families.select_for_update(no_key=True))
    rows = StoppedByList.objects.filter(pk__in=[one.pk for one in chosen]).order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True).select_related("family"))
    if len(found) < len(chosen):
        raise TellingRefused(_("Daftarnya sudah dibatalkan. Muat ulang halaman ini."))
    return found
