"""The people of the try-out: invented names, one login each, addresses that lead nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from gandeng.accounts.acting import Acting, acting_for
from gandeng.accounts.models import Grant, Person, User
from gandeng.accounts.roles import Role
from gandeng.core.channels import CHANNELS
from gandeng.regions.places import districts_of, sub_districts_of, villages_of

SINCE = date(2024, 1, 1)
DOORS_OF_CHANNELS = ("BRI", "BTN")

_NAMES = (
    "Rahmawati", "Syahrani", "Noor Aida", "Hasanuddin", "Fitriani", "Muhammad Ilham", "Siti Zubaidah", "Abdul Gani",
    "Mariatul", "Rusdiansyah", "Norhayati", "Ahmad Fauzi", "Hj. Masniah", "Gusti Rahman", "Lailatul", "Budiman",
    "Erlina", "Supian", "Yuliana", "Taufik", "Rabiatul", "Sugiarto", "Herlina", "Zainal", "Mulyani", "Arbain",
)  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Who acts in the filling: by role, and by district where there is one each."""

    province: str
    heads: dict[str, Acting]
    coordinators: dict[str, Acting]
    operators: dict[str, Acting]
    channels: dict[str, Acting]
    facilitator: Acting
    province_officer: Acting
    province_head: Acting
    lead: Acting
    helpdesk: Acting


def people(province: str) -> Cast:
    """Everybody a province needs for a stage; the doors of the try-out open to those of its last district."""
    districts = [place.code.digits for place in districts_of(province)]
    main = next((code for code in districts if code.endswith("71")), districts[-1])
    names = _names()
    own_sub_district = sub_districts_of(main)[0].code.digits
    village = villages_of(own_sub_district)[0].code.digits

    def one(role: Role, region: str, *, channel: str = "", door: bool = False) -> Acting:
        return _person(next(names), role, region, channel, door=door)

    heads = {code: one(Role.DISTRICT_HEAD, code, door=code == main) for code in districts}
    coordinators = {code: one(Role.DISTRICT_COORDINATOR, code, door=code == main) for code in districts}
    operators = {code: one(Role.DISTRICT_OPERATOR, code, door=code == main) for code in districts}
    cast = Cast(
        province, heads, coordinators, operators,
        channels={
            name: one(Role.CHANNEL_OFFICER, province, channel=name, door=name in DOORS_OF_CHANNELS) for name in CHANNELS
        },
        facilitator=one(Role.FACILITATOR, village, door=True),
        province_officer=one(Role.PROVINCE_OFFICER, province, door=True),
        province_head=one(Role.PROVINCE_HEAD, province, door=True),
        lead=one(Role.SUB_DISTRICT_LEAD, own_sub_district, door=True),
        helpdesk=one(Role.HELPDESK, main, door=True),
    )  # fmt: skip
    one(Role.MINISTRY_OFFICER, "", door=True)
    one(Role.AUDITOR, province, door=True)
    one(Role.ADMINISTRATOR, province, door=True)
    return cast


def _person(name: str, role: Role, region: str, channel: str, *, door: bool) -> Acting:
    person = Person.objects.create(name=name)
    address = f"{'pintu' if door else 'orang'}.{person.pk.hex[:12]}@coba.gandeng.test"
    User.objects.create_user(address, None, person=person)
    Grant.objects.create(person=person, role=role, region_code=region, channel=channel, valid_from=SINCE)
    return acting_for(person.pk, timezone.localdate())


def _names() -> Iterator[str]:
    """Names without end; the second round adds another's."""
    for first in _NAMES:
        yield f"{first} {_NAMES[(len(first) * 7) % len(_NAMES)].split()[-1]}"
    number = 0
    while True:
        yield f"{_NAMES[number % len(_NAMES)]} {_NAMES[(number * 5 + 3) % len(_NAMES)].split()[-1]}"
        number += 1
