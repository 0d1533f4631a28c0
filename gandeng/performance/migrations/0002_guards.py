"""Whose rows, whose hand, what follows from what.

Offices' targets are read by everybody below them. A report, its versions, photos and reviews are there for herself and for
whoever's territory contains her district; a photo that was never handed in for herself alone. The database moves a report:
a version hands it in, a review agrees or returns; nobody reviews oneself.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, WITHIN, append_only, door_for_resealing, seen_within, stays

DEFINER = "security definer set search_path = public, pg_temp"
HERE = f"{WITHIN} and '*' = any ((select nullif(current_setting('gandeng.channels', true), '')::text[])::text[])"

FUNCTIONS = f"""
create function performance_me() returns uuid language sql stable as
    $$ select nullif(current_setting('gandeng.person', true), '')::uuid $$;

create function performance_hers(of_staff uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from facilitators_staff s where s.id = of_staff and s.person_id = performance_me())
$$;

create function performance_here(region text) returns boolean language sql stable as $$
    select coalesce({HERE.format(column="region")}, false)
$$;

create function performance_sees(of_staff uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from facilitators_staff s where s.id = of_staff
        and (s.person_id = performance_me() or performance_here(s.region_code)))
$$;

create function performance_may_review(who uuid, of_staff uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from facilitators_staff s join accounts_grant g on g.person_id = who
        and s.region_code ^@ g.region_code
        and daterange(g.valid_from, g.valid_until) @> (now() at time zone 'Asia/Jakarta')::date
        where s.id = of_staff and s.person_id <> who
        and (g.role in ('DISTRICT_HEAD', 'PROVINCE_HEAD') or (g.role = 'DISTRICT_COORDINATOR' and not exists (
            select from facilitators_post p where p.staff_id = s.id
            and p.role in ('DISTRICT_COORDINATOR', 'REGIONAL_COORDINATOR')
            and daterange(p.valid_from, p.valid_until) @> (now() at time zone 'Asia/Jakarta')::date))))
$$;
"""
NO_FUNCTIONS = """
drop function performance_may_review(uuid, uuid); drop function performance_sees(uuid);
drop function performance_here(text); drop function performance_hers(uuid); drop function performance_me();
"""

SEEN = """
alter table performance_report enable row level security;
create policy performance_report_read on performance_report for select using (
    performance_hers(staff_id) or performance_here(region_code));
create policy performance_report_add on performance_report for insert with check (
    performance_hers(staff_id) and state = 'DRAFT');
create policy performance_report_write on performance_report for update
    using (performance_hers(staff_id)) with check (performance_hers(staff_id));

alter table performance_reportversion enable row level security;
create policy performance_reportversion_read on performance_reportversion for select using (
    exists (select from performance_report r where r.id = report_id));
create policy performance_reportversion_add on performance_reportversion for insert with check (
    exists (select from performance_report r where r.id = report_id and performance_hers(r.staff_id)));

alter table performance_photo enable row level security;
create policy performance_photo_read on performance_photo for select using (
    exists (select from performance_report r where r.id = report_id and (handed_in or performance_hers(r.staff_id))));
create policy performance_photo_write on performance_photo for all using (
    exists (select from performance_report r where r.id = report_id and performance_hers(r.staff_id)));

alter table performance_review enable row level security;
create policy performance_review_read on performance_review for select using (
    exists (select from performance_reportversion v where v.id = version_id));
create policy performance_review_add on performance_review for insert with check (
    by_id = performance_me() and exists (select from performance_reportversion v where v.id = version_id));
"""
NO_SEEN = """
drop policy performance_review_add on performance_review;
drop policy performance_review_read on performance_review;
alter table performance_review disable row level security;
drop policy performance_photo_write on performance_photo;
drop policy performance_photo_read on performance_photo;
alter table performance_photo disable row level security;
drop policy performance_reportversion_add on performance_reportversion;
drop policy performance_reportversion_read on performance_reportversion;
alter table performance_reportversion disable row level security;
drop policy performance_report_write on performance_report;
drop policy performance_report_add on performance_report;
drop policy performance_report_read on performance_report;
alter table performance_report disable row level security;
"""

MOVES = f"""
create function performance_report_moves() returns trigger language plpgsql {DEFINER} as $$
declare last performance_reportversion; kept text[] := array['state', 'remarks_sealed'];
begin
    if tg_op = 'DELETE' or to_jsonb(old) - kept <> to_jsonb(new) - kept then
        raise exception 'a report stays the one of its month' using errcode = 'restrict_violation';
    end if;
    select * into last from performance_reportversion v where v.report_id = old.id order by v.number desc limit 1;
    if new.state <> old.state and not coalesce(case
            when old.state = 'RETURNED' then new.state = 'DRAFT'
            when old.state = 'DRAFT' then new.state = 'HANDED_IN' and last.id is not null
                and not exists (select from performance_review w where w.version_id = last.id)
            when old.state = 'HANDED_IN' then exists (
                select from performance_review w where w.version_id = last.id and w.verdict = new.state) end, false) then
        raise exception 'a report that is % does not become %', old.state, new.state
            using errcode = 'restrict_violation';
    end if;
    if new.remarks_sealed is distinct from old.remarks_sealed and new.state <> 'DRAFT' then
        raise exception 'what was handed in is not written over' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger performance_report_moves before update or delete on performance_report
    for each row execute function performance_report_moves();

