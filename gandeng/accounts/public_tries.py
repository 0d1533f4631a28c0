"""Wrong codes typed on pages that are open to everybody: those of minutes and those of certificates share one limit."""

import ipaddress
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from gandeng.accounts.requests import address_of

TRIES_MAX = 5
"""Wrong codes per network and hour; 60 bits of code leave nothing to guess (docs/threats.md, P1)."""

_WIDTH = {4: 24, 6: 48}


def too_many_tries(request: HttpRequest) -> bool:
    """True where the network has typed too many wrong codes within the hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(tries), 0) from accounts_publictry where network = %s and hour > %s",
            [network_of(request), timezone.now() - timedelta(hours=1)],
        )
        row = cursor.fetchone()
    return bool(row and row[0] >= TRIES_MAX)


def count_try(request: HttpRequest) -> None:
    """Write a wrong code down; what is older than a day goes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into accounts_publictry (network, hour, tries) values (%s, date_trunc('minute', now()), 1)
                on conflict (network, hour) do update set tries = accounts_publictry.tries + 1""",
            [network_of(request)],
        )
        cursor.execute("delete from accounts_publictry where hour < now() - interval '1 day'")


def count_up_to(what: str, most: int, since: datetime) -> bool:
    """Count one more of `what` since then; False once there were more than `most`. A keyed digest, for a day."""
    digest = salted_hmac("gandeng.accounts.counted", what, algorithm="sha256").digest()[:16]
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into accounts_publictry (network, hour, tries) values (%s, %s, 1)
                on conflict (network, hour) do update set tries = accounts_publictry.tries + 1 returning tries""",
            [digest, since],
        )
        row = cursor.fetchone()
        cursor.execute("delete from accounts_publictry where hour < now() - interval '1 day'")
    return bool(row and row[0] <= most)


def network_of(request: HttpRequest) -> bytes:
    """A keyed digest of the asker's network: /24 of IPv4, /48 of IPv6. The address itself is kept nowhere."""
    try:
        parsed = ipaddress.ip_address(address_of(request))
        network = str(ipaddress.ip_network(f"{parsed}/{_WIDTH[parsed.version]}", strict=False))
    except ValueError:
        network = "unknown"
    return salted_hmac("gandeng.accounts.public_tries", network, algorithm="sha256").digest()[:16]
