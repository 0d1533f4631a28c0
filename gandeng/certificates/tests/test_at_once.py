"""Many at once, where each number is given once."""

from threading import Barrier, Thread
from uuid import uuid4

from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.certificates.actions import CertificateRefused, issue
from gandeng.certificates.models import Certificate
from gandeng.certificates.tests.factories import make_skill, wanted
from gandeng.facilitators.tests.factories import make_staff


def test_eight_at_once_never_give_one_number_twice(own_database):
    cast = Cast()
    head, skill = cast("DISTRICT_HEAD", "6371"), make_skill(cast("PROVINCE_OFFICER", "63"))
    people = [[make_staff("6371") for _ in range(5)] for _ in range(8)]
    barrier, failed = Barrier(8), []

    def give(those):
        try:
            with in_territory(head):
                barrier.wait(20)
                issue(head, "6371", [wanted(one, skill) for one in those])
        except Exception as error:  # noqa: BLE001 (told below)
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=give, args=(those,)) for those in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with in_territory(head):
        serials = sorted(Certificate.objects.values_list("serial", flat=True))
    assert serials == list(range(1, 41))


def test_two_at_once_give_nobody_two_of_one_training(own_database):
    cast = Cast()
    head, skill = cast("DISTRICT_HEAD", "6371"), make_skill(cast("PROVINCE_OFFICER", "63"))
    staff, event, barrier, told = make_staff("6371"), uuid4(), Barrier(2), []

    def give():
        try:
            with in_territory(head):
                barrier.wait(20)
                issue(head, "6371", [wanted(staff, skill, from_event=event)])
            told.append("issued")
        except CertificateRefused:
            told.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["issued", "refused"]
