"""One event: made, changed, people invited to it, cancelled."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.jobs.work import start
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.course_queries import may_hold
from gandeng.training.event_queries import Standing
from gandeng.training.models import Course, Event, Participant


@dataclass(frozen=True)
class Text:
    """What an event is and asks."""

    title: str
    venue: str
    starts_on: date
    ends_on: date
    capacity: int
    address: str = ""
    batch_no: int | None = None
    absent_max: int | None = None
    hours: int | None = None
    attendance_percent_min: int | None = None
    pass_percent: int | None = None


@dataclass(frozen=True)
class Place:
    """What may change after people were invited."""

    venue: str
    address: str
    reply_until: date


@transaction.atomic
def enter(acting: Acting, course: Course, office: str, text: Text) -> Event:
    """A draft. Raises TrainingRefused, PermissionDenied."""
    authority = acting.authority(May.PLAN_TRAINING, office)
    if office not in may_hold(acting, course) or course.ended_on is not None:
        raise TrainingRefused(_("Pelatihan ini tidak dapat diselenggarakan kantor itu."))
    _days_to_come(text)
    with refusing():
        event = Event.objects.create(
            course=course, region_code=office, skill_id=course.skill_id, made_by_id=acting.person_id, **asdict(text)
        )
    event.refresh_from_db(fields=["number"])
    record(acting, "training_event.entered", event, region=office, authority=authority, number=event.number)
    return event


@transaction.atomic
def change(acting: Acting, standing: Standing, text: Text) -> None:
    """A draft; its people keep their seats or the database says why not. Raises TrainingRefused, PermissionDenied."""
    event, authority = _locked(acting, standing)
    if event.state != Event.State.DRAFT:
        raise TrainingRefused(_("Undangan sudah terkirim. Yang dapat diubah hanya tempat dan batas jawaban."))
    _days_to_come(text)
    coming = _coming(event).count()
    if text.capacity < coming:
        raise TrainingRefused(
            _("Sudah ada %(count)s calon peserta. Coret dahulu, atau sediakan tempat bagi semuanya.")
            % {"count": coming}, "capacity",
        )  # fmt: skip
    changed = sorted(name for name, value in asdict(text).items() if getattr(event, name) != value)
    with refusing():
        Event.objects.filter(pk=event.pk).update(**asdict(text), changed_at=timezone.now())
    record(
        acting, "training_event.changed", event, region=event.region_code, authority=authority, number=event.number,
        changed=changed,
    )  # fmt: skip


@transaction.atomic
def move(acting: Acting, standing: Standing, place: Place) -> None:
    """Another hall, another last day to answer, after people were invited. Raises TrainingRefused, PermissionDenied."""
    event, authority = _locked(acting, standing)
    if event.state != Event.State.INVITED:
        raise TrainingRefused(_("Kegiatan ini belum diundangkan atau sudah selesai."))
    _reply_in_time(event, place.reply_until)
    with refusing():
        Event.objects.filter(pk=event.pk).update(**asdict(place), changed_at=timezone.now())
    record(
        acting, "training_event.moved", event, region=event.region_code, authority=authority, number=event.number,
        venue=place.venue, reply_until=place.reply_until.isoformat(),
    )  # fmt: skip


@transaction.atomic
def invite(acting: Acting, standing: Standing, reply_until: date, home: str = "") -> int:
    """Everybody named is told; gives how many. Raises TrainingRefused, PermissionDenied.

    `home` is the address of the site, for mails that lead there; without it none goes out.
    """
    event, authority = _locked(acting, standing)
    if event.state not in (Event.State.DRAFT, Event.State.INVITED):
        raise TrainingRefused(_("Kegiatan ini sudah selesai atau dibatalkan."))
    if event.ends_on < timezone.localdate():
        raise TrainingRefused(_("Hari kegiatan ini sudah lewat. Ubah dahulu harinya."))
    _reply_in_time(event, reply_until)
    with refusing():
        Event.objects.filter(pk=event.pk).update(
            state=Event.State.INVITED, reply_until=reply_until, changed_at=timezone.now()
        )
        named = Participant.objects.filter(event=event, state=Participant.State.NOMINATED)
        told = named.update(state=Participant.State.INVITED, invited_at=timezone.now())
    if not told:
        raise TrainingRefused(_("Belum ada calon peserta yang dapat diundang."))
    record(
        acting, "training_event.invited", event, region=event.region_code, authority=authority, number=event.number,
        people=told, reply_until=reply_until.isoformat(),
    )  # fmt: skip
    if home:
        title = _("Surel undangan %(number)s") % {"number": event.number}
        start(acting, "training.mail_invitations", title, event=str(event.pk), home=home)
    return told


@transaction.atomic
def cancel(acting: Acting, standing: Standing, reason: str) -> None:
    """It is not held; everybody on it is taken off for that reason. Raises TrainingRefused, PermissionDenied."""
    event, authority = _locked(acting, standing)
    with refusing(_("Kegiatan ini sudah selesai atau dibatalkan.")):
        Event.objects.filter(pk=event.pk).update(
            state=Event.State.CANCELLED, cancelled_because=reason, changed_at=timezone.now()
        )
    record(
        acting, "training_event.cancelled", event, region=event.region_code, authority=authority, reason=reason,
        number=event.number,
    )  # fmt: skip


def _locked(acting: Acting, standing: Standing) -> tuple[Event, str]:
    authority = acting.authority(May.PLAN_TRAINING, standing.event.region_code)
    return Event.objects.select_for_update(of=("self",), no_key=True).get(pk=standing.event.pk), authority


def _coming(event: Event) -> QuerySet[Participant]:
    return Participant.objects.filter(event=event, state__in=Participant.COMING)


def _days_to_come(text: Text) -> None:
    if text.ends_on < text.starts_on:
        raise TrainingRefused(_("Hari terakhir tidak boleh sebelum hari pertama."), "ends_on")
    if text.starts_on < timezone.localdate():
        raise TrainingRefused(_("Hari pertama tidak boleh sebelum hari ini."), "starts_on")


def _reply_in_time(event: Event, reply_until: date) -> None:
    if not timezone.localdate() <= reply_until <= event.starts_on:
        raise TrainingRefused(_("Pilih hari dari hari ini sampai hari pertama kegiatan."), "reply_until")
