"""Certificates one may look at; skills; what a certificate is on a day."""

from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.certificates.content import months_later
from gandeng.certificates.models import Certificate, Skill
from gandeng.certificates.needs import (
    RUNS_OUT_MONTHS,
    Covered,
    Lacking,
    Narrowed,
    coverage,
    holds,
    lacking,
    lacking_of,
    staff_lacking,
)
from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.facilitators.models import Staff
from gandeng.facilitators.queries import staff_of
from gandeng.web.finding import found_or_404, key_asked

__all__ = [
    "RUNS_OUT_MONTHS", "Covered", "Lacking", "Narrowed", "access_certificate", "access_skill", "certificates_of",
    "coverage", "holds", "lacking", "matching", "own_certificates", "own_lacking",
    "own_running_out", "running_out", "skills", "skills_for",
    "staff_lacking", "state_of",
]  # fmt: skip

FILTERS = ("q", "skill", "state", "region", "event")
STATES = {
    "": gettext_lazy("Semua"),
    "VALID": gettext_lazy("Berlaku"),
    "SOON": gettext_lazy("Segera berakhir"),
    "EXPIRED": gettext_lazy("Sudah berakhir"),
    "REVOKED": gettext_lazy("Dicabut"),
    "OUTSIDE": gettext_lazy("Dari lembaga lain"),
}


def skills(acting: Acting) -> QuerySet[Skill]:
    """Skills of the offices above one's territory and in it, ended ones too."""
    rows = Skill.objects.filter(region_code__touches=acting.territory).select_related("entered_by")
    return rows.order_by("region_code", "urgency", "name", "pk")


def skills_for(acting: Acting, region: str, day: date) -> QuerySet[Skill]:
    """Skills in force that an office of that region can certify: its own and those of the offices above."""
    above = sorted({region[:length] for length in (0, 2) if length <= len(region)})
    return skills(acting).filter(Q(ended_on=None) | Q(ended_on__gt=day), region_code__in=above)


def access_skill(acting: Acting, skill_id: UUID) -> Skill:
    """One skill. Http404 for another province's."""
    return found_or_404(skills(acting), skill_id)


def certificates_of(acting: Acting) -> QuerySet[Certificate]:
    """Certificates of staff one may see, and one's own."""
    rows = Certificate.objects.filter(Q(staff__in=staff_of(acting).values("pk")) | Q(staff__person_id=acting.person_id))
    return rows.select_related("staff__person", "skill", "revocation")


def own_certificates(acting: Acting) -> QuerySet[Certificate]:
    """One's own alone, the latest first."""
    rows = Certificate.objects.filter(staff__person_id=acting.person_id)
    return rows.select_related("staff__person", "skill", "revocation").order_by("-issued_on", "-number")


def access_certificate(acting: Acting, certificate_id: UUID) -> Certificate:
    """One of them. Http404."""
    rows = certificates_of(acting).select_related("issued_by", "renews", "renewed_by", "revocation__by", "evidence")
    return found_or_404(rows, certificate_id)


def of_state(state: str, day: date) -> Q:
    """Which certificates a state names. Raises BadRequest."""
    if state not in STATES:
        raise BadRequest("state")
    counts = Q(revocation=None) & Q(issued_on__lte=day)
    return {
        "": Q(),
        "VALID": counts & (Q(valid_until=None) | Q(valid_until__gt=day)),
        "SOON": counts & Q(valid_until__gt=day, valid_until__lte=months_later(day, RUNS_OUT_MONTHS)),
        "EXPIRED": Q(revocation=None, valid_until__lte=day),
        "REVOKED": Q(revocation__isnull=False),
        "OUTSIDE": Q(origin=Certificate.Origin.OUTSIDE),
    }[state]


def state_of(certificate: Certificate, day: date) -> tuple[str, str]:
    """Words and tone of a certificate on a day."""
    if getattr(certificate, "revocation", None) is not None:
        return _("Dicabut"), "bad"
    until = certificate.valid_until
    if until is not None and until <= day:
        return _("Sudah berakhir"), "neutral"
    if until is not None and until <= months_later(day, RUNS_OUT_MONTHS):
        return _("Segera berakhir"), "warn"
    return _("Berlaku"), "good"


def matching(acting: Acting, filters: dict[str, str], day: date) -> QuerySet[Certificate]:
    """Certificates narrowed as the page offers. Raises BadRequest for what no page offers."""
    rows = certificates_of(acting).filter(of_state(filters.get("state", ""), day))
    if asked := filters.get("q"):
        rows = rows.filter(
            Q(holder_name__icontains=asked) | Q(number__iexact=asked) | Q(staff__staff_no__iexact=asked)
            | Q(outside_no__iexact=asked)
        )  # fmt: skip
    for name, column in (("skill", "skill_id"), ("event", "from_event")):
        if asked := filters.get(name):
            rows = rows.filter(**{column: key_asked(asked)})
    if region := filters.get("region"):
        rows = rows.filter(of_region(region))
    return rows


def of_region(region: str) -> Q:
    """Of staff who work there now; a sub-district's set out from it. Raises BadRequest."""
    if not (region.isascii() and region.isdigit() and len(region) in (2, 4, 6)):
        raise BadRequest("region")
    return (
        Q(staff__home_code=region) if len(region) == SUB_DISTRICT_DIGITS else Q(staff__region_code__startswith=region)
    )


def own_lacking(acting: Acting, staff: Staff, day: date) -> list[Lacking]:
    """What one lacks oneself; a facilitator sees no other."""
    return lacking_of(staff, day) if staff.person_id == acting.person_id else []


def running_out(acting: Acting, day: date | None = None) -> QuerySet[Certificate]:
    """In force and running out, of staff at work one may see, where no later one has renewed it; for what waits."""
    day = day or timezone.localdate()
    return _ending(Certificate.objects.filter(staff__in=staff_of(acting).values("pk")), day)


def own_running_out(acting: Acting) -> QuerySet[Certificate]:
    """One's own; for what waits."""
    return _ending(Certificate.objects.filter(staff__person_id=acting.person_id), timezone.localdate())


def _ending(rows: QuerySet[Certificate], day: date) -> QuerySet[Certificate]:
    """Those that run out, of people at work, where no later one of the same skill holds longer."""
    later = Certificate.objects.filter(staff=OuterRef("staff"), skill=OuterRef("skill"), revocation=None).filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))
    )
    at_work = Q(staff__left_on=None) | Q(staff__left_on__gt=day)
    return rows.filter(at_work, of_state("SOON", day)).filter(~Exists(later))
