"""Performance in the try-out: targets of the main district, and reports of a few facilitators in every state.

Nothing is backdated: figures of months before the try-out began are what the records say, and lists may be empty.
"""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from django.utils import timezone
from PIL import Image, ImageDraw

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.roles import Role
from gandeng.facilitators.models import Employment, Post, Staff
from gandeng.files.photos import reduced
from gandeng.home.filling_people import Cast
from gandeng.performance.actions import reports, reviews, targets
from gandeng.performance.models import Report, Review, Target
from gandeng.performance.months import month_before
from gandeng.performance.published import areas
from gandeng.performance.report_queries import access_report

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

REASON_KEPT = "Perjanjian kinerja kabupaten/kota tahun berjalan"
LAST_DAY = 5
_AREAS = (4, 5, 7)
"""Those something is recorded of; the others stay unset, as in many offices."""
_SAID = {
    "obstacles": "Dua desa sulit dicapai saat hujan.",
    "suggestions": "Jadwal kunjungan bersama dengan tenaga kesehatan.",
    "conclusion": "Pemutakhiran data berjalan sesuai rencana.",
}
_RETURNED_KEPT = "Tambahkan apa yang dilakukan terhadap kendala itu."
_AGREED_KEPT = "Baik, lanjutkan."


def fill_performance(cast: Cast, doing: Doing) -> None:
    """As the people of the main district would; nothing where it has no facilitators."""
    district, today = cast.facilitator.grants[0].region_code[:4], timezone.localdate()
    coordinator, last = cast.coordinators[district], month_before(today)
    with doing(coordinator):
        _targets(coordinator, district, today)
        staff = list(_staff(district, cast))
    if not staff:
        return
    for month, verdict in ((month_before(last), Review.Verdict.AGREED), (last, "")):
        _report(doing, cast.facilitator, staff[0], month, coordinator, verdict)
    for one, verdict in zip(staff[1:], (Review.Verdict.AGREED, Review.Verdict.RETURNED, "", ""), strict=False):
        acting = Acting(
            one.person_id, one.person.name, (Held(Role.FACILITATOR, one.home_code or district, "", deputy=False),)
        )
        _report(doing, acting, one, last, coordinator, verdict)


def _staff(district: str, cast: Cast) -> list[Staff]:
    """She of the door, then some colleagues."""
    rows = Staff.objects.select_related("person").filter(
        region_code=district, posts__role=Post.Role.FACILITATOR, left_on=None
    )
    own = rows.filter(person_id=cast.facilitator.person_id)
    return [*own, *rows.exclude(person_id=cast.facilitator.person_id).order_by("staff_no")[:4]] if own else []


def _targets(coordinator: Acting, district: str, today: date) -> None:
    whose = [{"job_title": str(title)} for title in Employment.Title.values]
    for told in (*whose, {"post_role": str(Post.Role.FACILITATOR)}):
        for area in _AREAS:
            yearly = areas()[area].suggested.yearly
            basis = Target.Basis.COUNT if yearly else Target.Basis.PER_EVENT
            wanted = targets.Wanted(district, today.year, [area], basis=basis, count=yearly, reason=REASON_KEPT, **told)
            targets.set_targets(coordinator, wanted)
    targets.set_report_day(coordinator, district, LAST_DAY, today.replace(month=1, day=1), REASON_KEPT)


def _report(doing: Doing, acting: Acting, staff: Staff, month: date, reviewer: Acting, verdict: str) -> None:
    with doing(acting):
        report: Report = reports.begin(acting, staff, month)
        reports.write(acting, access_report(acting, report.pk), _SAID)
        picture = reduced(_drawn(f"{staff.staff_no} {month:%Y-%m}"))
        reports.add_photo(acting, access_report(acting, report.pk), picture, "Kunjungan ke desa dampingan")
        reports.hand_in(acting, access_report(acting, report.pk))
    if verdict:
        with doing(reviewer):
            opened = access_report(reviewer, report.pk)
            assert opened.version is not None, "it was handed in just now"  # noqa: S101
            said = _AGREED_KEPT if verdict == Review.Verdict.AGREED else _RETURNED_KEPT
            reviews.review(reviewer, opened, verdict, said, opened.version.content_sha256)


def _drawn(words: str) -> bytes:
    """A picture of nobody: bars whose heights follow from the words."""
    drawn = Image.new("RGB", (800, 600), "#dfe8ee")
    draw = ImageDraw.Draw(drawn)
    for place, sign in enumerate(words):
        height = ord(sign) * 37 % 400 + 60
        shade = (ord(sign) * 29 + place * 61) % 200
        draw.rectangle((place * 50 + 6, 580 - height, place * 50 + 44, 580), fill=(shade, 120, 200 - shade))
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()
