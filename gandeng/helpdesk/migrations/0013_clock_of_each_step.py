"""Each step of a case has a clock: to begin, from coming to a level or being handed on; to answer, from coming to it.

`due_at` is that of the step a case is at, so lists, figures and the clock that escalates read what they read before.
Cases under way when this comes keep the clock they have until their next step.
"""

from importlib import import_module

from django.db import migrations, models

from gandeng.audit.guards import APP_ROLE
from gandeng.audit.holding import held

DEFINER = "security definer set search_path = public, pg_temp"
MOVES = import_module("gandeng.helpdesk.migrations.0012_links_taken_back").moves(unlinks=True)

ONE_CLOCK = """
            when new.what in ('OPENED', 'ESCALATED', 'REOPENED') then new.due_at else due_at end,"""
EACH_STEP = """
            when new.what in ('OPENED', 'ESCALATED', 'REOPENED', 'ASSIGNED', 'STARTED') then new.due_at
            else due_at end,
        answer_by = case when becomes in ('ANSWERED', 'CLOSED') then null
            when new.what in ('OPENED', 'ESCALATED', 'REOPENED') then new.answer_by else answer_by end,"""
AT = """
    new.at := clock_timestamp();"""
WITHIN_THE_ANSWER = (
    AT
    + """
    new.due_at := case new.what when 'STARTED' then c.answer_by when 'ASSIGNED' then least(new.due_at, c.answer_by)
        else new.due_at end;"""
)

OPENED = f"""
create or replace function helpdesk_opened() returns trigger language plpgsql {DEFINER} as $$
begin
    insert into helpdesk_caseevent (id, case_id, number, what, told, text_sealed, value, level, due_at{{answer_by}},
            by_id, authority, at)
        select gen_random_uuid(), c.id, 1, 'OPENED', true, '', '', c.level, c.due_at{{of_case}}, c.opened_by_id, '',
            clock_timestamp() from came c;
    return null;
end $$;
"""


def asker_does(*, clocks: bool) -> str:
    """What who asked does, with one clock or with both."""
    more, column, value = (", answer_until timestamptz", ", answer_by", ", answer_until") if clocks else ("", "", "")
    types = "text, bytea, uuid, text, bytea, text, timestamptz"
    before, after = (types, f"{types}, timestamptz") if clocks else (f"{types}, timestamptz", types)
    return f"""
drop function helpdesk_asker_does({before});
create function helpdesk_asker_does(asked text, digest bytea, event uuid, does text, words bytea, stars text,
        until timestamptz{more}) returns boolean language plpgsql {DEFINER} as $$
declare c helpdesk_case;
begin
    select * into c from helpdesk_case where number = asked and pin_digest = digest for update;
    if c.id is null or does not in ('REOPENED', 'RATED') then
        return false;
    end if;
    insert into helpdesk_caseevent (id, case_id, number, what, told, text_sealed, value, due_at{column}, authority, at)
        values (event, c.id, c.steps + 1, does, true, words, stars, until{value}, '', clock_timestamp());
    return true;
exception when restrict_violation then
    return false;
end $$;
revoke all on function helpdesk_asker_does({after}) from public;
grant execute on function helpdesk_asker_does({after}) to {APP_ROLE};
"""


def escalate_due(column: str, clocks: str) -> str:
    """The clock that escalates, with the clocks of the level above."""
    return f"""
create or replace function helpdesk_escalate_due(hours jsonb) returns integer language plpgsql {DEFINER} as $$
declare c helpdesk_case; done integer := 0;
begin
    for c in select * from helpdesk_case where due_at < now() and level < 4
            and state in ('NEW', 'ASSIGNED', 'IN_PROGRESS', 'ESCALATED') order by due_at for update skip locked loop
        insert into helpdesk_caseevent (id, case_id, number, what, told, text_sealed, value, level, due_at{column},
                authority, at)
            values (gen_random_uuid(), c.id, c.steps + 1, 'ESCALATED', true, '', '', c.level + 1,
                {clocks}, '', clock_timestamp());
        done := done + 1;
    end loop;
    return done;
end $$;
"""


BOTH = """(hours->c.kind->c.level->>'due_at')::timestamptz, (hours->c.kind->c.level->>'answer_by')::timestamptz"""
HOURS = "now() + make_interval(hours => (hours->c.kind->>(c.level))::integer)"


class Migration(migrations.Migration):
    """The second time of a case, and what moves both."""

    dependencies = [("helpdesk", "0012_links_taken_back")]
    operations = [
        migrations.AddField(model_name="case", name="answer_by", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="caseevent", name="answer_by", field=models.DateTimeField(null=True)),
        migrations.RunSQL(
            "update helpdesk_case set answer_by = due_at where due_at is not null", migrations.RunSQL.noop
        ),
        migrations.RunSQL(MOVES.replace(ONE_CLOCK, EACH_STEP).replace(AT, WITHIN_THE_ANSWER), MOVES),
        migrations.RunSQL(
            OPENED.format(answer_by=", answer_by", of_case=", c.answer_by"), OPENED.format(answer_by="", of_case="")
        ),
        migrations.RunSQL(asker_does(clocks=True), asker_does(clocks=False)),
        migrations.RunSQL(escalate_due(", answer_by", BOTH), escalate_due("", HOURS)),
        held("helpdesk_case"),
        held("helpdesk_caseevent"),
    ]
