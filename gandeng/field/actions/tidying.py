"""Photos nobody named."""

from django.db import connection, transaction

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.audit.actions import Machine, record

DAYS = 30

_DROP = """
with gone as (
    delete from field_photo p where p.kept_at < now() - make_interval(days => %s) and not exists (
        select from field_entry e where e.person_id = p.person_id and e.photos ? p.sha256) returning 1)
select count(*) from gone
"""


def drop_unnamed() -> int:
    """Those of more than thirty days that no entry names; gives how many."""
    with in_territory(MACHINE), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DROP, [DAYS])
            count = int(cursor.fetchone()[0])
        if count:
            record(Machine(), "field_photos.dropped", object_type="Photo", count=count)
    return count
