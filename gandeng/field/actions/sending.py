"""An entry that came from a phone: judged once, done or not, and kept as it came. One transaction each.

What a phone sends twice finds what was said the first time. The lock and two constraints see to it that of many at the
same moment one takes effect.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import Place, seal, unseal
from gandeng.field import words
from gandeng.field.clocks import Clock, instant
from gandeng.field.kinds import Conflict, Given, Refused, Why, is_secret, kind_of
from gandeng.field.models import Device, Entry, EntryDecision, Photo
from gandeng.field.queries import Decided, Named, id_is_taken, named_family, own_entries, region_of
from gandeng.field.reading import canonical, digest
from gandeng.registry.models import ordered_id

MISSING, FAULT = "MISSING", "FAULT"
PHOTOS_MAX = 4
LETTERS_MAX = 16_000
NAME_LENGTH_MAX = 60
_HEX = frozenset("0123456789abcdef")
_BIG = 2**63
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """What the phone is told of one entry."""

    entry_id: str
    state: str
    why: Sequence[dict[str, str]] = field(default=())
    result: str = ""
    received_at: datetime | None = None
    photos: Sequence[str] = field(default=())
    decision: EntryDecision | Decided | None = None


def take_entry(acting: Acting, device: Device, told: dict[str, Any], entry_id: UUID, clock: Clock) -> Said:
    """Its answer, once it is kept; FAULT where nothing was, and it may be sent again."""
    try:
        with transaction.atomic():
            return _taken(acting, device, told, entry_id, clock)
    except Exception as error:  # noqa: BLE001 (one entry that goes wrong takes no other with it)
        _log.error("an entry of kind %.40s was not taken: %s", told.get("kind"), type(error).__name__)
        return Said(str(told["id"]), FAULT)


def _taken(acting: Acting, device: Device, told: dict[str, Any], entry_id: UUID, clock: Clock) -> Said:
    _lock(entry_id)
    name = digest(told)
    for entry in own_entries(acting, entry_id):
        if entry.digest == name:
            return said(entry, str(told["id"]))
    photos, absent = _photos(acting, told)
    if absent:
        return Said(str(told["id"]), MISSING, photos=absent)
    entry = _entry(acting, device, told, entry_id, clock)
    entry.digest, entry.first = name, not id_is_taken(entry_id)
    named = _named(acting, device, told, entry)
    entry.family_id, entry.region_code = named.known_id, named.region
    _judge(acting, entry, told, named, photos, clock)
    entry.save(force_insert=True)
    return said(entry, str(told["id"]))


def _named(acting: Acting, device: Device, told: dict[str, Any], entry: Entry) -> Named:
    """What it is about: the family of the envelope, or what its kind finds in the body."""
    kind, body = kind_of(entry.kind, entry.kv), told.get("body")
    if kind is None or kind.place is None:
        named = named_family(acting, device, _uuid(told.get("family")))
        return replace(named, known_id=None, hers=True, there=True) if is_secret(entry.kind, body) else named
    found = kind.place(acting, body) if isinstance(body, dict) else None
    return found or Named(None, None, region_of(acting, device), hers=False)


def _lock(entry_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7310, hashtext(%s))", [str(entry_id)])


def said(entry: Entry, sent_id: str = "") -> Said:
    """What was said of it, and what was decided since."""
    return Said(
        sent_id or str(entry.entry_id), entry.state, entry.why, entry.result, entry.received_at,
        decision=getattr(entry, "decision", None) if entry.state != Entry.State.ACCEPTED else None,
    )  # fmt: skip


def said_later(entry: Entry, decided: Decided) -> Said:
    """The same, with what a person decided about it, whatever the door had said."""
    return replace(said(entry), decision=decided)


def _photos(acting: Acting, told: dict[str, Any]) -> tuple[list[Photo], list[str]]:
    """Those it names, and the names of those that are not there yet."""
    names = _photo_names(told)
    if not names:
        return [], []
    rows = Photo.own.select_for_update().filter(person_id=acting.person_id, sha256__in=names)
    kept = {one.sha256: one for one in rows}
    return [kept[name] for name in names if name in kept], [name for name in names if name not in kept]


def _photo_names(told: dict[str, Any]) -> list[str]:
    """None where they cannot be read, which `_misread` says."""
    names = told.get("photos") or []
    readable = isinstance(names, list) and len(names) <= PHOTOS_MAX and all(map(_is_digest, names))
    return list(dict.fromkeys(names)) if readable else []


def _is_digest(name: object) -> bool:
    return isinstance(name, str) and len(name) == 64 and set(name) <= _HEX


def _entry(acting: Acting, device: Device, told: dict[str, Any], entry_id: UUID, clock: Clock) -> Entry:
    key = ordered_id()
    return Entry(
        pk=key, entry_id=entry_id, person_id=acting.person_id, device=device,
        kind=str(told.get("kind", ""))[:NAME_LENGTH_MAX], kv=_whole(told.get("kv")), seq=_whole(told.get("seq")),
        mends=_uuid(told.get("mends")), photos=_photo_names(told), made_at=instant(told.get("made_at")),
        clock_offset_seconds=round(clock.offset.total_seconds()), received_at=clock.now,
        body_sealed=seal(canonical(told), _place(key)),
    )  # fmt: skip


def _judge(acting: Acting, entry: Entry, told: dict[str, Any], named: Named, photos: list[Photo], clock: Clock) -> None:
    """Sets state, reasons and result; what a kind began and refused is undone."""
    held = _held(entry, named)
    try:
        if not entry.first:
            entry.state, entry.why = Entry.State.QUARANTINED, _why(Why(words.id_used(), "id"))
        elif wrong := _misread(entry, told, clock):
            entry.state, entry.why = Entry.State.REFUSED, _why(*wrong)
        elif held:
            entry.state, entry.why = Entry.State.QUARANTINED, _why(held)
        else:
            with transaction.atomic():
                entry.result = do(acting, entry, told, named, photos, clock)
            entry.state = Entry.State.ACCEPTED
    except Conflict as conflict:
        entry.state, entry.why = Entry.State.CONFLICT, _why(Why(conflict.words))
    except Refused as refused:
        entry.state, entry.why = Entry.State.REFUSED, _why(*refused.why)
    except (PermissionDenied, Http404):
        entry.state, entry.why = Entry.State.REFUSED, _why(Why(words.not_allowed()))


def do(
    acting: Acting, entry: Entry, told: dict[str, Any], named: Named, photos: list[Photo], clock: Clock,
    *, by_office: bool = False,
) -> str:  # fmt: skip
    """The act of its kind, and the address of what came of it."""
    kind = kind_of(entry.kind, entry.kv)
    if kind is None or not named.found or entry.made_at is None:
        raise Refused(Why(words.unknown_kind()))
    return kind.take(acting, given(entry, told, named, photos, clock, by_office=by_office))


def given(
    entry: Entry, told: dict[str, Any], named: Named, photos: list[Photo], clock: Clock, *, by_office: bool = False
) -> Given:
    """As its kind reads it. One that was not the first under its id gets an id of its own."""
    body, base = told.get("body"), told.get("base")
    return Given(
        entry.entry_id if entry.first else entry.pk, entry, body if isinstance(body, dict) else {}, named.family,
        base if isinstance(base, str) else "", entry.made_at or entry.received_at, clock, tuple(photos), by_office,
    )  # fmt: skip


def _held(entry: Entry, named: Named) -> Why | None:
    kind = kind_of(entry.kind, entry.kv)
    if kind is None:
        return Why(words.unknown_kind(), "kind")
    if named.hers:
        return None
    return Why(words.not_of_hers() if kind.place else words.no_longer_hers(), "" if kind.place else "family")


def _misread(entry: Entry, told: dict[str, Any], clock: Clock) -> list[Why]:
    """What of the envelope cannot be read, all at once."""
    wrong = [
        name
        for name, fine in (
            ("made_at", entry.made_at is not None), ("family", _names_as_asked(entry, told.get("family"))),
            ("body", isinstance(told.get("body"), dict)), ("kind", isinstance(told.get("kind"), str)),
            ("kv", entry.kv is not None), ("mends", told.get("mends") is None or entry.mends is not None),
        )
        if not fine
    ]  # fmt: skip
    why = [Why(words.unreadable_field(), name) for name in wrong]
    if told.get("photos") and not entry.photos:
        why.append(Why(words.too_many_photos(PHOTOS_MAX), "photos"))
    if len(canonical(told)) > LETTERS_MAX:
        why.append(Why(words.too_long()))
    if entry.made_at is not None and clock.corrected(entry.made_at) is None:
        why.append(Why(words.made_in_the_future(), "made_at"))
    return why


def _names_as_asked(entry: Entry, family: object) -> bool:
    """A family where the kind is about one, none where it is about a group or a school; either for an unknown kind."""
    kind = kind_of(entry.kind, entry.kv)
    if kind is None:
        return family is None or _uuid(family) is not None
    return family is None if kind.place else _uuid(family) is not None


def _why(*why: Why) -> list[dict[str, str]]:
    return [{"field": one.field, "words": one.words} for one in why]


def _whole(told: object) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and abs(told) < _BIG else None


def _uuid(told: object) -> UUID | None:
    try:
        return UUID(told) if isinstance(told, str) else None
    except ValueError:
        return None


def read_id(told: object) -> UUID | None:
    """The id of an entry as the phone says it; without one it cannot be answered."""
    return _uuid(told.get("id")) if isinstance(told, dict) else None


def _place(key: object) -> Place:
    return Place("field_entry", "body", str(key))


def body_of(entry: Entry) -> dict[str, Any]:
    """The whole entry as it came."""
    told: dict[str, Any] = json.loads(unseal(bytes(entry.body_sealed), _place(entry.pk)))
    return told
