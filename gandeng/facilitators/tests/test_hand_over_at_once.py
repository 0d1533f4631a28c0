"""Two people hand the same families over at the same moment: one does, the other is told that nothing is left."""

import threading
from collections import Counter

from django.db import connections
from django.utils import timezone

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.models import Accompaniment, CaseloadChange
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.tests.factories import make_family

VILLAGE = "6371011001"


def test_it_works(own_database):
    one, other = Cast()("DISTRICT_COORDINATOR", "6371"), Cast()("DISTRICT_COORDINATOR", "6371")
    giver, takers = make_staff(), [make_staff(), make_staff()]
    today = timezone.localdate()
    for _ in range(5):
        make_family(VILLAGE)
    with in_territory(one):
        caseload.assign_unaccompanied(one, VILLAGE, giver, day=today, reason="Uji")
    gate, found = threading.Barrier(2), []

    def work(who, taker):
        try:
            with in_territory(who):
                gate.wait()
                found.append(caseload.hand_over(who, giver, taker, day=today, reason="Uji").families)
        except CaseloadRefused as refused:
            found.append(str(refused))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=told) for told in zip((one, other), takers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == ["5", "Tidak ada keluarga yang berpindah: semuanya sudah demikian."]
    with in_territory(one):
        assert CaseloadChange.objects.filter(kind="HAND_OVER").count() == 1
        with_whom = Counter(Accompaniment.objects.filter(valid_until=None).values_list("staff_id", flat=True))
    assert list(with_whom.values()) == [5]
