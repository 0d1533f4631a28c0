"""A school's or clinic's own link: made, ended, and what is said by it."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.roles import May
from gandeng.audit.actions import Actor, Machine, record, record_first_today
from gandeng.commitments.models import Facility, OwnLink, OwnLinkEnd
from gandeng.commitments.own import digest_of, digests_of
from gandeng.commitments.queries import Quarter
from gandeng.web.days import midnight

DAYS = 30
"""How long a link opens the sheet: a proposal; a school has a month to look."""
_SECRET_BYTES = 32


def make_link(acting: Acting, facility: Facility, quarter: Quarter) -> tuple[OwnLink, str]:
    """A new link and its secret, which is shown this once; those before it end. Raises PermissionDenied."""
    authority = acting.authority(May.RECORD_COMMITMENT, facility.region_code)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with transaction.atomic():
        one_at_a_time(facility, quarter)
        for before in OwnLink.objects.filter(
            facility=facility, year=quarter.year, quarter=quarter.number, end=None, confirmation=None
        ):
            _end(acting, before)
        made = OwnLink.objects.create(
            facility=facility, region_code=facility.region_code, year=quarter.year, quarter=quarter.number,
            secret_digest=digest_of(secret), expires_at=midnight(timezone.localdate() + timedelta(days=DAYS + 1)),
            by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        record(
            acting, "commitment.link_made", made, region=facility.region_code, authority=authority,
            facility=str(facility.pk), quarter=quarter.key,
        )  # fmt: skip
    return made, secret


def end_link(acting: Acting, link: OwnLink) -> None:
    """It opens nothing any more; again changes nothing. Raises PermissionDenied."""
    acting.authority(May.RECORD_COMMITMENT, link.region_code)
    with transaction.atomic():
        one_at_a_time(link.facility, Quarter(link.year, link.quarter))
        if not OwnLinkEnd.objects.filter(link=link).exists():
            _end(acting, link)


def note_opening(actor: Actor, secret: str) -> None:
    """Write down that a link was opened: the first time of each person, or of nobody signed in, on each day."""
    with in_territory(MACHINE):
        link = OwnLink.objects.filter(secret_digest=digest_of(secret)).first()
        if link is not None:
            record_first_today(actor, "commitment.link_opened", link, region=link.region_code, authority="")


def confirm(secret: str, code: str, *, shown: str, name: str, office: str, differs: Mapping[int, str]) -> str:
    """What the facility says of the rows it was shown, once: DONE, or CLOSED, CHANGED, EMPTY and nothing is written.

    The log says who made the link and who drew the code.
    """
    key = uuid4()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                """select outcome, region, made_by, drawn_by
                    from commitments_own_confirm(%s, %s, %s, %s, %s, %s, %s::jsonb)""",
                [*digests_of(secret, code), key, shown, name, office, json.dumps(differs)],
            )
            outcome, region, made_by, drawn_by = cursor.fetchone() or ("CLOSED", "", None, None)
        if outcome == "DONE":
            record(
                Machine(), "commitment.confirmed", object_type="Confirmation", object_id=str(key), region=region,
                differs=len(differs), link_made_by=str(made_by), code_drawn_by=str(drawn_by),
            )  # fmt: skip
    return str(outcome)


def _end(acting: Acting, link: OwnLink) -> None:
    OwnLinkEnd.objects.create(link=link, region_code=link.region_code, by_id=acting.person_id)
    record(acting, "commitment.link_ended", link, region=link.region_code, quarter=f"{link.year}-{link.quarter}")


def one_at_a_time(facility: Facility, quarter: Quarter) -> None:
    """One act at a time about the links of a facility's quarter."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7069, hashtext(%s))", [f"{facility.pk}|{quarter.key}"])
