"""What happened to a family, newest first: the rows as they were before each change, and the requests behind them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.accounts.context import region_name
from gandeng.registry.models import ChangeRequest, Family, Member

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
select 'seen', a.at, null, a.person_name, jsonb_build_object('reason', a.reason), 0
from audit_auditentry a where a.action = 'identifier.revealed' and a.object_id = any(%(rows)s)
order by 2 desc, 6 desc, 1 limit 400
"""

_FAMILY = {
    "status": "Status", "village_code": "Desa/kelurahan", "collector_id": "Pengurus",
    "collector_usable_from": "Pengurus dapat menerima mulai", "kk_last4": "Nomor KK",
}  # fmt: skip
_MEMBER = {
    "name": "Nama", "birth_date": "Tanggal lahir", "sex": "Jenis kelamin", "school_level": "Jenjang sekolah",
    "pregnancy_no": "Kehamilan ke-", "severe_disability": "Disabilitas berat", "rights_victim": "Korban HAM berat",
    "deceased_on": "Meninggal", "left_on": "Keluar dari keluarga", "nik_last4": "NIK",
}  # fmt: skip
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
    for source, at, row_id, who, text, _ in rows:
        told = json.loads(text)
        if source == "change":
            yield _request(at, row_id, who, told)
        elif source == "seen":
            yield Item(at, "Nomor lengkap dilihat", (f"Keperluan: {told['reason']}",), who or "")
        else:
            words = _FAMILY if source == "family" else _MEMBER
            lines = tuple(_differences(told, after[row_id], words, names))
            after[row_id] = {name: told.get(name) for name in words}
            title = "Data keluarga berubah" if source == "family" else f"Data {names[str(row_id)]} berubah"
            if lines:
                yield Item(at, title, lines, who or "")


def _request(at: datetime, row_id: UUID, who: str, told: dict[str, str]) -> Item:
    kind, state = ChangeRequest.Kind(told["kind"]), ChangeRequest.State(told["state"])
    return Item(
        at, f"{kind.label}: {state.label.lower()}", (told["reason"],), who, _TONES.get(state, "neutral"), row_id
    )


def _now(row: Family | Member, words: dict[str, str]) -> dict[str, Any]:
    """The row of today as JSON would have it."""
    values = {name: getattr(row, name) for name in words}
    return {name: value.isoformat() if isinstance(value, date) else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _differences(
    before: dict[str, Any], after: dict[str, Any], words: dict[str, str], names: dict[str, str]
) -> Iterator[str]:
    for name, label in words.items():
        if before.get(name) != after.get(name):
            yield f"{label}: {_shown(name, before.get(name), names)} → {_shown(name, after.get(name), names)}"


def _shown(name: str, value: Any, names: dict[str, str]) -> str:
    if value is None or value == "":
        return "tidak ada"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if name == "collector_id":
        return names.get(str(value), "anggota lain")
    if name == "village_code":
        return region_name(str(value))
    if name == "status":
        return str(Family.Status(value).label)
    if name in ("kk_last4", "nik_last4"):
        return f"•••• {value}"
    return str(value)