create function performance_version_comes() returns trigger language plpgsql {DEFINER} as $$
declare r performance_report;
begin
    select * into strict r from performance_report where id = new.report_id for update;
    if r.state <> 'DRAFT' or not performance_hers(r.staff_id) or new.region_code <> r.region_code
            or new.number <> 1 + (select count(*) from performance_reportversion v where v.report_id = r.id) then
        raise exception 'she herself hands in a draft' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger performance_version_comes before insert on performance_reportversion
    for each row execute function performance_version_comes();

create function performance_version_came() returns trigger language plpgsql {DEFINER} as $$
begin
    update performance_report set state = 'HANDED_IN' where id = new.report_id;
    update performance_photo set handed_in = true
        where report_id = new.report_id and removed_at is null and not handed_in;
    return null;
end $$;
create trigger performance_version_came after insert on performance_reportversion
    for each row execute function performance_version_came();

create function performance_review_comes() returns trigger language plpgsql {DEFINER} as $$
declare r performance_report; v performance_reportversion;
begin
    select * into strict v from performance_reportversion where id = new.version_id;
    select * into strict r from performance_report where id = v.report_id for update;
    if new.by_id is distinct from performance_me() or not performance_may_review(new.by_id, r.staff_id) then
        raise exception 'nobody reviews oneself, and no coordinator another' using errcode = 'restrict_violation';
    end if;
    if r.state <> 'HANDED_IN' or new.content_sha256 <> v.content_sha256 or new.region_code <> r.region_code
            or v.number <> (select max(number) from performance_reportversion x where x.report_id = r.id) then
        raise exception 'a review is of what lies before it' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger performance_review_comes before insert on performance_review
    for each row execute function performance_review_comes();

create function performance_review_came() returns trigger language plpgsql {DEFINER} as $$
begin
    update performance_report r set state = new.verdict
        from performance_reportversion v where v.id = new.version_id and r.id = v.report_id;
    return null;
end $$;
create trigger performance_review_came after insert on performance_review
    for each row execute function performance_review_came();
"""
NO_MOVES = """
drop trigger performance_review_came on performance_review; drop function performance_review_came();
drop trigger performance_review_comes on performance_review; drop function performance_review_comes();
drop trigger performance_version_came on performance_reportversion; drop function performance_version_came();
drop trigger performance_version_comes on performance_reportversion; drop function performance_version_comes();
drop trigger performance_report_moves on performance_report; drop function performance_report_moves();
"""

PHOTOS = f"""
create function performance_photo_comes() returns trigger language plpgsql {DEFINER} as $$
declare r performance_report;
begin
    select * into strict r from performance_report where id = new.report_id for update;
    if r.state <> 'DRAFT' or not performance_hers(r.staff_id) or new.region_code <> r.region_code or new.handed_in then
        raise exception 'a photo is added to a draft of hers' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger performance_photo_comes before insert on performance_photo
    for each row execute function performance_photo_comes();

create function performance_photo_kept() returns trigger language plpgsql {DEFINER} as $$
declare state text; kept text[] := array['handed_in', 'removed_at'];
begin
    select r.state into strict state from performance_report r where r.id = old.report_id;
    if tg_op = 'DELETE' then
        if old.handed_in or state <> 'DRAFT' then
            raise exception 'what was handed in is not deleted' using errcode = 'restrict_violation';
        end if;
        return old;
    end if;
    if to_jsonb(old) - kept <> to_jsonb(new) - kept or (old.handed_in and not new.handed_in)
            or (new.handed_in and not old.handed_in and state <> 'HANDED_IN')
            or (old.removed_at is distinct from new.removed_at
                and (old.removed_at is not null or state <> 'DRAFT')) then
        raise exception 'a photo is not changed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger performance_photo_kept before update or delete on performance_photo
    for each row execute function performance_photo_kept();

