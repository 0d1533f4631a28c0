"""Skills and certificates of the try-out: most are in force, some run out, some ran out, a few were revoked.

Who has what follows from her place among the staff; most numbers of days from docs/programme.md, the rest is invented.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.certificates.actions import Wanted, issue, revoke
from gandeng.certificates.actions.skills import Settings, enter_skill
from gandeng.certificates.models import Skill
from gandeng.facilitators.models import Post, Staff

_FIELD = (Post.Role.FACILITATOR, Post.Role.SUB_DISTRICT_LEAD)
REASON_KEPT = "Daftar hadir menunjukkan ia tidak mengikuti seluruh hari pelatihan"
_REVOKED_EVERY = 137


class _Course(NamedTuple):
    """A skill, and batches of its training: so many days ago, for those whose place leaves that remainder of 20."""

    key: str
    name: str
    about: str
    months: int | None
    roles: Sequence[str]
    urgency: int
    event: str
    days: int
    hours: int
    batches: tuple[tuple[int, range], ...]


_COURSES = (
    _Course(
        "bimtap", "Bimbingan dan pemantapan (Bimtap)",
        "Pengenalan program bagi SDM baru: sosialisasi, validasi, verifikasi, P2K2, pemutakhiran, dan penyaluran.",
        None, _FIELD, 1, "Bimtap SDM PKH", 3, 30, ((1150, range(10)), (720, range(10, 19))),
    ),
    _Course(
        "diklat-fds", "Fasilitator P2K2/FDS", "Memandu pertemuan peningkatan kemampuan keluarga.", 36, _FIELD, 1,
        "Diklat P2K2/FDS", 10, 80, ((1160, range(2)), (1050, range(2, 5)), (610, range(5, 11)), (240, range(11, 17))),
    ),
    _Course(
        "elearning-fds", "Penyegaran P2K2 daring", "Belajar mandiri, lalu tatap muka daring.", 24, _FIELD, 3,
        "Diklat daring P2K2", 11, 40, ((690, range(3)), (300, range(3, 12))),
    ),
    _Course(
        "bimtek", "Bimtek SDM PKH", "Aturan dan alat kerja tahun berjalan.", 24,
        (*_FIELD, Post.Role.DISTRICT_COORDINATOR, Post.Role.DATA_ADMINISTRATOR), 2, "Bimtek SDM PKH", 2, 16,
        ((760, range(2)), (400, range(2, 15))),
    ),
)  # fmt: skip


def fill_certificates(officer: Acting, head: Acting, province: str) -> None:
    """The skills of the province, and what its staff have to show, issued by set. The caller has opened the territory.

    `officer` may keep skills, `head` issues; both of the province.
    """
    today = timezone.localdate()
    staff = list(Staff.objects.filter(region_code__startswith=province, left_on=None).order_by("staff_no"))
    own = [one for one in staff if one.person_id != head.person_id]
    for course in _COURSES:
        settings = Settings(course.about, course.months, [str(role) for role in course.roles], course.urgency)
        skill = enter_skill(officer, province, course.key, course.name, settings)
        needing = _whom(course, own, today)
        for batch, (ago, places) in enumerate(course.batches, start=1):
            _held(head, province, course, skill, batch, today - timedelta(days=ago), needing, places)


def _whom(course: _Course, staff: Sequence[Staff], today: date) -> list[UUID]:
    """Those who need it today, in order."""
    posts = Post.objects.filter(role__in=course.roles, valid_from__lte=today).exclude(valid_until__lte=today)
    held = set(posts.values_list("staff_id", flat=True))
    return [one.pk for one in staff if one.pk in held]


def _held(
    head: Acting, province: str, course: _Course, skill: Skill, batch: int, last: date, needing: Sequence[UUID],
    places: range,
) -> None:  # fmt: skip
    """One batch of a training and its certificates, of its last day."""
    event = f"{course.event} angkatan {batch}"
    made = issue(
        head, province,
        [
            Wanted(
                one, skill.pk, f"Telah mengikuti {course.event} dengan hasil baik", event_title=event,
                held_from=last - timedelta(days=course.days - 1), held_until=last, hours=course.hours,
                place="Balai diklat provinsi",
            )
            for place, one in enumerate(needing) if place % 20 in places
        ],
        on=last,
    )  # fmt: skip
    for one in made[60::_REVOKED_EVERY]:
        revoke(head, one, REASON_KEPT)
