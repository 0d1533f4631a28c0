"""A search of a region: everybody who could be paid for is compared, and what is found takes the place of before."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import Actor, record
from gandeng.core.duplicates import strength
from gandeng.core.duplicates_tables import LEFT_BEHIND
from gandeng.core.nik_slip import Slip, slip
from gandeng.duplicates.models import Judgement
from gandeng.engine import Progress, no_progress
from gandeng.registry.actions.applying import nik_of
from gandeng.registry.alike import alike
from gandeng.registry.models import ChangeRequest, Member

SWAPPED_COUNTS = 10
"""So many times stronger is a pair of whose NIKs two neighbouring digits are swapped: our proposal.

One digit that differs makes none stronger: strangers of one day and near places have such NIKs, for serials are low.
"""

_STRONGEST = 10**15
_NAMES = UUID("b3b0f5a4-0d6c-4a0c-9a55-1f1f4f7f2c10")
_PEOPLE = """
    select m.family_id, m.id as member_id, m.name, m.birth_date, m.sex, f.village_code
    from registry_member m join registry_family f on f.id = m.family_id
    where m.village_code ^@ %(region)s and m.deceased_on is null and m.left_on is null
        and f.status <> all(%(left_behind)s)
"""


def id_of(family: object, other: object) -> UUID:
    """The same for the same two families, whenever they are found."""
    return uuid5(_NAMES, f"{family}\n{other}")


def facts_of(member: Member, other: Member) -> str:
    """Digest of what is compared of two people: another one is judged anew."""
    told = [
        [one.name, one.birth_date.isoformat(), one.sex, bytes(one.nik_index or b"").hex()] for one in (member, other)
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


def look_at(acting: Acting, region: str, *, actor: Actor | None = None, progress: Progress = no_progress) -> int:
    """Search a region (digits, "" for the nation) in the territory of `acting`; gives how many pairs of families.

    Within the transaction of the caller: who reads meanwhile sees the former list, whole. Raises PermissionDenied.
    """
    authority = acting.authority(May.JUDGE_DUPLICATES, region)
    rows = alike(_PEOPLE, {"region": region, "left_behind": list(LEFT_BEHIND)}, progress=progress)
    people = _people(rows)
    told = _unjudged([_pair(row, people) for row in rows], people)
    found = _by_families(told)
    with connection.cursor() as cursor:
        cursor.execute("select duplicates_swap(%s, %s)", [region, json.dumps(found)])
        kept = int(cursor.fetchone()[0])
    record(
        actor or acting, "duplicates.looked", object_type="Found", object_id=region, region=region,
        authority=authority, opened=len(people), found=kept,
    )  # fmt: skip
    return kept


def _people(rows: Iterable[Mapping[str, Any]]) -> dict[str, Member]:
    """Who is in some pair, by id."""
    wanted = {str(row[column]) for row in rows for column in ("member_id", "other_member_id")}
    return {str(one.pk): one for one in Member.objects.filter(pk__in=wanted)}


def _pair(row: Mapping[str, Any], people: Mapping[str, Member]) -> dict[str, Any]:
    """One pair as `Found.pairs` has it, the lesser family first, and the ids of the families beside it."""
    sides = sorted(((row["family_id"], row["member_id"]), (row["other_family_id"], row["other_member_id"])))
    (family, member), (other, other_member) = sides
    return {
        "family": family, "other_family": other, "place": row["place_alike"], "member": member, "other": other_member,
        "name": row["name_alike"], "born": row["born_alike"], "same_sex": row["same_sex"],
        "slip": str(slip(nik_of(people[member]), nik_of(people[other_member]))),
        "one_in": min(strength(row), _STRONGEST),
    }  # fmt: skip


def _unjudged(pairs: list[dict[str, Any]], people: Mapping[str, Member]) -> list[dict[str, Any]]:
    """Without those somebody said are two people, as they still stand, and those asked to end already."""
    rows = Judgement.objects.filter(member__in=[*people.values()], other_member__in=[*people.values()])
    last = {(str(one.member_id), str(one.other_member_id)): one for one in rows.select_related("change").order_by("pk")}
    told = [(pair, last.get((pair["member"], pair["other"]))) for pair in pairs]
    return [
        pair | {"judged": str(one.pk) if one else None}
        for pair, one in told if one is None or not _settled(one, people)
    ]  # fmt: skip


def _settled(one: Judgement, people: Mapping[str, Member]) -> bool:
    if one.verdict == Judgement.Verdict.SAME:
        return one.change is not None and one.change.state == ChangeRequest.State.PENDING
    same = one.facts == facts_of(people[str(one.member_id)], people[str(one.other_member_id)])
    return one.verdict == Judgement.Verdict.DIFFERENT and same


def _by_families(pairs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row of `Found` for each two families."""
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for pair in pairs:
        key = pair.pop("family"), pair.pop("other_family"), pair.pop("place")
        grouped[key].append(pair)
    return [
        {
            "id": str(id_of(family, other)), "family_id": family, "other_id": other, "place": place,
            "score": max(map(_score, each)), "pairs": sorted(each, key=_score, reverse=True),
        }
        for (family, other, place), each in grouped.items()
    ]  # fmt: skip


def _score(pair: Mapping[str, Any]) -> int:
    return int(pair["one_in"]) * (SWAPPED_COUNTS if pair["slip"] == Slip.SWAPPED else 1)
