"""Which code became which is said by two people, ends and is not changed otherwise; what follows from it is asked here.

`registry_same_place`: going from one code to the other is no move. `registry_former_codes`: what is wholly gone into a
territory belongs to it. Both answer whoever asks: which decree replaced a code is no secret and no family's.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, seen_through, seen_within

DEFINER = "security definer set search_path = public, pg_temp"

ORDER = f"""
create function registry_recoding_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (old.state, new.state) not in
        (('PROPOSED', 'APPLIED'), ('PROPOSED', 'WITHDRAWN'), ('APPLIED', 'UNDONE')) then
        raise exception 'a change of codes goes from % to no other state like this', old.state
            using errcode = 'restrict_violation';
    end if;
    if (old.id, old.region_code, old.basis, old.in_force_on, old.pairs, old.proposed_by_id, old.proposed_at)
        is distinct from
        (new.id, new.region_code, new.basis, new.in_force_on, new.pairs, new.proposed_by_id, new.proposed_at) then
        raise exception 'what was proposed stays as it was' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger registry_recoding_moves before update or delete on registry_recoding
    for each row execute function registry_recoding_moves();
revoke delete on registry_recoding from {APP_ROLE};

create function registry_code_changes() returns trigger language plpgsql {DEFINER} as $$
begin
    if tg_op = 'INSERT' and not exists (select from registry_recoding r where r.id = new.recoding_id
            and r.state = 'APPLIED' and new.valid_until is null and r.pairs @> jsonb_build_array(
            jsonb_build_object('old', new.old_code, 'new', new.new_code, 'whole', new.whole))) then
        raise exception 'two people say which code became which' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'UPDATE' and (old.valid_until is not null or new.valid_until is null
            or to_jsonb(old) - 'valid_until' <> to_jsonb(new) - 'valid_until') then
        raise exception 'which code became which is not changed, it ends' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'DELETE' then
        raise exception 'which code became which is not changed, it ends' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger registry_code_changes before insert or update or delete on registry_codechange
    for each row execute function registry_code_changes();
create trigger registry_codechange_no_truncate before truncate on registry_codechange
    for each statement execute function gandeng_never();
revoke delete, truncate on registry_codechange from {APP_ROLE};
"""
NO_ORDER = f"""
drop trigger registry_codechange_no_truncate on registry_codechange;
drop trigger registry_code_changes on registry_codechange; drop function registry_code_changes();
drop trigger registry_recoding_moves on registry_recoding; drop function registry_recoding_moves();
grant delete on registry_recoding, registry_codechange to {APP_ROLE};
"""

ASKED = f"""
create function registry_same_place(one text, other text) returns boolean language sql stable {DEFINER} as $$
    select one = other or exists (select from registry_codechange c where c.valid_until is null
        and ((c.old_code, c.new_code) = (one, other) or (c.old_code, c.new_code) = (other, one)))
$$;

create function registry_codes_changed() returns boolean language sql stable {DEFINER} as $$
    select exists (select from registry_codechange where whole and valid_until is null)
$$;

create function registry_former_codes(region text) returns text[] language sql stable {DEFINER} as $$
    with recursive former (code) as (
        select c.old_code from registry_codechange c
            where c.whole and c.valid_until is null and c.new_code >= region and c.new_code < region || ':'
        union
        select c.old_code from registry_codechange c join former f on c.new_code = f.code
            where c.whole and c.valid_until is null)
    select coalesce(array_agg(code order by code), '{{}}') from former where not code ^@ region
$$;
"""
NOT_ASKED = """
drop function registry_former_codes(text); drop function registry_codes_changed();
drop function registry_same_place(text, text);
"""


class Migration(migrations.Migration):
    """Row security, states in order, rows that end, and what other packages ask."""

    dependencies = [("registry", "0013_codes_of_villages"), ("audit", "0008_even_odds_of_territory")]
    operations = [
        seen_within("registry_recoding", "region_code", every_channel=True, touches=True),
        seen_through("registry_codechange", "recoding_id", "registry_recoding"),
        seen_within("registry_recodedfamily", "new_code", every_channel=True),
        append_only("registry_recodedfamily"),
        migrations.RunSQL(ORDER, NO_ORDER),
        migrations.RunSQL(ASKED, NOT_ASKED),
    ]
