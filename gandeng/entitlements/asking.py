"""What families would be due if the registry were frozen now: the same calculation, of few families, kept nowhere."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from gandeng.core.benefit import benefit
from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.engine import InMemory, parquet, prove
from gandeng.entitlements.actions import sources
from gandeng.registry.snapshots import FAMILIES, MEMBERS, freeze


@dataclass(frozen=True)
class Brings:
    """One member and component, or the reason for none."""

    member: UUID
    name: str
    component: str
    amount_rupiah: int
    counted: bool
    why: str


@dataclass(frozen=True)
class Due:
    """What a family would be due, and what each member brings."""

    amount_rupiah: int
    members: tuple[Brings, ...]


def would_be_due(
    policies: Sequence[BenefitPolicy], families: Sequence[UUID], *, on: date
) -> tuple[Mapping[UUID, Due], ...]:
    """For each policy, by family, of those the asker sees. Raises CheckFailed where an identity does not hold."""
    nobody: tuple[Mapping[UUID, Due], ...] = tuple({} for _ in policies)
    if not families:
        return nobody
    with tempfile.TemporaryDirectory(prefix="gandeng-due-") as told, few_rows(Path(told)) as engine:
        folder = Path(told) / "frozen"
        if not freeze("", folder, on=on, only=list(families), con=engine.con).families:
            return nobody
        return due_of(engine, policies, folder)


def few_rows(folder: Path) -> closing[InMemory]:
    """What freezes and calculates a few families: opening one takes a fifth of a calculation."""
    return closing(InMemory(folder / "spill", memory_limit="800MB", threads=1))


def due_of(engine: InMemory, policies: Sequence[BenefitPolicy], frozen: Path) -> tuple[Mapping[UUID, Due], ...]:
    """For each policy, by family, of a frozen folder. Raises CheckFailed."""
    return tuple(_due(engine, policy, frozen) for policy in policies)


def _due(engine: InMemory, policy: BenefitPolicy, folder: Path) -> Mapping[UUID, Due]:
    prove(engine, benefit(policy), sources(folder))
    families = parquet(folder / FAMILIES)
    amounts = engine.con.execute(
        f"""select f.family_uuid, e.amount from entitlements e join {families} f on f.family_id = e.family_id"""
    ).fetchall()
    members = engine.con.execute(
        f"""select f.family_uuid, m.member_uuid, m.name, coalesce(c.component, ''), c.amount, c.counted, c.why
            from components c join {families} f on f.family_id = c.family_id
            join {parquet(folder / MEMBERS)} m on m.member_id = c.member_id
            order by c.counted desc, c.member_id, c.component"""
    ).fetchall()
    brings: dict[str, list[Brings]] = {}
    for family, member, name, component, amount, counted, why in members:
        told = Brings(UUID(member), name, component, int(amount), bool(counted), why)
        brings.setdefault(family, []).append(told)
    return {UUID(family): Due(int(amount), tuple(brings.get(family, ()))) for family, amount in amounts}
