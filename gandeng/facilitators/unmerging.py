"""A list of staff undone: each row it touched is what it was, as long as nobody touched one after it.

Nothing is deleted. Who came by the list has left on the day she joined, by mistake; what began by it ended as it began.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.facilitators.merging import TABLES, image_of
from gandeng.registry.undoing import Touched

_STRANGERS = """
select count(*) from (
    select r.row_id from facilitators_importrow r left join {table} t on t.id = r.row_id
        where r.of_import_id = %(import)s and r.table_name = '{table}' and {image} is distinct from r.after) f
"""
_LATER_ROWS = """
select count(*) from {table} t join facilitators_importrow r on r.row_id = t.staff_id
where r.of_import_id = %(import)s and r.table_name = 'facilitators_staff' and r.before is null
    and not exists (select from facilitators_importrow o where o.of_import_id = r.of_import_id
        and o.table_name = '{table}' and o.row_id = t.id)
"""
_FAMILIES = """
select count(*) from facilitators_accompaniment a
join facilitators_caseloadchange c on c.id = a.began_by_id and c.decided_at > %(at)s
where (a.valid_until is null or a.valid_until > a.valid_from) and a.staff_id in (
    select row_id from facilitators_importrow where of_import_id = %(import)s and table_name = 'facilitators_staff'
    union select t.staff_id from facilitators_post t join facilitators_importrow r on r.row_id = t.id
        where r.of_import_id = %(import)s and r.table_name = 'facilitators_post')
"""
_DATED = ("facilitators_employment", "facilitators_post")
_OF_STAFF = (*_DATED, "facilitators_identity", "facilitators_leave", "facilitators_equipment")

_BACK = (
    *(
        f"""update {table} t set valid_until = t.valid_from from facilitators_importrow r
            where r.of_import_id = %(import)s and r.table_name = '{table}' and r.row_id = t.id and r.before is null"""
        for table in _DATED
    ),
    *(
        f"""update {table} t set valid_until = b.valid_until from facilitators_importrow r,
                jsonb_populate_record(null::{table}, r.before) b
            where r.of_import_id = %(import)s and r.table_name = '{table}' and r.row_id = t.id
                and r.before is not null"""
        for table in _DATED
    ),
    """update facilitators_post t set ended_because = b.ended_because from facilitators_importrow r,
            jsonb_populate_record(null::facilitators_post, r.before) b
        where r.of_import_id = %(import)s and r.table_name = 'facilitators_post' and r.row_id = t.id
            and r.before is not null""",
    *(
        f"""update {table} t set region_code = r.before->>'region_code' from facilitators_importrow r
            where r.of_import_id = %(import)s and r.table_name = '{table}' and r.row_id = t.id
                and r.before is not null"""
        for table in ("facilitators_employment", "facilitators_leave", "facilitators_equipment")
    ),
    """update facilitators_identity t set ended_at = now() from facilitators_importrow r
        where r.of_import_id = %(import)s and r.table_name = 'facilitators_identity' and r.row_id = t.id
            and r.before is null""",
    """update facilitators_identity t set ended_at = null from facilitators_importrow r
        where r.of_import_id = %(import)s and r.table_name = 'facilitators_identity' and r.row_id = t.id
            and r.before is not null""",
    """update facilitators_staff s set left_on = s.joined_on, left_because = 'MISTAKE' from facilitators_importrow r
        where r.of_import_id = %(import)s and r.table_name = 'facilitators_staff' and r.row_id = s.id
            and r.before is null""",
    """update facilitators_staff s set region_code = b.region_code, home_code = b.home_code,
            education = b.education, joined_on = b.joined_on, left_on = b.left_on, left_because = b.left_because
        from facilitators_importrow r, jsonb_populate_record(null::facilitators_staff, r.before) b
        where r.of_import_id = %(import)s and r.table_name = 'facilitators_staff' and r.row_id = s.id
            and r.before is not null""",
    """update accounts_person p set name = r.before->>'name' from facilitators_importrow r
        where r.of_import_id = %(import)s and r.table_name = 'accounts_person' and r.row_id = p.id
            and r.before is not null""",
)


def undo_rows(import_id: UUID, applied_at: datetime | None) -> None:
    """In the caller's transaction. Raises Touched: nothing is then changed."""
    values: dict[str, Any] = {"import": import_id, "at": applied_at}
    asked = [
        *(_STRANGERS.format(table=table, image=image_of(table)) for table in TABLES),
        *(_LATER_ROWS.format(table=table) for table in _OF_STAFF), _FAMILIES,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        count = 0
        for question in asked:
            cursor.execute(question, values)
            count += cursor.fetchone()[0]
        if count:
            raise Touched(count)
        for statement in _BACK:
            cursor.execute(statement, values)
