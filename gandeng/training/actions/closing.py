"""An event is closed: results counted in one statement, the report taken down. Then certificates for who qualifies."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.certificates.actions import CertificateRefused, Wanted, issue
from gandeng.certificates.models import Certificate
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.closing_queries import issuing_office, to_certify
from gandeng.training.event_queries import Standing
from gandeng.training.models import Event, EventDay, Paper, Report
from gandeng.training.report_content import content_of, digest_of

_RESULTS = """
with day as (select id from training_eventday where event_id = %(event)s),
sat as (
    select t.participant_id, a.kind, t.right_count, t.question_count
    from training_sitting t join training_paper a on a.id = t.paper_id
    where a.event_id = %(event)s and t.handed_in_at is not null),
held as (select count(*)::int as days from day),
counted as (
    select p.id, p.region_code, s.person_id, e.attendance_percent_min, e.pass_percent, h.days as days_held,
        (select count(*)::int from training_attendance a join day d on d.id = a.day_id
            where a.participant_id = p.id and a.taken_back_at is null) as days_attended,
        pre.right_count as pre_right, pre.question_count as pre_questions,
        post.right_count as post_right, post.question_count as post_questions
    from training_participant p
    join training_event e on e.id = p.event_id
    join facilitators_staff s on s.id = p.staff_id
    cross join held h
    left join sat pre on pre.participant_id = p.id and pre.kind = 'PRE'
    left join sat post on post.participant_id = p.id and post.kind = 'POST'
    where p.event_id = %(event)s and p.state in ('INVITED', 'CONFIRMED')),
judged as (
    select *,
        (days_held > 0 and days_attended = 0)
            or coalesce(days_attended * 100 < attendance_percent_min * days_held, false)
            or (days_held = 0 and coalesce(attendance_percent_min, 0) > 0) as absent,
        pass_percent is not null and post_right is null as no_test,
        coalesce(post_right * 100 < pass_percent * post_questions, false) as below
    from counted)
insert into training_result (id, participant_id, person_id, region_code, days_attended, days_held, pre_right,
    pre_questions, post_right, post_questions, qualifies, lacks, at)
select gen_random_uuid(), id, person_id, region_code, days_attended, days_held, pre_right, pre_questions, post_right,
    post_questions, not (absent or no_test or below),
    to_jsonb(array_remove(array[case when absent then 'ABSENT' end, case when no_test then 'NO_TEST' end,
        case when below then 'BELOW' end], null)),
    now()
from judged order by id
"""


@transaction.atomic
def close(acting: Acting, standing: Standing) -> Report:
    """Days and tests close, results are counted, the report taken down. Raises TrainingRefused, PermissionDenied."""
    held = acting.held(May.PLAN_TRAINING, standing.event.region_code)
    with refusing():
        event = (
            Event.objects.select_for_update(of=("self",), no_key=True)
            .select_related("course", "skill")
            .get(pk=standing.event.pk)
        )
        if event.state != Event.State.INVITED:
            raise TrainingRefused(_("Kegiatan ini belum diundangkan, sudah ditutup, atau dibatalkan."))
        if event.ends_on > timezone.localdate():
            raise TrainingRefused(_("Kegiatan ditutup paling awal pada hari terakhirnya."))
        now = timezone.now()
        EventDay.objects.filter(event=event, closed_at=None).update(closed_at=now)
        Paper.objects.filter(event=event, closed_at=None).update(closed_at=now)
        with connection.cursor() as cursor:
            cursor.execute(_RESULTS, {"event": event.pk})
            counted = cursor.rowcount
        content = content_of(acting, held, event)
        report = Report.objects.create(
            event=event, region_code=event.region_code, content=content, content_sha256=digest_of(content),
            made_by_id=acting.person_id, authority=held.words,
        )  # fmt: skip
        event.state = Event.State.CLOSED
        event.save(update_fields=["state", "changed_at"])
    record(
        acting, "training.closed", event, region=event.region_code, authority=held.words, number=event.number,
        results=counted, sha256=report.content_sha256,
    )  # fmt: skip
    return report


def certify(acting: Acting, event: Event) -> Sequence[Certificate]:
    """Certificates for all who qualify and hold none from this event. Raises TrainingRefused, PermissionDenied."""
    acting.authority(May.ISSUE_CERTIFICATE, event.region_code)
    if event.state != Event.State.CLOSED or event.skill_id is None:
        raise TrainingRefused(
            _("Sertifikat diterbitkan setelah kegiatan ditutup, untuk pelatihan yang memberi keahlian.")
        )
    wanted: dict[str, list[Wanted]] = defaultdict(list)
    for one in to_certify(acting, event):
        wanted[issuing_office(event, one)].append(
            Wanted(
                staff_id=one.participant.staff_id,
                skill_id=event.skill_id,
                title=event.title,
                from_event=event.pk,
                event_title=event.title,
                held_from=event.starts_on,
                held_until=event.ends_on,
                hours=event.hours,
                place=event.venue,
            )
        )
    if not wanted:
        raise TrainingRefused(_("Tidak ada lagi yang memenuhi syarat dan belum memegang sertifikat."))
    try:
        with transaction.atomic():
            return [made for office, hers in sorted(wanted.items()) for made in issue(acting, office, hers)]
    except CertificateRefused as why:
        raise TrainingRefused(str(why)) from why
