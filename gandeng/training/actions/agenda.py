"""Hours of an event, and files for its participants."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, time
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal_content, unseal_content
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.event_queries import Standing
from gandeng.training.models import AgendaItem, Material

MATERIALS_MAX = 40
_LABEL_SHOWN = 120


@dataclass(frozen=True)
class Hour:
    """What happens, when, by whom; `problem_id` is one that comes back."""

    day: date
    starts_at: time
    ends_at: time
    title: str
    speaker: str = ""
    problem_id: UUID | None = None


@dataclass(frozen=True)
class Paper:
    """A file to hand out."""

    label: str
    media_type: str
    content: bytes


@transaction.atomic
def add(acting: Acting, standing: Standing, hour: Hour) -> AgendaItem:
    """Another hour. Raises TrainingRefused, PermissionDenied."""
    event, authority = standing.event, _authority(acting, standing)
    with refusing():
        made = AgendaItem.objects.create(event=event, region_code=event.region_code, **asdict(hour))
    record(
        acting, "agenda_item.added", made, region=event.region_code, authority=authority, number=event.number,
        day=hour.day.isoformat(), problem=str(hour.problem_id or ""),
    )  # fmt: skip
    return made


@transaction.atomic
def change(acting: Acting, standing: Standing, item: AgendaItem, hour: Hour) -> None:
    """The same hour, told otherwise; a problem on it stays. Raises TrainingRefused, PermissionDenied."""
    event, authority = standing.event, _authority(acting, standing)
    told = {name: value for name, value in asdict(hour).items() if name != "problem_id"}
    with refusing():
        AgendaItem.objects.filter(pk=item.pk, event=event).update(**told)
    record(
        acting, "agenda_item.changed", item, region=event.region_code, authority=authority, number=event.number,
        day=hour.day.isoformat(),
    )  # fmt: skip


@transaction.atomic
def drop(acting: Acting, standing: Standing, item: AgendaItem) -> None:
    """It does not happen. Raises TrainingRefused, PermissionDenied."""
    event, authority = standing.event, _authority(acting, standing)
    record(
        acting, "agenda_item.dropped", item, region=event.region_code, authority=authority, number=event.number,
        title=item.title,
    )  # fmt: skip
    with refusing():
        AgendaItem.objects.filter(pk=item.pk, event=event).delete()


@transaction.atomic
def hand_out(acting: Acting, standing: Standing, paper: Paper) -> Material:
    """A file for the participants. Raises TrainingRefused, PermissionDenied."""
    event, authority = standing.event, _authority(acting, standing)
    if Material.objects.filter(event=event, taken_off_at=None).count() >= MATERIALS_MAX:
        raise TrainingRefused(_("Paling banyak %(most)s bahan. Lepas dahulu yang lama.") % {"most": MATERIALS_MAX})
    key = uuid4()
    sealed = seal_content(paper.content, Place("training_material", "content", str(key)))
    made = Material.objects.create(
        pk=key, event=event, region_code=event.region_code, label=paper.label[-_LABEL_SHOWN:],
        media_type=paper.media_type, byte_count=len(paper.content), content_sealed=sealed,
        sha256=hashlib.sha256(paper.content).hexdigest(), added_by_id=acting.person_id,
    )  # fmt: skip
    record(
        acting, "training_material.added", made, region=event.region_code, authority=authority, number=event.number,
        sha256=made.sha256,
    )  # fmt: skip
    return made


@transaction.atomic
def take_off(acting: Acting, standing: Standing, material: Material) -> None:
    """Nobody finds it any more; it is kept. Raises TrainingRefused, PermissionDenied."""
    event, authority = standing.event, _authority(acting, standing)
    Material.objects.filter(pk=material.pk, event=event, taken_off_at=None).update(taken_off_at=timezone.now())
    record(
        acting, "training_material.taken_off", material, region=event.region_code, authority=authority,
        number=event.number,
    )  # fmt: skip


def content_of(material: Material) -> bytes:
    """The file; the caller has found it by `access_material`."""
    return unseal_content(bytes(material.content_sealed), Place("training_material", "content", str(material.pk)))


def _authority(acting: Acting, standing: Standing) -> str:
    authority = acting.authority(May.PLAN_TRAINING, standing.event.region_code)
    if not standing.open:
        raise TrainingRefused(_("Kegiatan ini sudah selesai atau dibatalkan."))
    return authority
