"""Entries that came from a phone: each judged once, done or not, and kept as it came; one that goes wrong harms none.

What a phone sends twice finds what was said the first time. The lock and two constraints see to it that of many at the
same moment one takes effect.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import Place, seal, unseal
from gandeng.field import words
from gandeng.field.clocks import Clock, instant
from gandeng.field.kinds import Conflict, Given, Many, Refused, Why, is_secret, kind_of, uuid_of
from gandeng.field.models import Device, Entry, EntryDecision, Photo
from gandeng.field.queries import Decided, Families, Named, families_named, ids_taken, own_entries
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


def take_entries(
    acting: Acting, device: Device, sent: Sequence[tuple[dict[str, Any], UUID]], clock: Clock
) -> list[Said]:  # fmt: skip
    """The answers, in the same order, once all is committed.

    Entries that follow each other and whose kinds are kept many at once share a transaction; where anything goes wrong
    in it, each of them is taken alone, so that one that goes wrong takes no other with it.
    """
    families = families_named(acting, device, {key for told, _ in sent if (key := uuid_of(told.get("family")))})
    answers: list[Said] = []
    for together, run in groupby(sent, key=lambda one: _many(one[0])):
        entries = list(run)
        answers += (_taken_together(acting, device, entries, clock, families) if together else None) or [
            take_entry(acting, device, told, key, clock, families) for told, key in entries
        ]
    return answers


def _many(told: dict[str, Any]) -> bool:
    """Whether its kind is kept many at once."""
    kind = kind_of(str(told.get("kind", "")), _whole(told.get("kv")))
    return kind is not None and kind.many is not None


def _taken_together(
    acting: Acting, device: Device, sent: Sequence[tuple[dict[str, Any], UUID]], clock: Clock, families: Families
) -> list[Said] | None:  # fmt: skip
    """None where it went wrong: then nothing of it is kept."""
    if len(sent) == 1:
        return None
    try:
        with transaction.atomic():
            return Taking(acting, device, clock, families).all(sent)
    except Exception as error:  # noqa: BLE001 (each is taken alone then, and the one that goes wrong says so)
        _log.warning("%d entries were not taken together: %s", len(sent), type(error).__name__)
        return None


def take_entry(
    acting: Acting, device: Device, told: dict[str, Any], entry_id: UUID, clock: Clock, families: Families | None = None
) -> Said:  # fmt: skip
    """Its answer, once it is kept; FAULT where nothing was, and it may be sent again."""
    try:
        with transaction.atomic():
            known = families or families_named(acting, device, [key] if (key := uuid_of(told.get("family"))) else [])
            return Taking(acting, device, clock, known).all([(told, entry_id)])[0]
    except Exception as error:  # noqa: BLE001 (one entry that goes wrong takes no other with it)
        _log.error("an entry of kind %.40s was not taken: %s", told.get("kind"), type(error).__name__)
        return Said(str(told["id"]), FAULT)


class Taking:
    """Entries of one transaction: what was known of their ids and photos when it began, and what is to be kept."""

    def __init__(self, acting: Acting, device: Device, clock: Clock, families: Families) -> None:
        self.acting, self.device, self.clock, self.families = acting, device, clock, families
        self.mine: dict[tuple[UUID, str], Entry] = {}
        self.taken: set[UUID] = set()
        self.photos: dict[str, Photo] = {}
        self.new: list[Entry] = []
        self.to_keep: dict[str, tuple[Many, list[Any]]] = {}

    def all(self, sent: Sequence[tuple[dict[str, Any], UUID]]) -> list[Said]:
        """Judge each, then keep them: rows of one kind by one statement, entries by another."""
        self._look([key for _, key in sent], {name for told, _ in sent for name in _photo_names(told)})
        answers = [self._one(told, key) for told, key in sent]
        for many, rows in self.to_keep.values():
            many.keep(self.acting, rows)
        Entry.own.bulk_create(self.new)
        return [one if isinstance(one, Said) else said(*one) for one in answers]

    def _look(self, ids: Sequence[UUID], names: set[str]) -> None:
        """Locked in one order, whoever sends them in which: no two wait for each other."""
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [[str(key) for key in ids]])
        self.mine = {(one.entry_id, one.digest): one for one in own_entries(self.acting, ids)}
        self.taken = ids_taken(ids)
        if names:
            rows = Photo.own.select_for_update(no_key=True).filter(person_id=self.acting.person_id, sha256__in=names)
            self.photos = {one.sha256: one for one in rows.order_by("pk")}

    def _one(self, told: dict[str, Any], entry_id: UUID) -> Said | tuple[Entry, str]:
        name = digest(told)
        if found := self.mine.get((entry_id, name)):
            return found, str(told["id"])
        names = _photo_names(told)
        if absent := [each for each in names if each not in self.photos]:
            return Said(str(told["id"]), MISSING, photos=absent)
        entry = _entry(self.acting, self.device, told, entry_id, self.clock)
        entry.digest, entry.first = name, entry_id not in self.taken
        named = self._named(told, entry)
        entry.family_id, entry.region_code = named.known_id, named.region
        self._judge(entry, told, named, [self.photos[each] for each in names])
        self.mine[entry_id, name] = entry
        self.taken.add(entry_id)
        self.new.append(entry)
        return entry, str(told["id"])

    def _named(self, told: dict[str, Any], entry: Entry) -> Named:
        """What it is about: the family of the envelope, or what its kind finds in the body."""
        kind, body = kind_of(entry.kind, entry.kv), told.get("body")
        if kind is None or kind.place is None:
            named = self.families.named(uuid_of(told.get("family")))
            return replace(named, known_id=None, hers=True, there=True) if is_secret(entry.kind, body) else named
        found = kind.place(self.acting, body) if isinstance(body, dict) else None
        return found or Named(None, None, self.families.place, hers=False)

    def _judge(self, entry: Entry, told: dict[str, Any], named: Named, photos: list[Photo]) -> None:
        """Sets state, reasons and result; what a kind began and refused is undone."""
        held = _held(entry, named)
        try:
            if not entry.first:
                entry.state, entry.why = Entry.State.QUARANTINED, _why(Why(words.id_used(), "id"))
            elif wrong := _misread(entry, told, self.clock):
                entry.state, entry.why = Entry.State.REFUSED, _why(*wrong)
            elif held:
                entry.state, entry.why = Entry.State.QUARANTINED, _why(held)
            else:
                entry.result = self._do(entry, told, named, photos)
                entry.state = Entry.State.ACCEPTED
        except Conflict as conflict:
            entry.state, entry.why = Entry.State.CONFLICT, _why(Why(conflict.words))
        except Refused as refused:
            entry.state, entry.why = Entry.State.REFUSED, _why(*refused.why)
        except (PermissionDenied, Http404):
            entry.state, entry.why = Entry.State.REFUSED, _why(Why(words.not_allowed()))

    def _do(self, entry: Entry, told: dict[str, Any], named: Named, photos: list[Photo]) -> str:
        kind = kind_of(entry.kind, entry.kv)
        if kind is None or kind.many is None:
            with transaction.atomic():
                return do(self.acting, entry, told, named, photos, self.clock)
        row, address = kind.many.made(self.acting, given(entry, told, named, photos, self.clock))
        self.to_keep.setdefault(kind.name, (kind.many, []))[1].append(row)
        return address


_LOCK = """select pg_advisory_xact_lock(7310, key)
    from (select distinct hashtext(id) as key from unnest(%s::text[]) id order by 1) keys"""


def said(entry: Entry, sent_id: str = "") -> Said:
    """What was said of it, and what was decided since."""
    return Said(
        sent_id or str(entry.entry_id), entry.state, entry.why, entry.result, entry.received_at,
        decision=getattr(entry, "decision", None) if entry.state != Entry.State.ACCEPTED else None,
    )  # fmt: skip


def said_later(entry: Entry, decided: Decided) -> Said:
    """The same, with what a person decided about it, whatever the door had said."""
    return replace(said(entry), decision=decided)


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
        mends=uuid_of(told.get("mends")), photos=_photo_names(told), made_at=instant(told.get("made_at")),
        clock_offset_seconds=round(clock.offset.total_seconds()), received_at=clock.now,
        body_sealed=seal(canonical(told), _place(key)),
    )  # fmt: skip


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
        return family is None or uuid_of(family) is not None
    return family is None if kind.place else uuid_of(family) is not None


def _why(*why: Why) -> list[dict[str, str]]:
    return [{"field": one.field, "words": one.words} for one in why]


def _whole(told: object) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and abs(told) < _BIG else None


def read_id(told: object) -> UUID | None:
    """The id of an entry as the phone says it; without one it cannot be answered."""
    return uuid_of(told.get("id")) if isinstance(told, dict) else None


def _place(key: object) -> Place:
    return Place("field_entry", "body", str(key))


def body_of(entry: Entry) -> dict[str, Any]:
    """The whole entry as it came."""
    told: dict[str, Any] = json.loads(unseal(bytes(entry.body_sealed), _place(entry.pk)))
    return told
