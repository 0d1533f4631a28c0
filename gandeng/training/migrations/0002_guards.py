"""Whose rows, and what the database itself refuses: a seat too many, two events on a day, a mark nobody earned."""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, EVEN_ODDS, WITHIN, append_only, secured, seen_within, stays

BY_PLACE = (
    "course", "batchplan", "event", "participant", "agendaitem", "material", "eventday", "question", "paper",
    "paperquestion", "problem", "problemstep", "report",
)  # fmt: skip
OF_ONE_PERSON = ("attendance", "sitting", "result", "evaluationgiven")
APPEND_ONLY = ("evaluation", "evaluationgiven", "paperquestion", "problemstep", "result", "report")
STAYING = (
    "course", "batchplan", "event", "participant", "material", "eventday", "attendance", "question", "paper", "sitting",
    "problem",
)  # fmt: skip
DEFINER = "security definer set search_path = public, pg_temp"

OWN_OR_WITHIN = EVEN_ODDS.format(
    rule=f"""({WITHIN.format(column="region_code")}
        or person_id = (select nullif(current_setting('gandeng.person', true), '')::uuid)) and {ALL_CHANNELS}"""
)
"""Herself, and whoever is over her district; not her colleagues there."""

WITHOUT_A_NAME = f"""
alter table training_evaluation enable row level security;
create policy training_evaluation_read on training_evaluation for select
    using ({EVEN_ODDS.format(rule=f"{WITHIN.format(column='region_code')} and {ALL_CHANNELS}")});
create policy training_evaluation_add on training_evaluation for insert
    with check (exists (select from training_event e where e.id = event_id and e.region_code = training_evaluation.region_code));
"""
NO_WITHOUT_A_NAME = """
drop policy training_evaluation_add on training_evaluation; drop policy training_evaluation_read on training_evaluation;
alter table training_evaluation disable row level security;
"""

FUNCTIONS = f"""
create function training_today() returns date language sql stable as
    $$ select (now() at time zone 'Asia/Jakarta')::date $$;
create function training_me() returns uuid language sql stable as
    $$ select nullif(current_setting('gandeng.person', true), '')::uuid $$;

create function training_numbered() returns trigger language plpgsql {DEFINER} as $$
declare head text := format('%s-%s-%s-', tg_argv[0], coalesce(nullif(left(new.region_code, 4), ''), 'RI'),
    extract(year from training_today()));
begin
    perform pg_advisory_xact_lock(7072, hashtext(head));
    execute format('select $1 || lpad((count(*) + 1)::text, 4, ''0'') from %I where number ^@ $1', tg_table_name)
        into new.number using head;
    return new;
end $$;
create trigger training_event_numbered before insert on training_event
    for each row execute function training_numbered('DK');
create trigger training_problem_numbered before insert on training_problem
    for each row execute function training_numbered('MS');
"""
NO_FUNCTIONS = """
drop trigger training_problem_numbered on training_problem; drop trigger training_event_numbered on training_event;
drop function training_numbered(); drop function training_me(); drop function training_today();
"""

EVENT = f"""
create function training_event_moves() returns trigger language plpgsql {DEFINER} as $$
begin
    if old.state in ('CLOSED', 'CANCELLED') then
        raise exception 'a closed or cancelled event is not changed' using errcode = 'restrict_violation';
    end if;
    if (old.state, new.state) not in (('DRAFT', 'DRAFT'), ('DRAFT', 'INVITED'), ('DRAFT', 'CANCELLED'),
            ('INVITED', 'INVITED'), ('INVITED', 'CLOSED'), ('INVITED', 'CANCELLED')) then
        raise exception 'an event does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
    end if;
    if old.state <> 'DRAFT' and (to_jsonb(old) - array['state', 'cancelled_because', 'changed_at', 'venue', 'address',
            'reply_until'] <> to_jsonb(new) - array['state', 'cancelled_because', 'changed_at', 'venue', 'address',
            'reply_until']) then
        raise exception 'what people were invited to stays' using errcode = 'restrict_violation';
    end if;
    if (old.course_id, old.region_code, old.number, old.made_by_id, old.made_at)
            is distinct from (new.course_id, new.region_code, new.number, new.made_by_id, new.made_at) then
        raise exception 'an event keeps its course, office and number' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger training_event_moves before update on training_event
    for each row execute function training_event_moves();

create function training_event_moved() returns trigger language plpgsql {DEFINER} as $$
begin
    if new.state = 'CANCELLED' and old.state <> 'CANCELLED' then
        update training_participant set state = 'WITHDRAWN', reason = new.cancelled_because
            where event_id = new.id and state in ('NOMINATED', 'INVITED', 'CONFIRMED');
    elsif (old.starts_on, old.ends_on, old.absent_max, old.capacity)
            is distinct from (new.starts_on, new.ends_on, new.absent_max, new.capacity) then
        update training_participant set starts_on = new.starts_on, ends_on = new.ends_on where event_id = new.id;
    end if;
    return null;
end $$;
create trigger training_event_moved after update on training_event
    for each row execute function training_event_moved();
"""
NO_EVENT = """
drop trigger training_event_moved on training_event; drop function training_event_moved();
drop trigger training_event_moves on training_event; drop function training_event_moves();
"""

