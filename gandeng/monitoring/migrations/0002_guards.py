"""Who sees what was drawn and said, that nothing changes, and that each row fits what it names.

Whoever accompanies a family, or did on the pay day, finds neither that it was drawn nor what it said. Others find it in
their office's territory; a facilitator finds the families she was given to ask, wherever they live.
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, WITHIN, append_only, door_for_resealing, refused

DEFINER = "security definer set search_path = public, pg_temp"
ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
OFFICE = f"(select coalesce(current_setting('gandeng.caseload', true), '') = '') and {ALL_CHANNELS}"
TODAY = "(now() at time zone 'Asia/Jakarta')::date"
OUTSIDE = "('FACILITATOR', 'AGENT', 'OFFICIAL', 'OTHER')"
ASKERS = "('FACILITATOR', 'SUB_DISTRICT_LEAD', 'DISTRICT_OPERATOR', 'HELPDESK')"

WHO = f"""
create function monitoring_accompanies(who uuid, family uuid, of_stratum uuid) returns boolean
    language sql stable {DEFINER} as $$
    select exists (select from facilitators_accompaniment a join facilitators_staff s on s.id = a.staff_id
            where a.family_id = family and s.person_id = who
            and daterange(a.valid_from, a.valid_until) @> {TODAY})
        or exists (select from monitoring_stratum t join facilitators_staff s on s.id = t.staff_id
            where t.id = of_stratum and s.person_id = who)
$$;
create function monitoring_own(family uuid, of_stratum uuid) returns boolean language sql stable {DEFINER} as
    $$ select monitoring_accompanies({ME}, family, of_stratum) $$;
create function monitoring_in_field() returns boolean language sql stable {DEFINER} as
    $$ select exists (select from facilitators_staff s where s.person_id = {ME}) $$;
create function monitoring_given() returns setof uuid language sql stable {DEFINER} as $$
    select h.stratum_id from monitoring_handing h where h.to_id = {ME}
        and not exists (select from monitoring_handing l where l.stratum_id = h.stratum_id and l.id > h.id)
$$;
revoke all on function monitoring_accompanies(uuid, uuid, uuid) from public;
"""
NO_WHO = """
drop function monitoring_given(); drop function monitoring_in_field(); drop function monitoring_own(uuid, uuid);
drop function monitoring_accompanies(uuid, uuid, uuid);
"""

OF_FAMILY = f"""coalesce(case when (select monitoring_in_field()) and monitoring_own(family_id, stratum_id) then false
    when {OFFICE} and {WITHIN.format(column="village_code")} then true
    else stratum_id in (select monitoring_given()) end, false)"""
OF_OFFICE = f"coalesce({OFFICE} and {WITHIN.format(column='region_code')}, false)"


def _seen(table: str, reads: str, adds: str) -> str:
    return f"""
    alter table {table} enable row level security;
    create policy {table}_read on {table} for select using ({reads});
    create policy {table}_add on {table} for insert with check ({adds});"""


SEEN = "\n".join([
    _seen("monitoring_draw", OF_OFFICE, f"{OF_OFFICE} and by_id = {ME}"),
    _seen("monitoring_stratum", OF_OFFICE, OF_OFFICE),
    _seen("monitoring_drawn", OF_FAMILY, f"coalesce({OFFICE} and {WITHIN.format(column='village_code')}, false)"),
    _seen("monitoring_handing", f"{OF_OFFICE} or coalesce(to_id = {ME}, false)", f"{OF_OFFICE} and by_id = {ME}"),
    _seen("monitoring_answer", OF_FAMILY, f"{OF_FAMILY} and by_id = {ME}"),
    _seen("monitoring_opened", "exists (select from helpdesk_case c where c.id = case_id)"
          " and exists (select from monitoring_answer a where a.id = answer_id)",
          f"by_id = {ME} and exists (select from monitoring_answer a where a.id = answer_id)"),
])  # fmt: skip
TABLES = ("draw", "stratum", "drawn", "handing", "answer", "opened")
NO_SEEN = "\n".join(
    f"""drop policy monitoring_{one}_read on monitoring_{one}; drop policy monitoring_{one}_add on monitoring_{one};
    alter table monitoring_{one} disable row level security;"""
    for one in TABLES
)


def _guard(table: str, declared: str, body: str) -> str:
    return f"""
create function {table}_fits() returns trigger language plpgsql {DEFINER} as $$
{declared}
begin
    {body}
    return new;
