"""A draw is made once, kept with its frame and its sealed seed, and can be drawn again when nobody waits any more."""

import secrets
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal, unseal
from gandeng.core import sampling
from gandeng.monitoring.frame import Credited, by_staff, credited
from gandeng.monitoring.models import Draw, Drawn, Handing, Stratum
from gandeng.monitoring.published import value
from gandeng.monitoring.queries import still_waiting
from gandeng.monitoring.refused import MonitoringRefused, words_of
from gandeng.payments.models import Cycle
from gandeng.registry.models import ordered_id
from gandeng.web.refusals import guarded


def draw(
    acting: Acting, cycle: Cycle, district: str, *, reason: str = "", each: int | None = None,
    staff: frozenset[UUID] = frozenset(),
) -> Draw:  # fmt: skip
    """Draw `each` families of every facilitator; later draws give a reason, and may be of some facilitators (`staff`).

    Raises MonitoringRefused, PermissionDenied.
    """
    authority = acting.authority(May.DRAW_FAMILIES, district)
    with transaction.atomic(), guarded(words_of):
        number = Draw.objects.filter(cycle=cycle, region_code=district).count() + 1
        _require(number, reason.strip())
        groups = {key: rows for key, rows in by_staff(credited(cycle, district)).items() if not staff or key in staff}
        if not groups:
            raise MonitoringRefused(_("Belum ada keluarga yang uangnya dikreditkan dan belum diundi."))
        seed = secrets.token_bytes(32)
        made = _kept(acting, cycle, district, number, each or value("each"), reason.strip(), seed, authority)
        frames = [_stratum(made, key, rows) for key, rows in groups.items()]
        Stratum.objects.bulk_create(frames)
        taken = [one for stratum in frames for one in _taken(made, stratum, groups[stratum.staff_id], seed)]
        Drawn.objects.bulk_create(taken)
        record(
            acting, "monitoring.drawn", made, region=district, authority=authority, reason=made.reason,
            stage=cycle.key, number=number, facilitators=len(frames), families=len(taken), seed_sha256=made.seed_sha256,
        )  # fmt: skip
    return made


def _require(number: int, reason: str) -> None:
    if number > 1 and not reason:
        raise MonitoringRefused(_("Undian tahap ini sudah ada. Undian tambahan perlu alasan."), "reason")
    if number == 1 and reason:
        raise MonitoringRefused(_("Undian pertama tidak memerlukan alasan."), "reason")


def _kept(
    acting: Acting, cycle: Cycle, district: str, number: int, each: int, reason: str, seed: bytes, authority: str
) -> Draw:  # fmt: skip
    key = ordered_id()
    return Draw.objects.create(
        pk=key, cycle=cycle, region_code=district, number=number, each=each, reason=reason,
        seed_sealed=seal(seed.hex(), _place(key)), seed_sha256=sha256(seed).hexdigest(), by_id=acting.person_id,
        authority=authority,
    )  # fmt: skip


def _stratum(made: Draw, staff_id: UUID | None, rows: list[Credited]) -> Stratum:
    families = sorted({row.family_id for row in rows}, key=str)
    return Stratum(pk=uuid4(), draw=made, staff_id=staff_id, region_code=made.region_code, families=families)


def _taken(made: Draw, stratum: Stratum, rows: list[Credited], seed: bytes) -> Iterable[Drawn]:
    known = {str(row.family_id): row for row in rows}
    for key in sampling.drawn(seed, known, made.each):
        row = known[key]
        yield Drawn(
            pk=ordered_id(), draw=made, stratum=stratum, cycle_id=made.cycle_id, staff_id=stratum.staff_id,
            family_id=row.family_id, payment_id=row.payment_id, village_code=row.village_code, name=row.name,
            net_rupiah=row.net_rupiah,
        )  # fmt: skip


def seed_told(made: Draw) -> bytes | None:
    """The seed, once nobody drawn with it waits to be asked; before that None."""
    if still_waiting(made):
        return None
    return bytes.fromhex(unseal(bytes(made.seed_sealed), _place(made.pk)))


def redrawn(made: Draw, seed: bytes) -> bool:
    """Whether drawing again from the frame kept gives the families drawn, and the seed is the one promised."""
    again = {
        key
        for families in Stratum.objects.filter(draw=made).values_list("families", flat=True)
        for key in sampling.drawn(seed, map(str, families), made.each)
    }
    kept = {str(key) for key in Drawn.objects.filter(draw=made).values_list("family_id", flat=True)}
    return again == kept and sha256(seed).hexdigest() == made.seed_sha256


def hand_out(acting: Acting, stratum: Stratum, to: Person | None) -> Handing:
    """Somebody else asks these families from now on; None: the desks of the district again.

    Raises MonitoringRefused, PermissionDenied.
    """
    authority = acting.authority(May.DRAW_FAMILIES, stratum.region_code)
    with transaction.atomic(), guarded(words_of):
        made = Handing.objects.create(
            stratum=stratum, region_code=stratum.region_code, to=to, by_id=acting.person_id, authority=authority
        )
        record(
            acting, "monitoring.handed_out", stratum, region=stratum.region_code, authority=authority,
            to=str(to.pk) if to else "",
        )  # fmt: skip
    return made


def _place(key: object) -> Place:
    return Place("monitoring_draw", "seed", str(key))
