"""A draw: by chance, once, kept, hidden from whoever accompanies, and repeated by whoever doubts it."""

from fractions import Fraction
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant
from gandeng.audit.models import AuditEntry
from gandeng.core.sampling import drawn
from gandeng.facilitators.models import Accompaniment, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.monitoring import actions, figures, queries
from gandeng.monitoring.models import Draw, Drawn, Stratum
from gandeng.monitoring.published import value
from gandeng.monitoring.refused import MonitoringRefused
from gandeng.monitoring.tests.factories import (
    DISTRICT,
    ELSEWHERE,
    NEAR,
    VILLAGE,
    WHOLE,
    accompanying,
    miss,
    person_of,
    say,
)
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


def test_it_works(world):
    made = world.draw(each=2)
    rows = world.of(VILLAGE) + world.of(NEAR)
    assert len(rows) == 4 and {one.net_rupiah for one in rows} == {600_000}
    with in_territory(world.coordinator):
        strata = list(Stratum.objects.filter(draw=made).select_related("staff"))
        assert [len(one.families) for one in strata] == [3, 3]
        assert {one.staff.person_id for one in strata} == {one.person_id for one in world.facilitators.values()}
    for one in rows:
        assert one.staff.person_id == world.facilitators[one.village_code].person_id, "who accompanied on the pay day"
    with in_territory(EVERYWHERE):
        entry = AuditEntry.objects.get(action="monitoring.drawn")
    assert entry.facts["families"] == 4 and not {one.name for one in rows} & set(map(str, entry.facts.values()))


def test_fewer_families_than_wanted_are_all_asked(world):
    world.draw()
    assert len(world.of(VILLAGE)) == len(world.of(NEAR)) == 3


def test_the_seed_is_promised_at_once_and_told_when_nobody_waits(world):
    made = world.draw(each=1)
    with in_territory(world.coordinator):
        assert actions.seed_told(made) is None
    say(world.operator, world.of(VILLAGE)[0])
    miss(world.operator, world.of(NEAR)[0], "UNWILLING")
    with in_territory(world.coordinator):
        seed = actions.seed_told(made)
        assert sha256(seed).hexdigest() == made.seed_sha256 and actions.redrawn(made, seed)
        assert not actions.redrawn(made, bytes(32)), "another seed is noticed"
        for one in Stratum.objects.filter(draw=made):
            kept = {str(row.family_id) for row in Drawn.objects.filter(stratum=one)}
            assert set(drawn(seed, map(str, one.families), 1)) == kept, "as an auditor draws again"


def test_a_second_draw_gives_its_reason_and_takes_others(world):
    world.draw(each=1)
    with pytest.raises(MonitoringRefused) as refused:
        world.draw(each=1)
    assert refused.value.field == "reason"
    again = world.draw(each=5, reason="Satu keluarga menceritakan potongan")
    assert again.number == 2 and len(world.of(VILLAGE)) == 3, "nobody is drawn twice"
    with pytest.raises(MonitoringRefused, match="belum diundi"):
        world.draw(reason="Masih ragu")


def test_a_later_draw_of_one_facilitator_alone(world):
    world.draw(each=1)
    staff = world.of(VILLAGE)[0].staff_id
    world.draw(each=2, reason="Satu keluarga menceritakan potongan", staff=frozenset({staff}))
    assert len(world.of(VILLAGE)) == 3 and len(world.of(NEAR)) == 1
    with in_territory(world.coordinator):
        line = next(one for one in figures.lines(world.cycle, DISTRICT) if one.staff_id == staff)
    assert line.families == 3 and line.looks == 2, "a second look at the same person has to be surer"


def test_it_refuses_who_may_not_draw(world, cast):
    for other in (world.operator, world.facilitators[VILLAGE], cast("DISTRICT_COORDINATOR", "6372")):
        with in_territory(other), pytest.raises(PermissionDenied):
            actions.draw(other, world.cycle, DISTRICT)


def test_whoever_accompanies_finds_nothing_of_it(world, cast):
    """In our queries and, told to look everywhere, in the database beneath them."""
    world.draw()
    lead = cast("SUB_DISTRICT_LEAD", "637101", person=person_of(world.facilitators[VILLAGE]))
    for own, village in ((world.facilitators[NEAR], NEAR), (lead, VILLAGE)):
        with in_territory(own), queries.wherever():
            assert not Drawn.objects.filter(village_code=village).exists()
            assert not Stratum.objects.exists() and not Draw.objects.exists()
            assert not queries.tasks(own).exists()
    with in_territory(world.operator):
        assert Drawn.objects.count() == 6


def _goes_to(acting, moved):
    """The family of that accompaniment is accompanied by somebody else from today on."""
    day = timezone.localdate()
    with in_territory(EVERYWHERE), scopes_disabled():
        staff = Staff.objects.get(person_id=acting.person_id)
        Accompaniment.objects.filter(pk=moved.pk).update(valid_until=day)
        Accompaniment.objects.create(
            family_id=moved.family_id, staff=staff, village_code=VILLAGE, valid_from=day, began_by=moved.began_by
        )


