"""What families would be due if the registry were frozen now: the same calculation, of few families, kept nowhere."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb

from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.engine import connect, parquet
from gandeng.entitlements.actions import COMPONENTS, ENTITLEMENTS, on_engine
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
    with tempfile.TemporaryDirectory(prefix="gandeng-due-") as told:
        folder = Path(told) / "frozen"
        if not families or not freeze("", folder, on=on, only=list(families)).families:
            return tuple({} for _ in policies)
        return due_of(policies, folder)


def due_of(policies: Sequence[BenefitPolicy], frozen: Path) -> tuple[Mapping[UUID, Due], ...]:
    """For each policy, by family, of a frozen folder, in which the engine works. Raises CheckFailed."""
    outs = [frozen / f"out-{place}" for place in range(len(policies))]
    for policy, out in zip(policies, outs, strict=True):
        on_engine(policy, frozen, out, lambda *_: None)
    with closing(connect(frozen / "read", memory_limit="400MB", threads=1)) as con:
        return tuple(_read(con, frozen, out) for out in outs)


def _read(con: duckdb.DuckDBPyConnection, folder: Path, out: Path) -> Mapping[UUID, Due]:
    families = parquet(folder / FAMILIES)
    amounts = con.sql(
        f"""select f.family_uuid, e.amount from {parquet(out / ENTITLEMENTS)} e
            join {families} f on f.family_id = e.family_id"""
    ).fetchall()
    members = con.sql(
        f"""select f.family_uuid, m.member_uuid, m.name, coalesce(c.component, ''), c.amount, c.counted, c.why
            from {parquet(out / COMPONENTS)} c join {families} f on f.family_id = c.family_id
            join {parquet(folder / MEMBERS)} m on m.member_id = c.member_id
            order by c.counted desc, c.member_id, c.component"""
    ).fetchall()
    brings: dict[str, list[Brings]] = {}
    for family, member, name, component, amount, counted, why in members:
        told = Brings(UUID(member), name, component, int(amount), bool(counted), why)
        brings.setdefault(family, []).append(told)
    return {UUID(family): Due(int(amount), tuple(brings.get(family, ()))) for family, amount in amounts}
