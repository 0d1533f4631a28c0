"""Invented families for tests, one at a time; the platform itself never writes families one by one."""

from datetime import date
from itertools import count
from uuid import uuid4

from django_scopes import scopes_disabled

from gandeng.accounts.acting import Acting, Held, in_territory
from gandeng.accounts.roles import Role
from gandeng.audit.sealing import Place, blind, blind_account, seal
from gandeng.registry.models import Account, Family, Member

_numbers = count(5_000_001)
"""Beyond those of `gandeng simulate`, which a test may have beside."""

EVERYWHERE = Acting(uuid4(), "Uji", (Held(Role.MINISTRY_OFFICER, "", "", deputy=False),))
"""Sees the nation: for setting up and looking at what tests need."""


def make_family(
    village: str = "6371011001", *, channel: str = "BRI", members: int = 1, status: str = "ACTIVE", **member
):
    """A family with `members` members; the first, a woman born 1990, collects. `member` overrides her fields."""
    number = next(_numbers)
    with in_territory(EVERYWHERE), scopes_disabled():
        family = Family.objects.create(
            family_no=f"K{village[:2]}{number:07d}", village_code=village, status=status, entered_on=date(2024, 1, 1)
        )
        people = [_member(family, number, place, **(member if place == 0 else {})) for place in range(members)]
        family.collector = people[0]
        family.save()
        _account(family, number, channel)
    return family


def _member(family, number, place, *, name="", birth_date=date(1990, 5, 17), sex="F", nik="", **fields):
    pk = uuid4()
    serial = (number * 10 + place) % 9999 + 1
    nik = nik or f"{family.village_code[:6]}{birth_date.day + 40:02d}{birth_date:%m%y}{serial:04d}"
    return Member.objects.create(
        pk=pk,
        member_no=f"{family.family_no}-{place + 1:02d}",
        family=family,
        village_code=family.village_code,
        nik_sealed=seal(nik, Place("registry_member", "nik", str(pk))),
        nik_index=blind("nik", nik),
        nik_last4=nik[-4:],
        name=name or f"Siti Uji {number}-{place + 1}",
        birth_date=birth_date,
        sex=sex,
        **fields,
    )


def _account(family, number, channel):
    pk = uuid4()
    account_no = "" if channel == "POS" else f"{7_000_000_000 + number:015d}"
    return Account.objects.create(
        pk=pk,
        family=family,
        village_code=family.village_code,
        channel=channel,
        account_sealed=seal(account_no, Place("registry_account", "account", str(pk))),
        account_index=blind_account(channel, account_no),
        account_last3=account_no[-3:],
        valid_from=date(2024, 1, 1),
        usable_from=date(2024, 1, 1),
    )
