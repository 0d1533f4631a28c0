"""Whom the phones of the field are about: a facilitator with many families, a group, a school; pictures of a camera."""

import io
from dataclasses import replace
from datetime import time
from uuid import UUID, uuid4

from django.utils import timezone
from PIL import Image

from gandeng.accounts.acting import Acting, acting_for, in_territory
from gandeng.accounts.models import Person, User
from gandeng.commitments import actions as commitments
from gandeng.commitments.models import Facility
from gandeng.commitments.queries import quarters, to_decide
from gandeng.commitments.tests.factories import SIGNED, make_facility, make_pupil, months, placed, recorded
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.models import Accompaniment, Staff
from gandeng.family_sessions import actions as sessions
from gandeng.family_sessions.actions import Told
from gandeng.family_sessions.models import Group
from gandeng.field.actions.devices import revoke as revoked
from gandeng.field.models import Device
from gandeng.graduation.models import Case
from gandeng.graduation.tests.factories import opened, with_component
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

FAMILIES, PUPILS, MEMBERS = 30, 20, 25
VILLAGES = ("6371011001", "6371011002")
GROUP, SCHOOL = UUID(int=6371), "SD Negeri Canariah"
LEAD = "Koordinator kecamatan"


def fill_her_caseload() -> None:
    """Thirty families in two villages, those of one a group that meets today, and twenty pupils at a school.

    Two families missed a meeting; one is to be told of a suspension, and one may object to hers; one is on its way out.
    """
    her, keeper = people()
    made = [
        make_family(VILLAGES[number >= MEMBERS], members=2, name=f"Canariah Uji{number}") for number in range(FAMILIES)
    ]
    pupils = [make_pupil(VILLAGES[1], name=f"Kutilang Murid{number}") for number in range(2)]
    make_family(taken_away(), name="Canariah Pindah")
    with in_territory(keeper):
        for village in (*VILLAGES, taken_away()):
            assign(keeper, village)
    she = acting_for(her.pk, timezone.localdate())
    with in_territory(she):
        gather(she, [one for one in made if one.village_code == VILLAGES[0]][:MEMBERS])
        enrol(she, made[-PUPILS:])
        two_missed(she, [one for one in made if one.village_code == VILLAGES[1]][:5])
    two_are_suspended(she, keeper, pupils)
    leaving("Beo Pertama")


def leaving(name: str) -> Case:
    """A graduation of its own will that she opened for another family of hers."""
    her, keeper = people()
    family = with_component(VILLAGES[1], name=name)
    with in_territory(keeper):
        assign(keeper, VILLAGES[1])
    return opened(acting_for(her.pk, timezone.localdate()), family, "INDEPENDENT")


def assign(keeper: Acting, village: str) -> None:
    """All that nobody accompanies there, to her."""
    her, _keeper = people()
    staff = Staff.objects.get(person=her)
    assign_unaccompanied(keeper, village, staff, day=timezone.localdate(), reason="Uji")


def gather(she: Acting, families: list[Family]) -> None:
    """A group that meets today."""
    today = timezone.localdate()
    group = sessions.make_group(she, GROUP, "Kenari", VILLAGES[0], families, today)
    sessions.plan(she, group, today.year, [("1.1", today)])


def two_missed(she: Acting, families: list[Family]) -> None:
    """A meeting of another group today, where two did not come."""
    today = timezone.localdate()
    held = sessions.make_group(she, uuid4(), "Kutilang", VILLAGES[1], families, today)
    states = {one.pk: "PRESENT" if number > 1 else "ABSENT" for number, one in enumerate(families)}
    sessions.tell(she, held, Told(uuid4(), "1.1", today, time(9), "Balai desa", states))


def two_are_suspended(she: Acting, keeper: Acting, pupils: list[Member]) -> None:
    """For what their school signed; one was told."""
    school = make_facility(she, VILLAGES[1], name="SD Negeri Kutilang")
    for pupil in pupils:
        placed(she, pupil, school, since=last_quarter().months()[0])
    recorded(she, school, {pupil: months(8) for pupil in pupils}, quarter=last_quarter(),
             signed=replace(SIGNED, signed_on=timezone.localdate()))  # fmt: skip
    with in_territory(keeper):
        waiting = [one for one in to_decide() if one.family_id in {pupil.family_id for pupil in pupils}]
        made = commitments.decide(keeper, waiting, "SUSPEND", "Alpa melebihi batas menurut lembar sekolah")
        assert len(made) == len(pupils)
    with in_territory(she):
        commitments.tell(she, made[0], timezone.localdate(), "Di rumah, suratnya dibacakan")


def enrol(she: Acting, families: list[Family]) -> Facility:
    """One pupil of each since the last quarter began."""
    school = commitments.add_facility(she, kind="SCHOOL", code="", name=SCHOOL, village=VILLAGES[0])
    for family in families:
        pupil = Member.objects.filter(family=family).order_by("member_no").last()
        commitments.place(she, pupil, "EDUCATION", school, last_quarter().months()[0])
    return school


def last_quarter():
    """The one that ended last."""
    return quarters(timezone.localdate())[1]


def group() -> Group:
    """Hers."""
    with in_territory(EVERYWHERE):
        return Group.objects.get(pk=GROUP)


def taken_away() -> str:
    """A village of the sub-district whose families the try-out's plan leaves alone."""
    with in_territory(EVERYWHERE):
        moved = Accompaniment.objects.filter(valid_from__gt=timezone.localdate()).values_list("village_code", flat=True)
        others = [f"63710110{number:02}" for number in range(3, 13)]
        return next(code for code in others if code not in set(moved))


def people() -> tuple[Person, Acting]:
    """She, and who keeps her caseload."""
    her = User.objects.filter(email__startswith="pintu.", person__grants__role="FACILITATOR").first().person
    keeper = Person.objects.filter(grants__role="DISTRICT_COORDINATOR", grants__region_code="6371").first()
    return her, acting_for(keeper.pk, timezone.localdate())


def forget_phones() -> None:
    """Nobody has more than three."""
    with in_territory(EVERYWHERE):
        for device in Device.objects.filter(revoked_at=None):
            revoke(device)


def revoke(device: Device) -> None:
    """As its owner does."""
    owner = acting_for(device.person_id, timezone.localdate())
    with in_territory(owner):
        revoked(owner, device, "Uji selesai")


def picture(colour: int, size=(1600, 1200)) -> bytes:
    """As a camera makes it, larger than what is kept."""
    out = io.BytesIO()
    Image.new("RGB", size, (colour, 90, 255 - colour)).save(out, "JPEG")
    return out.getvalue()
