"""A link of a case is taken back by an event of its own; what the case is linked with is what is left in force.

Of each thing the newest event counts, LINKED or UNLINKED; of families and payments the one linked last.
"""

from django.db import migrations, models

DEFINER = "security definer set search_path = public, pg_temp"

LINKS = f"""
create function helpdesk_links(of_case uuid) returns setof helpdesk_caseevent language sql stable {DEFINER} as $$
    select e.* from helpdesk_caseevent e where e.case_id = of_case and e.what = 'LINKED' and not exists (
        select from helpdesk_caseevent l where l.case_id = e.case_id and l.value = e.value
            and l.what in ('LINKED', 'UNLINKED') and l.number > e.number)
$$;
revoke all on function helpdesk_links(uuid) from public;
"""
NO_LINKS = "drop function helpdesk_links(uuid);"

HAS_CASE = """
create or replace function helpdesk_has_case(happened text, family uuid) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from helpdesk_caseevent e join helpdesk_case c on c.id = e.case_id
        where e.family_id = family and e.what = 'LINKED' and e.value = happened and not c.sensitive{in_force})
$$;
"""
IN_FORCE = """
        and not exists (select from helpdesk_caseevent l where l.case_id = e.case_id and l.value = e.value
            and l.what = 'UNLINKED' and l.number > e.number)"""

MAY_UNLINK = """
        when new.what = 'UNLINKED' and c.merged_into_id is null and exists (
            select from helpdesk_links(c.id) l where l.value = new.value) then c.state"""
LEFT = """
            when new.what = 'UNLINKED' then (select l.{column} from helpdesk_links(c.id) l
                where l.value <> new.value and l.{column} is not null order by l.number desc limit 1)"""


def moves(*, unlinks: bool) -> str:
    """The function that moves a case, with or without taking links back."""
    may, family, payment = "", "", ""
    if unlinks:
        may, family, payment = MAY_UNLINK, LEFT.format(column="family_id"), LEFT.format(column="payment_id")
    return f"""
create or replace function helpdesk_moves() returns trigger language plpgsql {DEFINER} as $$
declare
    c helpdesk_case; becomes text;
    works boolean;
begin
    select * into strict c from helpdesk_case where id = new.case_id for update;
    if new.by_id is not null and new.what <> 'OPENED' and not coalesce(helpdesk_sees(c.region_code, c.sensitive, c.level,
            c.assigned_id, c.opened_by_id, c.accused_id), false) then
        raise exception 'a case one does not see' using errcode = 'restrict_violation';
    end if;
    if new.number is distinct from c.steps + 1 then
        raise exception 'something else happened meanwhile' using errcode = 'unique_violation',
            constraint = 'helpdesk_one_after_another';
    end if;
    works := c.state in ('NEW', 'ASSIGNED', 'IN_PROGRESS', 'ESCALATED');
    becomes := case
        when new.what = 'OPENED' and c.steps = 0 then 'NEW'
        when new.what in ('NOTE', 'LINKED', 'ACCUSED') and c.merged_into_id is null then c.state{may}
        when new.what = 'ASSIGNED' and works and new.person_id is not null then 'ASSIGNED'
        when new.what = 'STARTED' and works then 'IN_PROGRESS'
        when new.what = 'ANSWERED' and c.state in ('IN_PROGRESS', 'ANSWERED') and new.told then 'ANSWERED'
        when new.what = 'ESCALATED' and works and new.level = c.level + 1 then 'ESCALATED'
        when new.what = 'CLOSED' and c.state = 'ANSWERED' then 'CLOSED'
        when new.what = 'REOPENED' and c.state in ('ANSWERED', 'CLOSED') and not c.reopened
            and c.merged_into_id is null then 'NEW'
        when new.what = 'MERGED' and new.told and works and new.other_id <> c.id and exists (
            select from helpdesk_case o where o.id = new.other_id and o.merged_into_id is null
                and o.sensitive = c.sensitive and left(o.region_code, 4) = left(c.region_code, 4)
                and o.accused_id is not distinct from c.accused_id) then 'CLOSED'
        when new.what = 'MERGED' and not new.told and exists (
            select from helpdesk_case o where o.id = new.other_id and o.merged_into_id = c.id) then c.state
        when new.what = 'RATED' and c.state in ('ANSWERED', 'CLOSED') and c.rating is null
            and new.value ~ '^[1-5]$' then 'CLOSED' end;
    if becomes is null then
        raise exception 'a case in state % takes no %', c.state, new.what using errcode = 'restrict_violation';
    end if;
    if new.person_id is not null and new.what = 'ASSIGNED' and new.person_id = c.accused_id then
        raise exception 'not to whom it complains of' using errcode = 'restrict_violation';
    end if;
    new.at := clock_timestamp();
    update helpdesk_case set state = becomes, steps = new.number,
        assigned_id = case when new.what = 'ASSIGNED' then new.person_id when new.what = 'STARTED' then new.by_id
            when new.what in ('ESCALATED', 'REOPENED') then null
            when new.what = 'ACCUSED' and assigned_id = new.person_id then null else assigned_id end,
        level = case when new.what = 'ESCALATED' then new.level else level end,
        due_at = case when becomes in ('ANSWERED', 'CLOSED') then null
            when new.what in ('OPENED', 'ESCALATED', 'REOPENED') then new.due_at else due_at end,
        accused_id = case when new.what = 'ACCUSED' then new.person_id else accused_id end,
        sensitive = sensitive or new.what = 'ACCUSED',
        family_id = case when new.what = 'LINKED' then coalesce(new.family_id, family_id){family}
            else family_id end,
        payment_id = case when new.what = 'LINKED' then coalesce(new.payment_id, payment_id){payment}
            else payment_id end,
        merged_into_id = case when new.what = 'MERGED' and new.told then new.other_id else merged_into_id end,
        reopened = reopened or new.what = 'REOPENED',
        rating = case when new.what = 'RATED' then new.value::smallint else rating end
        where id = c.id;
    return new;
end $$;
"""


class Migration(migrations.Migration):
    """One more thing that happens, and what it does to the case."""

    dependencies = [("helpdesk", "0011_what_has_a_case")]
    operations = [
        migrations.AlterField(
            model_name="caseevent",
            name="what",
            field=models.TextField(
                choices=[
                    ("OPENED", "Laporan diterima"),
                    ("ASSIGNED", "Diserahkan kepada petugas"),
                    ("STARTED", "Mulai dikerjakan"),
                    ("NOTE", "Catatan petugas"),
                    ("ANSWERED", "Dijawab"),
                    ("ESCALATED", "Naik satu tingkat"),
                    ("CLOSED", "Ditutup"),
                    ("REOPENED", "Dibuka lagi oleh pelapor"),
                    ("MERGED", "Digabung"),
                    ("LINKED", "Dihubungkan"),
                    ("UNLINKED", "Hubungan dilepas"),
                    ("ACCUSED", "Orang yang dilaporkan dicatat"),
                    ("RATED", "Dinilai oleh pelapor"),
                ]
            ),
        ),
        migrations.RunSQL(LINKS, NO_LINKS),
        migrations.RunSQL(moves(unlinks=True), moves(unlinks=False)),
        migrations.RunSQL(HAS_CASE.format(in_force=IN_FORCE), HAS_CASE.format(in_force="")),
    ]
