"""What anybody who holds a paper may learn of it: no family, no name of a payment, sums alone."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gandeng.accounts.acting import in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.public_codes import tidy
from gandeng.reconciliation.actions.statements import CODE_LENGTH
from gandeng.reconciliation.models import Signature, Statement
from gandeng.reconciliation.paper_signature import PaperSignature, paper_signature


@dataclass(frozen=True)
class Signed:
    """One signature: the office, and when. The name stands on the paper."""

    office: str
    at: datetime


@dataclass(frozen=True)
class Verified:
    """What the paper with this code must say."""

    code: str
    level: str
    region: str
    cycle: str
    payments: int
    instructed_rupiah: int
    net_rupiah: int
    withdrawn_rupiah: int
    digest: str
    minutes_sha256: str
    made_at: datetime
    in_force: bool
    voided_at: datetime | None
    signatures: tuple[Signed, ...]
    certificate: PaperSignature


def verify(code: str) -> Verified | None:
    """The paper of that code, None where there is none. Spaces, dashes and small letters do not matter."""
    wanted = as_stored(code)
    with in_territory(MACHINE):
        found = Statement.objects.select_related("cycle").filter(code=wanted).first() if wanted else None
        if found is None or not found.minutes_sha256:
            return None
        signatures = list(found.signatures.order_by("at"))
    return _verified(found, signatures)


def as_stored(code: str) -> str:
    """A code that was typed; nothing where it cannot be one of a statement."""
    return tidy(code, CODE_LENGTH)


def _verified(found: Statement, signatures: list[Signature]) -> Verified:
    total = found.figures["total"]
    return Verified(
        code=found.code,
        level=str(found.get_level_display()),
        region=region_name(found.region_code),
        cycle=_("Tahap %(stage)s Tahun %(year)s") % {"stage": found.cycle.stage, "year": found.cycle.year},
        payments=total["payments"],
        instructed_rupiah=total["instructed"],
        net_rupiah=total["net"],
        withdrawn_rupiah=total["withdrawn"],
        digest=found.digest,
        minutes_sha256=found.minutes_sha256,
        made_at=found.made_at,
        in_force=found.voided_at is None,
        voided_at=found.voided_at,
        signatures=tuple(Signed(each.authority, each.at) for each in signatures),
        certificate=paper_signature(found),
    )
