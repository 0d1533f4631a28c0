"""A family that is none, for a file that leaves the office: found again, the file is known by it.

It is written into the file alone. The registry never holds it, so no calculation, list or sum can.
"""

import secrets

from django.db.models import OuterRef, QuerySet, Subquery
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import MACHINE
from gandeng.exports.sources import Marked
from gandeng.registry.actions.exports import decile_cells
from gandeng.registry.deciles import newest_told, reading_of
from gandeng.registry.models import Account, Family

_NAMES = (
    "Asmah", "Badriah", "Cholifah", "Darmawati", "Endang", "Fatimah", "Galuh", "Hamidah", "Istiqomah", "Jamilah",
    "Kasmawati", "Latifah", "Masitah", "Nurhasanah", "Paridah", "Qomariah", "Rusmini", "Salasiah", "Tumini",
    "Umi Kalsum", "Wahyuni", "Yuliana", "Zaitun", "Zulaiha",
)  # fmt: skip
_TAIL = 6
_TRIES = 50


def invented_family(rows: QuerySet[Family]) -> Marked | None:
    """One more line among those of `rows`: place, status, channel and decile of one of them, number and name of nobody.

    None where there is no row to stand beside, or no number is free.
    """
    account = Account.objects.filter(family=OuterRef("pk"), valid_until=None).order_by("pk").values("channel")[:1]
    bare = rows.select_related(None).prefetch_related(None).order_by("family_no")
    plain = bare.annotate(channel=Subquery(account), decile_told=newest_told("pk"))
    count = plain.count()
    if not count:
        return None
    like = plain[secrets.randbelow(count)]
    number = _free_number(like.family_no)
    if number is None:
        return None
    name = " ".join(secrets.SystemRandom().sample(_NAMES, 2))
    channel = str(vars(like)["channel"] or "")
    line = [
        number, name, like.village_code, region_name(like.village_code), str(like.get_status_display()), channel,
        *decile_cells(reading_of(like)),
    ]  # fmt: skip
    return Marked(number, name, line)


def _free_number(like: str) -> str | None:
    """One that looks like `like` and is no family's anywhere."""
    kept = like[:-_TAIL]
    with in_territory(MACHINE), scopes_disabled():
        for _ in range(_TRIES):
            number = f"{kept}{secrets.randbelow(10**_TAIL):0{_TAIL}d}"
            if not Family.objects.filter(family_no=number).exists():
                return number
    return None
