"""Who acts, with the grants held today: what may be seen and done, and on whose authority."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from gandeng.accounts.models import Grant, Recovery
from gandeng.accounts.roles import OF_KEYS, OVER_MONEY, RULES, WORDS, May, Role
from gandeng.regions import places
from gandeng.web.language import indonesian
from gandeng.web.scoping import EVERY_CHANNEL, NOWHERE, Territory


@dataclass(frozen=True)
class Held:
    """One grant, as much of it as decisions need."""

    role: Role
    region_code: str
    channel: str
    deputy: bool
    key: str = ""
    """The public beginning of the API key a machine acts with; then little of the role is left."""
    resting: bool = False
    """Its holder was let in again a short while ago: what is over money waits."""
    former: tuple[str, ...] = ()
    """Codes of villages that are gone and lie in the region by a code of today (registry, `CodeChange`)."""

    @property
    def rights(self) -> frozenset[May]:
        """What it allows."""
        rights = RULES[self.role].may & OF_KEYS if self.key else RULES[self.role].may
        return rights - OVER_MONEY if self.resting else rights

    def allows(self, may: May, region: str, channel: str | None) -> bool:
        """True where the grant gives that right there."""
        right_channel = not self.channel or channel is None or channel == self.channel
        return may in self.rights and region.startswith((self.region_code, *self.former)) and right_channel

    @property
    def words(self) -> str:
        """As the log and the papers name the authority, in Indonesian: `Kepala Dinas Sosial kabupaten/kota 6371`."""
        by_key = f", kunci {self.key}" if self.key else ""
        with indonesian():
            return f"{self.title} {self.region_code or 'pusat'}{by_key}"

    @property
    def title(self) -> str:
        """As screens name the role: `Petugas bank atau pos BRI`."""
        role = f"{WORDS[self.role]}{f' {self.channel}' if self.channel else ''}"
        return _("Pelaksana harian %(role)s") % {"role": role} if self.deputy else role


def _territory(grants: list[Held], channels: frozenset[str] = frozenset({EVERY_CHANNEL})) -> Territory:
    former = frozenset(code for held in grants for code in held.former)
    return Territory(frozenset(held.region_code for held in grants), channels, former)


@dataclass(frozen=True)
class Acting:
    """A person, with the grants of today."""

    person_id: UUID
    person_name: str
    grants: tuple[Held, ...]

    @property
    def territory(self) -> Territory:
        """Union of the territories of all grants that see rows. An administrator alone sees no family and no money."""
        seeing = [held for held in self.grants if held.role is not Role.ADMINISTRATOR]
        if not seeing:
            return NOWHERE
        channels = frozenset(held.channel or EVERY_CHANNEL for held in seeing)
        if EVERY_CHANNEL in channels:
            seeing = [held for held in seeing if not held.channel]
            channels = frozenset({EVERY_CHANNEL})
        return _territory(seeing, channels)

    @property
    def own_families_alone(self) -> bool:
        """True for whoever sees families as a facilitator and in no other role: of her villages, those she accompanies.

        The database knows which those are (facilitators, `0004_caseload_alone`).
        """
        seeing = [held for held in self.grants if held.role is not Role.ADMINISTRATOR]
        return bool(seeing) and all(held.role is Role.FACILITATOR for held in seeing)

    @property
    def rights(self) -> frozenset[May]:
        """What some grant allows, somewhere."""
        return frozenset[May]().union(*(held.rights for held in self.grants))

    def where(self, may: May) -> Territory:
        """Regions in which some grant gives the right."""
        return _territory([held for held in self.grants if may in held.rights])

    def may(self, may: May, region: str | None = None, channel: str | None = None) -> bool:
        """True where some grant gives the right in that region; without a region, anywhere at all."""
        return self._grant(may, region, channel) is not None

    def authority(self, may: May, region: str | None = None, channel: str | None = None) -> str:
        """The words of the grant that gives the right. Raises PermissionDenied."""
        return self.held(may, region, channel).words

    def held(self, may: May, region: str | None = None, channel: str | None = None) -> Held:
        """The grant that gives the right. Raises PermissionDenied."""
        held = self._grant(may, region, channel)
        if held is None:
            raise PermissionDenied(may)
        return held

    def _grant(self, may: May, region: str | None, channel: str | None) -> Held | None:
        for held in self.grants:
            if may in held.rights and (region is None or held.allows(may, region, channel)):
                return held
        return None

    @property
    def hours(self) -> str:
        """`WIB`, `WITA` or `WIT`: of all regions of the roles held; WIB where they differ, and for the nation."""
        zones = {places.timezone(held.region_code) if held.region_code else "WIB" for held in self.grants}
        return (zones.pop() if len(zones) == 1 else "") or "WIB"

    @property
    def second_factor(self) -> bool:
        """True where a role held demands one."""
        return any(RULES[held.role].second_factor for held in self.grants)

    @property
    def first(self) -> Held | None:
        """The grant that names the person on screen."""
        return self.grants[0] if self.grants else None


def grants_on(day: date) -> QuerySet[Grant]:
    """Everybody's, in force on that day; of whoever stands in for somebody, while that person holds the role too.

    What waits for a second person is in force for nobody.
    """
    in_force = Grant.objects.filter(awaits=False, valid_from__lte=day).exclude(valid_until__lte=day)
    lasting = in_force.filter(stands_in_for=None)
    return in_force.filter(Q(stands_in_for=None) | Q(stands_in_for__in=lasting.values("pk")))


_HELD = """select grants.role, grants.region_code, grants.channel, grants.stands_in_for_id is not null, person.name,
        exists (select from accounts_recovery recovery
            where recovery.person_id = grants.person_id and recovery.used_at > %(recovered_after)s),
        case when (select registry_codes_changed()) then registry_former_codes(grants.region_code) end
    from accounts_grant_held grants join accounts_person person on person.id = grants.person_id
    where grants.person_id = %(person)s and grants.valid_from <= %(day)s
        and (grants.valid_until is null or grants.valid_until > %(day)s)
    order by grants.valid_from, grants.id"""
"""What `grants_on` and `recovered_lately` say of one person. Every request asks it; as two querysets it was a tenth of
an ordinary page to write down, and a fifth of that is left."""


def acting_for(person_id: UUID, today: date) -> Acting:
    """The person with the grants of that day, asked of the database now: a right taken away is gone at once."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"person": person_id, "day": today, "recovered_after": _recovered_after()})
        rows = cursor.fetchall()
    held = tuple(
        Held(Role(role), region, channel, deputy, resting=resting, former=tuple(former or ()))
        for role, region, channel, deputy, _name, resting, former in rows
    )
    return Acting(person_id, rows[0][4] if rows else "", held)


