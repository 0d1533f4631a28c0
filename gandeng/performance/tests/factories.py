"""An invented facilitator who works and reports."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from django_scopes import scopes_disabled
from PIL import Image

from gandeng.accounts.acting import Acting, acting_for, in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.files.photos import reduced
from gandeng.performance.actions import reports, reviews
from gandeng.performance.actions.targets import Wanted, set_report_day, set_targets
from gandeng.performance.models import Report
from gandeng.performance.months import month_before
from gandeng.performance.report_queries import access_report
from gandeng.performance.sources import Source
from gandeng.registry.models import ChangeRequest
from gandeng.registry.tests.factories import EVERYWHERE, make_family

WIB = ZoneInfo("Asia/Jakarta")
SAID = {"obstacles": "Jalan putus", "suggestions": "Jadwal bersama", "conclusion": "Berjalan baik"}


@dataclass
class Worker:
    """A facilitator, as staff and as she signs in."""

    acting: Acting
    staff: Staff


def make_worker(cast, region="6371", *, village="", role="FACILITATOR", grant="FACILITATOR") -> Worker:
    """Somebody in the field with a login."""
    village = village or f"{region}011001"
    acting = cast(grant, village if grant == "FACILITATOR" else region)
    staff = make_staff(region, person=Person.objects.get(pk=acting.person_id), home=f"{region}01", role=role)
    return Worker(acting_for(acting.person_id, timezone.localdate()), staff)


def ask_changes(worker: Worker, *days: date, kind="DISABILITY", state="PENDING", village="") -> list[ChangeRequest]:
    """Requests of hers, each at noon of a day."""
    made = []
    with in_territory(EVERYWHERE), scopes_disabled():
        decider = Person.objects.create(name="Pemutus Uji").pk if state in ("APPROVED", "REFUSED") else None
        for day in days:
            code = village or f"{worker.staff.region_code}011001"
            change = ChangeRequest.objects.create(
                family=make_family(code), village_code=code, kind=kind, reason="Uji", state="PENDING",
                requested_by_id=worker.acting.person_id,
            )  # fmt: skip
            at = datetime(day.year, day.month, day.day, 12, tzinfo=WIB)
            with connection.cursor() as cursor:
                cursor.execute(
                    """update registry_changerequest set requested_at = %s, state = %s, decided_by_id = %s,
                        decided_at = %s where id = %s""",
                    [at, state, decider, at if decider else None, change.pk],
                )
            made.append(change)
    return made


def last_month() -> date:
    """The first day of the month that is over."""
    return month_before(timezone.localdate())


def make_report(worker: Worker, month: date | None = None, *, hand_in=False, photo: bytes | None = None) -> Report:
    """Begun and written, perhaps with a photo, perhaps handed in."""
    with in_territory(worker.acting):
        report = reports.begin(worker.acting, worker.staff, month or last_month())
        reports.write(worker.acting, access_report(worker.acting, report.pk), SAID)
        if photo is not None:
            reports.add_photo(worker.acting, access_report(worker.acting, report.pk), reduced(photo), "Kunjungan")
        if hand_in:
            reports.hand_in(worker.acting, access_report(worker.acting, report.pk))
        report.refresh_from_db()
    return report


def review(acting: Acting, report: Report, verdict="AGREED", comment=""):
    """A supervisor's word about what lies before her."""
    with in_territory(acting):
        opened = access_report(acting, report.pk)
        shown = opened.version.content_sha256 if opened.version else ""
        return reviews.review(acting, opened, verdict, comment, shown)


def picture(seed=1, *, size=(400, 300), kind="JPEG", **how) -> bytes:
    """A picture of its own look."""
    drawn = Image.new("RGB", size, "white")
    for place in range(8):
        shade = (seed * 97 + place * 53 * (seed + 1)) % 255
        drawn.paste((shade, 255 - shade, 80), (place * 50, (seed * place * 31) % 200, place * 50 + 40, 290))
    out = io.BytesIO()
    drawn.save(out, kind, **how)
    return out.getvalue()


FAKE = Source(
    "uji.sesi", 2, "sesi uji",
    """select s.id as staff_id, d::date as day, 'SESI' as kind, gen_random_uuid() as thing_id, '' as told
        from facilitators_staff s, generate_series(%(since)s::date, %(until)s::date - 1, interval '10 days') d
        where s.id = any(%(staff)s)""",
)  # fmt: skip


def days_of(month: date, count: int) -> list[date]:
    """So many days of a month, one after the other."""
    return [month + timedelta(days=place % 27) for place in range(count)]


def fill_everything(cast, region="6371") -> Worker:
    """A target, a last day, and a report with a photo that was agreed to."""
    worker, coordinator = make_worker(cast, region), cast("DISTRICT_COORDINATOR", region)
    this = timezone.localdate().replace(month=1, day=1)
    with in_territory(coordinator):
        wanted = Wanted(region, this.year, [5], post_role="FACILITATOR", count=36, reason="Uji")
        set_targets(coordinator, wanted)
        set_report_day(coordinator, region, 5, this, "Uji")
    review(coordinator, make_report(worker, hand_in=True, photo=picture()), comment="Baik")
    return worker