def test_a_new_facilitator_of_the_family_does_not_find_it_either(world):
    world.draw()
    heir = world.facilitators[NEAR]
    with in_territory(EVERYWHERE), scopes_disabled():
        moved = Accompaniment.objects.filter(village_code=VILLAGE).first()
        stratum = Stratum.objects.get(staff=moved.staff_id)
    _goes_to(heir, moved)
    with in_territory(world.coordinator), pytest.raises(MonitoringRefused, match="mendampingi"):
        actions.hand_out(world.coordinator, stratum, person_of(heir))
    with in_territory(heir), queries.wherever():
        assert not Drawn.objects.exists()


def test_a_family_whose_asker_accompanies_it_by_now_is_the_desk_s(world):
    world.draw()
    own = world.of(VILLAGE)
    make_staff(DISTRICT, person=person_of(world.outsider))
    with in_territory(world.coordinator):
        actions.hand_out(world.coordinator, own[0].stratum, person_of(world.outsider))

    def asked_by(acting):
        with in_territory(acting):
            return set(queries.tasks(acting).values_list("pk", flat=True)) & {one.pk for one in own}

    assert (len(asked_by(world.outsider)), len(asked_by(world.desk))) == (3, 0)
    with in_territory(EVERYWHERE), scopes_disabled():
        moved = Accompaniment.objects.get(family=own[0].family_id)
    _goes_to(world.outsider, moved)
    assert asked_by(world.outsider) == {own[1].pk, own[2].pk}
    assert asked_by(world.desk) == {own[0].pk}
    assert say(world.desk, own[0]).whole


def test_only_a_family_of_the_frame_can_be_drawn(world):
    made = world.draw(each=1)
    with in_territory(world.coordinator):
        one = Drawn.objects.filter(draw=made, village_code=VILLAGE).get()
        left = next(key for key in one.stratum.families if key != one.family_id)
        one.pk, one.family_id, one.payment_id = uuid4(), left, _payment_of(world, left)
        with pytest.raises(Exception, match="the draw is over"), transaction.atomic():
            one.save(force_insert=True)
        one.family_id = world.of(NEAR)[0].family_id
        with pytest.raises(Exception, match="another frame"), transaction.atomic():
            one.save(force_insert=True)


def _payment_of(world, family_id):
    from gandeng.payments.models import Payment

    with in_territory(EVERYWHERE):
        return Payment.objects.get(cycle=world.cycle, family_id=family_id).pk


@pytest.mark.parametrize("table", ["draw", "stratum", "drawn"])
def test_nothing_drawn_is_changed_or_taken_out(world, table):
    world.draw()
    never = pytest.raises(Exception, match=r"permission denied|never")
    with in_territory(world.coordinator), connection.cursor() as cursor, never, transaction.atomic():
        cursor.execute(f"delete from monitoring_{table}")


def test_given_families_are_asked_by_a_facilitator_from_elsewhere_alone(world, cast):
    made = world.draw()
    with in_territory(world.coordinator):
        stratum = Stratum.objects.get(draw=made, staff__person_id=world.facilitators[VILLAGE].person_id)
        offered = queries.people_for(stratum)
    assert person_of(world.outsider) in offered and person_of(world.desk) in offered
    assert not {person_of(one) for one in world.facilitators.values()} & set(offered)
    refused = {world.facilitators[VILLAGE]: "mendampingi", world.facilitators[NEAR]: "kecamatan lain"}
    for other, why in refused.items():
        with in_territory(world.coordinator), pytest.raises(MonitoringRefused, match=why):
            actions.hand_out(world.coordinator, stratum, person_of(other))
    with in_territory(world.coordinator):
        actions.hand_out(world.coordinator, stratum, person_of(world.outsider))
    with in_territory(world.outsider):
        own = list(queries.tasks(world.outsider))
    assert {one.village_code for one in own} == {VILLAGE} and len(own) == 3
    with in_territory(world.operator):
        assert {one.village_code for one in queries.tasks(world.operator)} == {NEAR}, "the desk leaves them"
    say(world.outsider, own[0], WHOLE)
    Grant.objects.filter(person_id=world.outsider.person_id).update(valid_until=timezone.localdate())
    with in_territory(world.operator):
        left = {one.pk for one in queries.tasks(world.operator)}
    assert {one.pk for one in own[1:]} <= left, "given to somebody whose role has ended, they wait for the desk again"
    with in_territory(world.coordinator):
        actions.hand_out(world.coordinator, stratum, None)
    with in_territory(world.outsider):
        assert not queries.tasks(world.outsider).exists(), "given back is gone"
    assert ELSEWHERE[:6] != VILLAGE[:6]
    stranger = accompanying(cast, world.coordinator, ELSEWHERE)
    with in_territory(stranger):
        assert not queries.tasks(stranger).exists()


def test_no_fewer_find_a_fifth_in_nineteen_of_twenty():
    asked, silent = value("each"), Fraction(4, 5)
    assert silent**asked <= Fraction(1, 20) < silent ** (asked - 1)