end $$;
create trigger {table}_fits before insert on {table} for each row execute function {table}_fits();"""


DRAW = _guard("monitoring_draw", "", "\n".join([
    refused("new.region_code !~ '^[0-9]{4}$' or not exists (select from payments_cycle c where c.id = new.cycle_id"
             " and new.region_code ^@ c.region_code)", "a draw is of a district of the stage", "monitoring_draw_place"),
    refused("new.number <> 1 + (select count(*) from monitoring_draw d where d.cycle_id = new.cycle_id"
             " and d.region_code = new.region_code)", "drawn meanwhile", "monitoring_draw_once", "unique_violation"),
]))  # fmt: skip
STRATUM = _guard("monitoring_stratum", "", refused(
    f"""not exists (select from monitoring_draw d where d.id = new.draw_id and d.region_code = new.region_code
        and d.by_id = {ME}) or cardinality(new.families) = 0
        or exists (select from monitoring_drawn f where f.draw_id = new.draw_id)""",
    "the frame is that of its draw, before anybody was drawn", "monitoring_stratum_late"))  # fmt: skip
DRAWN = _guard("monitoring_drawn", "declare s monitoring_stratum; d monitoring_draw;", "\n".join([
    "select * into s from monitoring_stratum t where t.id = new.stratum_id;",
    "select * into d from monitoring_draw t where t.id = s.draw_id;",
    refused(f"""(new.draw_id, new.cycle_id, new.staff_id) is distinct from (d.id, d.cycle_id, s.staff_id)
        or new.family_id <> all (s.families) or d.by_id is distinct from {ME}""",
        "drawn from another frame", "monitoring_drawn_frame"),
    refused("""not exists (select from payments_payment p where p.payment_id = new.payment_id
        and (p.family_id, p.cycle_id, p.village_code) = (new.family_id, new.cycle_id, new.village_code))""",
        "the payment is of another family, stage or place", "monitoring_drawn_payment"),
    refused("""(select count(*) from monitoring_drawn o where o.stratum_id = s.id)
        >= least(d.each, cardinality(s.families))""", "the draw is over", "monitoring_drawn_over"),
]))  # fmt: skip
HANDING = _guard("monitoring_handing", "declare s monitoring_stratum;", "\n".join([
    "select * into s from monitoring_stratum t where t.id = new.stratum_id;",
    refused("s.region_code is distinct from new.region_code", "of another district", "monitoring_handing_place"),
    refused("""new.to_id is not null and exists (select from monitoring_drawn f where f.stratum_id = s.id
        and monitoring_accompanies(new.to_id, f.family_id, s.id))""",
        "nobody asks the families he or she accompanies", "monitoring_handing_own"),
    refused(f"""new.to_id is not null and not exists (select from accounts_grant g where g.person_id = new.to_id
        and g.role in {ASKERS} and (g.region_code ^@ s.region_code or s.region_code ^@ g.region_code)
        and daterange(g.valid_from, g.valid_until) @> {TODAY})""",
        "somebody who asks families there", "monitoring_handing_role"),
    refused(f"""exists (select from accounts_grant g join monitoring_drawn f on f.stratum_id = s.id
        where g.person_id = new.to_id and g.role in ('FACILITATOR', 'SUB_DISTRICT_LEAD')
        and f.village_code ^@ left(g.region_code, 6) and daterange(g.valid_from, g.valid_until) @> {TODAY})""",
        "a colleague of the same sub-district", "monitoring_handing_near"),
]))  # fmt: skip
ANSWER = _guard("monitoring_answer", "declare d monitoring_drawn; last monitoring_answer;", "\n".join([
    "select * into d from monitoring_drawn t where t.id = new.drawn_id;",
    "select * into last from monitoring_answer a where a.drawn_id = new.drawn_id order by a.number desc limit 1;",
    refused("(d.stratum_id, d.family_id, d.village_code) is distinct from"
             " (new.stratum_id, new.family_id, new.village_code)", "of another family", "monitoring_answer_family"),
    refused("monitoring_accompanies(new.by_id, new.family_id, new.stratum_id)",
             "nobody asks the families he or she accompanies", "monitoring_answer_own"),
    refused("new.on_day > (now() at time zone 'Asia/Jayapura')::date", "that day is yet to come",
             "monitoring_answer_day"),
    refused("new.number <> coalesce(last.number, 0) + 1", "answered meanwhile", "monitoring_answer_once",
             "unique_violation"),
    refused("""(new.corrects_id is not null and new.corrects_id is distinct from last.id)
        or (last.reached and new.corrects_id is null)""", "it answered: a correction names the former",
        "monitoring_answer_corrects"),
    refused(f"""new.reached and (new.whole, new.less, new.nothing, new.elsewhere, new.levied) is distinct from (
        new.arrived and new.in_hand_rupiah >= d.net_rupiah, new.arrived and new.in_hand_rupiah < d.net_rupiah,
        not new.arrived, new.card in {OUTSIDE} or new.pin in {OUTSIDE}, new.levy = 'YES')""",
        "the signs follow from the answers", "monitoring_answer_signs"),
]))  # fmt: skip
OPENED = _guard("monitoring_opened", "", refused(
    f"""not exists (select from helpdesk_case c join monitoring_answer a on a.id = new.answer_id
        where c.id = new.case_id and c.opened_by_id = {ME} and c.kind = new.kind and c.region_code = a.village_code)""",
    "the complaint is of that answer", "monitoring_opened_fits"))  # fmt: skip
NO_GUARDS = "\n".join(f"drop trigger monitoring_{one}_fits on monitoring_{one}; drop function monitoring_{one}_fits();"
                      for one in TABLES)  # fmt: skip


class Migration(migrations.Migration):
    """Row security, append-only, copies that match."""

    dependencies = [
        ("monitoring", "0001_initial"),
        ("facilitators", "0004_caseload_alone"),
        ("helpdesk", "0010_seen_at_once"),
    ]
    operations = [
        migrations.RunSQL(WHO, NO_WHO),
        migrations.RunSQL(SEEN, NO_SEEN),
        migrations.RunSQL(DRAW + STRATUM + DRAWN + HANDING + ANSWER + OPENED, NO_GUARDS),
        *(append_only(f"monitoring_{one}") for one in TABLES),
        door_for_resealing("monitoring_draw", "monitoring_draw_append_only", "gandeng_never", "{seed_sealed}"),
        door_for_resealing("monitoring_answer", "monitoring_answer_append_only", "gandeng_never", "{words_sealed}"),
    ]
