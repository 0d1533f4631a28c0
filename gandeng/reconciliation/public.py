"""What anybody who holds a paper may learn of it: no family, no name of a payment, sums alone."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gandeng.accounts.acting import in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import MACHINE
from gandeng.reconciliation.actions.statements import CODE_LENGTH
from gandeng.reconciliation.models import Signature, Statement
from gandeng.reconciliation.paper_signature import PaperSignature, paper_signature

TRIES_MAX = 5
"""Wrong codes per network and hour; 60 bits of code leave nothing to guess (reliability.md, P1)."""

_WIDTH = {4: 24, 6: 48}


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
    wanted = tidy(code)
    with in_territory(MACHINE):
        found = Statement.objects.select_related("cycle").filter(code=wanted).first() if wanted else None
        if found is None or not found.minutes_sha256:
            return None
        signatures = list(found.signatures.order_by("at"))
    return _verified(found, signatures)


def tidy(code: str) -> str:
    """A code as it is stored: letters and digits alone; nothing where it cannot be one."""
    letters = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    return letters if len(letters) == CODE_LENGTH else ""


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


def too_many_tries(request: HttpRequest) -> bool:
    """True where the network has typed too many wrong codes within the hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(tries), 0) from reconciliation_publictry where network = %s and hour > %s",
            [_network(request), timezone.now() - timedelta(hours=1)],
        )
        row = cursor.fetchone()
    return bool(row and row[0] >= TRIES_MAX)


def count_try(request: HttpRequest) -> None:
    """Write a wrong code down; what is older than a day goes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into reconciliation_publictry (network, hour, tries) values (%s, date_trunc('minute', now()), 1)
                on conflict (network, hour) do update set tries = reconciliation_publictry.tries + 1""",
            [_network(request)],
        )
        cursor.execute("delete from reconciliation_publictry where hour < now() - interval '1 day'")


def _network(request: HttpRequest) -> bytes:
    """A keyed digest of the asker's network: /24 of IPv4, /48 of IPv6. The address itself is kept nowhere."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:  # behind our own proxy, which appends the address it saw
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", address)).rsplit(",", 1)[-1].strip()
    try:
        parsed = ipaddress.ip_address(address)
        network = str(ipaddress.ip_network(f"{parsed}/{_WIDTH[parsed.version]}", strict=False))
    except ValueError:
        network = "unknown"
    return salted_hmac("gandeng.reconciliation.public", network, algorithm="sha256").digest()[:16]
