"""The rows a sign rests on, as pages tell them: what, when, where, and about whom, each with the page it opens."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators.models import Staff
from gandeng.family_sessions.models import Picture
from gandeng.field.clocks import offset_of
from gandeng.field.kinds import kind_of
from gandeng.field.models import Entry
from gandeng.performance.models import Photo
from gandeng.registry.models import Family
from gandeng.signs.models import Found, Sign


@dataclass(frozen=True)
class Row:
    """`url` is empty where there is no page, or it is somebody else's."""

    what: str
    at: datetime | None
    place: str
    who: str
    url: str = ""


def rows_of(acting: Acting, sign: Found | Sign) -> list[Row]:
    """In the order of the sign; one that is not to be seen says so. To whom it is about, nothing of other people."""
    about_me = sign.about_id == acting.person_id
    ids: dict[str, list[UUID]] = {}
    for each in sign.rows:
        kind, _colon, key = each.partition(":")
        if kind in _TELL:
            ids.setdefault(kind, []).append(UUID(key))
    told = {kind: _TELL[kind](keys, acting if about_me else None) for kind, keys in ids.items()}
    return [
        told[kind].get(UUID(key)) or Row(_("Catatan yang tidak dapat Anda buka"), None, "", "")
        for kind, _colon, key in (each.partition(":") for each in sign.rows) if kind in _TELL
    ]  # fmt: skip


def _entries(keys: Collection[UUID], alone: Acting | None) -> dict[UUID, Row]:
    rows = Entry.own.filter(pk__in=keys).select_related("person", "family__collector")
    return {one.pk: _entry(one) for one in rows if alone is None or one.person_id == alone.person_id}


def _entry(one: Entry) -> Row:
    kind = kind_of(one.kind, one.kv)
    at = one.made_at + offset_of(one.clock_offset_seconds) if one.made_at else one.received_at
    family: Any = one.family
    return Row(
        str(kind.title) if kind else one.kind, at, region_name(one.region_code),
        family.called if family else one.person.name, reverse("registry:family", args=[family.pk]) if family else "",
    )  # fmt: skip


def _reports(keys: Collection[UUID], alone: Acting | None) -> dict[UUID, Row]:
    rows = Photo.objects.filter(pk__in=keys).select_related("report__staff__person")
    return {
        one.pk: Row(
            _("Foto laporan bulanan"), one.added_at, region_name(one.region_code), one.report.staff.person.name,
            reverse("performance:report", args=[one.report_id]),
        )
        for one in rows if alone is None or one.report.staff.person_id == alone.person_id
    }  # fmt: skip


def _pictures(keys: Collection[UUID], alone: Acting | None) -> dict[UUID, Row]:
    rows = Picture.objects.filter(pk__in=keys).select_related("meeting__group")
    return {
        one.pk: Row(
            _("Foto pertemuan kelompok"), one.added_at, region_name(one.village_code), one.meeting.group.name,
            reverse("family_sessions:meeting", args=[one.meeting_id]),
        )
        for one in rows if alone is None or one.meeting.by_id == alone.person_id
    }  # fmt: skip


def _families(keys: Collection[UUID], _alone: Acting | None) -> dict[UUID, Row]:
    rows = Family.objects.filter(pk__in=keys).select_related("collector")
    return {
        one.pk: Row(_("Keluarga"), None, region_name(one.village_code), one.called,
                    reverse("registry:family", args=[one.pk]))
        for one in rows
    }  # fmt: skip


def _staff(keys: Collection[UUID], alone: Acting | None) -> dict[UUID, Row]:
    rows = Staff.objects.filter(pk__in=keys).select_related("person")
    return {
        one.pk: Row(_("Catatan SDM PKH"), None, region_name(one.region_code), one.person.name, _page_of(one, alone))
        for one in rows
    }


def _page_of(one: Staff, alone: Acting | None) -> str:
    """None for whoever looks at a district where the record stands above it."""
    if alone is not None:
        return reverse("facilitators:own")
    return reverse("facilitators:person", args=[one.pk]) if len(one.region_code) == DISTRICT_DIGITS else ""


_TELL = {"entry": _entries, "report": _reports, "picture": _pictures, "family": _families, "staff": _staff}