PARTICIPANT = f"""
create function training_participant_comes() returns trigger language plpgsql {DEFINER} as $$
declare e training_event; s facilitators_staff; coming text[] := array['NOMINATED', 'INVITED', 'CONFIRMED']; full_on date;
begin
    select * into strict e from training_event where id = new.event_id for no key update;
    if tg_op = 'UPDATE' and (old.event_id, old.staff_id, old.region_code, old.home_code)
            is distinct from (new.event_id, new.staff_id, new.region_code, new.home_code) then
        raise exception 'a participant stays who she is' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'INSERT' then
        select * into strict s from facilitators_staff where id = new.staff_id;
        if s.region_code <> new.region_code or s.home_code <> new.home_code or not new.region_code ^@ e.region_code then
            raise exception 'she does not work where the event is for' using errcode = 'check_violation',
                constraint = 'participant_place';
        end if;
    end if;
    if e.state = 'CLOSED' or (e.state = 'CANCELLED' and new.state <> 'WITHDRAWN') then
        raise exception 'the event is over' using errcode = 'check_violation', constraint = 'participant_event_over';
    end if;
    new.starts_on := e.starts_on;
    new.ends_on := e.ends_on;
    if new.state <> all (coming) or (tg_op = 'UPDATE' and old.state = any (coming)
            and (old.starts_on, old.ends_on) is not distinct from (new.starts_on, new.ends_on)) then
        return new;
    end if;
    if (select count(*) from training_participant p where p.event_id = e.id and p.id <> new.id
            and p.state = any (coming)) >= e.capacity then
        raise exception 'no seat is left' using errcode = 'check_violation', constraint = 'participant_capacity';
    end if;
    if e.absent_max is not null and new.home_code <> '' then
        perform pg_advisory_xact_lock(7073, hashtext(new.home_code));
        select d::date into full_on from generate_series(e.starts_on, e.ends_on, interval '1 day') d
            where (select count(*) from training_participant p where p.home_code = new.home_code and p.id <> new.id
                and p.state = any (coming) and d::date between p.starts_on and p.ends_on) >= e.absent_max limit 1;
        if full_on is not null then
            raise exception 'too many of one sub-district would be away on %', full_on
                using errcode = 'check_violation', constraint = 'participant_absent_max';
        end if;
    end if;
    return new;
end $$;
create trigger training_participant_comes before insert or update on training_participant
    for each row execute function training_participant_comes();
"""
NO_PARTICIPANT = """
drop trigger training_participant_comes on training_participant; drop function training_participant_comes();
"""

OPEN_EVENT = f"""
create function training_while_open() returns trigger language plpgsql {DEFINER} as $$
declare of_event uuid := case when tg_op = 'DELETE' then old.event_id else new.event_id end; e training_event;
begin
    select * into strict e from training_event where id = of_event for no key update;
    if e.state in ('CLOSED', 'CANCELLED') then
        raise exception 'the event is over' using errcode = 'check_violation', constraint = 'event_over';
    end if;
    if tg_table_name in ('training_agendaitem', 'training_eventday')
            and (to_jsonb(new)->>'day')::date not between e.starts_on and e.ends_on then
        raise exception 'no day of the event' using errcode = 'check_violation', constraint = 'event_day';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger training_agendaitem_open before insert or update or delete on training_agendaitem
    for each row execute function training_while_open();
create trigger training_cost_open before insert or update or delete on training_cost
    for each row execute function training_while_open();
create trigger training_eventday_open before insert or update of day, code, event_id, region_code on training_eventday
    for each row execute function training_while_open();
create trigger training_paper_open before insert or update on training_paper
    for each row execute function training_while_open();
"""
NO_OPEN_EVENT = """
drop trigger training_paper_open on training_paper; drop trigger training_eventday_open on training_eventday;
drop trigger training_cost_open on training_cost; drop trigger training_agendaitem_open on training_agendaitem;
drop function training_while_open();
"""