def recovered_lately() -> QuerySet[Recovery]:
    """Of those let in again whose rights over money still rest."""
    return Recovery.objects.filter(used_at__gt=_recovered_after())


def _recovered_after() -> datetime:
    return timezone.now() - timedelta(hours=settings.RECOVERY_REST_HOURS)


_current: ContextVar[Acting | None] = ContextVar("acting", default=None)

_SET = """select set_config('gandeng.territory', %s, false), set_config('gandeng.channels', %s, false),
    set_config('gandeng.person', %s, false), set_config('gandeng.caseload', %s, false)"""


@contextmanager
def in_territory(acting: Acting | None, *, restored: bool = True) -> Iterator[None]:
    """Everything read inside is what `acting` may see, in our queries and in the database beneath them.

    A request need not tell the database afterwards (`restored`): the next one on the connection begins by telling it.
    """
    territory = acting.territory if acting else NOWHERE
    token = _current.set(acting)
    _tell_database(acting)
    try:
        with scope(territory=territory, channels=territory):
            yield
    finally:
        _current.reset(token)
        if restored:
            _tell_database(_current.get())


def _tell_database(acting: Acting | None) -> None:
    territory = acting.territory if acting else NOWHERE
    if connection.connection is None and not territory.regions:
        return
    if connection.in_atomic_block and connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        channels = territory.channels if territory.regions else ()
        person = str(acting.person_id) if acting and acting.person_id else ""
        caseload = person if acting and acting.own_families_alone else ""
        regions = territory.regions | territory.former
        cursor.execute(_SET, [_array(regions), _array(channels), person, caseload])


def _array(texts: frozenset[str] | tuple[str, ...]) -> str:
    """An array literal; codes are digits and channels letters, so quoting is enough. Empty text means nothing.

    The widest region stands first: most rows lie in it, and no other is then held against them.
    """
    ordered = sorted(texts, key=lambda text: (len(text), text))
    return "{" + ",".join(f'"{text}"' for text in ordered) + "}" if texts else ""
