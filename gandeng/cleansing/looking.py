"""A look at a district: every kind is asked, each NIK is read, and what is found takes the place of before."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import Actor, record
from gandeng.audit.sealing import Place, unseal
from gandeng.cleansing.kinds import KINDS, OF_NIK, Kind
from gandeng.core.duplicates_tables import LEFT_BEHIND
from gandeng.core.nik import UnreadableNik, explain_nik, read_nik
from gandeng.engine import Progress, no_progress
from gandeng.regions.places import name_of

_place = lru_cache(maxsize=10_000)(name_of)
"""There are 7.300 sub-districts; a NIK may say any of a million."""
_NAMES = UUID("0b0d4a3e-6b5f-4a4e-8f55-5a3a1f0c9e21")
_BATCH = 5_000
_OF_MEMBER = "md5(jsonb_build_array(m.name, m.birth_date, m.sex, encode(m.nik_index, 'hex'), m.pregnancy_no)::text)"
_OF_FAMILY = """md5(jsonb_build_array(f.collector_id, c.birth_date, c.deceased_on, c.left_on,
    encode(c.nik_index, 'hex'), a.id, a.usable_from)::text)"""
_FAMILIES = """registry_family f left join registry_member c on c.id = f.collector_id and c.family_id = f.id
    left join registry_account a on a.family_id = f.id and a.valid_until is null
    where f.village_code ^@ %(district)s and f.status <> all(%(left_behind)s)"""
_MEMBERS = """registry_member m join registry_family f on f.id = m.family_id
    where m.village_code ^@ %(district)s and f.status <> all(%(left_behind)s) and m.deceased_on is null
        and m.left_on is null"""


def look_at(acting: Acting, district: str, *, actor: Actor | None = None, progress: Progress = no_progress) -> int:
    """Look at a district in the territory of `acting`; gives how much was found. Raises PermissionDenied.

    Within the transaction of the caller: who reads meanwhile sees the former list, whole.
    """
    authority = acting.authority(May.REQUEST_CHANGE, district)
    values = {"district": district, "left_behind": list(LEFT_BEHIND), "today": timezone.localdate()}
    progress("records", 0, 2)
    found = list(_asked(values))
    progress("niks", 1, 2)
    read, of_niks = _read_niks(values)
    with connection.cursor() as cursor:
        cursor.execute("select cleansing_swap(%s, %s)", [district, json.dumps(found + of_niks)])
        kept = int(cursor.fetchone()[0])
    record(
        actor or acting, "cleansing.looked", object_type="Found", object_id=district, region=district,
        authority=authority, opened=read, found=kept,
    )  # fmt: skip
    return kept


def _asked(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Kinds that are a question to the database, all at once."""
    sql = " union all ".join(_question(kind) for kind in KINDS.values() if kind.sql)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield from (_row(*told) for told in cursor.fetchall())


def _question(kind: Kind) -> str:
    if kind.of_family:
        return f"select '{kind.code}', f.id, null::uuid, {_OF_FAMILY} from {_FAMILIES} and {kind.sql}"
    digest = f"md5({_OF_MEMBER} || {kind.told})" if kind.told else _OF_MEMBER
    return f"select '{kind.code}', m.family_id, m.id, {digest} from {_MEMBERS} and {kind.sql}"


def _row(kind: str, family: UUID, member: UUID | None, digest: str) -> dict[str, Any]:
    about = str(member or family)
    return {
        "id": str(uuid5(_NAMES, f"{kind}\n{about}")), "kind": kind, "family_id": str(family),
        "member_id": str(member) if member else None, "digest": digest,
    }  # fmt: skip


def _read_niks(values: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """How many NIKs were opened, for the length of a reading, and which say otherwise than the record."""
    sql = f"""select m.id, m.family_id, m.nik_sealed, m.birth_date, m.sex, {_OF_MEMBER} from {_MEMBERS}
        and m.nik_index is not null"""
    found, read = [], 0
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(_BATCH):
            for member, family, sealed, born, sex, digest in rows:
                nik = unseal(bytes(sealed), Place("registry_member", "nik", str(member)))
                kinds = kinds_of(nik, born, sex, values["today"])
                found += [_row(kind, family, member, digest) for kind in sorted(kinds)]
            read += len(rows)
    return read, found


def kinds_of(nik: str, born: Any, sex: Any, today: Any) -> set[str]:
    """How a NIK differs from a record of that birth date and sex."""
    try:
        reading = explain_nik(read_nik(nik), birth_date=born, sex=sex, region_name=_place, today=today)
    except UnreadableNik:
        return {"NIK_ODD"}
    return {OF_NIK[fault.code] for fault in reading.warnings}
