"""Devices, entries and visits one may see, and the families an entry may be about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.models import Record, Sheet
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.queries import own_record
from gandeng.field.models import Device, Entry, EntryDecision, Photo, Visit
from gandeng.registry.models import Family
from gandeng.web.finding import found_or_404, region_asked

DECIDED_DAYS, DECIDED_MAX = 60, 200
_CHANGE, _SHEET = "registry.change", "commitments.sheet"
WAITING = (Entry.State.CONFLICT, Entry.State.QUARANTINED)
ENTRY_FILTERS = ("state", "kind")
VISIT_FILTERS = ("purpose", "result", "found_case", "case", "region")


def place_of(acting: Acting) -> str:
    """Where the person accompanies families: the first grant that lets her."""
    return next((held.region_code for held in acting.grants if May.ACCOMPANY in held.rights), "")


def own_device(acting: Acting, device_id: object) -> Device | None:
    """One's own and in use; None for another person's, a revoked one and none alike."""
    try:
        key = UUID(str(device_id))
    except ValueError:
        return None
    return Device.objects.filter(pk=key, person_id=acting.person_id, revoked_at__isnull=True).first()


def was_revoked(acting: Acting, device_id: object) -> bool:
    """Whether it is one of her own that was revoked."""
    try:
        key = UUID(str(device_id))
    except ValueError:
        return False
    return Device.objects.filter(pk=key, person_id=acting.person_id, revoked_at__isnull=False).exists()


def any_device(acting: Acting) -> Device | None:
    """One of her own in use, the newest."""
    return Device.objects.filter(person_id=acting.person_id, revoked_at__isnull=True).order_by("-made_at").first()


def devices_visible_to(acting: Acting) -> QuerySet[Device]:
    """One's own, and those of the regions whose staff or logins one keeps."""
    rows = Q(person_id=acting.person_id)
    for right in (May.KEEP_STAFF, May.MANAGE_PEOPLE):
        if acting.may(right):
            rows |= Q(region_code__within=acting.where(right))
    return Device.objects.filter(rows).select_related("person", "revoked_by")


def access_device(acting: Acting, device_id: UUID) -> Device:
    """Raises Http404."""
    return found_or_404(devices_visible_to(acting), device_id)


def may_revoke(acting: Acting, device: Device) -> bool:
    """Her own, or of the region whose staff or logins one keeps."""
    if device.person_id == acting.person_id:
        return True
    return any(acting.may(right, device.region_code) for right in (May.KEEP_STAFF, May.MANAGE_PEOPLE))


@dataclass(frozen=True)
class Named:
    """What an entry is about, as she sees it today: whether it is hers today, whose office it belongs to.

    A family, or the group or facility its kind knows by the body (`there`).
    """

    family: Family | None
    known_id: UUID | None
    region: str
    hers: bool
    there: bool = False
    """A group or facility was found."""

    @property
    def found(self) -> bool:
        """Whether there is anything an act could be about."""
        return self.there or self.family is not None


@dataclass(frozen=True)
class Families:
    """Of the families a delivery names those that are hers today, asked for once."""

    hers: Mapping[UUID, Family]
    place: str

    def named(self, family_id: UUID | None) -> Named:
        """A family outside her territory that she never accompanied is as one that is not there."""
        if family_id is None:
            return Named(None, None, self.place, hers=False)
        if family := self.hers.get(family_id):
            return Named(family, family.pk, family.village_code, hers=True)
        village = _village_of(family_id)
        return Named(None, family_id if village else None, village or self.place, hers=False)


def families_named(acting: Acting, device: Device, family_ids: Collection[UUID]) -> Families:
    """In three questions however many they are."""
    hers = Family.objects.filter(pk__in=hers_among(acting, family_ids)) if family_ids else ()
    return Families({one.pk: one for one in hers}, region_of(acting, device))


def region_of(acting: Acting, device: Device) -> str:
    """Whose office decides about what nobody can place: where she works."""
    return place_of(acting) or device.region_code


def hers_among(acting: Acting, families: Collection[UUID]) -> set[UUID]:
    """Of these families those she accompanies today."""
    staff = own_record(acting)
    if staff is None or not families:
        return set()
    rows = accompanied_by(staff, timezone.localdate()).filter(family_id__in=families)
    return set(rows.values_list("family_id", flat=True))


def _village_of(family_id: UUID) -> str:
    """Of a family in the territory, or that she has accompanied; "" for any other."""
    with connection.cursor() as cursor:
        cursor.execute("select field_village_of(%s)", [family_id])
        return str(cursor.fetchone()[0] or "")


def ids_taken(entry_ids: Collection[UUID]) -> set[UUID]:
    """Of these, by anybody's entry."""
    with connection.cursor() as cursor:
        cursor.execute("select field_ids_taken(%s)", [list(entry_ids)])
        return {row[0] for row in cursor}


def own_entries(acting: Acting, entry_ids: Collection[UUID]) -> list[Entry]:
    """What the person sent under these ids, wherever she works by now."""
    rows = Entry.own.filter(entry_id__in=entry_ids, person_id=acting.person_id)
    return list(rows.prefetch_related(Prefetch("decision", EntryDecision.own.all())))


@dataclass(frozen=True)
class Decided:
    """What a person decided later about an entry."""

    accepted: bool
    reason: str
    result: str
    at: datetime


def decided_since(device: Device) -> list[tuple[Entry, Decided]]:
    """Of this device, what a person has decided in the last sixty days; newest first."""
    since = timezone.now() - timedelta(days=DECIDED_DAYS)
    rows = EntryDecision.own.filter(entry__device=device, at__gte=since).select_related("entry").order_by("-at")
    found = [(one.entry, Decided(one.accepted, one.reason, one.result, one.at)) for one in rows[:DECIDED_MAX]]
    found += _changes_decided(device, since)
    return sorted(found, key=lambda each: each[1].at, reverse=True)[:DECIDED_MAX]


