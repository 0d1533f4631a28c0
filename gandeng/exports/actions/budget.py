"""How many rows one person takes away alone in a day: one small export after another is a long one."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.core.money import format_number
from gandeng.exports.models import TakenAway
from gandeng.exports.queries import taken_today
from gandeng.exports.refused import Refused

ROWS_A_DAY = 5_000
"""A proposal: no regulation says how many. Five whole small exports."""


def take_alone(acting: Acting, what: str, rows: int, *, region: str) -> None:
    """Count an export of one person against the day. Raises Refused, which is written down."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(7065, hashtext(%s))", [str(acting.person_id)])
        taken = taken_today(acting)
        if taken + rows <= ROWS_A_DAY:
            TakenAway.objects.create(person_id=acting.person_id, day=timezone.localdate(), what=what, rows=rows)
            return
    record(acting, "export.refused_alone", object_type=what, region=region, rows=rows, taken=taken)
    words = _(
        "Hari ini Anda sudah mengunduh %(taken)s baris; sendiri paling banyak %(most)s baris sehari. "
        "Mintalah sebagai unduhan panjang, yang disetujui orang kedua, atau lanjutkan besok."
    )
    raise Refused(words % {"taken": format_number(taken), "most": format_number(ROWS_A_DAY)})