ATTENDANCE = f"""
create function training_attends() returns trigger language plpgsql {DEFINER} as $$
declare d training_eventday; p training_participant; e training_event;
begin
    select * into strict d from training_eventday where id = new.day_id;
    select * into strict p from training_participant where id = new.participant_id;
    select * into strict e from training_event where id = p.event_id for no key update;
    if e.state <> 'INVITED' then
        raise exception 'the event is over' using errcode = 'check_violation', constraint = 'event_over';
    end if;
    if tg_op = 'UPDATE' then
        if old.taken_back_at is not null or to_jsonb(old) - array['taken_back_at', 'taken_back_by_id',
                'taken_back_because'] <> to_jsonb(new) - array['taken_back_at', 'taken_back_by_id', 'taken_back_because']
        then
            raise exception 'attendance is taken back, not changed' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if p.event_id <> d.event_id or p.state not in ('INVITED', 'CONFIRMED') or p.region_code <> new.region_code
            or not exists (select from facilitators_staff s where s.id = p.staff_id and s.person_id = new.person_id) then
        raise exception 'not one of those invited' using errcode = 'check_violation', constraint = 'attendance_invited';
    end if;
    if new.by_id is distinct from training_me() or (new.how = 'CODE' and (new.by_id <> new.person_id
            or d.closed_at is not null or d.day <> training_today())) or (new.how = 'HAND' and new.by_id = new.person_id)
    then
        raise exception 'her own code on the day, or somebody else''s hand' using errcode = 'check_violation',
            constraint = 'attendance_hand';
    end if;
    return new;
end $$;
create trigger training_attends before insert or update on training_attendance
    for each row execute function training_attends();
"""
NO_ATTENDANCE = "drop trigger training_attends on training_attendance; drop function training_attends();"

TESTS = f"""
create function training_question_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if jsonb_array_length(new.options) not between 2 and 6 or new.right_option >= jsonb_array_length(new.options) then
            raise exception 'two to six options, and the right one among them' using errcode = 'check_violation',
                constraint = 'question_options';
        end if;
    elsif old.retired_at is not null or to_jsonb(old) - 'retired_at' <> to_jsonb(new) - 'retired_at' then
        raise exception 'a question is retired, not changed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger training_question_stays before insert or update on training_question
    for each row execute function training_question_stays();

create function training_paper_questions() returns trigger language plpgsql {DEFINER} as $$
begin
    if exists (select from training_sitting s where s.paper_id = new.paper_id) or not exists (
            select from training_paper a join training_event e on e.id = a.event_id
            join training_question q on q.course_id = e.course_id where a.id = new.paper_id and q.id = new.question_id) then
        raise exception 'a paper has questions of its course, all before the first answer'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger training_paper_questions before insert on training_paperquestion
    for each row execute function training_paper_questions();

create function training_sits() returns trigger language plpgsql {DEFINER} as $$
declare a training_paper; p training_participant; e training_event;
begin
    select * into strict a from training_paper where id = new.paper_id for share;
    select * into strict p from training_participant where id = new.participant_id;
    select * into strict e from training_event where id = a.event_id;
    if e.state <> 'INVITED' or a.closed_at is not null or p.event_id <> a.event_id
            or p.state not in ('INVITED', 'CONFIRMED') or p.region_code <> new.region_code
            or new.person_id is distinct from training_me()
            or not exists (select from facilitators_staff s where s.id = p.staff_id and s.person_id = new.person_id) then
        raise exception 'her own paper while it is open' using errcode = 'check_violation', constraint = 'sitting_open';
    end if;
    if tg_op = 'UPDATE' and (old.handed_in_at is not null or (old.paper_id, old.participant_id, old.started_at)
            is distinct from (new.paper_id, new.participant_id, new.started_at)) then
        raise exception 'what was handed in stays' using errcode = 'check_violation', constraint = 'sitting_handed_in';
    end if;
    if new.handed_in_at is null then
        new.right_count := null;
        new.question_count := null;
    else
        new.handed_in_at := clock_timestamp();
        select count(*), count(*) filter (where (new.answers->>(q.id::text))::int = q.right_option)
            into new.question_count, new.right_count
            from training_paperquestion w join training_question q on q.id = w.question_id where w.paper_id = a.id;
    end if;
    return new;
end $$;
create trigger training_sits before insert or update on training_sitting
    for each row execute function training_sits();
"""
NO_TESTS = """
drop trigger training_sits on training_sitting; drop function training_sits();
drop trigger training_paper_questions on training_paperquestion; drop function training_paper_questions();
drop trigger training_question_stays on training_question; drop function training_question_stays();
"""

