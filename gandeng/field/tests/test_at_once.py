"""What really commits: many at the same moment, and a server that is killed between commit and answer."""

import json
import os
import signal
import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.field.actions import devices
from gandeng.field.models import Device, Entry, Visit
from gandeng.field.tests.factories import Phone, a_visit, accompanying
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

MANY = 10


@pytest.fixture
def phone(own_database):
    acting = _facilitator()
    found = Phone(_browser(acting))
    found.acting = acting
    return found


def _facilitator():
    from conftest import Cast

    cast = Cast()
    make_family()
    return accompanying(cast, cast("DISTRICT_COORDINATOR", "6371"))


def _browser(acting):
    from gandeng.accounts.models import User

    browser = Client()
    browser.force_login(
        User.objects.get(person_id=acting.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return browser


def _counts():
    with in_territory(EVERYWHERE):
        return Entry.objects.count(), Visit.objects.count()


def _again(phone):
    """The same session, from a connection of its own."""
    other = Client()
    other.cookies = phone.browser.cookies
    return Phone(other, id=phone.id)


def _at_once(doing):
    ready, ended = threading.Barrier(len(doing)), []

    def run(act):
        try:
            ready.wait()
            ended.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in doing]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(ended) == len(doing), "one of them broke"
    return ended


def test_ten_at_once_with_one_id_have_one_effect_and_one_answer(phone):
    phone.enter()
    entry = phone.entry("field.visit", phone.carry()["families"][0], a_visit())
    answers = _at_once([lambda: _again(phone).send(entry) for _ in range(MANY)])
    assert answers == [answers[0]] * MANY
    assert answers[0][0]["state"] == "ACCEPTED"
    assert _counts() == (1, 1)


def test_ten_at_once_with_one_id_and_other_contents_have_one_effect(phone):
    phone.enter()
    entry = phone.entry("field.visit", phone.carry()["families"][0], a_visit())
    sent = [entry | {"body": a_visit(note=f"isi {n}")} for n in range(MANY)]
    answers = _at_once([lambda one=one: _again(phone).send(one) for one in sent])
    assert sorted(one[0]["state"] for one in answers) == ["ACCEPTED"] + ["QUARANTINED"] * (MANY - 1)
    assert _counts() == (MANY, 1)


def test_an_entry_sent_while_the_phone_is_being_revoked_waits_for_nothing(phone, monkeypatch):
    """What is revoked is locked before the log is; what is sent is logged before it names the phone."""
    phone.enter()
    entry, told = phone.entry("field.visit", phone.carry()["families"][0], a_visit()), []
    record = devices.record

    def recorded(*told_to, **facts):
        sending = threading.Thread(target=lambda: told.extend(_alone(lambda: _again(phone).send(entry))))
        sending.start()
        sending.join(timeout=60)
        record(*told_to, **facts)

    monkeypatch.setattr(devices, "record", recorded)
    with in_territory(phone.acting):
        devices.revoke(phone.acting, Device.objects.get(), "Hilang")
        assert Device.objects.get().revoked_at is not None
    assert [one["state"] for one in told] == ["ACCEPTED"]


def _alone(act):
    try:
        return act()
    finally:
        connections.close_all()


def test_ten_at_once_ask_for_the_same_change_and_one_is_asked_for(phone):
    from gandeng.field.tests.factories import a_change
    from gandeng.registry.models import ChangeRequest

    phone.enter()
    family = phone.carry()["families"][0]
    sent = [phone.entry("registry.change", family, a_change(family["members"][0])) for _ in range(MANY)]
    answers = _at_once([lambda one=one: _again(phone).send(one) for one in sent])
    assert sorted(one[0]["state"] for one in answers) == ["ACCEPTED"] + ["CONFLICT"] * (MANY - 1)
    with in_territory(EVERYWHERE):
        assert ChangeRequest.objects.count() == 1


def test_ten_at_once_tell_the_same_session_and_one_meeting_stands(phone):
    from gandeng.family_sessions.models import Meeting
    from gandeng.family_sessions.tests.factories import make_group
    from gandeng.field.tests.factories import a_meeting, staff_of

    make_group(phone.acting, staff_of(phone.acting))
    phone.enter()
    group = phone.carry()["groups"][0]
    sent = [phone.about("family_sessions.meet", a_meeting(group)) for _ in range(MANY)]
    answers = _at_once([lambda one=one: _again(phone).send(one) for one in sent])
    assert sorted(one[0]["state"] for one in answers) == ["ACCEPTED"] + ["CONFLICT"] * (MANY - 1)
    with in_territory(EVERYWHERE):
        assert Meeting.objects.count() == 1


def test_ten_at_once_copy_the_same_sheet_and_one_stands(phone):
    from conftest import Cast
    from gandeng.commitments.models import Sheet, Verdict
    from gandeng.commitments.tests.factories import make_facility, placed
    from gandeng.field.tests.factories import a_sheet

    operator = Cast()("DISTRICT_OPERATOR", "6371")
    phone.enter()
    with in_territory(EVERYWHERE):
        pupil = Family.objects.get().collector
    placed(operator, pupil, make_facility(operator))
    sheet = phone.carry()["sheets"][0]
    sent = [phone.about("commitments.sheet", a_sheet(sheet, absent=0)) for _ in range(MANY)]
    answers = _at_once([lambda one=one: _again(phone).send(one) for one in sent])
    assert sorted(one[0]["state"] for one in answers) == ["ACCEPTED"] + ["CONFLICT"] * (MANY - 1)
    with in_territory(EVERYWHERE):
        assert (Sheet.objects.count(), Verdict.objects.count()) == (1, 1)


def test_ten_at_once_tell_a_family_of_its_graduation_and_it_is_told_once(phone):
    """And of ten that bring one and the same statement one is kept."""
    from conftest import Cast
    from gandeng.graduation import actions
    from gandeng.graduation.models import Step
    from gandeng.graduation.tests.factories import STROKES, WORDS, approved, do, opened, prepared

    phone.enter()
    with in_territory(EVERYWHERE):
        case = opened(phone.acting, Family.objects.get(), "INDEPENDENT")
    prepared(phone.acting, case)
    family = phone.carry()["families"][0]
    told = {"case": str(case.pk), "on_day": timezone.localdate().isoformat(), "words": WORDS}
    signed = {"signer": family["members"][0]["id"], "strokes": json.loads(STROKES)}
    entry = phone.entry("graduation.statement", family, told | signed)
    answers = _at_once([lambda: _again(phone).send(entry) for _ in range(MANY)])
    assert answers == [answers[0]] * MANY
    do(actions.propose, phone.acting, case, WORDS)
    approval = approved(Cast()("DISTRICT_HEAD", "6371"), case).number
    sent = [phone.entry("graduation.told", family, told | {"approval": approval}) for _ in range(MANY)]
    answers = _at_once([lambda one=one: _again(phone).send(one) for one in sent])
    assert sorted(one[0]["state"] for one in answers) == ["ACCEPTED"] + ["REFUSED"] * (MANY - 1)
    with in_territory(EVERYWHERE):
        kinds = list(Step.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == ["CHECKLIST", "VISIT", "STATEMENT", "STATEMENT", "PROPOSED", "APPROVED", "TOLD"]


def test_batches_at_once_with_the_same_entries_in_other_orders_have_each_one_effect(phone):
    """No two wait for each other for ever, and each entry is answered alike whoever brought it."""
    phone.enter()
    family = phone.carry()["families"][0]
    sent = [phone.entry("field.visit", family, a_visit(note=f"{n}")) for n in range(12)]
    orders = [sent, sent[::-1], sent[6:] + sent[:6], sent[::2] + sent[1::2]]
    answers = _at_once([lambda one=one: _again(phone).send(*one) for one in orders])
    told = [{each["id"]: each for each in one} for one in answers]
    assert told == [told[0]] * len(orders)
    assert {each["state"] for each in told[0].values()} == {"ACCEPTED"}
    assert _counts() == (12, 12)


def test_four_phones_at_once_and_three_get_in(phone):
    phones = [Phone(phone.browser) for _ in range(4)]
    answers = _at_once([lambda one=one: _again(one).enter().status_code for one in phones])
    assert sorted(answers) == [201, 201, 201, 409]
    assert Device.objects.count() == 3


def _dies(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_server_killed_between_commit_and_answer(phone):
    """It dies after the entry is committed and before anything is said; sent again, it is told as it stands."""
    phone.enter()
    entry = phone.entry("field.visit", phone.carry()["families"][0], a_visit())
    connections.close_all()
    child = os.fork()
    if child == 0:
        from gandeng.field.views import doors

        doors._told = _dies
        phone.send(entry)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert _counts() == (1, 1), "committed"
    assert [one["state"] for one in phone.send(entry, entry)] == ["ACCEPTED", "ACCEPTED"]
    assert _counts() == (1, 1)


def test_a_server_killed_before_the_commit_has_kept_nothing(phone):
    phone.enter()
    entry = phone.entry("field.visit", phone.carry()["families"][0], a_visit())
    connections.close_all()
    child = os.fork()
    if child == 0:
        from gandeng.field.actions import sending

        sending.said = _dies
        phone.send(entry)
        os._exit(1)
    os.waitpid(child, 0)
    assert _counts() == (0, 0)
    assert phone.send(entry)[0]["state"] == "ACCEPTED"
    assert _counts() == (1, 1)
