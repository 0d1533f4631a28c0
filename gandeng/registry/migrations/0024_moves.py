"""When families came to live in another district: written by a trigger, from history where that began earlier."""

from django.db import migrations, models
from django.db.models import DB_CASCADE
from django.db.models.functions import UUID7

from gandeng.audit.guards import APP_ROLE, refused, seen_through
from gandeng.audit.holding import held

TABLE = "registry_move"
LIVES = "exists (select from registry_family f where f.id = old.family_id)"
NOTED = f"""
create function registry_note_moves() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
begin
    insert into {TABLE} (family_id, moved_at) select n.id, now() from touched n join replaced o on o.id = n.id
        where left(n.village_code, 4) <> left(o.village_code, 4);
    return null;
end $$;
create trigger registry_family_moves after update on registry_family
    referencing old table as replaced new table as touched for each statement execute function registry_note_moves();
create function registry_move_goes() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
begin
    {refused(LIVES, "a move goes with its family alone", f"{TABLE}_goes")}
    return old;
end $$;
create trigger {TABLE}_goes before delete on {TABLE} for each row execute function registry_move_goes();
create trigger {TABLE}_never before update on {TABLE} for each row execute function gandeng_never();
create trigger {TABLE}_no_truncate before truncate on {TABLE} for each statement execute function gandeng_never();
revoke insert, update, delete, truncate on {TABLE} from {APP_ROLE};
"""
UNDO = f"""
drop trigger {TABLE}_goes on {TABLE}; drop trigger {TABLE}_never on {TABLE};
drop trigger {TABLE}_no_truncate on {TABLE}; drop function registry_move_goes();
grant insert, update, delete on {TABLE} to {APP_ROLE};
drop trigger registry_family_moves on registry_family; drop function registry_note_moves();
"""
BEFORE = f"""
insert into {TABLE} (family_id, moved_at) select told.family, told.at from (
    select e.pgh_obj_id as family, e.pgh_created_at as at, e.village_code as left_behind,
        lead(e.village_code, 1, f.village_code) over (partition by e.pgh_obj_id order by e.pgh_id) as reached
    from registry_familyevent e join registry_family f on f.id = e.pgh_obj_id) told
where left(told.left_behind, 4) <> left(told.reached, 4);
"""


class Migration(migrations.Migration):
    """One table, its row security and guards, held by the ledger; and the moves there have been."""

    dependencies = [("registry", "0023_what_ended_a_family"), ("audit", "0007_guards_of_ledger")]
    operations = [
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.UUIDField(db_default=UUID7(), editable=False, primary_key=True, serialize=False)),
                ("moved_at", models.DateTimeField(db_index=True)),
                ("family", models.ForeignKey(on_delete=DB_CASCADE, related_name="moves", to="registry.family")),
            ],
        ),
        seen_through(TABLE, "family_id", "registry_family"),
        migrations.RunSQL(NOTED, UNDO),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        held(TABLE),
    ]
