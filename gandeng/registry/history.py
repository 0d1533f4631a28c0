"""What happened to a family, newest first: the rows as they were before each change, and the requests behind them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.registry.deciles import source_words
from gandeng.registry.models import ChangeRequest, Family, Member, Telling
from gandeng.registry.shown import shown
from gandeng.web.templatetags.gandeng import tanggal

_SHOWN_MAX = 60

_EVENTS = """
select 'family' as source, e.pgh_created_at as at, e.pgh_obj_id as id, c.metadata ->> 'who' as who,
    to_jsonb(e) - 'kk_sealed' - 'kk_index' as row, e.pgh_id as place
from registry_familyevent e left join pghistory_context c on c.id = e.pgh_context_id where e.pgh_obj_id = %(family)s
union all
select 'member', e.pgh_created_at, e.pgh_obj_id, c.metadata ->> 'who', to_jsonb(e)
    - 'nik_sealed' - 'nik_index', e.pgh_id
from registry_memberevent e left join pghistory_context c on c.id = e.pgh_context_id
where e.pgh_obj_id in (select id from registry_member where family_id = %(family)s)
union all
select 'change', coalesce(r.decided_at, r.requested_at), r.id, coalesce(d.name, q.name),
    jsonb_build_object('kind', r.kind, 'state', r.state, 'reason', coalesce(nullif(r.decision_reason, ''), r.reason)), 0
from registry_changerequest r join accounts_person q on q.id = r.requested_by_id
left join accounts_person d on d.id = r.decided_by_id where r.family_id = %(family)s and r.state <> 'WITHDRAWN'
union all
select 'decile', r.recorded_at, r.change_id, coalesce(d.name, a.name),
    jsonb_build_object('decile', r.decile, 'read_on', r.read_on, 'of_list', i.families_name), 0
from registry_decilereading r left join registry_intake i on i.id = r.intake_id
left join accounts_person a on a.id = i.applied_by_id left join registry_changerequest q on q.id = r.change_id
left join accounts_person d on d.id = q.decided_by_id where r.family_id = %(family)s
union all
select 'told', s.told_at, null, p.name, jsonb_build_object('how', s.how, 'told_on', s.told_on), 0
from registry_stoppedbylist s join accounts_person p on p.id = s.told_by_id where s.family_id = %(family)s
union all
select 'seen', a.at, null, a.person_name, jsonb_build_object('reason', a.reason), 0
from audit_auditentry a where a.action = 'identifier.revealed' and a.object_id = any(%(rows)s)
order by 2 desc, 6 desc, 1 limit 400
"""

_FAMILY: dict[str, str | Promise] = {
    "status": gettext_lazy("Status"),
    "village_code": gettext_lazy("Desa/kelurahan"),
    "collector_id": gettext_lazy("Pengurus"),
    "collector_usable_from": gettext_lazy("Pengurus dapat menerima mulai"),
    "kk_last4": gettext_lazy("Nomor KK"),
}
_MEMBER: dict[str, str | Promise] = {
    "name": gettext_lazy("Nama"),
    "birth_date": gettext_lazy("Tanggal lahir"),
    "sex": gettext_lazy("Jenis kelamin"),
    "school_level": gettext_lazy("Jenjang sekolah"),
    "pregnancy_no": gettext_lazy("Kehamilan ke-"),
    "severe_disability": gettext_lazy("Disabilitas berat"),
    "rights_victim": gettext_lazy("Korban HAM berat"),
    "deceased_on": gettext_lazy("Meninggal"),
    "left_on": gettext_lazy("Keluar dari keluarga"),
    "nik_last4": "NIK",
}
_TONES = {"APPROVED": "good", "REFUSED": "bad", "PENDING": "warn"}


@dataclass(frozen=True)
class Item:
    """One line of the story."""

    at: datetime
    title: str
    lines: tuple[str, ...]
    who: str
    tone: str = "neutral"
    change_id: UUID | None = None
    said: str = ""
    """What a person wrote, in the language they wrote it in; `said_as` stands before it."""
    said_as: str = ""


def history_of(family: Family, members: list[Member], sealed_rows: list[object]) -> list[Item]:
    """The newest changes; `sealed_rows` are the ids whose identifiers somebody may have looked at. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"family": family.pk, "rows": [str(row) for row in sealed_rows]})
        rows = cursor.fetchall()
    return sorted(_items(family, members, rows), key=lambda item: item.at, reverse=True)[:_SHOWN_MAX]


