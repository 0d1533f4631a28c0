"""Invitations by e-mail: where there is an address, once each, whatever happens to the worker."""

from smtplib import SMTPServerDisconnected
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person, User
from gandeng.facilitators.tests.factories import make_staff
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.jobs.work import start
from gandeng.training.actions import events
from gandeng.training.event_queries import access_run
from gandeng.training.jobs import MAILS
from gandeng.training.models import Participant
from gandeng.training.tests.factories import make_course, make_event, make_participant
from gandeng.web import mail as mail_door

HOME = "https://gandeng.contoh.test/"


@pytest.fixture
def invited(own_database):
    """An event with three people invited: two have an address, one login of them was closed."""
    operator = Cast()("DISTRICT_OPERATOR", "6371")
    event = make_event(operator, make_course(operator))
    for number in range(3):
        who = Cast()("FACILITATOR", f"637101100{number + 1}", name=f"Siti Undangan {number}")
        staff = make_staff("6371", person=Person.objects.get(pk=who.person_id), home=f"63710{number + 1}")
        make_participant(operator, event, staff)
        if number == 2:
            User.objects.filter(person_id=who.person_id).update(is_active=False)
    with in_territory(operator):
        events.invite(operator, access_run(operator, event.pk), timezone.localdate(), HOME)
        event.refresh_from_db()
    mail.outbox.clear()
    return operator, event


def work():
    """What waits in the queue."""
    for job in Job.objects.filter(kind=MAILS, state=Job.State.WAITING):
        run_job(job_id=str(job.pk))


def test_each_with_an_address_gets_one_with_a_link_to_answer(invited):
    operator, event = invited
    work()
    assert len(mail.outbox) == 2 and all(len(one.to) == 1 and not one.cc and not one.bcc for one in mail.outbox)
    for one in mail.outbox:
        assert event.title in one.subject and event.venue in one.body and event.number in one.body
        assert f"{HOME}{reverse('training:own_event', args=[event.pk])[1:]}" in one.body
        assert "Keluarga" not in one.body and "keluarga" not in one.body, "nothing of families"
    assert {one.body.split(",")[0] for one in mail.outbox} == {"Siti Undangan 0", "Siti Undangan 1"}
    assert Job.objects.get(kind=MAILS).state == Job.State.DONE
    with in_territory(operator):
        assert [one.staff.person.name for one in Participant.objects.filter(mailed_at=None)] == ["Siti Undangan 2"]


def test_a_doubled_job_sends_once(invited):
    operator, event = invited
    with in_territory(operator):
        start(operator, MAILS, "Sekali lagi", event=str(event.pk), home=HOME)
    jobs, barrier = [str(one.pk) for one in Job.objects.filter(kind=MAILS)], Barrier(2)

    def run(job):
        barrier.wait(20)
        run_job(job_id=job)
        connections.close_all()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(mail.outbox) == 2
    assert {one.state for one in Job.objects.filter(kind=MAILS)} == {Job.State.DONE}


def test_a_killed_job_goes_on_where_it_was(invited, monkeypatch):
    """Killed after the first mail: the work's own transaction is lost, what was sent stays known."""
    sent, send = [], mail_door.send_mail

    def killed(*told):
        if sent:
            raise SystemExit
        sent.append(send(*told))

    monkeypatch.setattr(mail_door, "send_mail", killed)
    [job] = Job.objects.filter(kind=MAILS)
    with pytest.raises(SystemExit):
        run_job(job_id=str(job.pk))
    first = {one.to[0] for one in mail.outbox}
    monkeypatch.setattr(mail_door, "send_mail", send)
    run_job(job_id=str(job.pk))
    assert len(mail.outbox) == len({one.to[0] for one in mail.outbox}) and first <= {one.to[0] for one in mail.outbox}


def test_what_the_server_refused_is_told_and_may_go_out_later(invited, monkeypatch):
    operator, event = invited
    send = mail_door.send_mail

    def refuses(*told):
        raise SMTPServerDisconnected

    monkeypatch.setattr(mail_door, "send_mail", refuses)
    work()
    [job] = Job.objects.filter(kind=MAILS)
    assert (job.state, mail.outbox) == (Job.State.FAILED, []) and job.message.startswith("2 undangan tidak terkirim")
    monkeypatch.setattr(mail_door, "send_mail", send)
    with in_territory(operator):
        start(operator, MAILS, "Lagi", event=str(event.pk), home=HOME)
    work()
    assert len(mail.outbox) == 2


def test_the_page_asks_for_mails_and_the_try_out_writes_to_nobody(cast, client_of, settings):
    operator = cast("DISTRICT_OPERATOR", "6371")
    course = make_course(operator)
    for demo, jobs in ((False, 1), (True, 1)):
        settings.DEMO = demo
        event = make_event(operator, course)
        make_participant(operator, event, home="637101")
        address, told = reverse("training:invite", args=[event.pk]), {"reply_until": timezone.localdate().isoformat()}
        assert client_of(operator).post(address, told).status_code == 302
        assert Job.objects.filter(kind=MAILS).count() == jobs
    with in_territory(operator):
        told = Participant.objects.get(event=event)
        Participant.objects.filter(pk=told.pk).update(mailed_at=timezone.now())
    page = client_of(operator).get(reverse("training:participant", args=[event.pk, told.pk])).content.decode()
    assert "Surel undangan" in page