def _changes_decided(device: Device, since: datetime) -> list[tuple[Entry, Decided]]:
    """Requests of the registry that came from this device, and what became of them there."""
    with connection.cursor() as cursor:
        cursor.execute("select id, accepted, words, at from field_changes_decided(%s)", [since])
        told = {reverse("registry:change", args=[key]): (accepted, words, at) for key, accepted, words, at in cursor}
    rows = Entry.own.filter(device=device, kind=_CHANGE, state=Entry.State.ACCEPTED, result__in=list(told))
    return [(one, Decided(told[one.result][0], told[one.result][1], one.result, told[one.result][2])) for one in rows]


def entries_waiting(acting: Acting) -> QuerySet[Entry]:
    """What conflicts or is held and nobody has decided, where one decides; never one's own."""
    return entries_visible_to(acting, {}).filter(decision=None)


def entries_visible_to(acting: Acting, filters: dict[str, str]) -> QuerySet[Entry]:
    """What conflicts or is held, of others, in the regions where one decides."""
    rows = Entry.objects.filter(state__in=WAITING, region_code__within=acting.where(May.DECIDE_ENTRIES))
    rows = rows.exclude(person_id=acting.person_id).select_related("person", "family", "decision")
    if filters.get("state") == "WAITING":
        rows = rows.filter(decision=None)
    if filters.get("state") == "DECIDED":
        rows = rows.exclude(decision=None)
    if kind := filters.get("kind"):
        rows = rows.filter(kind=kind)
    return rows


def access_entry(acting: Acting, entry_id: UUID) -> Entry:
    """One to decide about, or decided. Raises Http404."""
    rows = Entry.objects.filter(state__in=WAITING).exclude(person_id=acting.person_id)
    entry = found_or_404(rows.select_related("person", "device", "family", "decision__by"), entry_id)
    if not acting.may(May.DECIDE_ENTRIES, entry.region_code):
        raise Http404
    return entry


def visits_visible_to(filters: dict[str, str]) -> QuerySet[Visit]:
    """Of the territory, narrowed. Raises BadRequest."""
    rows = Visit.objects.select_related("family__collector", "by")
    for name in ("purpose", "result", "found_case"):
        if told := filters.get(name):
            rows = rows.filter(**{name: told})
    if region := filters.get("region"):
        rows = rows.filter(village_code__startswith=region_asked(region))
    return rows


def visits_of(family: Family) -> QuerySet[Visit]:
    """Newest first."""
    return Visit.objects.filter(family=family).select_related("by", "accepted_by").order_by("-on_day", "-pk")


def photos_of_visits(visits: Collection[Visit]) -> dict[UUID, Sequence[str]]:
    """By visit the names of its photos that have arrived: as `access_visit`."""
    if not visits:
        return {}
    keys = [one.pk for one in visits]
    entries = list(Entry.own.raw("select id, person_id, photos from field_entries_of_visits(%s)", [keys]))
    with connection.cursor() as cursor:
        cursor.execute("select person_id, sha256 from field_photos_of_visits(%s)", [keys])
        arrived = set(cursor.fetchall())
    named = _arrived(entries, arrived)
    return {one.pk: named.get(one.entry_id, ()) for one in visits}


def access_visit(visit_id: UUID) -> tuple[Visit, Entry, list[Photo]]:
    """A visit, its entry and its photos: one's own, of the office's territory, of a family of hers. Raises Http404."""
    visit = found_or_404(Visit.objects.all(), visit_id)
    entry = next(iter(Entry.own.raw("select * from field_entries_of_visits(%s)", [[visit.pk]])), None)
    if entry is None:
        raise Http404
    return visit, entry, list(Photo.own.raw("select * from field_photos_of_visits(%s)", [[visit.pk]]))


_SHOWN = """exists (select from jsonb_array_elements_text(field_entry.photos) named (sha256)
    join field_photo photo on (photo.person_id, photo.sha256) = (field_entry.person_id, named.sha256))"""


def entries_of_sheets(sheets: Collection[UUID]) -> dict[UUID, Entry]:
    """By sheet the entry it came from, as one sees it, with `shown`: whether a photo it names has arrived.

    The sheet has the entry's own id, or that of the row where the entry's was taken.
    """
    rows = Entry.own.filter(Q(entry_id__in=sheets, first=True) | Q(pk__in=sheets), kind=_SHEET)
    rows = rows.annotate(shown=RawSQL(_SHOWN, []))  # noqa: S611 (constant text)
    return {(one.entry_id if one.first else one.pk): one for one in rows.select_related("person", "device")}


def _arrived(entries: Iterable[Entry], there: Collection[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    """By entry the photos it names that are there, by whose they are and their names."""
    return {one.pk: [digest for digest in one.photos if (one.person_id, digest) in there] for one in entries}


def access_sheet(sheet_id: UUID) -> tuple[Sheet, Entry]:
    """A sheet that came from a phone. Raises Http404."""
    sheet = found_or_404(Sheet.objects.select_related("facility", "by"), sheet_id)
    entry = entries_of_sheets([sheet_id]).get(sheet_id)
    if entry is None:
        raise Http404
    return sheet, entry


def records_of(sheet: Sheet) -> QuerySet[Record]:
    """Of the families one sees, by name."""
    rows = Record.objects.filter(sheet=sheet).select_related("member")
    return rows.order_by("member__name", "member_id", "obligation", "month")