def _items(family: Family, members: list[Member], rows: list[tuple[Any, ...]]) -> Iterator[Item]:
    after: dict[object, dict[str, Any]] = {member.pk: _now(member, _MEMBER) for member in members}
    after[family.pk] = _now(family, _FAMILY)
    names = {str(member.pk): member.name for member in members}
    for source, at, row_id, who, text, _place in rows:
        told = json.loads(text)
        if source == "change":
            yield _request(at, row_id, who, told)
        elif source == "decile":
            yield _reading(at, row_id, who, told)
        elif source == "told":
            yield _telling(at, who, told)
        elif source == "seen":
            yield Item(at, _("Nomor lengkap dilihat"), (), who or "", said_as=_("Keperluan:"), said=told["reason"])
        else:
            words = _FAMILY if source == "family" else _MEMBER
            lines = tuple(_differences(told, after[row_id], words, names))
            after[row_id] = {name: told.get(name) for name in words}
            of_member = _("Data %(name)s berubah") % {"name": names.get(str(row_id), "")}
            if lines:
                yield Item(at, _("Data keluarga berubah") if source == "family" else of_member, lines, who or "")


def _request(at: datetime, row_id: UUID, who: str, told: dict[str, str]) -> Item:
    kind, state = ChangeRequest.Kind(told["kind"]), ChangeRequest.State(told["state"])
    return Item(
        at, f"{kind.label}: {state.label.lower()}", (), who, _TONES.get(state, "neutral"), row_id, said=told["reason"]
    )


def _reading(at: datetime, change_id: UUID | None, who: str | None, told: dict[str, Any]) -> Item:
    source = source_words(of_list=told["of_list"], by_change=change_id is not None)
    values = {"day": tanggal(date.fromisoformat(told["read_on"])), "source": source}
    lines = (_("Dibaca %(day)s, dari %(source)s") % values,)
    return Item(at, _("Desil %(decile)s dicatat") % told, lines, who or "", change_id=change_id)


def _telling(at: datetime, who: str, told: dict[str, Any]) -> Item:
    if told["told_on"] is None:
        return Item(at, _("Tidak ada yang dapat diberi tahu bahwa keluarga dihentikan oleh daftar"), (), who, "warn")
    how, day = Telling(told["how"]).label, tanggal(date.fromisoformat(told["told_on"]))
    return Item(at, _("Diberi tahu bahwa keluarga dihentikan oleh daftar"), (f"{how}, {day}",), who)


def _now(row: Family | Member, words: Iterable[str]) -> dict[str, Any]:
    """The row of today as JSON would have it."""
    values = {name: getattr(row, name) for name in words}
    return {name: value.isoformat() if isinstance(value, date) else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _differences(
    before: dict[str, Any], after: dict[str, Any], words: Mapping[str, str | Promise], names: dict[str, str]
) -> Iterator[str]:
    for name, label in words.items():
        if before.get(name) != after.get(name):
            yield f"{label}: {shown(name, before.get(name), names)} → {shown(name, after.get(name), names)}"


_STATUS = """
select f.id, coalesce((select e.status from registry_familyevent e
    where e.pgh_obj_id = f.id and e.pgh_created_at > %s order by e.pgh_id limit 1), f.status)
from registry_family f where f.id = any(%s)"""


def status_at(families: Iterable[UUID], at: datetime) -> dict[UUID, str]:
    """By family, its status at that moment: the first that was replaced since, else today's."""
    with connection.cursor() as cursor:
        cursor.execute(_STATUS, [at, list(families)])
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Stood:
    """What made a member count at a moment: its own, and its family's of today."""

    school_level: str
    pregnancy_no: int
    status: str
    entered_on: date | None


_STOOD = """
select m.id, case when e.pgh_id is null then m.school_level else e.school_level end,
    coalesce(case when e.pgh_id is null then m.pregnancy_no else e.pregnancy_no end, 0),
    coalesce((select g.status from registry_familyevent g
        where g.pgh_obj_id = f.id and g.pgh_created_at > %(at)s order by g.pgh_id limit 1), f.status), f.entered_on
from registry_member m join registry_family f on f.id = m.family_id
left join lateral (select e.pgh_id, e.school_level, e.pregnancy_no from registry_memberevent e
    where e.pgh_obj_id = m.id and e.pgh_created_at > %(at)s order by e.pgh_id limit 1) e on true
where m.id = any(%(members)s)"""


def stood_at(members: Iterable[UUID], at: datetime) -> dict[UUID, Stood]:
    """By member, as `status_at` tells of families. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STOOD, {"at": at, "members": list(members)})
        return {key: Stood(*told) for key, *told in cursor.fetchall()}
