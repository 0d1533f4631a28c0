"""Whose rows, that judgements stay, that what is judged was found, and what is asked for is about one of the two.

What was judged while a search went on is not found by it.

A pair is there for whoever holds both places: people of two districts are a matter of their province.
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, EVEN_ODDS, WITHIN, append_only, refused, secured

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
OFFICE = "coalesce(current_setting('gandeng.caseload', true), '') = ''"
BOTH = f"{WITHIN.format(column='village_code')} and {WITHIN.format(column='other_village_code')}"
HERE = EVEN_ODDS.format(rule=f"({OFFICE} and {ALL_CHANNELS} and {BOTH})")
DEFINER = "security definer set search_path = public, pg_temp"

SWAP = f"""
create function duplicates_swap(region text, told jsonb) returns integer language plpgsql {DEFINER} as $$
declare kept integer;
begin
    if not coalesce({OFFICE} and {ALL_CHANNELS} and {WITHIN.format(column="region")}, false) then
        raise exception 'another office looks there' using errcode = 'restrict_violation';
    end if;
    perform pg_advisory_xact_lock(7345, 0);
    delete from duplicates_found where village_code ^@ region and other_village_code ^@ region;
    insert into duplicates_found
            (id, family_id, other_id, village_code, other_village_code, place, score, people, pairs, found_at)
        select r.id, r.family_id, r.other_id, f.village_code, o.village_code, r.place, r.score,
            jsonb_array_length(open.pairs), open.pairs, now()
        from jsonb_to_recordset(told) as r(id uuid, family_id uuid, other_id uuid, place text, score bigint,
            pairs jsonb)
        join registry_family f on f.id = r.family_id join registry_family o on o.id = r.other_id
        cross join lateral (
            select jsonb_agg(p order by n) as pairs from jsonb_array_elements(r.pairs) with ordinality e(p, n)
            where p->>'judged' is not distinct from (
                select j.id::text from duplicates_judgement j where j.member_id = (p->>'member')::uuid
                    and j.other_member_id = (p->>'other')::uuid order by j.id desc limit 1)) open
        where f.village_code ^@ region and o.village_code ^@ region and open.pairs is not null;
    get diagnostics kept = row_count;
    return kept;
end $$;
revoke all on function duplicates_swap(text, jsonb) from public;
grant execute on function duplicates_swap(text, jsonb) to {APP_ROLE};
revoke insert, update, delete, truncate on duplicates_found from {APP_ROLE};
"""
NO_SWAP = f"""
drop function duplicates_swap(text, jsonb);
grant insert, update, delete on duplicates_found to {APP_ROLE};
"""


ELSEWHERE = """not exists (select from registry_family f, registry_family o
        where f.id = new.family_id and f.village_code = new.village_code
            and o.id = new.other_id and o.village_code = new.other_village_code)"""
STANDS = """not exists (select from registry_member m, registry_member o
        where m.id = new.member_id and m.family_id = new.family_id
            and o.id = new.other_member_id and o.family_id = new.other_id and m.id <> o.id)"""
ASKED = f"""not exists (select from registry_changerequest c
        where c.id = new.change_id and c.state = 'PENDING' and c.requested_by_id = {ME}
            and new.ends_id in (new.member_id, new.other_member_id)
            and c.family_id = case when new.ends_id = new.member_id then new.family_id else new.other_id end
            and ((c.kind = 'LEFT' and c.member_id = new.ends_id) or (c.kind = 'END' and new.family_id <> new.other_id)))"""
GUARDS = f"""
create function duplicates_judged() returns trigger language plpgsql {DEFINER} as $$
declare rest jsonb; last text;
begin
    {refused(f"new.by_id is distinct from {ME}", "who writes it is who does it", "duplicates_by_oneself")}
    {refused(STANDS, "they do not stand there", "duplicates_stand")}
    {refused(ELSEWHERE, "they live elsewhere", "duplicates_place")}
    if new.verdict = 'REOPENED' then
        perform pg_advisory_xact_lock(7346, hashtext(new.pair::text));
        select j.verdict into last from duplicates_judgement j where j.pair = new.pair
            and j.member_id = new.member_id and j.other_member_id = new.other_member_id order by j.id desc limit 1;
        {refused("last is distinct from 'DIFFERENT'", "there is nothing to take back", "duplicates_taken_back")}
        return new;
    end if;
    {refused(f"new.verdict = 'SAME' and {ASKED}", "nothing of the kind was asked for", "duplicates_asked")}
    perform from duplicates_found f where f.id = new.pair for no key update;
    select coalesce(jsonb_agg(p), '[]') into rest from duplicates_found f, jsonb_array_elements(f.pairs) p
        where f.id = new.pair and not (p->>'member' = new.member_id::text and p->>'other' = new.other_member_id::text);
    {
    refused(
        '''not exists (select from duplicates_found f where f.id = new.pair and f.family_id = new.family_id
            and f.other_id = new.other_id and jsonb_array_length(f.pairs) = jsonb_array_length(rest) + 1)''',
        "nothing like it was found, or it is judged already",
        "duplicates_found",
    )
}
    delete from duplicates_found f where f.id = new.pair and rest = '[]';
    update duplicates_found f set pairs = rest, people = jsonb_array_length(rest) where f.id = new.pair;
    return new;
end $$;
create trigger duplicates_judgement_judged before insert on duplicates_judgement
    for each row execute function duplicates_judged();
"""
NO_GUARDS = "drop trigger duplicates_judgement_judged on duplicates_judgement; drop function duplicates_judged();"


class Migration(migrations.Migration):
    """Row security, append-only, the one way in for what is found, and what a judgement rests on."""

    dependencies = [("duplicates", "0001_initial"), ("facilitators", "0004_caseload_alone")]
    operations = [
        secured("duplicates_found", HERE),
        secured("duplicates_judgement", HERE),
        append_only("duplicates_judgement"),
        migrations.RunSQL(SWAP, NO_SWAP),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