OPINION = f"""
create function training_opinion_once() returns trigger language plpgsql {DEFINER} as $$
begin
    if new.person_id is distinct from training_me() or not exists (select from training_participant p
            join facilitators_staff s on s.id = p.staff_id join training_event e on e.id = p.event_id
            where p.id = new.participant_id and s.person_id = new.person_id and p.state in ('INVITED', 'CONFIRMED')
            and p.region_code = new.region_code and e.state = 'INVITED') then
        raise exception 'her own opinion of an event she was at' using errcode = 'check_violation',
            constraint = 'opinion_own';
    end if;
    return new;
end $$;
create trigger training_opinion_once before insert on training_evaluationgiven
    for each row execute function training_opinion_once();
"""
NO_OPINION = "drop trigger training_opinion_once on training_evaluationgiven; drop function training_opinion_once();"

PROBLEM = f"""
create function training_problem_raised() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from training_event e where e.id = new.event_id and new.region_code ^@ e.region_code) then
        raise exception 'a problem concerns a place of its event' using errcode = 'check_violation',
            constraint = 'problem_place';
    end if;
    new.state := 'OPEN';
    new.owner_id := null;
    new.due_on := null;
    return new;
end $$;
create trigger training_problem_raised before insert on training_problem
    for each row execute function training_problem_raised();

create function training_problem_step() returns trigger language plpgsql {DEFINER} as $$
declare p training_problem; becomes text;
begin
    select * into strict p from training_problem where id = new.problem_id for update;
    becomes := case
        when new.kind = 'GIVEN' and p.state = 'OPEN' then 'OPEN'
        when new.kind = 'ANSWERED' and p.state in ('OPEN', 'ANSWERED') then 'ANSWERED'
        when new.kind = 'REOPENED' and p.state in ('ANSWERED', 'CLOSED') then 'OPEN'
        when new.kind = 'CLOSED' and p.state = 'ANSWERED' then 'CLOSED' end;
    if becomes is null or new.region_code <> p.region_code or new.by_id is distinct from training_me() then
        raise exception 'a problem in state % takes no %', p.state, new.kind using errcode = 'check_violation',
            constraint = 'problem_step';
    end if;
    new.at := clock_timestamp();
    update training_problem set state = becomes,
        owner_id = case when new.kind = 'GIVEN' then new.owner_id else owner_id end,
        due_on = case when new.kind = 'GIVEN' then new.due_on else due_on end where id = p.id;
    return new;
end $$;
create trigger training_problem_step before insert on training_problemstep
    for each row execute function training_problem_step();
revoke update on training_problem from {APP_ROLE};
"""
NO_PROBLEM = f"""
grant update on training_problem to {APP_ROLE};
drop trigger training_problem_step on training_problemstep; drop function training_problem_step();
drop trigger training_problem_raised on training_problem; drop function training_problem_raised();
"""


class Migration(migrations.Migration):
    """Row security, seats, attendance, marks, problems."""

    dependencies = [
        ("training", "0001_initial"),
        ("certificates", "0001_initial"),
        ("facilitators", "0003_held"),
        ("audit", "0008_even_odds_of_territory"),
    ]
    operations = [
        *(seen_within(f"training_{name}", "region_code", every_channel=True, touches=True) for name in BY_PLACE),
        *(secured(f"training_{name}", OWN_OR_WITHIN) for name in OF_ONE_PERSON),
        seen_within("training_cost", "region_code", every_channel=True),
        migrations.RunSQL(WITHOUT_A_NAME, NO_WITHOUT_A_NAME),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(EVENT, NO_EVENT),
        migrations.RunSQL(PARTICIPANT, NO_PARTICIPANT),
        migrations.RunSQL(OPEN_EVENT, NO_OPEN_EVENT),
        migrations.RunSQL(ATTENDANCE, NO_ATTENDANCE),
        migrations.RunSQL(TESTS, NO_TESTS),
        migrations.RunSQL(OPINION, NO_OPINION),
        migrations.RunSQL(PROBLEM, NO_PROBLEM),
        *(append_only(f"training_{name}") for name in APPEND_ONLY),
        *(stays(f"training_{name}") for name in STAYING),
    ]
