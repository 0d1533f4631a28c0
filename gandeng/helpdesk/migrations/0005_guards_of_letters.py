"""Whose letters and codes, and the one door through which a family asks about its own money.

Letters and codes are there where their family is. A code is made by whoever accompanies the family that day, for the
letter in force. The door takes number and code together and gives nothing for every other pair alike; it asks again who
accompanies the family, so that a code dies with the accompaniment; a code is used by the row it adds, once.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, secured, seen_through

DEFINER = "security definer set search_path = public, pg_temp"
OF_FAMILY = "exists (select from registry_family f where f.id = family_id)"

MADE = f"""
create function helpdesk_accompanies(who uuid, family uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from facilitators_accompaniment a join facilitators_staff s on s.id = a.staff_id
        where a.family_id = family and s.person_id = who
        and daterange(a.valid_from, a.valid_until) @> (now() at time zone 'Asia/Jakarta')::date)
$$;

create function helpdesk_letter_comes() returns trigger language plpgsql {DEFINER} as $$
begin
    if new.by_id is distinct from helpdesk_me() then
        raise exception 'who makes it says so' using errcode = 'restrict_violation';
    end if;
    new.at := clock_timestamp();
    return new;
end $$;
create trigger helpdesk_letter_comes before insert on helpdesk_letter
    for each row execute function helpdesk_letter_comes();

create function helpdesk_familycode_comes() returns trigger language plpgsql {DEFINER} as $$
declare l helpdesk_letter;
begin
    select * into strict l from helpdesk_letter where id = new.letter_id;
    if new.by_id is distinct from helpdesk_me() or not helpdesk_accompanies(new.by_id, l.family_id) then
        raise exception 'made by whoever accompanies the family' using errcode = 'restrict_violation';
    end if;
    if l.number_digest is null or exists (
            select from helpdesk_letter n where n.family_id = l.family_id and n.number > l.number) then
        raise exception 'the letter is void' using errcode = 'restrict_violation', constraint = 'letter_in_force';
    end if;
    if new.valid_until > now() + interval '31 minutes' then
        raise exception 'a code is good for half an hour' using errcode = 'restrict_violation';
    end if;
    new.at := clock_timestamp();
    return new;
end $$;
create trigger helpdesk_familycode_comes before insert on helpdesk_familycode
    for each row execute function helpdesk_familycode_comes();
revoke insert on helpdesk_codeuse from {APP_ROLE};
"""
NO_MADE = f"""
grant insert on helpdesk_codeuse to {APP_ROLE};
drop trigger helpdesk_familycode_comes on helpdesk_familycode; drop function helpdesk_familycode_comes();
drop trigger helpdesk_letter_comes on helpdesk_letter; drop function helpdesk_letter_comes();
drop function helpdesk_accompanies(uuid, uuid);
"""

DOOR = f"""
create function helpdesk_money_told(family uuid) returns jsonb language sql stable
    set search_path = public, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(t) order by t.year desc, t.stage desc, t.again desc), '[]') from (
        select y.year, y.stage, p.channel, p.amount_rupiah as rupiah, p.reissue_of_id is not null as again,
            l.state = 'INSTRUCTED' as sent, coalesce(o.outcome, '') as outcome,
            coalesce(o.withdrawn_rupiah, 0) > 0 as drawn, coalesce(e.reason_code, '') as reason, false as held,
            exists (select from reconciliation_depositedpayment d
                join reconciliation_treasurydeposit r on r.id = d.deposit_id and r.state = 'CONFIRMED'
                where d.payment_id = p.payment_id) as deposited
        from payments_payment p join payments_cycle y on y.id = p.cycle_id join payments_paymentlist l on l.id = p.list_id
        left join reconciliation_outcomeinforce o on o.payment_id = p.payment_id
        left join lateral (select x.reason_code from reconciliation_exceptioncase x where x.payment_id = p.payment_id
            and x."row" is null and x.state in ('OPEN', 'WITH_BANK') order by x.changed_number desc limit 1) e on true
        where p.family_id = family
        union all
        select distinct on (y.id) y.year, y.stage, h.channel, h.amount_rupiah, false, false, '', false, '', true, false
        from payments_heldpayment h join payments_cycle y on y.id = h.cycle_id and y.run_id = h.run_id
        where h.family_id = family and not exists (
            select from payments_payment p where p.family_id = family and p.cycle_id = h.cycle_id)
        order by 1 desc, 2 desc, 5 desc limit 6) t
$$;
revoke all on function helpdesk_money_told(uuid) from public;

create function helpdesk_family_asks(asked bytea, said bytea) returns jsonb language plpgsql {DEFINER} as $$
declare c record;
begin
    select k.id, k.by_id, l.family_id, f.village_code into c
        from helpdesk_letter l join helpdesk_familycode k on k.letter_id = l.id
        join registry_family f on f.id = l.family_id
        where l.number_digest = asked and k.code_digest = said and k.valid_until > now()
        and not exists (select from helpdesk_letter n where n.family_id = l.family_id and n.number > l.number)
        and not exists (select from helpdesk_familycode n where n.letter_id = l.id and n.at > k.at)
        and helpdesk_accompanies(k.by_id, l.family_id);
    insert into helpdesk_codeuse (code_id, at) select c.id, clock_timestamp() where c.id is not null
        on conflict (code_id) do nothing;
    if not found then
        return null;
    end if;
    return jsonb_build_object('family', c.family_id, 'village', c.village_code, 'made_by', c.by_id,
        'stages', helpdesk_money_told(c.family_id));
end $$;
revoke all on function helpdesk_family_asks(bytea, bytea) from public;
grant execute on function helpdesk_family_asks(bytea, bytea) to {APP_ROLE};
"""
NO_DOOR = "drop function helpdesk_family_asks(bytea, bytea); drop function helpdesk_money_told(uuid);"


class Migration(migrations.Migration):
    """Row security, append-only, who makes them, and the door."""

    dependencies = [
        ("helpdesk", "0004_letters"),
        ("facilitators", "0004_caseload_alone"),
        ("payments", "0016_one_index_of_families"),
        ("reconciliation", "0017_public_tries_in_accounts"),
    ]
    operations = [
        secured("helpdesk_letter", OF_FAMILY),
        seen_through("helpdesk_familycode", "letter_id", "helpdesk_letter"),
        seen_through("helpdesk_codeuse", "code_id", "helpdesk_familycode"),
        append_only("helpdesk_letter"),
        append_only("helpdesk_familycode"),
        append_only("helpdesk_codeuse"),
        migrations.RunSQL(MADE, NO_MADE),
        migrations.RunSQL(DOOR, NO_DOOR),
    ]