create function performance_seen_before(of_report uuid)
    returns table (photo_id uuid, alike boolean, hers boolean, month date)
    language sql stable {DEFINER} as $$
    select p.id, o.sha256 <> p.sha256, r.staff_id = mine.staff_id, r.month
    from performance_report mine
    join performance_photo p on p.report_id = mine.id
    join performance_photo o on o.id <> p.id and o.removed_at is null and o.added_at <= p.added_at
        and (o.sha256 = p.sha256
            or (o.region_code = p.region_code and bit_count((o.look # p.look)::bit(64)) <= 4))
    join performance_report r on r.id = o.report_id
    where mine.id = of_report and performance_sees(mine.staff_id)
$$;
revoke all on function performance_seen_before(uuid) from public;
grant execute on function performance_seen_before(uuid) to {APP_ROLE};
"""
NO_PHOTOS = """
drop function performance_seen_before(uuid);
drop trigger performance_photo_kept on performance_photo; drop function performance_photo_kept();
drop trigger performance_photo_comes on performance_photo; drop function performance_photo_comes();
"""

SOURCES = f"""
create function performance_range(since date, until date) returns tstzrange language sql immutable as $$
    select tstzrange(since::timestamp at time zone 'Asia/Jakarta', until::timestamp at time zone 'Asia/Jakarta')
$$;

create function performance_changes(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable {DEFINER} as $$
    select s.id, (c.requested_at at time zone 'Asia/Jakarta')::date, c.kind, c.id, c.state
    from facilitators_staff s join registry_changerequest c on c.requested_by_id = s.person_id
    where s.id = any(staff) and performance_sees(s.id) and c.kind <> 'GRADUATE' and c.state in ('PENDING', 'APPROVED')
        and performance_range(since, until) @> c.requested_at
$$;

create function performance_graduations(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable {DEFINER} as $$
    select a.staff_id, d.day, 'GRADUATED', c.id, coalesce(p.name, '')
    from registry_changerequest c
    cross join lateral (select (c.decided_at at time zone 'Asia/Jakarta')::date as day) d
    cross join lateral (
        select a.staff_id from facilitators_accompaniment a where a.family_id = c.family_id and a.valid_from <= d.day
            and (a.valid_until is null or a.valid_until >= d.day)
        order by a.valid_from desc, a.id limit 1) a
    left join accounts_person p on p.id = c.decided_by_id
    where c.kind = 'GRADUATE' and c.state = 'APPROVED' and a.staff_id = any(staff) and performance_sees(a.staff_id)
        and performance_range(since, until) @> c.decided_at
$$;

create function performance_exception_acts(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable {DEFINER} as $$
    select s.id, (a.at at time zone 'Asia/Jakarta')::date, a.act, a.exception_id, ''
    from facilitators_staff s join reconciliation_exceptionact a on a.person_id = s.person_id
    where s.id = any(staff) and performance_sees(s.id) and performance_range(since, until) @> a.at
$$;

create function performance_handed_in(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable {DEFINER} as $$
    select r.staff_id, (v.handed_in_at at time zone 'Asia/Jakarta')::date, 'REPORT', r.id, to_char(r.month, 'YYYY-MM')
    from performance_report r join performance_reportversion v on v.report_id = r.id and v.number = 1
    where r.staff_id = any(staff) and performance_sees(r.staff_id)
        and performance_range(since, until) @> v.handed_in_at
$$;
"""
_OF_SOURCES = ("changes", "graduations", "exception_acts", "handed_in")
SOURCES += "\n".join(
    f"revoke all on function performance_{name}(uuid[], date, date) from public; "
    f"grant execute on function performance_{name}(uuid[], date, date) to {APP_ROLE};"
    for name in _OF_SOURCES
)
NO_SOURCES = "\n".join(f"drop function performance_{name}(uuid[], date, date);" for name in _OF_SOURCES) + (
    "drop function performance_range(date, date);"
)


class Migration(migrations.Migration):
    """Row security, whose hand, what follows; and what sources of figures count."""

    dependencies = [
        ("performance", "0001_initial"),
        ("facilitators", "0008_imports_guards"),
        ("registry", "0007_no_index_of_patterns"),
        ("reconciliation", "0009_held"),
        ("audit", "0008_even_odds_of_territory"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *(
            seen_within(f"performance_{name}", "region_code", every_channel=True, touches=True)
            for name in ("target", "reportday")
        ),
        migrations.RunSQL(SEEN, NO_SEEN),
        migrations.RunSQL(MOVES, NO_MOVES),
        migrations.RunSQL(PHOTOS, NO_PHOTOS),
        migrations.RunSQL(SOURCES, NO_SOURCES),
        *(append_only(f"performance_{name}") for name in ("target", "reportday", "reportversion", "review")),
        door_for_resealing(
            "performance_reportversion", "performance_reportversion_append_only", "gandeng_never", "{content_sealed}"
        ),
        door_for_resealing("performance_review", "performance_review_append_only", "gandeng_never", "{comment_sealed}"),
        door_for_resealing(
            "performance_report", "performance_report_moves", "performance_report_moves", "{remarks_sealed}"
        ),
        door_for_resealing(
            "performance_photo",
            "performance_photo_kept",
            "performance_photo_kept",
            "{caption_sealed}",
            "{content_sealed}",
        ),
        stays("performance_report"),
    ]
