"""Whose rows, that they stay, that what is looked at was found, who asks whom, and that nobody closes what is about her.

A sign is there for who looks at a district and is not the one it is about; and for the one it is about, once she was
asked: that it is over, not that it was handed on.
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, EVEN_ODDS, WITHIN, append_only, refused, secured

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
OFFICE = "coalesce(current_setting('gandeng.caseload', true), '') = ''"
HERE = f"{OFFICE} and {ALL_CHANNELS} and {WITHIN.format(column='district_code')}"
NOT_ME = f"about_id is distinct from (select {ME})"
FOUND = EVEN_ODDS.format(rule=f"({HERE} and {NOT_ME})")
SIGN = EVEN_ODDS.format(rule=f"(({HERE} and {NOT_ME}) or (asked and about_id = (select {ME})))")
STEP = f"""exists (select from signs_sign p where p.id = sign_id
    and (p.about_id is distinct from (select {ME}) or outcome <> 'HANDED_ON'))"""
DEFINER = "security definer set search_path = public, pg_temp"
COPIED = "id, district_code, village_code, kind, about_id, family_id, first_at, last_at, score, rows, facts"

SWAP = f"""
create function signs_swap(district text, told jsonb) returns integer language plpgsql {DEFINER} as $$
declare kept integer;
begin
    if not coalesce({HERE.replace("district_code", "district")}, false) then
        raise exception 'another office looks there' using errcode = 'restrict_violation';
    end if;
    perform pg_advisory_xact_lock(7312, hashtext(district));
    delete from signs_found where district_code = district;
    insert into signs_found ({COPIED}, found_at)
        select r.id, district, r.village_code, r.kind, r.about_id, r.family_id, r.first_at, r.last_at, r.score,
            r.rows, r.facts, now()
        from jsonb_to_recordset(told) as r(id uuid, village_code text, kind text, about_id uuid, family_id uuid,
            first_at timestamptz, last_at timestamptz, score integer, rows text[], facts jsonb)
        where r.village_code ^@ district and not exists (select from signs_sign s where s.id = r.id);
    get diagnostics kept = row_count;
    return kept;
end $$;
revoke all on function signs_swap(text, jsonb) from public;
grant execute on function signs_swap(text, jsonb) to {APP_ROLE};
revoke insert, update, delete, truncate on signs_found from {APP_ROLE};
"""
NO_SWAP = f"drop function signs_swap(text, jsonb); grant insert, update, delete on signs_found to {APP_ROLE};"


GUARDS = f"""
create function signs_opens() returns trigger language plpgsql {DEFINER} as $$
begin
    {refused(f"new.by_id is distinct from {ME}", "who writes it is who does it", "signs_by_oneself")}
    {refused("new.about_id = new.by_id", "somebody else looks at it", "signs_another")}
    {refused("new.asked and new.about_id is null", "there is nobody to ask", "signs_nobody")}
    delete from signs_found f where (f.id, f.district_code, f.village_code, f.kind, f.first_at, f.last_at, f.score)
        = (new.id, new.district_code, new.village_code, new.kind, new.first_at, new.last_at, new.score)
        and f.about_id is not distinct from new.about_id and f.family_id is not distinct from new.family_id
        and f.rows = new.rows and f.facts = new.facts;
    {refused("not found", "nothing like it was found", "signs_found")}
    return new;
end $$;
create trigger signs_sign_opens before insert on signs_sign for each row execute function signs_opens();

create function signs_over(which uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from signs_step s where s.sign_id = which and s.kind = 'CLOSED')
$$;
revoke all on function signs_over(uuid) from public;
grant execute on function signs_over(uuid) to {APP_ROLE};

create function signs_goes() returns trigger language plpgsql {DEFINER} as $$
declare about signs_sign; last signs_step;
begin
    select * into about from signs_sign s where s.id = new.sign_id for no key update;
    select * into last from signs_step s where s.sign_id = new.sign_id order by s.number desc limit 1;
    {refused(f"new.by_id is distinct from {ME}", "who writes it is who does it", "signs_by_oneself")}
    {
    refused(
        "new.number <> coalesce(last.number, 0) + 1 or coalesce(last.kind, '') = 'CLOSED'",
        "something else happened meanwhile",
        "signs_one_after_another",
    )
}
    {
    refused(
        "(new.kind = 'EXPLAINED') is distinct from coalesce(new.by_id = about.about_id, false)",
        "whom it is about explains, and somebody else asks and closes",
        "signs_another",
    )
}
    {
    refused(
        '''(new.kind = 'EXPLAINED' and coalesce(last.kind, '') <> 'ASKED')
            or (new.kind = 'ASKED' and not (about.asked and coalesce(last.kind, 'EXPLAINED') = 'EXPLAINED'))
            or (last.kind is null and about.asked <> (new.kind = 'ASKED'))''',
        "no such step from there",
        "signs_order",
    )
}
    return new;
end $$;
create trigger signs_step_goes before insert on signs_step for each row execute function signs_goes();
"""
NO_GUARDS = """
drop trigger signs_step_goes on signs_step; drop function signs_goes();
drop function signs_over(uuid);
drop trigger signs_sign_opens on signs_sign; drop function signs_opens();
"""


class Migration(migrations.Migration):
    """Row security, append-only, the one way in for what is found, and the order of steps."""

    dependencies = [("signs", "0001_initial"), ("facilitators", "0004_caseload_alone")]
    operations = [
        secured("signs_found", FOUND),
        secured("signs_sign", SIGN),
        secured("signs_step", STEP),
        append_only("signs_sign"),
        append_only("signs_step"),
        migrations.RunSQL(SWAP, NO_SWAP),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
