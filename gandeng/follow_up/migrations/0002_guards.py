"""Whose rows, that they stay, and that they speak of the payment they name.

A row is there where its family is: in the territory, for the channel, and for a facilitator among those she accompanies.
"""

from django.db import migrations

from gandeng.audit.guards import CHANNEL, EVEN_ODDS, WITHIN, append_only, secured

OWN_FAMILIES = """case when coalesce(current_setting('gandeng.caseload', true), '') = '' then true
    else gandeng_accompanies(family_id) end"""
RULE = " and ".join([WITHIN.format(column="village_code"), CHANNEL.format(column="channel"), OWN_FAMILIES])

SPEAKS = """
create function follow_up_speaks() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
begin
    if not exists (select from payments_payment p where p.payment_id = new.payment_id
            and (p.family_id, p.village_code, p.channel) = (new.family_id, new.village_code, new.channel)) then
        raise exception 'the payment is of another family, place or channel' using errcode = 'restrict_violation';
    end if;
    if new.case_id is not null and not exists (select from reconciliation_exceptioncase e where e.id = new.case_id
            and e.payment_id = new.payment_id) then
        raise exception 'the exception is about another payment' using errcode = 'restrict_violation';
    end if;
    if new.by_id is distinct from nullif(current_setting('gandeng.person', true), '')::uuid then
        raise exception 'who writes it is who found it out' using errcode = 'restrict_violation';
    end if;
    if new.on_day > (now() at time zone 'Asia/Jayapura')::date then
        raise exception 'that day is yet to come' using errcode = 'check_violation', constraint = 'followup_day';
    end if;
    return new;
end $$;
create trigger follow_up_speaks before insert on follow_up_followup for each row execute function follow_up_speaks();
"""
NO_SPEAKS = "drop trigger follow_up_speaks on follow_up_followup; drop function follow_up_speaks();"


class Migration(migrations.Migration):
    """Row security, append-only, and copies that match."""

    dependencies = [
        ("follow_up", "0001_initial"),
        ("facilitators", "0004_caseload_alone"),
        ("payments", "0016_one_index_of_families"),
        ("reconciliation", "0017_public_tries_in_accounts"),
    ]
    operations = [
        secured("follow_up_followup", EVEN_ODDS.format(rule=RULE)),
        append_only("follow_up_followup"),
        migrations.RunSQL(SPEAKS, NO_SPEAKS),
    ]
